"""Facts as they are kept: exact JSON text, the newest version of each criterion, and the campaign they belong to."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact, read_json
from rubrics.figures import plain
from rubrics.model import Rubric
from storage.connections import once
from storage.errors import NotFoundError
from storage.prepared import often
from storage.tables import CampaignRubricRow, UnitRow
from storage.tables_answers import AnswerRow, PersonRow

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


def fact_text(fact: Fact) -> str:
    """The JSON text of a checked fact, the same for the same fact; ``read_json`` gives it back exactly."""
    if isinstance(fact, bool | str):
        return json.dumps(fact)
    if isinstance(fact, Decimal):
        return plain(fact)
    return "{" + ",".join(f"{json.dumps(key)}:{fact_text(fact[key])}" for key in sorted(fact)) + "}"


def _newest() -> Select[Any]:
    later = _answer.alias("later")
    same = (later.c[name] == _answer.c[name] for name in ("unit_id", "rubric_id", "criterion_id"))
    return ANSWERS.where(~select(later.c.id).where(*same, later.c.version > _answer.c.version).exists())


# Built once: putting a statement together costs more than running it.
ANSWERS: Select[Any] = (
    select(_answer, _person.c.name.label("person_name"))
    .join(_person, _person.c.id == _answer.c.person_id)
    .order_by(_answer.c.id)
)
"""Answers of every version with the name of who gave them, in the order they were recorded."""

NEWEST = _newest()
"""The newest version of each answer."""

NEWEST_OF_UNIT = often(NEWEST.where(_answer.c.unit_id == bindparam("unit"), _answer.c.rubric_id == bindparam("rubric")))
"""The newest version of each answer of a unit under a rubric; parameters ``unit`` and ``rubric``."""


async def newest_of_unit(connection: AsyncConnection, unit_id: int, rubric_id: str) -> Sequence[Any]:
    """The rows of `NEWEST_OF_UNIT`."""

    async def read() -> Sequence[Any]:
        found: Sequence[Any] = (await connection.execute(NEWEST_OF_UNIT, {"unit": unit_id, "rubric": rubric_id})).all()
        return found

    return await once(connection, ("answers", unit_id, rubric_id), read)


def facts_of(rows: Iterable[Any]) -> dict[str, Fact]:
    """The facts for the engine of one unit's newest answers; an answer without one is left out."""
    return {row.criterion_id: read_json(row.fact) for row in rows if row.fact is not None}


def known(facts: Container[str], criteria: Iterable[str]) -> int:
    """How many of these criteria have a fact."""
    return sum(ident in facts for ident in criteria)


async def campaign_of(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> int:
    """The id of the campaign in which a rubric assesses a unit.

    Raises:
        NotFoundError: no such unit, or the rubric does not assess it.
    """
    runs = select(_unit.c.campaign_id).join(_rubric, _rubric.c.campaign_id == _unit.c.campaign_id)
    wanted = (_unit.c.id == unit_id, _unit.c.category.in_(rubric.categories), _rubric.c.rubric_id == rubric.id)
    running = _rubric.c.ended_at.is_(None)
    campaign_id: int | None = (await connection.execute(runs.where(*wanted, running))).scalar()
    if campaign_id is None:
        raise NotFoundError(f"细则「{rubric.id}」不考核这个单位，请从清单里重新选一条")
    return campaign_id
