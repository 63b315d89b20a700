"""What one can do here: help, putting a question down, and an answer to what nothing else understands."""

from __future__ import annotations

from handlers.turn import Turn

SHOWN_CHARACTERS = 20


async def help_with(turn: Turn) -> None:
    """What a person of this role can type."""
    turn.say("help", liaison=turn.liaison, office=turn.office)


async def cancel(turn: Turn) -> None:
    """Put the open question down."""
    turn.say("cancelled" if turn.state.pop("open", None) else "nothing-open", office=turn.office)


def unknown(turn: Turn) -> None:
    """Words that mean nothing here, with what would."""
    said = turn.event.text.strip()[:SHOWN_CHARACTERS]
    turn.say("unknown", said=said, advice=turn.render("help", liaison=turn.liaison, office=turn.office))
