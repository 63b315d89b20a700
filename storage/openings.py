"""What is still taken after the lock: 待年终 (the proof of a clause comes later, for all units), and what is opened again.

`may_answer` is the one place that says whether a clause of a unit may be answered on a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit, phases, verdicts
from storage.errors import NotFoundError, StorageError
from storage.freezing import frozen_in, refuse_frozen_in
from storage.phases import Phase
from storage.tables import UnitRow
from storage.tables_closing import OpeningRow
from storage.tables_review import VerdictRow
from storage.texts import storable

WHY_CHARACTERS = 500
FEWEST_CHARACTERS = 2

_opening: Any = OpeningRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


class Opening(NamedTuple):
    """A clause or more that is taken until a day (inclusive). None: all units, all rubrics, all clauses."""

    id: int
    unit_id: int | None
    unit: str
    rubric_id: str | None
    criterion_id: str | None
    kind: str
    until: date
    why: str
    at: datetime

    def covers(self, rubric_id: str, criterion_id: str) -> bool:
        """Whether a clause is open by it."""
        return self.rubric_id in (None, rubric_id) and self.criterion_id in (None, criterion_id)


class Open(NamedTuple):
    """What of a unit is taken on a day.

    ``collecting``: everything, 自评 is not over. Else ``openings`` that hold on the day, and ``returned``, the clauses
    the office sent back and has not settled since: as (rubric, clause).
    """

    collecting: bool
    openings: tuple[Opening, ...] = ()
    returned: frozenset[tuple[str, str]] = frozenset()

    def takes(self, rubric_id: str, criterion_id: str) -> bool:
        """Whether a clause may be answered, and its proof be changed."""
        by_opening = any(one.covers(rubric_id, criterion_id) for one in self.openings)
        return self.collecting or by_opening or (rubric_id, criterion_id) in self.returned

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is taken."""
        return not (self.collecting or self.openings or self.returned)


def longest(found: Iterable[Opening], rubric_id: str, criterion_id: str) -> Opening | None:
    """The opening that lasts longest, of those that keep a clause open."""
    mine = [one for one in found if one.covers(rubric_id, criterion_id)]
    return max(mine, key=lambda one: one.until, default=None)


async def open_in(connection: AsyncConnection, campaign_id: int, unit_id: int, today: date) -> Open:
    """What of a unit is taken on a day; once the scores are frozen (审定) nothing is, whatever day 自评 ends."""
    if await frozen_in(connection, campaign_id):
        return Open(collecting=False)
    calendar = await phases.of_campaign_in(connection, campaign_id)
    if phases.collecting(calendar, today):
        return Open(collecting=True)
    openings = await standing_in(connection, campaign_id, today, unit_id)
    return Open(False, tuple(openings), await _returned(connection, unit_id))


async def may_answer(
    connection: AsyncConnection, campaign_id: int, unit_id: int, rubric_id: str, criterion_id: str, today: date
) -> bool:
    """Whether a clause of a unit may be answered on a day: 自评 is not over, or it is open, or it was sent back."""
    return (await open_in(connection, campaign_id, unit_id, today)).takes(rubric_id, criterion_id)


async def year_end_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    rubric: Rubric,
    criterion_id: str,
    until: date,
    why: str,
) -> Opening:
    """Keep a clause open for all units (待年终): its proof comes after the year. A new day takes the old one's place.

    Raises:
        NotFoundError: the rubric has no such clause.
        FrozenError: the scores are frozen.
        StorageError: no reason, or a day that 自评 reaches anyway.
    """
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有「{criterion_id}」这一条，请写清单里的编号")
    calendar = await phases.of_campaign_in(connection, campaign_id)
    lock = _lock(calendar)
    if lock is not None and until <= lock:
        raise StorageError(f"自评到 {lock.month}月{lock.day}日 才截止，待年终的日子要晚于这一天")
    same = (_opening.c.rubric_id == rubric.id, _opening.c.criterion_id == criterion_id, _opening.c.unit_id.is_(None))
    return await _open(connection, at, person_id, campaign_id, "year_end", same, until, why, None, rubric, criterion_id)


async def reopen_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    unit_id: int,
    until: date,
    why: str,
    today: date,
    rubric: Rubric | None = None,
    criterion_id: str | None = None,
) -> Opening:
    """Open a unit (复开), or one clause of it, again until a day; a new day takes the old one's place.

    Raises:
        NotFoundError: no such unit or clause.
        OwnUnitError: who opens it belongs, or has belonged, to the unit.
        FrozenError: the scores are frozen.
        StorageError: no reason, a day that has passed, or 自评 is not over yet.
    """
    found = (await connection.execute(select(_unit.c.id).where(*_own(campaign_id, unit_id)))).first()
    if found is None or (rubric is not None and criterion_id not in rubric.criteria):
        raise NotFoundError("没有这个单位或这一条，请从清单里重新选")
    await verdicts.refuse_own_in(connection, person_id, unit_id)
    if phases.collecting(await phases.of_campaign_in(connection, campaign_id), today):
        raise StorageError("自评还没有截止，现在都能填，不用复开")
    if until < today:
        raise StorageError(f"{until.month}月{until.day}日 已经过了，请写今天或以后的日子")
    same = (
        _opening.c.unit_id == unit_id,
        _opening.c.rubric_id.is_(None) if rubric is None else _opening.c.rubric_id == rubric.id,
        _opening.c.criterion_id.is_(None) if rubric is None else _opening.c.criterion_id == criterion_id,
    )
    about = ("reopened", same, until, why, unit_id, rubric, criterion_id)
    return await _open(connection, at, person_id, campaign_id, *about)


