"""What the office may take up with a unit's superior: the bot never writes there by itself, and the liaison is told first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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


class _Told(NamedTuple):
    person: str
    on: tuple[date, ...]


def escalations(today: date, campaign: Campaign, people: Sequence[Person]) -> tuple[Escalation, ...]:
    """The units with late matters of which somebody was told often enough, the last time before yesterday's work.

    Told is also who stood in for a liaison. Matters only behind an even pace are nobody else's business.
    """
    if campaign.closed:
        return ()
    passed = {
        (desk.unit_id, obligation.key): (desk, obligation)
        for person in people
        for desk in person.desks
        for obligation in desk.obligations
        if obligation.limit < today
    }
    told = _told(passed, people)
    found: dict[int, _Late] = {}
    for matter, (desk, obligation) in passed.items():
        for one in told[matter]:
            if is_overdue(obligation, one.on, today) and _was_told(one.on, today):
                late = found.setdefault(desk.unit_id, _Late(desk.unit, {}, {}, set()))
                late.people[one.person] = None
                late.obligations[obligation.key] = obligation
                late.reminded_on.update(one.on)
    return tuple(
        Escalation(
            unit_id, one.unit, tuple(one.people), tuple(one.obligations.values()), tuple(sorted(one.reminded_on))
        )
        for unit_id, one in found.items()
    )


def _told(matters: Collection[tuple[int, str]], people: Iterable[Person]) -> dict[tuple[int, str], list[_Told]]:
    """Who was told of each matter, and on which days."""
    found: dict[tuple[int, str], list[_Told]] = {matter: [] for matter in matters}
    for person in people:
        for matter in found.keys() & person.announced.keys() if matters else ():
            found[matter].append(_Told(person.name, person.announced[matter]))
    return found


def _was_told(told: tuple[date, ...], today: date) -> bool:
    """Whether a matter was told often enough, and there was a whole working day to act on it since."""
    return len(told) >= TOLD_TIMES and workdays.after(told[-1] + timedelta(days=1), 0) < today
