"""Who answers for a unit while its liaison is away: computed from the leaves of the day, so that it ends by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import people
from storage.people import Membership
from storage.prepared import often
from storage.tables_answers import MembershipRow
from storage.tables_reminding import LeaveRow

_leave: Any = LeaveRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]

_RUNNING = often(
    select(_leave.c.campaign_id, _leave.c.person_id, _leave.c.deputy_id)
    .where(_leave.c.ended_at.is_(None))
    .where(_leave.c.starts_on <= bindparam("today", type_=_leave.c.starts_on.type))
    .where(_leave.c.ends_on >= bindparam("today", type_=_leave.c.ends_on.type))
    .order_by(_leave.c.id)
)


async def memberships_in(
    connection: AsyncConnection, channel: str, address: str, today: date
) -> tuple[Membership, ...]:
    """What the person of an address is on a day: their own memberships, then those of liaisons they stand in for.

    Args:
        today: in the office's zone.
    """
    own = await people.memberships_in(connection, channel, address)
    running = (await connection.execute(_RUNNING, {"today": today})).all() if own else ()
    if not running:
        return own
    found = list(own)
    for mine in {one.campaign_id: one for one in own}.values():
        deputies = {row.person_id: row.deputy_id for row in running if row.campaign_id == mine.campaign_id}
        away = {ident for ident in deputies if _stands_in(ident, deputies) == mine.person_id}
        served = {one.unit_id for one in found if one.role == "liaison"}
        found += await _in_place_of(connection, mine, away, served)
    return tuple(found)


async def deputies_in(connection: AsyncConnection, campaign_id: int, today: date) -> dict[int, int | None]:
    """Who is away on a day, with who stands in for them; None where nobody does, or who did was removed.

    Args:
        today: in the office's zone.
    """
    running = (await connection.execute(_RUNNING, {"today": today})).all()
    deputies = {row.person_id: row.deputy_id for row in running if row.campaign_id == campaign_id}
    if not deputies:
        return {}
    found = {ident: _stands_in(ident, deputies) for ident in deputies}
    query = select(_membership.c.person_id).where(
        _membership.c.campaign_id == campaign_id, _membership.c.removed_at.is_(None)
    )
    wanted = {ident for ident in found.values() if ident is not None}
    here = set((await connection.execute(query.where(_membership.c.person_id.in_(wanted)))).scalars())
    return {ident: deputy if deputy in here else None for ident, deputy in found.items()}


def told_for(liaisons: Sequence[int], away: Mapping[int, int | None]) -> list[int]:
    """Who hears what concerns a unit: its liaisons, a deputy in the place of who is away.

    Where nobody is there and nobody stands in, those who are away: what is said to nobody is lost.

    Args:
        liaisons: the unit's.
        away: as `deputies_in` gives it.
    """
    there = (away.get(ident, ident) for ident in liaisons)
    return list(dict.fromkeys(ident for ident in there if ident is not None)) or list(liaisons)


async def _in_place_of(
    connection: AsyncConnection, mine: Membership, away: Collection[int], served: Collection[int | None]
) -> list[Membership]:
    """The memberships of who is away, as the deputy's; a unit once, and none that is theirs anyway."""
    theirs = await people.liaisons_in(connection, mine.campaign_id, away) if away else ()
    units = {one.unit_id: one for one in theirs if one.unit_id not in served}
    return [one._replace(person_id=mine.person_id, name=mine.name) for one in units.values()]


def _stands_in(person_id: int, deputies: Mapping[int, int | None]) -> int | None:
    """The first in the chain of deputies who is not away; None where nobody is, or a circle of absent people."""
    seen = {person_id}
    deputy = deputies[person_id]
    while deputy is not None and deputy in deputies and deputy not in seen:
        seen.add(deputy)
        deputy = deputies[deputy]
    return None if deputy in seen else deputy
