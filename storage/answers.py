"""Answers (申报): every version kept, the newest counts; an answer, its audit row and its score are one unit of work."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.errors import FactError
from rubrics.facts import Fact, parse_facts, read_json
from rubrics.model import Criterion, Rubric
from storage import audit, kept_facts, scorecards
from storage.database import Database
from storage.errors import ChangedMeanwhileError, NotFoundError
from storage.prepared import often
from storage.tables import CampaignRow, CampaignRubricRow, UnitRow
from storage.tables_answers import AnswerRow
from storage.texts import storable

State = Literal["answered", "not_yet", "unknown", "not_here", "withdrawn"]
"""A fact, 还没到时候, 不清楚, 本地没有, or taken back."""

SAID_CHARACTERS = 200
NOTE_CHARACTERS = 500

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]


# Built once: putting a statement together costs more than running it.
_last_receipt = select(func.max(_answer.c.receipt)).where(_answer.c.campaign_id == _campaign.c.id).scalar_subquery()
_PLACE = often(
    select(_campaign.c.id, _campaign.c.code, _last_receipt, _unit.c.category)
    .join(_unit, _unit.c.campaign_id == _campaign.c.id)
    .join(_rubric, _rubric.c.campaign_id == _campaign.c.id)
    .where(_unit.c.id == bindparam("unit"), _rubric.c.rubric_id == bindparam("rubric"))
    .where(_rubric.c.ended_at.is_(None))
)
_INSERT = often(insert(_answer))


class Answer(NamedTuple):
    """One version of an answer. ``fact`` only where the state is ``answered``."""

    criterion_id: str
    version: int
    state: State
    fact: Fact | None
    note: str
    said: str
    person_id: int
    person: str
    at: datetime
    message_id: int | None


class Receipt(NamedTuple):
    """Proof that an answer is kept. ``number`` counts a campaign's answers (2026-000123); ``before`` is what it replaces."""

    number: str
    version: int
    before: Answer | None


class _Place(NamedTuple):
    campaign_id: int
    code: str
    receipt: int


async def record(
    database: Database,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    fact: object = None,
    **words: Any,
) -> Receipt:
    """Keep an answer in a unit of work of its own; arguments and errors as `record_in`."""
    async with database.write() as connection:
        return await record_in(connection, at, person_id, unit_id, rubric, criterion_id, fact, **words)


async def record_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    fact: object = None,
    *,
    state: State = "answered",
    note: str = "",
    said: str = "",
    expected_version: int | None = None,
    message_id: int | None = None,
) -> Receipt:
    """Keep a new version of an answer, its audit row and the unit's scorecard.

    Args:
        rubric: as it is in force in the campaign.
        fact: as `rubrics.facts.parse_fact` takes it; only with the state ``answered``.
        note: what belongs to the state: until when, why, where the proof lies.
        said: as the person typed it, kept to 200 characters.
        expected_version: the version the person saw, 0 for none; None overwrites whatever is there.

    Raises:
        FactError: no such criterion, a fact it cannot take, or nothing to take back.
        NotFoundError: no such unit, or the rubric does not assess it.
        ChangedMeanwhileError: another version than the expected one is the newest; nothing was kept.
    """
    text = _content(rubric, criterion_id, fact, state)
    place = await _place(connection, unit_id, rubric)
    rows = await _newest(connection, unit_id, rubric.id)
    before = _answer_of(rows[criterion_id]) if criterion_id in rows else None
    _check_before(rubric.criteria[criterion_id], before, state, expected_version)
    row = {
        "campaign_id": place.campaign_id,
        "receipt": place.receipt,
        "unit_id": unit_id,
        "rubric_id": rubric.id,
        "criterion_id": criterion_id,
        "version": before.version + 1 if before else 1,
        "state": state,
        "fact": text,
        "note": storable(note, NOTE_CHARACTERS),
        "said": storable(said, SAID_CHARACTERS),
        "person_id": person_id,
        "message_id": message_id,
        "at": at,
    }
    await connection.execute(_INSERT, row)
    await _audit(connection, row)
    await scorecards.rewrite(connection, at, unit_id, rubric)
    return Receipt(f"{place.code}-{place.receipt:06d}", before.version + 1 if before else 1, before)


async def current(database: Database, unit_id: int, rubric_id: str) -> dict[str, Answer]:
    """The newest version of each answer of a unit, by criterion, also those taken back."""
    async with database.read() as connection:
        return await current_in(connection, unit_id, rubric_id)


async def current_in(connection: AsyncConnection, unit_id: int, rubric_id: str) -> dict[str, Answer]:
    """As `current`, seeing what this unit of work has already changed."""
    return {ident: _answer_of(row) for ident, row in (await _newest(connection, unit_id, rubric_id)).items()}


async def history(database: Database, unit_id: int, rubric_id: str, criterion_id: str) -> list[Answer]:
    """Every version of an answer, oldest first."""
    async with database.read() as connection:
        return await history_in(connection, unit_id, rubric_id, criterion_id)


async def history_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Answer]:
    """As `history`, seeing what this unit of work has already changed: what an undo goes back to."""
    one = (_answer.c.unit_id == unit_id, _answer.c.rubric_id == rubric_id, _answer.c.criterion_id == criterion_id)
    return [_answer_of(row) for row in await connection.execute(kept_facts.ANSWERS.where(*one))]


def _content(rubric: Rubric, criterion_id: str, fact: object, state: State) -> str | None:
    checked = parse_facts(rubric, {criterion_id: fact})  # also refuses an unknown criterion
    if state == "answered":
        if fact is None:
            raise FactError(f"{criterion_id}（{rubric.criteria[criterion_id].label}）还没有填，请填一个值")
        return kept_facts.fact_text(checked[criterion_id])
    if fact is not None:
        raise ValueError(f"an answer with the state {state} has no fact")
    return None


def _check_before(criterion: Criterion, before: Answer | None, state: State, expected_version: int | None) -> None:
    if before and expected_version not in (None, before.version):
        raise ChangedMeanwhileError(criterion.label, before.person, before.at, before.version)
    if state == "withdrawn" and (before is None or before.state == "withdrawn"):
        raise FactError(f"{criterion.id}（{criterion.label}）没有可以撤回的申报")


async def _place(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> _Place:
    found = (await connection.execute(_PLACE, {"unit": unit_id, "rubric": rubric.id})).first()
    if found is None or found[3] not in rubric.categories:
        raise NotFoundError(f"细则「{rubric.id}」不考核这个单位，请从清单里重新选一条")
    return _Place(found[0], found[1], (found[2] or 0) + 1)


async def _newest(connection: AsyncConnection, unit_id: int, rubric_id: str) -> Mapping[str, Any]:
    return {row.criterion_id: row for row in await kept_facts.newest_of_unit(connection, unit_id, rubric_id)}


async def _audit(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    content = audit.canonical([row["state"], row["fact"], row["note"], row["said"]])
    named = ("unit_id", "rubric_id", "criterion_id", "version", "receipt", "message_id")
    subject = {name.removesuffix("_id"): row[name] for name in named}
    subject["sha256"] = hashlib.sha256(content.encode()).hexdigest()
    await audit.record(connection, row["at"], str(row["person_id"]), "answer.recorded", subject, row["campaign_id"])


def _answer_of(row: Any) -> Answer:
    return Answer(
        row.criterion_id,
        row.version,
        row.state,
        None if row.fact is None else read_json(row.fact),
        row.note,
        row.said,
        row.person_id,
        row.person_name,
        row.at,
        row.message_id,
    )