async def end_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, opening_id: int
) -> Opening:
    """Close again what was opened.

    Raises:
        NotFoundError: the campaign has no such opening that still stands.
    """
    query = _query().where(_opening.c.campaign_id == campaign_id, _opening.c.id == opening_id)
    row = (await connection.execute(query.where(_opening.c.ended_at.is_(None)))).first()
    if row is None:
        raise NotFoundError("这一项已经关上了，不用再关")
    await connection.execute(update(_opening).where(_opening.c.id == opening_id).values(ended_at=at))
    await audit.record(connection, at, str(person_id), "opening.ended", {"opening": opening_id}, campaign_id)
    return Opening(*row)


async def standing_in(
    connection: AsyncConnection, campaign_id: int, today: date, unit_id: int | None = None
) -> list[Opening]:
    """The openings that hold on a day, oldest first; where a unit is given, those that open something for it."""
    held = (_opening.c.campaign_id == campaign_id, _opening.c.ended_at.is_(None), _opening.c.until >= today)
    query = _query().where(*held).order_by(_opening.c.id)
    if unit_id is not None:
        query = query.where(or_(_opening.c.unit_id.is_(None), _opening.c.unit_id == unit_id))
    return [Opening(*row) for row in await connection.execute(query)]


async def any_returned_in(connection: AsyncConnection, campaign_id: int) -> bool:
    """Whether some unit of a campaign has a clause that was sent back, and told, and is not settled since."""
    query = select(_verdict.c.id).where(_verdict.c.campaign_id == campaign_id, *_sent_back()).limit(1)
    return (await connection.execute(query)).first() is not None


async def _returned(connection: AsyncConnection, unit_id: int) -> frozenset[tuple[str, str]]:
    """The clauses whose newest verdict is 退回, and told: also once they were answered again, so that proof can still follow."""
    query = select(_verdict.c.rubric_id, _verdict.c.criterion_id).where(_verdict.c.unit_id == unit_id, *_sent_back())
    return frozenset((row.rubric_id, row.criterion_id) for row in await connection.execute(query))


def _sent_back() -> tuple[Any, ...]:
    later = _verdict.alias("later")
    same = (later.c[name] == _verdict.c[name] for name in ("unit_id", "rubric_id", "criterion_id"))
    newest = ~select(later.c.id).where(*same, later.c.id > _verdict.c.id).exists()
    told = _verdict.c.told_at.is_not(None)  # until then the reviewer may still take it back
    return _verdict.c.kind == "return", told, newest


async def _open(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    kind: str,
    same: Iterable[Any],
    until: date,
    why: str,
    unit_id: int | None,
    rubric: Rubric | None,
    criterion_id: str | None,
) -> Opening:
    words = storable(why.strip(), WHY_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError("请写一句理由，单位会看到为什么还能填")
    await refuse_frozen_in(connection, campaign_id)
    held = (_opening.c.campaign_id == campaign_id, _opening.c.kind == kind, _opening.c.ended_at.is_(None))
    await connection.execute(update(_opening).where(*held, *same).values(ended_at=at))
    values = {
        "campaign_id": campaign_id,
        "unit_id": unit_id,
        "rubric_id": None if rubric is None else rubric.id,
        "criterion_id": criterion_id,
        "kind": kind,
        "until": until,
        "why": words,
        "person_id": person_id,
        "at": at,
    }
    made = (await connection.execute(insert(_opening).values(**values).returning(_opening.c.id))).scalar_one()
    named = ("unit_id", "rubric_id", "criterion_id", "kind")
    subject = {"opening": made, **{name: values[name] for name in named}, "until": until.isoformat()}
    subject["why_sha256"] = hashlib.sha256(words.encode()).hexdigest()
    await audit.record(connection, at, str(person_id), "opening.made", subject, campaign_id)
    return Opening(*(await connection.execute(_query().where(_opening.c.id == made))).one())


def _query() -> Select[Any]:
    names = ("rubric_id", "criterion_id", "kind", "until", "why", "at")
    unit = func.coalesce(_unit.c.name, "").label("unit")
    columns = (_opening.c.id, _opening.c.unit_id, unit, *(_opening.c[name] for name in names))
    return select(*columns).join(_unit, _unit.c.id == _opening.c.unit_id, isouter=True)


def _own(campaign_id: int, unit_id: int) -> Sequence[Any]:
    return _unit.c.campaign_id == campaign_id, _unit.c.id == unit_id


def _lock(calendar: Iterable[Phase]) -> date | None:
    return next((phase.ends_on for phase in calendar if phase.name == phases.SELF_ASSESSMENT), None)
