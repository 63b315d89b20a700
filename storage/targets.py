"""Tasks handed down (目标任务): their figure, 文号 and day, and that the unit's liaison has read them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.figures import plain
from rubrics.model import Rubric
from storage import audit, scorecards
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.tables import CampaignRubricRow, TargetRow, UnitRow
from storage.texts import storable

FIGURE_LIMIT = 10**9  # as in a roster
NUMBER_CHARACTERS = 100

_target: Any = TargetRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]

_COLUMNS = (
    _target.c.unit_id,
    _target.c.rubric_id,
    _target.c.criterion_id,
    _target.c.figure,
    _target.c.number,
    _target.c.issued_on,
    _target.c.confirmed_by,
    _target.c.confirmed_at,
)


class HandedDown(NamedTuple):
    """A task of a unit. ``number`` is the 文号 of the paper that hands it down, empty where none is known."""

    unit_id: int
    rubric_id: str
    criterion_id: str
    figure: Decimal
    number: str
    issued_on: date | None
    confirmed_by: int | None
    confirmed_at: datetime | None


async def set_target_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int | None,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    figure: Decimal,
    *,
    number: str = "",
    issued_on: date | None = None,
) -> HandedDown:
    """Hand a task down to a unit, or change it; a changed one is to be confirmed again.

    Args:
        person_id: who does it; None for a command.

    Raises:
        NotFoundError: the rubric does not assess the unit, or has no such clause with a target.
        StorageError: a figure that cannot be.
    """
    campaign_id = await place_in(connection, unit_id, rubric)
    criterion = rubric.criteria.get(criterion_id)
    if criterion is None or criterion.target is None:
        raise NotFoundError(f"「{criterion_id[:20]}」不是能下达任务的要点，可以用 kaoping campaign template 看有哪些")
    if not figure.is_finite() or not 0 <= figure < FIGURE_LIMIT:
        raise StorageError(f"「{criterion.label}」的任务要填不小于 0 的数字，写的是 {str(figure)[:20]}")
    paper = {"number": storable(number.strip(), NUMBER_CHARACTERS), "issued_on": issued_on}
    values = {"figure": plain(figure), **paper, "confirmed_by": None, "confirmed_at": None}
    clause = {"unit_id": unit_id, "rubric_id": rubric.id, "criterion_id": criterion_id}
    if not (await connection.execute(update(_target).where(*_same(**clause)).values(**values))).rowcount:
        await connection.execute(insert(_target).values(**clause, **values))
    await _audit(connection, at, person_id, "target.set", campaign_id, {**clause, "figure": plain(figure)})
    await scorecards.rewrite(connection, at, unit_id, rubric)  # which awards fill it decides what is proven
    return await _one(connection, **clause)


async def confirm_target_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric_id: str,
    criterion_id: str,
    seen: Decimal,
) -> HandedDown:
    """Note that the unit's liaison has read a task; confirmed before, it stays as it was.

    Args:
        seen: the figure the person was shown.

    Raises:
        NotFoundError: nothing was handed down there.
        StorageError: another figure was handed down since.
    """
    clause = {"unit_id": unit_id, "rubric_id": rubric_id, "criterion_id": criterion_id}
    target = await _one(connection, **clause)
    if target.figure != seen:
        raise StorageError(f"这项任务已经从 {plain(seen)} 改成 {plain(target.figure)}，请看过新的数字再确认")
    if target.confirmed_at is not None:
        return target
    by_whom = {"confirmed_by": person_id, "confirmed_at": at}
    await connection.execute(update(_target).where(*_same(**clause)).values(**by_whom))
    campaign_id = (await connection.execute(select(_unit.c.campaign_id).where(_unit.c.id == unit_id))).scalar_one()
    await _audit(connection, at, person_id, "target.confirmed", campaign_id, {**clause, "figure": plain(seen)})
    return target._replace(confirmed_by=person_id, confirmed_at=at)


async def handed_down_in(connection: AsyncConnection, unit_id: int) -> list[HandedDown]:
    """The tasks of a unit, in the order they were first handed down."""
    return await _all(connection, _target.c.unit_id == unit_id)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[HandedDown]:
    """The tasks of a campaign's units, in the order they were first handed down."""
    units = select(_unit.c.id).where(_unit.c.campaign_id == campaign_id)
    return await _all(connection, _target.c.unit_id.in_(units))


def _same(**clause: object) -> tuple[Any, ...]:
    return tuple(_target.c[name] == value for name, value in clause.items())


async def _one(connection: AsyncConnection, **clause: object) -> HandedDown:
    found = await _all(connection, *_same(**clause))
    if not found:
        raise NotFoundError("这一条没有下达任务，请从清单里重新选一条")
    return found[0]


async def _all(connection: AsyncConnection, *where: Any) -> list[HandedDown]:
    """Tasks of rubrics that are in force: what was handed down under one that another has replaced binds nobody."""
    running = (_rubric.c.rubric_id == _target.c.rubric_id, _rubric.c.ended_at.is_(None))
    query = select(*_COLUMNS).join(_unit, _unit.c.id == _target.c.unit_id)
    query = query.join(_rubric, and_(_rubric.c.campaign_id == _unit.c.campaign_id, *running))
    rows = await connection.execute(query.where(*where).order_by(_target.c.id))
    return [HandedDown(*row[:3], Decimal(row.figure), *row[4:]) for row in rows]


async def _audit(
    connection: AsyncConnection,
    at: datetime,
    person_id: int | None,
    action: str,
    campaign_id: int,
    clause: dict[str, Any],
) -> None:
    subject = {name.removesuffix("_id"): value for name, value in clause.items()}
    actor = "cli" if person_id is None else str(person_id)
    await audit.record(connection, at, actor, action, subject, campaign_id)
