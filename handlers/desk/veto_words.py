"""一票否决, typed: a note that is proposed to a second person; said plainly where no rubric of the campaign has a veto."""

from __future__ import annotations

from handlers import office
from handlers.desk import booking
from handlers.turn import Turn
from handlers.year import vetoing


async def start(turn: Turn, words: str) -> None:
    """``/veto`` with a note behind it, as of 记情况; the motion begins once it is confirmed."""
    membership = office.working(turn)
    if membership is None:
        return
    if vetoing.clauses(membership):
        await booking.start(turn, words, two=True)
    else:
        turn.say("veto-none", campaign=membership.campaign_code)
