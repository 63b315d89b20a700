"""Campaigns (考核年度): set up from a roster as a whole or not at all, and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.figures import plain
from rubrics.model import Rubric
from storage import audit, editions
from storage.database import Database
from storage.errors import NotFoundError
from storage.prepared import often
from storage.roster import RosterUnit
from storage.tables import (
    CampaignReadingRow,
    CampaignRow,
    CampaignRubricRow,
    ExpectedLiaisonRow,
    TargetRow,
    UnitAliasRow,
    UnitRow,
)
from storage.tables_answers import MembershipRow, PersonRow

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_reading: Any = CampaignReadingRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_alias: Any = UnitAliasRow.__table__  # type: ignore[attr-defined]
_liaison: Any = ExpectedLiaisonRow.__table__  # type: ignore[attr-defined]
_target: Any = TargetRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]

Readings = Mapping[str, Mapping[str, str]]
"""Rubric id → reading → option, for the readings a campaign switches."""


class Campaign(NamedTuple):
    """A campaign as others see it. ``code`` names it in commands: the year, numbered from the second on.

    ``provisional``: which of its rubrics are 暂用, until the year's own are issued.
    """

    id: int
    code: str
    year: int
    rubric_ids: tuple[str, ...]
    units: int
    created_at: datetime
    provisional: tuple[str, ...] = ()


class UnitMember(NamedTuple):
    """Somebody who has joined for a unit and was not removed."""

    person_id: int
    name: str
    role: str


class Unit(NamedTuple):
    """A unit of the roster. ``expected`` are the liaisons the roster names, ``members`` those who have joined."""

    id: int
    name: str
    category: str
    aliases: tuple[str, ...]
    expected: tuple[str, ...]
    members: tuple[UnitMember, ...]


class Called(NamedTuple):
    """A unit of the roster by its names, the full one first."""

    id: int
    category: str
    names: tuple[str, ...]


_CALLED = often(
    select(_unit.c.id, _unit.c.name, _unit.c.category, _alias.c.alias)
    .join(_alias, _alias.c.unit_id == _unit.c.id, isouter=True)
    .where(_unit.c.campaign_id == bindparam("campaign"))
    .order_by(_unit.c.position, _alias.c.id)
)
"""Every message in words asks for it."""


async def create(
    database: Database,
    at: datetime,
    actor: str,
    year: int,
    rubrics: Sequence[Rubric],
    roster: Sequence[RosterUnit],
    readings: Readings | None = None,
    provisional: Collection[str] = (),
) -> Campaign:
    """Create a campaign in a unit of work of its own; arguments and errors as `create_in`."""
    async with database.write() as connection:
        return await create_in(connection, at, actor, year, rubrics, roster, readings, provisional)


async def create_in(
    connection: AsyncConnection,
    at: datetime,
    actor: str,
    year: int,
    rubrics: Sequence[Rubric],
    roster: Sequence[RosterUnit],
    readings: Readings | None = None,
    provisional: Collection[str] = (),
) -> Campaign:
    """Create a campaign with its rubrics, readings, units, aliases, expected liaisons and targets.

    Args:
        readings: the readings it switches; later only two people do (see `reading_switch`).
        provisional: ids of rubrics it runs for the time being (暂用), until the year's own are taken (see `adoption`).

    Raises:
        NotFoundError: readings of a rubric the campaign does not run, or such a one to be 暂用.
        RubricError: a reading or option the rubric does not have.
    """
    chosen = _chosen(rubrics, readings or {})
    held = [rubric.id for rubric in rubrics if rubric.id in provisional]
    if unknown := sorted(set(provisional).difference(held)):
        raise NotFoundError(f"暂用写给了「{unknown[0][:40]}」，这次考核的细则是：{'、'.join(r.id for r in rubrics)}")
    code = await _free_code(connection, year)
    added = await connection.execute(insert(_campaign).values(code=code, year=year, created_at=at))
    (campaign_id,) = added.inserted_primary_key or (0,)
    switched = {r.id: editions.in_force(r.id, chosen[r.id]) if r.id in chosen else r for r in rubrics}
    hashes = {ident: edition(rubric) for ident, rubric in switched.items()}
    for position, (ident, sha256) in enumerate(hashes.items()):
        row = {"rubric_id": ident, "edition_sha256": sha256, "position": position, "provisional": ident in held}
        await connection.execute(insert(_rubric).values(campaign_id=campaign_id, **row))
    for ident, options in chosen.items():
        for reading, option in options.items():
            row = {"rubric_id": ident, "reading_id": reading, "option": option}
            await connection.execute(insert(_reading).values(campaign_id=campaign_id, **row))
    for position, unit in enumerate(roster):
        await _add_unit(connection, campaign_id, position, unit)
    subject = {"campaign": campaign_id, "rubrics": hashes, "readings": chosen, "units": len(roster)}
    subject |= {"provisional": held} if held else {}
    await audit.record(connection, at, actor, "campaign.created", subject, campaign_id)
    return Campaign(campaign_id, code, year, tuple(hashes), len(roster), at, tuple(held))


def _chosen(rubrics: Sequence[Rubric], readings: Readings) -> dict[str, dict[str, str]]:
    """The readings by rubric, each checked before anything is written."""
    known = [rubric.id for rubric in rubrics]
    for ident, options in readings.items():
        if ident not in known:
            raise NotFoundError(f"读法写给了「{ident[:40]}」，这次考核的细则是：{'、'.join(known)}")
        editions.in_force(ident, options)
    return {ident: dict(options) for ident, options in readings.items() if options}


async def campaigns(database: Database) -> list[Campaign]:
    """All campaigns, newest first."""
    async with database.read() as connection:
        return await campaigns_in(connection)


async def campaigns_in(connection: AsyncConnection, campaign_id: int | None = None) -> list[Campaign]:
    """As `campaigns`, seeing what this unit of work has already changed; only one of them where its id is given."""
    running = select(_rubric).where(_rubric.c.ended_at.is_(None)).order_by(_rubric.c.position)
    rubric_rows = (await connection.execute(running)).all()
    counted = select(_unit.c.campaign_id, func.count()).group_by(_unit.c.campaign_id)
    units = {row[0]: row[1] for row in (await connection.execute(counted)).all()}
    wanted = select(_campaign).order_by(_campaign.c.id.desc())
    if campaign_id is not None:
        wanted = wanted.where(_campaign.c.id == campaign_id)
    return [
        Campaign(
            row.id,
            row.code,
            row.year,
            tuple(r.rubric_id for r in rubric_rows if r.campaign_id == row.id),
            units.get(row.id, 0),
            row.created_at,
            tuple(r.rubric_id for r in rubric_rows if r.campaign_id == row.id and r.provisional),
        )
        for row in (await connection.execute(wanted)).all()
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


async def called_in(connection: AsyncConnection, campaign_id: int) -> list[Called]:
    """What the units of a campaign are called, in roster order; without their people."""
    found: dict[int, Called] = {}
    for row in await connection.execute(_CALLED, {"campaign": campaign_id}):
        names = (
            (*found[row.id].names, row.alias) if row.id in found else (row.name, *([row.alias] if row.alias else []))
        )
        found[row.id] = Called(row.id, row.category, names)
    return list(found.values())


async def units_in(connection: AsyncConnection, campaign_id: int) -> list[Unit]:
    """The units of a campaign in roster order, with their other names and their people."""
    of_campaign = select(_unit.c.id).where(_unit.c.campaign_id == campaign_id)
    aliases = select(_alias.c.unit_id, _alias.c.alias).where(_alias.c.campaign_id == campaign_id).order_by(_alias.c.id)
    expected = select(_liaison.c.unit_id, _liaison.c.name).where(_liaison.c.unit_id.in_(of_campaign))
    joined = (
        select(_membership.c.unit_id, _person.c.id, _person.c.name, _membership.c.role)
        .join(_person, _person.c.id == _membership.c.person_id)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.removed_at.is_(None))
        .order_by(_membership.c.id)
    )
    names: dict[int, list[str]] = {}
    for row in await connection.execute(aliases):
        names.setdefault(row.unit_id, []).append(row.alias)
    named: dict[int, list[str]] = {}
    for row in await connection.execute(expected.order_by(_liaison.c.id)):
        named.setdefault(row.unit_id, []).append(row.name)
    people: dict[int, list[UnitMember]] = {}
    for row in await connection.execute(joined):
        people.setdefault(row[0], []).append(UnitMember(*row[1:]))
    units = select(_unit).where(_unit.c.campaign_id == campaign_id).order_by(_unit.c.position)
    return [
        Unit(
            row.id,
            row.name,
            row.category,
            tuple(names.get(row.id, ())),
            tuple(named.get(row.id, ())),
            tuple(people.get(row.id, ())),
        )
        for row in await connection.execute(units)
    ]


async def place_in(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> int:
    """The campaign of a unit that a rubric assesses.

    Raises:
        NotFoundError: no such unit, or the rubric does not assess it there.
    """
    query = (
        select(_unit.c.campaign_id)
        .join(_rubric, _rubric.c.campaign_id == _unit.c.campaign_id)
        .where(_unit.c.id == unit_id, _unit.c.category.in_(rubric.categories), _rubric.c.rubric_id == rubric.id)
        .where(_rubric.c.ended_at.is_(None))
    )
    found = (await connection.execute(query)).scalar()
    if found is None:
        raise NotFoundError(f"细则「{rubric.id}」不考核这个单位，请从清单里重新选一条")
    return int(found)


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
