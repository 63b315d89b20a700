"""An event that was given up: the person reads it once, and so does the office of their campaign."""

from __future__ import annotations

from handlers.turn import Turn
from storage import conversation, dead_letters


async def give_up(turn: Turn, reference: str) -> None:
    """Apologise with a reference number, which also stands in the log."""
    turn.say("apology", reference=reference)
    membership = turn.liaison or next(iter(turn.memberships), None)
    if membership is None:
        return  # a stranger has no office
    told = await dead_letters.office_to_tell_in(turn.connection, turn.now, membership.campaign_id, reference)
    text = turn.render("dead-letter", who=membership.unit_name or membership.name, reference=reference)
    for channel, address in told:
        if (channel, address) != (turn.event.channel, turn.event.address):
            await conversation.say(turn.connection, turn.now, channel, address, text)
