"""刚才说错了: words that correct the answer given last."""

from __future__ import annotations

import re

from handlers.free_text import (
    hearing,
    taking,
)
from handlers.proof import destination
from handlers.turn import Place, Turn
from rubrics.matching.spelling import fold

_CORRECTS = re.compile(
    r"(?:说|写|报|打|填|记|搞|弄|算)错|口误|更正|纠正|(?:^|[,，。\s])(?:不对|错了)[,，。\s]|(?:刚才|上一?条|前面|刚刚).{0,6}(?:应该是|改成|改为)"
)
_LONGEST = 60  # characters; more is a report that also mentions a mistake


async def corrects(turn: Turn, opened: Place | None) -> bool:
    """Whether words correct the last answer, and that was done; where they name another clause, they are about that."""
    words = turn.event.text
    if len(words) > _LONGEST or not _CORRECTS.search(words):
        return False
    place = destination.last(turn)
    membership = turn.of_unit(place.unit_id) if place else turn.liaison
    if membership is None:
        return False
    named = [fact for fact in await hearing.hear(turn, membership, words) if fact.own]
    if len(named) == 1:
        return await taking.take(turn, named[0].place, named[0].words, words, instead=True)
    if place is None or named or place == opened:
        return False
    return await taking.take(turn, place, fold(words), words, instead=True)
