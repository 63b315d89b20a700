"""Words under an open question that are no answer to it: thanks, a call for help, a fact in another clause's unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels import keys
from channels.port import Option
from handlers.answering import asking, states
from handlers.free_text import hearing, searching
from handlers.free_text.hearing import MOST_PLACES, Fact
from handlers.turn import Place, Turn
from rubrics.amounts import COUNTERS, Number, find_numbers
from rubrics.matching.spelling import fold
from rubrics.numerals import normalise
from storage.people import Membership

LONGEST = 30
"""Characters; more is a report that also says thank you."""

NAMED = 7.0
"""The evidence from which on words speak of another office's clause, not of the question that is open."""

_KINDS = {
    "stuck": re.compile(
        "(?:发|传|拍|上传|打|点|交)[^,，。]{0,4}不(?:出去|了|上去|开|上|动|成功)|(?:发|传|上传)失败|卡住"
    ),
    "unwilling": re.compile(
        "不想[^,，。]{0,3}[报填弄答写]|不(?:报|填|弄|干|玩)了|太(?:麻烦|难|烦|复杂)|烦死|没(?:时间|空)|忙不过来|不会[填弄报用]"
    ),
    "person": re.compile(
        "人工|真人|客服|你是(?:谁|什么|人|哪)|您是谁|是机器人|是不是人|(?:联系|找)[^,，。]{0,4}(?:人|考核办)"
        "|考核办(?:的)?电话|打(?:谁|什么|哪个)?电话|救命"
    ),
    "thanks": re.compile("(?:(?:好的?|收到|嗯|行)[,，、 ]*)?(?:非常|太)?(?:谢谢|多谢|感谢|辛苦)[^0-9]{0,6}"),
}
"""Kinds of such words; the first that is found counts."""


def shown(turn: Turn, opened: Place | None = None) -> bool:
    """Whether words ask for a way out, or are thanks for the question that is open, and were answered."""
    words = turn.event.text.strip()
    kind = next((kind for kind, said in _KINDS.items() if said.search(words)), "")
    if not kind or len(words) > LONGEST or (kind == "thanks" and opened is None):
        return False
    options: tuple[Option, ...] = ()
    if opened is not None:
        version = turn.state["open"]["version"]
        again = Option(keys.pack("ask", *opened.parts), "回答问题")
        skip = Option(keys.pack("state", *opened.parts, states.LABELS.index("跳过"), version=version), "跳过")
        options = (again, skip, asking.pass_on(opened))
    turn.say("way-out", options, kind=kind, criterion=opened.criterion if opened else None)
    return True


def is_thanks(words: str) -> bool:
    """Whether words only thank: 好的，谢谢 is no yes."""
    return bool(_KINDS["thanks"].fullmatch(words.strip().rstrip("。.!！~")))


def is_named(facts: Sequence[Fact]) -> bool:
    """Whether words that are about none of the unit's clauses speak of another office's clearly enough."""
    return any(fact.sure or fact.score >= NAMED or fact.words == fold(fact.place.criterion.label) for fact in facts)


async def elsewhere(turn: Turn, membership: Membership, opened: Place) -> tuple[Place, ...]:
    """The clauses that a count may be of which the open question, of a share, cannot take (会开了两次)."""
    words = turn.event.text
    units = {n.unit for n in find_numbers(normalise(words)[:200]) if isinstance(n, Number) and n.unit in COUNTERS}
    if not units or _unit(opened) in COUNTERS or len(words) > LONGEST:
        return ()
    own = [place for place in hearing.own_places(membership) if _unit(place) in units]
    return tuple((await searching.clauses(turn, membership.campaign_id, own, words, searching.TYPED))[:MOST_PLACES])


def _unit(place: Place) -> str:
    criterion = place.criterion
    return criterion.answer.unit or (criterion.entries.unit if criterion.entries else "")
