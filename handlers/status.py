"""The line on top of the page: where the person stands, always current."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from channels.text import points
from storage import dialogues, people, scorecards
from storage.database import Database
from storage.people import Membership
from storage.scorecards import SummaryRow

ROLES = {"office": "考核办", "leader": "领导", "expert": "专家", "provider": "部门", "liaison": "联络员"}


async def status_line(database: Database, channel: str, address: str) -> str:
    """Unit, year, the three scores and what is missing; the campaign for the office; empty for a stranger."""
    async with database.read() as connection:
        known = await people.memberships_in(connection, channel, address)
        chosen = (await dialogues.state_in(connection, channel, address)).get("unit")
        membership = next((m for m in known if m.unit_id == chosen), next(iter(known), None))
        if membership is None:
            return ""
        if membership.unit_id is None:
            return f"{ROLES[membership.role]} · {membership.campaign_code}"
        return " · ".join(await _of_unit(connection, membership, membership.unit_id))


async def _of_unit(connection: AsyncConnection, membership: Membership, unit_id: int) -> list[str]:
    parts = [membership.unit_name, membership.campaign_code]
    rows = await scorecards.summary_in(connection, membership.campaign_id, unit_id)
    parts += [_scores(row) for row in rows if row.claimed.total is not None]
    if lacking := sum(row.lacking for row in rows):
        parts.append(f"需补充 {lacking}")
    return parts


def _scores(row: SummaryRow) -> str:
    three = (("已核", row.verified), ("有材料", row.proven), ("自报", row.claimed))
    return " / ".join(f"{name} {points(figures.total or 0)}" for name, figures in three)
