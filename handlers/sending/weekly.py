"""The office's week: what came in, what is due, who is silent, what people think, and how many messages each got."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.port import Option
from handlers.sending import escalating, weekly_due
from handlers.sending.weekly_due import DUE
from handlers.texts import renderer
from handlers.turn import Render
from reminders import workdays
from reminders.escalation import Escalation, escalations
from reminders.known import situation_in
from storage import (
    audit,
    campaigns,
    clues,
    conversation,
    feedback,
    information,
    overview,
    phases,
    pushes,
    reaching,
    rectifications,
    result_steps,
)
from storage.database import Database

WEEK = timedelta(days=7)
SILENT = timedelta(days=30)
MOST_LINES = 20
SAID = "weekly.said"  # in the audit trail
BUTTONS = (Option(keys.pack("missing"), "未报"), Option(keys.pack("today"), "今天"))


class Week(NamedTuple):
    """The days a digest is about, both inclusive."""

    first: date
    last: date


class Said(NamedTuple):
    """What the office reads, and the units that may be taken up with a superior."""

    text: str
    escalations: tuple[Escalation, ...]


def week_before(now: datetime, zone: ZoneInfo) -> Week:
    """The seven days that end with the day before."""
    last = now.astimezone(zone).date() - timedelta(days=1)
    return Week(last - timedelta(days=6), last)


async def text_in(
    connection: AsyncConnection, now: datetime, zone: ZoneInfo, campaign: campaigns.Campaign, render: Render
) -> Said:
    """What the office reads about the last seven days and the next fourteen; the names are its own business."""
    since, today = now - WEEK, now.astimezone(zone).date()
    known = await situation_in(connection, campaign.id, now, zone)
    taken_up = escalations(today, known.campaign, known.people)
    words: dict[str, Any] = {
        "campaign": campaign.code,
        "week": week_before(now, zone),
        "most": MOST_LINES,
        "today": today,
        "came": await overview.came_in_in(connection, campaign.id, since),
        "silent": await _silent(connection, campaign, now, known.deserted),
        "deserted": known.deserted,
        "owing": weekly_due.by_unit(known.people, today),
        "taken_up": [one.unit for one in taken_up],
        "steps": await _steps(connection, campaign.id, today),
        "rectify": await _not_rectified(connection, campaign.id, today),
        "due": [p for p in await phases.of_campaign_in(connection, campaign.id) if today <= p.ends_on <= today + DUE],
        "unanswered": await weekly_due.unanswered_in(connection, campaign.id, today, zone),
        "waits": await overview.waits_in(connection, campaign.id, since),
        "reports": [
            one for one in await information.of_campaign_in(connection, campaign.id) if one.state == "reported"
        ],
        "clues": sum(one.state == "waiting" for one in await clues.of_campaign_in(connection, campaign.id)),
        "feedback": [one for one in await feedback.of_campaign_in(connection, campaign.id) if one.at >= since],
        "sent": sorted(await pushes.sent_in(connection, campaign.id, since), key=lambda one: -one.messages),
        "head": (await audit.head_in(connection)).words,
    }
    return Said(render("weekly", **words).strip(), taken_up)


async def _silent(
    connection: AsyncConnection, campaign: campaigns.Campaign, now: datetime, deserted: Collection[str]
) -> list[str]:
    """The units nothing came from for so long, without those nobody has joined for; a younger campaign has none."""
    if campaign.created_at > now - SILENT:
        return []
    found = await overview.silent_in(connection, campaign.id, now - SILENT)
    return [one.unit for one in found if one.unit not in deserted]


async def due_in(
    connection: AsyncConnection,
    now: datetime,
    zone: ZoneInfo,
    campaign: campaigns.Campaign,
    render: Render,
    *,
    replayed: bool = False,
) -> Said | None:
    """What `tick` says of a campaign at a moment: on the week's first working day, within office hours, once a week.

    Args:
        replayed: what was said later than ``now`` does not count, as if it were that moment.
    """
    day = now.astimezone(zone).date()
    if day != workdays.on_or_after(day - timedelta(days=day.weekday())) or not workdays.is_open(now, zone):
        return None
    if await _was_said_in(connection, campaign, now, until=now if replayed else None):
        return None
    if not await reaching.office_in(connection, campaign.id):
        return None
    return await text_in(connection, now, zone, campaign, render)


async def tick(database: Database, now: datetime, zone: ZoneInfo) -> int:
    """Say the week of every campaign where it is due; returns to how many people."""
    people = 0
    async with database.read() as connection:
        found = await campaigns.campaigns_in(connection)
    for campaign in found:
        async with database.read() as connection:  # others may write meanwhile
            said = await due_in(connection, now, zone, campaign, renderer(zone))
        if said is not None:
            people += await say(database, now, zone, campaign, said)
    return people


async def say(database: Database, now: datetime, zone: ZoneInfo, campaign: campaigns.Campaign, said: Said) -> int:
    """Say it to everybody of the office, once a week however often it is asked; returns to how many people."""
    options = (*BUTTONS, escalating.BUTTON) if said.escalations else BUTTONS
    packed = [(option.key, option.label) for option in options]
    week = week_before(now, zone)
    async with database.write() as connection:
        if await _was_said_in(connection, campaign, now):
            return 0
        reached = await reaching.office_in(connection, campaign.id)
        if not reached:
            return 0
        for one in reached:
            await conversation.say(connection, now, one.channel, one.address, said.text, packed, push=True)
        people = {one.person_id for one in reached}
        subject = {"first": week.first.isoformat(), "last": week.last.isoformat(), "people": sorted(people)}
        await audit.record(connection, now, "planner", SAID, subject, campaign.id)
        return len(people)


async def _was_said_in(
    connection: AsyncConnection, campaign: campaigns.Campaign, now: datetime, until: datetime | None = None
) -> bool:
    said = await pushes.said_in(connection, campaign.id, SAID)
    return any(now - WEEK + timedelta(days=1) <= one and (until is None or one <= until) for one in said)


async def _steps(connection: AsyncConnection, campaign_id: int, today: date) -> list[result_steps.Step]:
    """The steps of 结果运用 that are due within two weeks, or late."""
    found = await result_steps.of_campaign_in(connection, campaign_id)
    return [one for one in found if one.done_on is None and one.due_on is not None and one.due_on <= today + DUE]


async def _not_rectified(connection: AsyncConnection, campaign_id: int, today: date) -> list[str]:
    """The units with lines of 整改 that are late and not reported, in roster order."""
    lines = await rectifications.lines_in(connection, campaign_id)
    late = [one for one in lines if one.state in {"open", "planned"} and one.due_on < today]
    return list(dict.fromkeys(one.unit for one in late))
