"""本地没有: what units applied for, and what the office decided about a clause for all units alike."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit, editions, kept_facts, scorecards, verdicts
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.tables import UnitRow
from storage.tables_answers import AnswerRow
from storage.tables_ledger import AbsenceRow
from storage.texts import storable

WHY_CHARACTERS = 500
FEWEST_CHARACTERS = 2

_absence: Any = AbsenceRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]

_APPLIED = (
    kept_facts.NEWEST.add_columns(_unit.c.name.label("unit"))
    .join(_unit, _unit.c.id == _answer.c.unit_id)
    .where(_answer.c.state == "not_here")
    .order_by(None)
    .order_by(_unit.c.position)
)
"""The newest answers that are applications, in roster order."""


class Application(NamedTuple):
    """That a unit says there is nothing of the kind with it, and why."""

    unit_id: int
    unit: str
    reason: str
    person_id: int
    at: datetime


class Waiting(NamedTuple):
    """A clause with applications nobody has decided."""

    rubric_id: str
    criterion_id: str
    applications: tuple[Application, ...]


class Decision(NamedTuple):
    """What the office decided about a clause. ``granted`` changes a score only where the rubric has 合理缺项."""

    rubric_id: str
    criterion_id: str
    granted: bool
    why: str
    person_id: int
    at: datetime


class Decided(NamedTuple):
    """A decision and who has applied so far; units that apply later are under it too."""

    decision: Decision
    applications: tuple[Application, ...]


async def decide_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    rubric: Rubric,
    criterion_id: str,
    granted: bool,
    why: str,
) -> Decided:
    """Decide about a clause for all units alike; a later decision replaces it.

    Args:
        rubric: as it is in force in the campaign.

    Raises:
        NotFoundError: the campaign does not run the rubric, or it has no such clause.
        FrozenError: the scores are frozen (审定).
        OwnUnitError: who decides belongs, or has belonged, to a unit that has applied.
        StorageError: no reason.
    """
    runs = await editions.of_campaign(connection, campaign_id)
    if criterion_id not in rubric.criteria or rubric.id not in {running.id for running in runs}:
        raise NotFoundError(f"这次考核没有「{criterion_id[:20]}」这一条，请从待办里重新选")
    words = storable(why.strip(), WHY_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError("请写一句理由，各单位看到的是同一个答复")
    await refuse_frozen_in(connection, campaign_id)
    applied = await _applied(connection, campaign_id, rubric.id, criterion_id)
    for application in applied:
        await verdicts.refuse_own_in(connection, person_id, application.unit_id)
    decision = Decision(rubric.id, criterion_id, granted, words, person_id, at)
    added = await connection.execute(insert(_absence).values(campaign_id=campaign_id, **decision._asdict()))
    (absence_id,) = added.inserted_primary_key or (0,)
    subject = {"absence": absence_id, "rubric": rubric.id, "criterion": criterion_id, "granted": granted}
    subject["sha256"] = hashlib.sha256(words.encode()).hexdigest()
    await audit.record(connection, at, str(person_id), "absence.decided", subject, campaign_id)
    for application in applied:
        await scorecards.rewrite(connection, at, application.unit_id, rubric)
    return Decided(decision, applied)


async def decision_in(
    connection: AsyncConnection, campaign_id: int, rubric_id: str, criterion_id: str
) -> Decision | None:
    """What stands about a clause; None while it is undecided."""
    clause = (_absence.c.rubric_id == rubric_id, _absence.c.criterion_id == criterion_id)
    query = select(*(_absence.c[name] for name in Decision._fields)).where(_absence.c.campaign_id == campaign_id)
    row = (await connection.execute(query.where(*clause).order_by(_absence.c.id.desc()).limit(1))).first()
    return None if row is None else Decision(*row)


async def waiting_in(connection: AsyncConnection, campaign_id: int) -> list[Waiting]:
    """The clauses with undecided applications, in the order of the campaign's rubrics."""
    decided = select(_absence.c.id).where(
        _absence.c.campaign_id == _answer.c.campaign_id,
        _absence.c.rubric_id == _answer.c.rubric_id,
        _absence.c.criterion_id == _answer.c.criterion_id,
    )
    query = _APPLIED.where(_answer.c.campaign_id == campaign_id, ~decided.exists())
    by_clause: dict[tuple[str, str], list[Application]] = {}
    for row in await connection.execute(query):
        by_clause.setdefault((row.rubric_id, row.criterion_id), []).append(_application(row))
    return [
        Waiting(rubric.id, ident, tuple(by_clause[rubric.id, ident]))
        for rubric in await editions.of_campaign(connection, campaign_id)
        for ident in rubric.criteria
        if (rubric.id, ident) in by_clause
    ]


async def _applied(
    connection: AsyncConnection, campaign_id: int, rubric_id: str, criterion_id: str
) -> tuple[Application, ...]:
    clause = (_answer.c.rubric_id == rubric_id, _answer.c.criterion_id == criterion_id)
    query = _APPLIED.where(_answer.c.campaign_id == campaign_id, *clause)
    return tuple([_application(row) for row in await connection.execute(query)])


def _application(row: Any) -> Application:
    return Application(row.unit_id, row.unit, row.note, row.person_id, row.at)
