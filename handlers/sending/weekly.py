"""The office's week: what came in, what is due, who is silent, what people think, and how many messages each got."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.port import Option
from handlers.texts import renderer
from handlers.turn import Render
from reminders import workdays
from storage import (
    audit,
    campaigns,
    clues,
    conversation,
    feedback,
    information,
    notices,
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
DUE = timedelta(days=14)
MOST_LINES = 20
SAID = "weekly.said"  # in the audit trail


class Week(NamedTuple):
    """The days a digest is about, both inclusive."""

    first: date
    last: date


def week_before(now: datetime, zone: ZoneInfo) -> Week:
    """The seven days that end with the day before."""
    last = now.astimezone(zone).date() - timedelta(days=1)
    return Week(last - timedelta(days=6), last)


async def text_in(
    connection: AsyncConnection, now: datetime, zone: ZoneInfo, campaign: campaigns.Campaign, render: Render
) -> str:
    """What the office reads about the last seven days and the next fourteen; the names are its own business."""
    since, today = now - WEEK, now.astimezone(zone).date()
    calendar = await phases.of_campaign_in(connection, campaign.id)
    came = await overview.came_in_in(connection, campaign.id, since)
    silent = await overview.silent_in(connection, campaign.id, now - SILENT)
    sent = await pushes.sent_in(connection, campaign.id, since)
    words: dict[str, Any] = {
        "campaign": campaign.code,
        "week": week_before(now, zone),
        "came": came[:MOST_LINES],
        "came_more": max(len(came) - MOST_LINES, 0),
        "silent": [one.unit for one in silent],
        "today": today,
        "steps": await _steps(connection, campaign.id, today),
        "rectify": await _not_rectified(connection, campaign.id, today),
        "due": [phase for phase in calendar if today <= phase.ends_on <= today + DUE],
        "unanswered": await _unanswered(connection, campaign.id, today),
        "waits": await overview.waits_in(connection, campaign.id, since),
        "reports": [
            one for one in await information.of_campaign_in(connection, campaign.id) if one.state == "reported"
        ],
        "clues": sum(one.state == "waiting" for one in await clues.of_campaign_in(connection, campaign.id)),
        "feedback": [one for one in await feedback.of_campaign_in(connection, campaign.id) if one.at >= since],
        "sent": sorted(sent, key=lambda one: -one.messages)[:MOST_LINES],
        "messages": sum(one.messages for one in sent),
        "head": (await audit.head_in(connection)).words,
    }
    return render("weekly", **words).strip()


async def tick(database: Database, now: datetime, zone: ZoneInfo) -> int:
    """Say the week of every campaign on the week's first working day, within office hours; returns to how many."""
    day = now.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    if day != workdays.on_or_after(monday) or not workdays.is_open(now, zone):
        return 0
    render = renderer(zone)
    async with database.write() as connection:
        found = await campaigns.campaigns_in(connection)
        return sum([await say_in(connection, now, zone, campaign, render) for campaign in found])


async def say_in(
    connection: AsyncConnection, now: datetime, zone: ZoneInfo, campaign: campaigns.Campaign, render: Render
) -> int:
    """Say it to everybody of the office, once a week however often it is asked; returns to how many people.

    Which day of the week, and the office hours, are `tick`'s.
    """
    week = week_before(now, zone)
    if await pushes.was_said_in(connection, campaign.id, SAID, now - WEEK + timedelta(days=1)):
        return 0
    reached = await reaching.office_in(connection, campaign.id)
    text = await text_in(connection, now, zone, campaign, render)
    options = (Option(keys.pack("missing"), "未报"), Option(keys.pack("today"), "今天"))
    for one in reached:
        packed = [(option.key, option.label) for option in options]
        await conversation.say(connection, now, one.channel, one.address, text, packed, push=True)
    people = {one.person_id for one in reached}
    if people:
        subject = {"first": week.first.isoformat(), "last": week.last.isoformat(), "people": sorted(people)}
        await audit.record(connection, now, "planner", SAID, subject, campaign.id)
    return len(people)


async def _steps(connection: AsyncConnection, campaign_id: int, today: date) -> list[result_steps.Step]:
    """The steps of 结果运用 that are due within two weeks, or late."""
    found = await result_steps.of_campaign_in(connection, campaign_id)
    return [one for one in found if one.done_on is None and one.due_on is not None and one.due_on <= today + DUE]


async def _not_rectified(connection: AsyncConnection, campaign_id: int, today: date) -> list[str]:
    """The units with lines of 整改 that are late and not reported, in roster order."""
    lines = await rectifications.lines_in(connection, campaign_id)
    late = [one for one in lines if one.state in {"open", "planned"} and one.due_on < today]
    return list(dict.fromkeys(one.unit for one in late))


async def _unanswered(connection: AsyncConnection, campaign_id: int, today: date) -> list[tuple[notices.Notice, int]]:
    """The notices whose day has not passed, with how many units have not answered."""
    found = []
    for notice in await notices.of_campaign_in(connection, campaign_id):
        if notice.answer_by is not None and notice.answer_by >= today:
            silent = [one for one in await notices.standing_in(connection, notice.id) if not one.answer]
            found += [(notice, len(silent))] if silent else []
    return found
