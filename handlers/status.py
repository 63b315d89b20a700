"""The line on top of the page: where the person stands and what comes next, always current."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Unit, year, the three scores, what is missing and the next date; the campaign for the office; empty for a stranger.

    Who is of the office and a unit's liaison too reads both.
    """
    async with database.read() as connection:
        known = await standing_in.memberships_in(connection, channel, address, now.astimezone(zone).date())
        state = await dialogues.state_in(connection, channel, address)
        membership = _of_unit_now(known, state.get("unit"))
        desk = _desk(known, state.get("campaign"))
        if membership is None or membership.unit_id is None:
            return f"{ROLES[desk.role]} · {desk.campaign_code}" if desk else ""
        parts = await _of_unit(connection, membership, membership.unit_id)
        if desk is not None:
            parts = _both(desk, parts)
        owed = await owed_in(connection, membership.campaign_id, membership.unit_id, zone)
        if lacking := sum(matter.kind == "proof" for matter in owed):  # as 催办 counts: without what was sent back
            parts.append(f"需补充 {lacking}")
        if sent_back := sum(matter.kind == "returned" for matter in owed):
            parts.append(f"退回 {sent_back}")
        return " · ".join([*parts, *_next(owed, now.astimezone(zone).date())])


def _of_unit_now(known: Sequence[Membership], chosen: int | None) -> Membership | None:
    """The unit that was chosen last, else the first one the person is of."""
    of_units = [m for m in known if m.unit_id is not None]
    return next((m for m in of_units if m.unit_id == chosen), next(iter(of_units), None))


def _desk(known: Sequence[Membership], campaign: int | None) -> Membership | None:
    """What the person is beyond a unit, in the campaign that was switched to last."""
    beyond = [m for m in known if m.unit_id is None]
    return next((m for m in beyond if m.campaign_id == campaign), next(iter(beyond), None))


def _both(desk: Membership, parts: list[str]) -> list[str]:
    """考核办兼孟河镇 · 2026; with its own year where that is another one."""
    unit, year, *rest = parts
    role = ROLES[desk.role] if desk.campaign_code == year else f"{ROLES[desk.role]}（{desk.campaign_code}）"
    return [f"{role}兼{unit}", year, *rest]


async def _of_unit(connection: AsyncConnection, membership: Membership, unit_id: int) -> list[str]:
    parts = [membership.unit_name, membership.campaign_code]
    rows = await scorecards.summary_in(connection, membership.campaign_id, unit_id)
    parts += [_scores(row) for row in rows if row.claimed.total is not None]
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
