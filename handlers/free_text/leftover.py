"""What a message says beyond the facts that were found in it: said to the person, so that nothing is lost in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from handlers.free_text import hearing, matchers
from handlers.free_text.hearing import Fact
from handlers.turn import Place, Turn
from rubrics.amounts import located
from rubrics.kinds import Bonus
from rubrics.matching.spelling import fold
from storage.people import Membership

SHOWN = 3
"""So many parts are shown."""

LONGEST = 24
"""Characters of each."""

CLEAR = 7.0
"""The evidence from which on a part, read alone, speaks of a clause."""

_ENDS = re.compile(r"[,，。;；!！?？\n]+|(?<=[^\x00-\x7f])[ \t]+(?=[^\x00-\x7f])|(?<=[0-9%])[ \t]+(?=[^\x00-\x7f])")
_COMPARED = re.compile(
    "去年|上一?年|前年|往年|同期|同比|环比|原来|原先|以前|任务|目标|指标|计划|其中|[一总合]共|要求|应该"
)
_MARKS = " ,;.、。"
_LEVEL = re.compile("国家|部级|全国|省|市|区|县|镇")


async def of(turn: Turn, membership: Membership, text: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    """The parts of a message that, read alone, speak of a clause of the unit's that none of its facts is about."""
    parts = [part.strip() for part in _ENDS.split(hearing.without_denied(text)) if part.strip()]
    taken = [place for fact in facts for place in (fact.places if len(facts) == 1 else fact.places[:1])]
    taken += [place for fact in facts for place in fact.twins]
    whole = {fact.words.strip(_MARKS) for fact in facts}
    left = []
    if len(parts) > 1:
        left = [
            part
            for part in parts
            if not any(words in fold(part) for words in whole)
            and not _COMPARED.search(part)
            and await _is_of_another(turn, membership, part, taken)
        ]
    for fact in facts:
        left += levels_left(fact.place, fact.words)
    return tuple(dict.fromkeys(part[:LONGEST] for part in left))[:SHOWN]


def unclear(turn: Turn, facts: Sequence[Fact]) -> tuple[Place, ...]:
    """Clauses that a fact of several sentences may be about too, where it is shown with its first clause alone."""
    taken = [fact.place.criterion.label for fact in facts]
    found = []
    for fact in facts if len(facts) > 1 else ():
        sentences = [part for part in _ENDS.split(fact.words) if part]
        for place in fact.places[1:] if len(sentences) > 1 and not fact.sure else ():
            stated = any(hearing.value_of(place, part, turn.today) is not None for part in sentences)
            if stated and place.criterion.label not in taken:
                found.append(place)
    return tuple(found)


async def _is_of_another(turn: Turn, membership: Membership, part: str, taken: Sequence[Place]) -> bool:
    own = hearing.own_places(membership)
    labels = {place.criterion.label for place in taken}  # clauses of one name in two rubrics are one fact
    for rubric in membership.rubrics:
        reading = await matchers.of(turn, membership.campaign_id, rubric)
        for match in reading.matcher.match(part, turn.today):
            places = [Place(membership.unit_id or 0, rubric, rubric.criteria[ident]) for ident in match.candidates]
            known = any(place.criterion.label in labels for place in places)
            if places[0] in own and not known and match.value is not None and match.score >= CLEAR:
                return True
    return False


def levels_left(place: Place, words: str) -> list[str]:
    """Honours of another level behind the one that a clause counts: 一个省级|一个市级."""
    text = fold(words[:200])  # a longer text is no answer to a question, and takes long to read
    found = located(text)
    if not isinstance(place.criterion.score, Bonus) or len(found) < 2 or _COMPARED.search(text):
        return []
    starts = [start for start, _, _ in found]
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    asked = _LEVEL.search(place.criterion.label)
    levels = [_LEVEL.search(piece) for piece in pieces]
    if asked is None or not any(level and level[0] == asked[0] for level in levels):
        return []
    return [
        piece.strip(_MARKS)
        for piece, level, (_, _, number) in zip(pieces, levels, found, strict=True)
        if level and level[0] != asked[0] and number.value > Decimal(0)
    ]
