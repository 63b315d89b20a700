"""A list of names with bare figures (信息4 讲座2 例会2): each is counted in the unit of the clause it names."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from handlers.free_text import hearing, searching
from handlers.free_text.hearing import MOST_PLACES, Fact
from handlers.turn import Place, Turn
from rubrics.matching.spelling import fold
from storage.people import Membership

LONGEST = 100
"""Characters; what is longer is no such list."""

# A verb within makes a sentence of it, which is read as one.
_PAIR = re.compile(
    r"(?P<name>(?:(?![了过没不未报查实完成达去今共各每第其到])[\u4e00-\u9fff]){2,6}?)[ :]*(?P<figure>[0-9]{1,4})(?P<unit>[条次场个家只项期份篇起]?)[ ,;、。.]*"
)


async def hear(turn: Turn, membership: Membership, text: str) -> list[Fact]:
    """The facts of a message: those of a list where it is one, else those of its sentences."""
    return await _listed(turn, membership, text) or await hearing.hear(turn, membership, text)


async def _listed(turn: Turn, membership: Membership, text: str) -> list[Fact]:
    said = unicodedata.normalize("NFKC", text).strip() if len(text) <= LONGEST else ""
    pairs = list(_PAIR.finditer(said))
    if len(pairs) < 2 or "".join(pair[0] for pair in pairs) != said:
        return []
    facts = []
    for pair in pairs:
        fact = await _fact(turn, membership, pair["name"], pair["figure"], pair["unit"])
        if fact is None:
            return []
        facts.append(fact)
    return facts


async def _fact(turn: Turn, membership: Membership, name: str, figure: str, unit: str) -> Fact | None:
    own = hearing.own_places(membership)
    found = await searching.clauses(turn, membership.campaign_id, own, name, searching.TYPED)
    read = [(place, fold(f"{name}{figure}{unit or _unit(place)}")) for place in found]
    stated = [(place, words, hearing.value_of(place, words, turn.today)) for place, words in read]
    counted = [one for one in stated if isinstance(one[2], Decimal)]
    taken = counted or [one for one in stated if one[2] is not None]
    if not taken:
        return None
    places = [place for place, _, _ in taken][:MOST_PLACES]
    return Fact(taken[0][1], sure=False, own=True, hedged=False, score=searching.LEAST, places=places)


def _unit(place: Place) -> str:
    criterion = place.criterion
    return criterion.answer.unit or (criterion.entries.unit if criterion.entries else "") or "次"
