"""换设备: a code that lets the same person in from another device."""

from __future__ import annotations

from handlers.turn import Turn
from storage import devices


async def code(turn: Turn) -> None:
    """A fresh code, good for minutes and once, with the link where the page's address is known."""
    person_id = turn.memberships[0].person_id
    made = await devices.code_in(turn.connection, turn.now, person_id)
    turn.say("device", code=made, minutes=devices.CODE_MINUTES, home=turn.home)
