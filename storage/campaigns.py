"""Campaigns (考核年度): set up from a roster as a whole or not at all, and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.figures import plain
from rubrics.model import Rubric
from storage import audit
from storage.database import Database
from storage.errors import NotFoundError
from storage.roster import RosterUnit
from storage.tables import (
    CampaignRow,
    CampaignRubricRow,
    ExpectedLiaisonRow,
    TargetRow,
    UnitAliasRow,
    UnitRow,
)

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_alias: Any = UnitAliasRow.__table__  # type: ignore[attr-defined]
_liaison: Any = ExpectedLiaisonRow.__table__  # type: ignore[attr-defined]
_target: Any = TargetRow.__table__  # type: ignore[attr-defined]


class Campaign(NamedTuple):
    """A campaign as others see it. ``code`` names it in commands: the year, numbered from the second on."""

    id: int
    code: str
    year: int
    rubric_ids: tuple[str, ...]
    units: int
    created_at: datetime


async def create(
    database: Database, at: datetime, actor: str, year: int, rubrics: Sequence[Rubric], roster: Sequence[RosterUnit]
) -> Campaign:
    """Create a campaign with its rubrics, units, aliases, expected liaisons and targets in one unit of work."""
    async with database.write() as connection:
        code = await _free_code(connection, year)
        added = await connection.execute(insert(_campaign).values(code=code, year=year, created_at=at))
        (campaign_id,) = added.inserted_primary_key or (0,)
        editions = {rubric.id: edition(rubric) for rubric in rubrics}
        for position, rubric in enumerate(rubrics):
            row = {"rubric_id": rubric.id, "edition_sha256": editions[rubric.id], "position": position}
            await connection.execute(insert(_rubric).values(campaign_id=campaign_id, **row))
        for position, unit in enumerate(roster):
            await _add_unit(connection, campaign_id, position, unit)
        subject = {"campaign": campaign_id, "rubrics": editions, "units": len(roster)}
        await audit.record(connection, at, actor, "campaign.created", subject, campaign_id)
    return Campaign(campaign_id, code, year, tuple(editions), len(roster), at)


async def campaigns(database: Database) -> list[Campaign]:
    """All campaigns, newest first."""
    async with database.read() as connection:
        rubric_rows = (await connection.execute(select(_rubric).order_by(_rubric.c.position))).all()
        counted = select(_unit.c.campaign_id, func.count()).group_by(_unit.c.campaign_id)
        units = {row[0]: row[1] for row in (await connection.execute(counted)).all()}
        found = (await connection.execute(select(_campaign).order_by(_campaign.c.id.desc()))).all()
    return [
        Campaign(
            row.id,
            row.code,
            row.year,
            tuple(r.rubric_id for r in rubric_rows if r.campaign_id == row.id),
            units.get(row.id, 0),
            row.created_at,
        )
        for row in found
    ]


async def find(database: Database, code: str) -> Campaign:
    """The campaign of a code.

    Raises:
        NotFoundError: naming the codes there are.
    """
    found = await campaigns(database)
    for campaign in found:
        if campaign.code == code:
            return campaign
    known = "、".join(campaign.code for campaign in found) or "还没有，请先运行 kaoping campaign new"
    raise NotFoundError(f"没有编号为「{code}」的考核，现有：{known}")


async def find_unit(connection: AsyncConnection, campaign_id: int, name: str) -> int:
    """The id of the unit of that name or alias.

    Raises:
        NotFoundError: no unit of the campaign is called so.
    """
    by_name = select(_unit.c.id).where(_unit.c.campaign_id == campaign_id, _unit.c.name == name)
    by_alias = select(_alias.c.unit_id).where(_alias.c.campaign_id == campaign_id, _alias.c.alias == name)
    for query in (by_name, by_alias):
        found = (await connection.execute(query)).scalar()
        if found is not None:
            return int(found)
    raise NotFoundError(f"没有单位「{name}」，请写花名册里的全称或简称")


async def targets_in(connection: AsyncConnection, unit_id: int, rubric_id: str) -> dict[str, Decimal]:
    """The tasks handed down to a unit, by criterion."""
    query = select(_target.c.criterion_id, _target.c.figure).where(
        _target.c.unit_id == unit_id, _target.c.rubric_id == rubric_id
    )
    return {row.criterion_id: Decimal(row.figure) for row in await connection.execute(query)}


def edition(rubric: Rubric) -> str:
    """The hash of a rubric's content; a campaign keeps the edition it began with."""
    return hashlib.sha256(msgspec.json.encode(rubric, order="sorted")).hexdigest()


async def _free_code(connection: AsyncConnection, year: int) -> str:
    same_year = select(func.count()).select_from(_campaign).where(_campaign.c.year == year)
    before = (await connection.execute(same_year)).scalar() or 0
    return str(year) if not before else f"{year}-{before + 1}"


async def _add_unit(connection: AsyncConnection, campaign_id: int, position: int, unit: RosterUnit) -> None:
    row = {"campaign_id": campaign_id, "name": unit.name, "category": unit.category, "position": position}
    added = await connection.execute(insert(_unit).values(**row))
    (unit_id,) = added.inserted_primary_key or (0,)
    lists: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (_alias, [{"campaign_id": campaign_id, "unit_id": unit_id, "alias": alias} for alias in unit.aliases]),
        (_liaison, [{"unit_id": unit_id, "name": name} for name in unit.liaisons]),
        (
            _target,
            [
                {
                    "unit_id": unit_id,
                    "rubric_id": t.rubric_id,
                    "criterion_id": t.criterion_id,
                    "figure": plain(t.figure),
                }
                for t in unit.targets
            ],
        ),
    )
    for table, rows in lists:
        if rows:
            await connection.execute(insert(table), rows)
