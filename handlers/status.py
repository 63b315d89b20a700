"""The line on top of the page: where the person stands, always current."""

from __future__ import annotations

from channels.text import points
from storage import dialogues, people, scorecards
from storage.database import Database

ROLES = {"office": "考核办", "leader": "领导", "expert": "专家", "provider": "部门", "liaison": "联络员"}


async def status_line(database: Database, channel: str, address: str) -> str:
    """Unit, year and claimed points; the campaign for the office; empty for a stranger."""
    async with database.read() as connection:
        known = await people.memberships_in(connection, channel, address)
        chosen = (await dialogues.state_in(connection, channel, address)).get("unit")
        membership = next((m for m in known if m.unit_id == chosen), next(iter(known), None))
        if membership is None:
            return ""
        if membership.unit_id is None:
            return f"{ROLES[membership.role]} · {membership.campaign_code}"
        parts = [membership.unit_name, membership.campaign_code]
        for row in await scorecards.summary_in(connection, membership.campaign_id):
            if row.unit_id == membership.unit_id and row.rubric_id in membership.rubric_ids:
                figures = row.claimed
                if figures.total is not None and figures.max is not None:
                    parts.append(f"自报 {points(figures.total)}/{points(figures.max)}")
    return " · ".join(parts)
