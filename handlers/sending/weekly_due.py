"""What the week says is due: which units have matters past their day or within two weeks of it, and notices unanswered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reminders.desks import Desk, Person
from reminders.obligations import Obligation
from reminders.triggers import is_overdue
from storage import notices
from storage.notices import Notice

DUE = timedelta(days=14)
REMEMBERED = timedelta(days=30)
"""So long after its day a notice that is not answered is still spoken of."""


class UnitDue(NamedTuple):
    """How many matters of a unit are late, are past their day without having been announced in time, and are near it."""

    unit: str
    late: int
    passed: int
    near: int


class Unanswered(NamedTuple):
    """A notice, the last day to answer it where one was set, and the units that have not, in roster order."""

    notice: Notice
    units: tuple[str, ...]


def by_unit(people: Iterable[Person], today: date) -> list[UnitDue]:
    """The units with something late or near, those with the most late first."""
    desks: dict[int, Desk] = {}
    told: dict[tuple[int, str], tuple[date, ...]] = {}
    for person in people:
        desks.update({desk.unit_id: desk for desk in person.desks})
        for matter, days in person.announced.items():
            told[matter] = min(told.get(matter, days), days)  # whom it was announced to first
    found = [_of_desk(desk, told, today) for desk in desks.values()]
    return sorted((one for one in found if one.late or one.passed or one.near), key=lambda one: (-one.late, -one.near))


def _of_desk(desk: Desk, told: dict[tuple[int, str], tuple[date, ...]], today: date) -> UnitDue:
    open_now = [one for one in desk.obligations if not one.hint and one.askable_from <= today]
    passed = [one for one in open_now if one.limit < today]
    late = sum(is_overdue(one, told.get((desk.unit_id, one.key), ()), today) for one in passed)
    return UnitDue(desk.unit, late, len(passed) - late, sum(_is_near(one, today) for one in open_now))


def _is_near(matter: Obligation, today: date) -> bool:
    return today <= matter.limit <= today + DUE


async def unanswered_in(connection: AsyncConnection, campaign_id: int, today: date, zone: ZoneInfo) -> list[Unanswered]:
    """The notices some units have not answered, newest first, until a month after their day."""
    found = []
    for notice in await notices.of_campaign_in(connection, campaign_id):
        day = notice.answer_by or notice.at.astimezone(zone).date()
        if day + REMEMBERED >= today:
            silent = [one.unit for one in await notices.standing_in(connection, notice.id) if not one.answer]
            found += [Unanswered(notice, tuple(silent))] if silent else []
    return found
