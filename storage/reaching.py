"""Where people are reached, to be told what concerns them: a unit's liaisons, a campaign's office."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import standing_in
from storage.tables_answers import AddressRow, MembershipRow

_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]


class Reached(NamedTuple):
    """An address of a person; who has joined from several devices has several."""

    person_id: int
    channel: str
    address: str


async def liaisons_in(connection: AsyncConnection, unit_id: int, today: date) -> tuple[Reached, ...]:
    """The addresses of those who hear what concerns a unit: its liaisons, a deputy in the place of who is away.

    Args:
        today: in the office's zone.
    """
    query = (
        select(_membership.c.person_id, _membership.c.campaign_id)
        .where(_membership.c.unit_id == unit_id, _membership.c.role == "liaison", _membership.c.removed_at.is_(None))
        .order_by(_membership.c.id)
    )
    rows = (await connection.execute(query)).all()
    if not rows:
        return ()
    away = await standing_in.deputies_in(connection, rows[0].campaign_id, today)
    return await _at(connection, standing_in.told_for([row.person_id for row in rows], away))


async def office_in(connection: AsyncConnection, campaign_id: int) -> tuple[Reached, ...]:
    """The addresses of a campaign's office, without those who were removed."""
    return await _reached(connection, _membership.c.campaign_id == campaign_id, _membership.c.role == "office")


async def member_in(connection: AsyncConnection, campaign_id: int, person_id: int) -> tuple[Reached, ...]:
    """The addresses of one who takes part in a campaign; none of who was removed."""
    return await _reached(connection, _membership.c.campaign_id == campaign_id, _membership.c.person_id == person_id)


async def _reached(connection: AsyncConnection, *where: Any) -> tuple[Reached, ...]:
    return await _at(connection, select(_membership.c.person_id).where(*where, _membership.c.removed_at.is_(None)))


async def _at(connection: AsyncConnection, people: Any) -> tuple[Reached, ...]:
    query = (
        select(_address.c.person_id, _address.c.channel, _address.c.address)
        .where(_address.c.person_id.in_(people))
        .order_by(_address.c.id)
    )
    return tuple(Reached(*row) for row in await connection.execute(query))
