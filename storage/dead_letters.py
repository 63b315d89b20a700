"""Dead letters: when the office hears that an event was given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.tables import AuditRow
from storage.tables_answers import AddressRow, MembershipRow

TOLD_EVERY = timedelta(hours=1)
"""A fault seldom comes alone; one word an hour a campaign says as much as fifty."""

TOLD = "dead-letter.told"

_audit: Any = AuditRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]


async def office_to_tell_in(
    connection: AsyncConnection, at: datetime, campaign_id: int, reference: str
) -> tuple[tuple[str, str], ...]:
    """Channel and address of each of the campaign's office; nobody where they were told within the hour.

    Who is returned is told: the trail remembers it in the caller's unit of work.
    """
    lately = (_audit.c.action == TOLD, _audit.c.campaign_id == campaign_id, _audit.c.at > at - TOLD_EVERY)
    if (await connection.execute(select(_audit.c.id).where(*lately).limit(1))).first():
        return ()
    office = (_membership.c.campaign_id == campaign_id, _membership.c.role == "office")
    query = (
        select(_address.c.channel, _address.c.address)
        .join(_membership, _membership.c.person_id == _address.c.person_id)
        .where(*office, _membership.c.removed_at.is_(None))
        .order_by(_address.c.id)
        .distinct()
    )
    found = tuple((row.channel, row.address) for row in await connection.execute(query))
    if found:
        await audit.record(connection, at, "bot", TOLD, {"reference": reference}, campaign_id)
    return found
