"""What the office may take up with a unit's superior: the bot never writes there by itself, and the liaison is told first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from reminders import workdays
from reminders.desks import Campaign, Person
from reminders.obligations import Obligation
from reminders.triggers import is_overdue

TOLD_TIMES = 2  # days on which a liaison or deputy was told of a matter before the office may take it up


class Escalation(NamedTuple):
    """A unit with what is late there, who was told of it, and on which days."""

    unit_id: int
    unit: str
    people: tuple[str, ...]
    obligations: tuple[Obligation, ...]
    reminded_on: tuple[date, ...]


class _Late(NamedTuple):
    unit: str
    people: dict[str, None]
    obligations: dict[str, Obligation]
    reminded_on: set[date]


def escalations(today: date, campaign: Campaign, people: Iterable[Person]) -> tuple[Escalation, ...]:
    """The units with late matters of which somebody was told often enough, the last time before yesterday's work.

    Matters only behind an even pace are nobody else's business.
    """
    if campaign.closed:
        return ()
    found: dict[int, _Late] = {}
    for person in people:
        for desk in person.desks:
            for obligation in desk.obligations:
                if obligation.limit < today:
                    told = person.announced.get((desk.unit_id, obligation.key), ())
                    if is_overdue(obligation, told, today) and _was_told(told, today):
                        late = found.setdefault(desk.unit_id, _Late(desk.unit, {}, {}, set()))
                        late.people[person.name] = None
                        late.obligations[obligation.key] = obligation
                        late.reminded_on.update(told)
    return tuple(
        Escalation(
            unit_id, one.unit, tuple(one.people), tuple(one.obligations.values()), tuple(sorted(one.reminded_on))
        )
        for unit_id, one in found.items()
    )


def _was_told(told: tuple[date, ...], today: date) -> bool:
    """Whether a matter was told often enough, and there was a whole working day to act on it since."""
    return len(told) >= TOLD_TIMES and workdays.after(told[-1] + timedelta(days=1), 0) < today
