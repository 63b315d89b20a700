"""存在问题 and 下步打算 of a row of the tasks table, as the department that leads it gives them; the newest counts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from rubrics.tasks import duties
from storage import audit, kept_facts
from storage.errors import NotFoundError, StorageError
from storage.tables import UnitRow
from storage.tables_answers import PersonRow
from storage.tables_review import TaskNoteRow
from storage.texts import storable

WORD_CHARACTERS = 500

_note: Any = TaskNoteRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]


class TaskNote(NamedTuple):
    """What a unit says about a row; either may be empty."""

    unit_id: int
    item_id: str
    problem: str
    next_step: str
    person: str
    at: datetime


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    item_id: str,
    *,
    problem: str,
    next_step: str,
) -> TaskNote:
    """Keep what a unit says about a row it answers for; earlier words stay and count no more.

    Args:
        rubric: the tasks table as it is in force in the campaign.

    Raises:
        NotFoundError: no such unit or row, or the row is led by others.
        StorageError: nothing was written, or more than is kept: it is not cut behind the person's back.
    """
    campaign_id = await kept_facts.campaign_of(connection, unit_id, rubric)
    label = await _label(connection, unit_id, rubric, item_id)
    words = _checked(label, problem, next_step)
    row = {"campaign_id": campaign_id, "unit_id": unit_id, "rubric_id": rubric.id, "item_id": item_id, **words}
    await connection.execute(insert(_note).values(**row, person_id=person_id, at=at))
    content = hashlib.sha256(audit.canonical(list(words.values())).encode()).hexdigest()
    subject = {"unit": unit_id, "rubric": rubric.id, "item": item_id, "sha256": content}
    await audit.record(connection, at, str(person_id), "task-note.written", subject, campaign_id)
    newest = await newest_in(connection, campaign_id, rubric.id)
    return newest[unit_id, item_id]


async def newest_in(
    connection: AsyncConnection, campaign_id: int, rubric_id: str, as_of: datetime | None = None
) -> dict[tuple[int, str], TaskNote]:
    """What units say about rows, by unit and row; with a moment, what they said then."""
    query = (
        select(_note, _person.c.name)
        .join(_person, _person.c.id == _note.c.person_id)
        .where(_note.c.campaign_id == campaign_id, _note.c.rubric_id == rubric_id)
        .order_by(_note.c.id)
    )
    if as_of is not None:
        query = query.where(_note.c.at <= as_of)
    found = [
        TaskNote(row.unit_id, row.item_id, row.problem, row.next_step, row.name, row.at)
        for row in await connection.execute(query)
    ]
    return {(note.unit_id, note.item_id): note for note in found}


def _checked(label: str, problem: str, next_step: str) -> dict[str, str]:
    words = {"problem": storable(problem.strip()), "next_step": storable(next_step.strip())}
    if not any(words.values()):
        raise StorageError(f"「{label}」的存在问题和下步打算都还是空的，请写一句再发；没有问题就写“无”")
    for name, said in (("存在问题", words["problem"]), ("下步打算", words["next_step"])):
        if len(said) > WORD_CHARACTERS:
            raise StorageError(f"「{label}」的{name}有 {len(said)} 个字，最多 {WORD_CHARACTERS} 个字，请写短一些再发")
    return words


async def _label(connection: AsyncConnection, unit_id: int, rubric: Rubric, item_id: str) -> str:
    unit = (await connection.execute(select(_unit).where(_unit.c.id == unit_id))).one()
    groups = tuple(name for name, categories in rubric.groups.items() if unit.category in categories)
    for duty in duties(rubric, unit.name, groups):
        if duty.row.id == item_id:
            return duty.row.label
    raise NotFoundError(f"{unit.name}不牵头分解表第 {item_id[:10]} 行，请从清单里选本单位牵头的一行")
