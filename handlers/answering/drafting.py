"""同去年: what was answered last year as a draft that waits for 确认 (see `last_year`)."""

from __future__ import annotations

from channels.keys import Key
from handlers.answering import (
    claims,
    collecting,
    last_year,
)
from handlers.answering.claims import Doubt
from handlers.free_text import taking
from handlers.turn import Turn
from storage import answers


async def same(turn: Turn, key: Key) -> None:
    """Last year's answer as a draft, to be confirmed; its proof is not taken over."""
    found = await collecting.changeable(turn, turn.place(key))
    if found is None:
        return
    place, _ = found
    before = await last_year.of(turn, place)
    if before is None:
        turn.say("stale")
        return
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    claim = taking.claim_of(place, before.fact, f"{before.words}（同{before.when}）")
    words = {"when": before.when, "proof": place.criterion.proof != "none"}
    await claims.made(turn, place, claim, key.version, current, Doubt("last-year", words))
