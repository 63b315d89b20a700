"""Small years, desks and people for the tests of obligations and of the planner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from reminders.desks import Campaign, Desk, Person
from reminders.obligations import Known, Obligation, Schedule, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.planner import Digest, plan
from reminders.quiet import Said
from reminders.schedules import schedule
from rubrics import loader
from storage.phases import COLLECTION, SELF_ASSESSMENT, Phase

TOWNS, DEPARTMENTS, TASKS = "xinbei-2011-towns", "xinbei-2011-departments", "xinbei-2011-tasks"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ISSUED = date(2025, 6, 23)
COLLECTED, CLOSES = date(2025, 12, 31), date(2026, 1, 16)
PHASES = (Phase(COLLECTION, ISSUED, COLLECTED), Phase(SELF_ASSESSMENT, date(2026, 1, 1), CLOSES))
YEAR = Calendar(2025, ISSUED, PHASES)
CAMPAIGN = Campaign(1, SHANGHAI, YEAR)


@lru_cache
def year(unit: str = "孟河镇", category: str = "镇", calendar: Calendar = YEAR) -> Schedule:
    """The schedule of a unit under the three rubrics of 2011."""
    return schedule([loader.load(ident) for ident in (TOWNS, DEPARTMENTS, TASKS)], unit, category, calendar)


def owed(known: Known | None = None, rubric_id: str = TOWNS, *, submitted: bool = False) -> dict[str, Obligation]:
    """What 孟河镇 owes with this known of it, by key without the rubric."""
    found = open_obligations(year(), UnitKnown({rubric_id: known or Known()}, submitted))
    return {o.key.removeprefix(f"{rubric_id}/"): o for o in found}


def matter(key: str, due: date, *, starts: date = ISSUED, phase: str = "", limit: date | None = None) -> Obligation:
    """An obligation worth a point."""
    return Obligation(key, "fill", TOWNS, (key,), f"要点{key}", starts, due, limit or due, Fraction(1), phase)


def desk(*obligations: Obligation, unit_id: int = 1, unit: str = "孟河镇") -> Desk:
    return Desk(unit_id, unit, obligations)


def liaison(*desks: Desk, said: Iterable[Said] = (), announced: bool = True, ident: int = 7) -> Person:
    """陈平; every digest so far told everything on the desks, unless ``announced`` is false."""
    told = tuple(said)
    days = tuple(one.on for one in told)
    keys = {(d.unit_id, o.key): days for d in desks for o in d.obligations} if announced and days else {}
    return Person(ident, "陈平", desks, told, keys)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def said_on(*people: Person, day: date, campaign: Campaign = CAMPAIGN) -> tuple[Digest, ...]:
    """The digests of a morning."""
    return plan(at(day), campaign, people).digests


def days_before(day: date, *days: int) -> list[date]:
    return [day - timedelta(days=n) for n in days]
