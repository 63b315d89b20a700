"""The line on top of the page: where the person stands and what comes next, always current."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels.text import points
from reminders.known import owed_in
from reminders.obligations import Obligation
from storage import dialogues, scorecards, standing_in
from storage.database import Database
from storage.people import Membership
from storage.scorecards import SummaryRow

ROLES = {"office": "考核办", "leader": "领导", "expert": "专家", "provider": "部门", "liaison": "联络员"}


async def status_line(database: Database, channel: str, address: str, now: datetime, zone: ZoneInfo) -> str:
    """Unit, year, the three scores, what is missing and the next date; the campaign for the office; empty for a stranger."""
    async with database.read() as connection:
        known = await standing_in.memberships_in(connection, channel, address, now.astimezone(zone).date())
        state = await dialogues.state_in(connection, channel, address)
        chosen = state.get("unit")
        membership = next((m for m in known if m.unit_id == chosen), next(iter(known), None))
        if membership is None:
            return ""
        if membership.unit_id is None:
            switched = (m for m in known if m.unit_id is None and m.campaign_id == state.get("campaign"))
            membership = next(switched, membership)
            return f"{ROLES[membership.role]} · {membership.campaign_code}"
        parts = await _of_unit(connection, membership, membership.unit_id)
        owed = await owed_in(connection, membership.campaign_id, membership.unit_id, zone)
        if sent_back := sum(matter.kind == "returned" for matter in owed):
            parts.append(f"退回 {sent_back}")
        return " · ".join([*parts, *_next(owed, now.astimezone(zone).date())])


async def _of_unit(connection: AsyncConnection, membership: Membership, unit_id: int) -> list[str]:
    parts = [membership.unit_name, membership.campaign_code]
    rows = await scorecards.summary_in(connection, membership.campaign_id, unit_id)
    parts += [_scores(row) for row in rows if row.claimed.total is not None]
    if lacking := sum(row.lacking for row in rows):
        parts.append(f"需补充 {lacking}")
    return parts


def _next(owed: tuple[Obligation, ...], today: date) -> list[str]:
    """The day by which the next thing is to be done; what is late says so."""
    due = next((o.due for o in owed if o.askable_from <= today and not o.hint), None)
    if due is None:
        return []
    return [f"下一件 {due.month}月{due.day}日" if due >= today else "有事到期了"]


def _scores(row: SummaryRow) -> str:
    three = (("已核", row.verified), ("有材料", row.proven), ("自报", row.claimed))
    return " / ".join(f"{name} {points(figures.total or 0)}" for name, figures in three)
