"""When something falls due inside a campaign's year: spread evenly over what is left of it, never in the past.

Nothing is due sooner than `NOTICE_DAYS` after the rubric was issued, as far as the calendar leaves room.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from rubrics.model import Cadence, Criterion
from storage.phases import COLLECTION, SELF_ASSESSMENT, Phase

NOTICE_DAYS = 30
"""What was not announced at least so many days before is not overdue."""

HAND_IN_DAYS = 14  # after a day of the year (质量月 over, 世界计量日) for the proof to come in
EVENT_LEAD_DAYS = 60  # proof of an event nobody has told us of is asked for so long before the close
PREPARE_DAYS = 45  # a day of the year is announced so long ahead

_PERIODS = {"year": 1, "half_year": 2, "quarter": 4}


class Calendar(NamedTuple):
    """A campaign's year: when its rubric was issued, and its phases."""

    year: int
    issued_on: date
    phases: tuple[Phase, ...] = ()

    def phase(self, name: str) -> Phase | None:
        """A phase by name, where it is set."""
        return next((phase for phase in self.phases if phase.name == name), None)

    @property
    def answers_close(self) -> date:
        """The last day of answering: the close of 自评, else of collecting, else of the year."""
        phase = self.phase(SELF_ASSESSMENT) or self.phase(COLLECTION)
        return phase.ends_on if phase else date(self.year, 12, 31)

    @property
    def collection_closes(self) -> date:
        """The last day of collecting; where it is not set, of answering."""
        phase = self.phase(COLLECTION)
        return phase.ends_on if phase else self.answers_close

    def closing(self, day: date) -> str:
        """The phase that closes on a day; empty where none does."""
        return next((phase.name for phase in self.phases if phase.ends_on == day), "")

    def after_notice(self, day: date) -> date:
        """A day, or the first one that leaves the notice since the rubric was issued; never beyond answering."""
        return max(min(max(day, self.issued_on + timedelta(days=NOTICE_DAYS)), self.answers_close), day)


class Slot(NamedTuple):
    """The ``number``-th of ``of`` in a period: asked for from ``starts`` on, best done by ``due``, to be done by ``limit``.

    ``within``: the period whose entries count.
    """

    number: int
    of: int
    starts: date
    due: date
    limit: date
    within: tuple[date, date]


def slots(cadence: Cadence, calendar: Calendar) -> Iterator[Slot]:
    """What a cadence of so many times makes of the rest of the year.

    A period that was over when the rubric was issued asks for nothing; a single time lies in the middle of its
    period, several at the ends of equal parts.
    """
    assert cadence.times
    for first, ends in _periods(cadence.per, calendar.year):
        last = min(ends, calendar.answers_close)  # what comes later can no longer be told
        starts = max(first, calendar.issued_on)
        if starts >= last:
            continue
        span = (last - starts).days
        parts = [1] if cadence.times == 1 else range(1, cadence.times + 1)
        dues = [starts + timedelta(days=span * part // max(cadence.times, 2)) for part in parts]
        limit = calendar.after_notice(last)
        for place, due in enumerate(dues):
            begins = starts if place == 0 else dues[place - 1] + timedelta(days=1)
            by = min(calendar.after_notice(due), limit)
            yield Slot(place + 1, cadence.times, min(begins, by), by, limit, (first, last))


def _periods(per: str, year: int) -> Iterator[tuple[date, date]]:
    months = 12 // _PERIODS[per]
    for first in range(1, 13, months):
        after = date(year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
        yield date(year, first, 1), after - timedelta(days=1)


def is_occasion(cadence: Cadence) -> bool:
    """Whether a cadence names a good moment (times and a month or day) for what may be done at any time."""
    return cadence.times is not None and (cadence.month is not None or cadence.day is not None)


class Dated(NamedTuple):
    """A day or month of the year: announced from ``starts`` on, the day itself, and when the proof is to be in."""

    starts: date
    first: date
    last: date
    due: date


def dated(cadence: Cadence, calendar: Calendar) -> Dated | None:
    """A cadence that names a day, a month or a last day; None where that was over when the rubric was issued."""
    first, last = _days(cadence, calendar.year)
    hand_in = timedelta(days=0 if cadence.by else HAND_IN_DAYS)
    if last < calendar.issued_on and not cadence.by:
        return None  # a day that has passed cannot be kept any more; a paper that is late can still come
    starts = max(calendar.issued_on, first - timedelta(days=0 if cadence.by else PREPARE_DAYS))
    due = calendar.after_notice(min(last + hand_in, calendar.answers_close))
    return Dated(starts, first, last, due)


def _days(cadence: Cadence, year: int) -> tuple[date, date]:
    if cadence.month is not None:
        following = date(year + cadence.month // 12, cadence.month % 12 + 1, 1)
        return date(year, cadence.month, 1), following - timedelta(days=1)
    named = cadence.day or cadence.by
    assert named is not None
    month, day = (int(part) for part in named.split("-"))
    if (month, day) == (2, 29) and not _is_leap(year):
        day = 28
    on = date(year, month, day)
    return (date(year, 1, 1), on) if cadence.by else (on, on)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


Exists = Literal["any_time", "after_event", "after_year"]


def exists(criterion: Criterion) -> Exists:
    """When the proof of a clause can exist; that nothing happened (no proof, or an event) is known after the year."""
    if criterion.proof == "none" or criterion.nature == "event":
        return "after_year"
    return criterion.proof.exists


def asked(when: Exists, calendar: Calendar) -> tuple[date, date]:
    """From when a clause without a date of its own can be asked, and when it is due.

    Where answering closes before the proof can exist, it is asked at least the notice before that close.
    """
    due = calendar.collection_closes if when == "any_time" else calendar.answers_close
    due = calendar.after_notice(due)
    latest = due - timedelta(days=NOTICE_DAYS)
    if when == "after_year":
        starts = min(date(calendar.year + 1, 1, 1), latest)
    elif when == "after_event":
        starts = due - timedelta(days=EVENT_LEAD_DAYS)
    else:
        starts = calendar.issued_on
    return max(starts, calendar.issued_on), due
