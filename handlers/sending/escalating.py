"""请协调: the units whose late matters the office may take up with a superior, who was told of them and when.

Each text is a message to be copied; nothing is sent to anybody.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at
from handlers.turn import Turn
from reminders import wording
from reminders.escalation import Escalation, escalations
from reminders.known import situation_in

MOST_LINES = 30
A_PAGE = 10
"""Texts shown at a time, one message each, so that each is copied by itself."""

BUTTON = Option(keys.pack("escalate"), "请协调")


async def start(turn: Turn) -> None:
    """``/escalate``: what may be taken up now."""
    await _show(turn, 0)


async def pressed(turn: Turn, key: Key) -> None:
    """请协调; 后面的 from where the key says."""
    await _show(turn, max(at(key, 0), 0))


async def button(turn: Turn, campaign_id: int) -> tuple[Option, ...]:
    """The way here, where there is something."""
    return (BUTTON,) if await found_in(turn.connection, campaign_id, turn.now, turn.zone) else ()


async def found_in(
    connection: AsyncConnection, campaign_id: int, now: datetime, zone: ZoneInfo
) -> tuple[Escalation, ...]:
    """The units that may be taken up with a superior at a moment."""
    known = await situation_in(connection, campaign_id, now, zone)
    return escalations(now.astimezone(zone).date(), known.campaign, known.people)


async def _show(turn: Turn, first: int) -> None:
    """The list, then each text alone."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await found_in(turn.connection, membership.campaign_id, turn.now, turn.zone)
    page = found[first : first + A_PAGE]
    turn.say("escalating", found=found[:MOST_LINES], more=max(len(found) - MOST_LINES, 0), first=first)
    render = wording.renderer(turn.zone)
    left = len(found) - first - len(page)
    more = (Option(keys.pack("escalate", first + A_PAGE), "后面的"),) if page and left else ()
    for place, one in enumerate(page, 1):
        options = more if place == len(page) else ()
        turn.say("escalating-text", options, text=wording.escalation_text(render, membership.campaign_code, one))
