"""The quiet contract: how often a person may be written to unasked.

Outside the last two weeks before a deadline at most one digest a week, one in 14 days to who has not reacted to two;
then 14, 7, 3 and 1 days before and on the day, a planned day that is no working day moved to the working day before.
A deadline is the close of a campaign phase that ends something the person owes, nothing less. What a person asked to
be told again (稍后) is no interruption and counts nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from reminders import workdays

WEEK_DAYS = 7
SLOW_DAYS = 14  # between two digests to who has not reacted to the last two
DEADLINE_DAYS = (14, 7, 3, 1, 0)  # before a close
NEAR_DAYS = DEADLINE_DAYS[0]
REGULAR_A_YEAR = 26
YEAR_DAYS = 365

Told = Literal["regular", "deadline", "asked"]
Choice = Literal["tomorrow", "next_week", "three_days_before"]


class Said(NamedTuple):
    """A digest a person got on a day (in the campaign's zone), and whether the person did or said anything after it."""

    on: date
    kind: Told = "regular"
    reacted: bool = True


class Snooze(NamedTuple):
    """A person asked to hear again on a day."""

    until: date

    def rests(self, today: date) -> bool:
        """Whether the person is still to be left alone."""
        return today < self.until

    def is_due(self, said: Sequence[Said], today: date) -> bool:
        """Whether the day has come and nothing was said since."""
        return self.until <= today and not any(one.on >= self.until for one in said)


def snooze(choice: Choice, today: date, close: date | None) -> Snooze:
    """What a press on 明天, 下周 or 截止前三天 means: a working day, never beyond the next deadline.

    Args:
        close: the next deadline of what the person owes; without one 截止前三天 is next week.
    """
    last = workdays.on_or_before(close) if close and workdays.on_or_before(close) > today else None
    if choice == "three_days_before" and close is not None:
        day = workdays.on_or_before(close - timedelta(days=3))
        if day > today:
            return Snooze(day)
    if choice == "next_week" or (choice == "three_days_before" and close is None):
        day = workdays.on_or_after(today + timedelta(days=WEEK_DAYS - today.weekday()))
    else:
        day = workdays.on_or_after(today + timedelta(days=1))
    return Snooze(min(day, last) if last else day)


@lru_cache(maxsize=64)
def planned_days(close: date) -> tuple[date, ...]:
    """The working days on which a deadline is spoken of, in order; two that fall on one day are one."""
    return tuple(sorted({workdays.on_or_before(close - timedelta(days=days)) for days in DEADLINE_DAYS}))


def is_near(close: date, today: date) -> bool:
    """Whether a deadline lies in the two weeks from today."""
    return 0 <= (close - today).days <= NEAR_DAYS


def planned_now(closes: Iterable[date], said: Sequence[Said], today: date) -> date | None:
    """The deadline to speak of today: one with a planned day that has come and not been answered by a digest.

    A planned day moved out of the two weeks keeps to the week.
    """
    last = said[-1].on if said else date.min
    for close in sorted(closes):
        if close < today:
            continue
        reached = [day for day in planned_days(close) if day <= today]
        if reached and last < reached[-1] and (is_near(close, today) or is_rested(said, today)):
            return close
    return None


def is_rested(said: Sequence[Said], today: date) -> bool:
    """Whether the last digest lies long enough back for another outside the two weeks, and the year has room."""
    unasked = [one for one in said if one.kind != "asked"]
    if not unasked:
        return True
    silent = len(said) >= 2 and not said[-1].reacted and not said[-2].reacted
    if (today - unasked[-1].on).days < (SLOW_DAYS if silent else WEEK_DAYS):
        return False
    since = today - timedelta(days=YEAR_DAYS)
    return sum(one.on > since for one in unasked if one.kind == "regular") < REGULAR_A_YEAR


def is_back_in_time(said: Sequence[Said], today: date) -> bool:
    """Whether something was said on a later day: the clock was set back, and nothing is said until it has caught up."""
    return bool(said) and said[-1].on > today
