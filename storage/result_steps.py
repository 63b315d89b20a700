"""结果运用: what is done with the result after the notice, a checklist with days; proposed from what the rubrics say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit
from storage.errors import NotFoundError, StorageError
from storage.rectifications import one_month_after
from storage.scorecards import SummaryRow
from storage.tables import UnitRow
from storage.tables_closing import ResultStepRow
from storage.texts import storable

NAME_CHARACTERS = 100
NOTE_CHARACTERS = 500
FEWEST_CHARACTERS = 2
_NOTICE = re.compile("向.+通报|通报各.+")
"""The notice itself among what is done with a result; 通报批评 and 通报表扬 are not it."""

_step: Any = ResultStepRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]


class Step(NamedTuple):
    """A step of 结果运用; ``unit`` is empty where it is not about one."""

    id: int
    campaign_id: int
    unit_id: int | None
    unit: str
    name: str
    due_on: date | None
    note: str
    done_on: date | None


class Proposed(NamedTuple):
    """A step the source asks for. ``note`` says where."""

    name: str
    unit_id: int | None
    due_on: date | None
    note: str


def proposed(rubrics: Iterable[Rubric], rows: Sequence[SummaryRow], noticed_on: date | None) -> list[Proposed]:
    """The steps the rubrics name: once for the campaign, or for each unit whose verified grade they are about.

    Args:
        noticed_on: days count from the notice, and the notice itself (向全区通报) is due then; without it they stay open.
    """
    found: list[Proposed] = []
    for rubric in rubrics:
        for result in rubric.results:
            due = noticed_on if _NOTICE.fullmatch(result.name) else _due(noticed_on, result.within_months)
            note = f"{rubric.source.title} {result.source}"[:NOTE_CHARACTERS]
            graded = [row for row in rows if row.rubric_id == rubric.id and row.verified.grade in result.grades]
            units = [row.unit_id for row in graded] if result.grades else [None]
            made = [Proposed(result.name, unit_id, due, note) for unit_id in units]
            found += [one for one in made if (one.name, one.unit_id) not in {(o.name, o.unit_id) for o in found}]
    return found


def _due(noticed_on: date | None, months: int | None) -> date | None:
    if noticed_on is None or months is None:
        return None
    due = noticed_on
    for _ in range(months):
        due = one_month_after(due)
    return due


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    name: str,
    *,
    unit_id: int | None = None,
    due_on: date | None = None,
    note: str = "",
) -> Step:
    """Put a step on the checklist; what is there and open already is given back as it is.

    Raises:
        StorageError: it has no name.
    """
    words = storable(" ".join(name.split()), NAME_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError("请写清要办什么，比如：约谈 孟河镇 3月20日")
    for old in await of_campaign_in(connection, campaign_id):
        if (old.name, old.unit_id) == (words, unit_id):
            return old
    values = {"campaign_id": campaign_id, "unit_id": unit_id, "name": words, "due_on": due_on}
    row = {**values, "note": storable(note, NOTE_CHARACTERS), "person_id": person_id, "at": at}
    made = (await connection.execute(insert(_step).values(**row).returning(_step.c.id))).scalar_one()
    return await _changed(connection, at, person_id, "result.added", campaign_id, made)


async def done_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, step_id: int, day: date | None
) -> Step:
    """Tick a step off on a day; None takes that back.

    Raises:
        NotFoundError: no such step on the checklist.
    """
    await find_in(connection, campaign_id, step_id)
    values = {"done_on": day, "done_by": None if day is None else person_id}
    await connection.execute(update(_step).where(_step.c.id == step_id).values(**values))
    action = "result.undone" if day is None else "result.done"
    return await _changed(connection, at, person_id, action, campaign_id, step_id)


async def due_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, step_id: int, day: date
) -> Step:
    """Set the day a step is due.

    Raises:
        NotFoundError: no such step on the checklist.
    """
    await find_in(connection, campaign_id, step_id)
    await connection.execute(update(_step).where(_step.c.id == step_id).values(due_on=day))
    return await _changed(connection, at, person_id, "result.due", campaign_id, step_id)


async def drop_in(connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, step_id: int) -> Step:
    """Take a step off the checklist.

    Raises:
        NotFoundError: no such step on the checklist.
    """
    dropped = await find_in(connection, campaign_id, step_id)
    await connection.execute(update(_step).where(_step.c.id == step_id).values(dropped_at=at))
    await audit.record(connection, at, str(person_id), "result.dropped", {"step": step_id}, campaign_id)
    return dropped


async def find_in(connection: AsyncConnection, campaign_id: int, step_id: int) -> Step:
    """A step of a campaign's checklist.

    Raises:
        NotFoundError: there is none of that id, or it was taken off.
    """
    row = (await connection.execute(_query(campaign_id).where(_step.c.id == step_id))).first()
    if row is None:
        raise NotFoundError("清单里没有这一步，请重新打开结果运用清单")
    return Step(*row)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Step]:
    """The checklist: what is open first, by day, then what is done."""
    order = (_step.c.done_on.is_not(None), _step.c.due_on.is_(None), _step.c.due_on, _step.c.id)
    return [Step(*row) for row in await connection.execute(_query(campaign_id).order_by(*order))]


async def _changed(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, campaign_id: int, step_id: int
) -> Step:
    step = await find_in(connection, campaign_id, step_id)
    days = {"due_on": step.due_on and step.due_on.isoformat(), "done_on": step.done_on and step.done_on.isoformat()}
    await audit.record(
        connection, at, str(person_id), action, {"step": step_id, "unit": step.unit_id, **days}, campaign_id
    )
    return step


def _query(campaign_id: int) -> Select[Any]:
    columns = (
        _step.c.id,
        _step.c.campaign_id,
        _step.c.unit_id,
        func.coalesce(_unit.c.name, ""),
        _step.c.name,
        _step.c.due_on,
    )
    joined = select(*columns, _step.c.note, _step.c.done_on).join(_unit, _unit.c.id == _step.c.unit_id, isouter=True)
    return joined.where(_step.c.campaign_id == campaign_id, _step.c.dropped_at.is_(None))
