"""The day of a handover: the old membership ends, who took over hears how things stand, who left is thanked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.port import Option
from handlers.texts import renderer
from handlers.turn import Render
from reminders import workdays
from reminders.known import owed_by_in
from reminders.obligations import Obligation
from rubrics.tasks import asked
from storage import (
    answers,
    audit,
    campaigns,
    conversation,
    editions,
    evidence,
    handovers,
    phases,
    pushes,
    reaching,
    returns,
    unit_facts,
)
from storage.database import Database
from storage.handovers import Handover
from storage.reaching import Reached

WAITS = "handover.waits"  # in the audit trail: the office was told that nobody has joined
MOST_MATTERS = 5


class Standing(NamedTuple):
    """How a unit stands on the day it is handed over."""

    answered: int
    of: int
    returned: list[str]
    unsorted: int
    matters: list[Obligation]
    next: phases.NextDate | None


async def tick(database: Database, now: datetime, zone: ZoneInfo) -> int:
    """Carry out the handovers whose day has come, within office hours; returns how many."""
    if not workdays.is_open(now, zone):
        return 0
    render, today, done = renderer(zone), now.astimezone(zone).date(), 0
    async with database.read() as connection:
        due = [
            one
            for campaign in await campaigns.campaigns_in(connection)
            for one in await handovers.due_in(connection, campaign.id, today)
        ]
    for one in due:
        async with database.write() as connection:
            done += await _carry_out(connection, now, zone, render, one)
    return done


async def standing_in(connection: AsyncConnection, one: Handover, now: datetime, zone: ZoneInfo) -> Standing:
    """How the unit stands now."""
    unit = next(u for u in await campaigns.units_in(connection, one.campaign_id) if u.id == one.unit_id)
    answered = of = 0
    returned: list[str] = []
    for rubric in await editions.of_campaign(connection, one.campaign_id):
        if unit.category not in rubric.categories:
            continue
        clauses = [c for found in asked(rubric, unit.name, unit.category).values() for c in found]
        given = await answers.current_in(connection, unit.id, rubric.id)
        answered += sum(c.id in given and given[c.id].state != "withdrawn" for c in clauses)
        of += len(clauses)
        known = await unit_facts.of_unit(connection, unit.id, rubric)
        returned += [rubric.criteria[ident].label for ident in await returns.standing_in(connection, known)]
    today = now.astimezone(zone).date()
    owed = (await owed_by_in(connection, one.campaign_id, [unit.id], zone))[unit.id]
    matters = [m for m in owed if not m.hint and m.askable_from <= today][:MOST_MATTERS]
    waiting = len(await evidence.unsorted_in(connection, unit.id))
    calendar = await phases.of_campaign_in(connection, one.campaign_id)
    return Standing(answered, of, returned, waiting, matters, phases.next_date(calendar, today))


async def _carry_out(connection: AsyncConnection, now: datetime, zone: ZoneInfo, render: Render, one: Handover) -> int:
    thanked = await reaching.member_in(connection, one.campaign_id, one.from_id)  # while still a member
    done = await handovers.finish_in(connection, now, one)
    if done is None:
        await _warn(connection, now, render, one)
        return 0
    assert done.to_id is not None
    standing = await standing_in(connection, done, now, zone)
    new = await reaching.member_in(connection, one.campaign_id, done.to_id)
    start = (Option(keys.pack("list"), "清单"), Option(keys.pack("next"), "下一项"))
    await _tell(connection, now, new, render("handover-summary", one=done, standing=standing), start)
    await _tell(connection, now, thanked, render("handover-thanks", one=done))
    reached = await reaching.office_in(connection, one.campaign_id)
    await _tell(connection, now, reached, render("handover-done", one=done))
    return 1


async def _warn(connection: AsyncConnection, now: datetime, render: Render, one: Handover) -> None:
    """Tell the office once that the day has come and nobody has joined."""
    said = f"{WAITS}.{one.id}"
    if await pushes.was_said_in(connection, one.campaign_id, said, one.at):
        return
    reached = await reaching.office_in(connection, one.campaign_id)
    options = (Option(keys.pack("handover-no", one.id), "撤销"), Option(keys.pack("people"), "人员"))
    await _tell(connection, now, reached, render("handover-late", one=one), options)
    await audit.record(connection, now, "planner", said, {"handover": one.id}, one.campaign_id)


async def _tell(
    connection: AsyncConnection,
    now: datetime,
    reached: tuple[Reached, ...],
    text: str,
    options: tuple[Option, ...] = (),
) -> None:
    packed: Any = [(option.key, option.label) for option in options]
    for one in reached:
        await conversation.say(connection, now, one.channel, one.address, text.strip(), packed, push=True)
