"""The buttons beneath a reminder: 稍后 with its choices, and 已经报过了, which shows what is still open of it."""

from __future__ import annotations

import re
from datetime import date, datetime

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.turn import Turn
from reminders import quiet
from reminders.known import owed_by_in
from reminders.obligations import Obligation
from reminders.quiet import Choice
from storage import phases, reminding, resting
from storage.people import Membership

CHOICES: dict[str, tuple[str, Choice]] = {
    "1": ("明天", "tomorrow"),
    "7": ("下周", "next_week"),
    "3": ("截止前三天", "three_days_before"),
}
"""By the part of a key: the button's label, and what it means."""

MOST_SHOWN = 8
MOST_BUTTONS = 4


async def later(turn: Turn, key: Key) -> None:
    """稍后: when? With the choice in the key it is kept."""
    membership = _member(turn, key)
    if membership is None:
        turn.say("stale")
        return
    close = await _close(turn, membership, key)
    if len(key.parts) == 3 and key.parts[2] in CHOICES:
        until = quiet.snooze(CHOICES[key.parts[2]][1], turn.today, close).until
        about = (membership.campaign_id, membership.person_id, until)
        await resting.snooze_in(turn.connection, turn.now, *about)
        turn.say("snoozed", (_list(turn),), until=until)
        return
    offered = [part for part in CHOICES if part != "3" or close is not None]
    options = [Option(keys.pack("later", *key.parts[:2], part), CHOICES[part][0]) for part in offered]
    turn.say("later", tuple(options))


async def reported(turn: Turn, key: Key) -> None:
    """已经报过了: what of that reminder is still open, and what it lacks; thanks where nothing is."""
    membership = _member(turn, key)
    told = await _told(turn, membership, key) if membership else None
    if membership is None or told is None:
        turn.say("stale")
        return
    still = await _still(turn, membership.campaign_id, told)
    buttons = [_fill(unit, o) for unit, o in still[:MOST_BUTTONS]]
    several = len({unit.unit_id for unit, _ in still}) > 1
    counted = len(told.telling.matters) - len(still)
    words = {"still": still[:MOST_SHOWN], "more": len(still) - MOST_SHOWN, "several": several, "done": counted}
    turn.say("reported", (*buttons, _list(turn)), **words)


async def _still(turn: Turn, campaign_id: int, told: reminding.Told) -> list[tuple[Membership, Obligation]]:
    """What of a reminder is open in the units the person still serves."""
    about = {unit_id for unit_id, _ in told.telling.matters}
    mine = (m for m in turn.memberships if m.role == "liaison" and m.campaign_id == campaign_id)
    units = {m.unit_id: m for m in mine if m.unit_id is not None and m.unit_id in about}
    owed = await owed_by_in(turn.connection, campaign_id, units, turn.zone)
    wanted = set(told.telling.matters)
    return [
        (units[ident], o) for ident, those in owed.items() for o in those if (ident, o.key) in wanted and not o.hint
    ]


def _member(turn: Turn, key: Key) -> Membership | None:
    """The person's place in the campaign a key names."""
    if len(key.parts) < 2 or not key.parts[0].isdigit():
        return None
    return next((m for m in turn.memberships if str(m.campaign_id) == key.parts[0]), None)


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None


async def _told(turn: Turn, membership: Membership, key: Key) -> reminding.Told | None:
    on = _day(key.parts[1])
    if on is None:
        return None
    return await reminding.of_day_in(turn.connection, membership.campaign_id, membership.person_id, on)


async def _close(turn: Turn, membership: Membership, key: Key) -> date | None:
    """The next deadline of what that reminder was about; of the campaign where that has passed."""
    told = await _told(turn, membership, key)
    if told and told.telling.close_on and told.telling.close_on >= turn.today:
        return told.telling.close_on
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    return min((phase.ends_on for phase in calendar if phase.ends_on >= turn.today), default=None)


def _list(turn: Turn) -> Option:
    return Option(keys.pack("list"), "清单")


def _fill(unit: Membership, owed: Obligation) -> Option:
    assert unit.unit_id is not None
    if owed.kind == "rectify":
        return Option(keys.pack("rectify-list", unit.unit_id), "整改")
    if owed.kind == "submit":
        return Option(keys.pack("submit", unit.unit_id), "提交自评")
    label = re.split("[（(]", owed.what, maxsplit=1)[0]  # without how much of it is done
    return Option(keys.pack("ask", unit.unit_id, owed.rubric_id, owed.criteria[0]), f"填{label}"[:10])
