"""丢分最多: the items where most units are short of the full points, for the office."""

from __future__ import annotations

from channels.keys import Key
from handlers import office
from handlers.desk.scoring import by_rubric
from handlers.turn import Turn
from storage.freezing import frozen_in


async def show(turn: Turn, key: Key) -> None:
    """Five items a rubric; units are counted, not named."""
    from reports.leader_page import most_lost  # paper, only where it is wanted

    membership = office.seeing(turn)
    if membership is None:
        return
    final = await frozen_in(turn.connection, membership.campaign_id) is not None
    said = 0
    for rubric, rows in await by_rubric(turn, membership):
        found = most_lost(rubric, rows, final=final)
        if found:
            said += 1
            turn.say("losses", rubric=rubric, found=found, units=len(rows))
    if not said:
        turn.say("losses-none")
