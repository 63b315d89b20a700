"""今天: what came in by unit, who has been silent, what waits for the office, and the next date."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from storage import overview, phases
from storage.overview import Waits

SILENT_DAYS = 30
MOST_LINES = 30


async def show(turn: Turn, key: Key | None = None) -> None:
    """The office's day at a glance."""
    membership = office.seeing(turn)
    if membership is None:
        return
    campaign_id = membership.campaign_id
    midnight = datetime.combine(turn.today, time(), turn.zone)
    came = await overview.came_in_in(turn.connection, campaign_id, midnight)
    silent = await overview.silent_in(turn.connection, campaign_id, turn.now - timedelta(days=SILENT_DAYS))
    waits = await overview.waits_in(turn.connection, campaign_id, midnight)
    calendar = await phases.of_campaign_in(turn.connection, campaign_id)
    turn.say(
        "today",
        _options(waits) if membership.role == "office" else (),
        campaign=membership.campaign_code,
        today=turn.today,
        came=came[:MOST_LINES],
        came_more=max(len(came) - MOST_LINES, 0),
        silent=silent[:MOST_LINES],
        silent_more=max(len(silent) - MOST_LINES, 0),
        silent_days=SILENT_DAYS,
        waits=waits,
        next=phases.next_date(calendar, turn.today),
    )


def _options(waits: Waits) -> tuple[Option, ...]:
    """A button for each thing that waits."""
    waiting = (
        (waits.disputes, "disputes", "看异议"),
        (waits.absences, "absences", "看申请"),
        (waits.submissions, "handed-in", "自评提交"),
    )
    return tuple(Option(keys.pack(verb), label) for found, verb, label in waiting if found)
