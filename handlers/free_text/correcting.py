"""刚才说错了: words that correct the answer given last."""

from __future__ import annotations

import re

from channels import keys
from channels.port import Option
from handlers.answering import asking
from handlers.free_text import (
    hearing,
    pending,
    taking,
)
from handlers.proof import destination
from handlers.turn import Place, Turn
from rubrics.amounts import find_numbers
from rubrics.matching.spelling import fold
from rubrics.numerals import normalise
from rubrics.values import Refused, parse_answer
from storage import answers

_CORRECTS = re.compile(
    r"(?:说|写|报|打|填|记|搞|弄|算)错|口误|更正|纠正|(?:^|[,，。\s])(?:不对|错了)[,，。\s]|(?:刚才|上一?条|前面|刚刚).{0,6}(?:应该是|改成|改为)"
)
_BECOMES = re.compile(
    r"(?:应该|还是|请|帮我|把它|那就|不对|错了)?[,，]?(?:换成|改成|改为|改到|改回|更正为|更正成|纠正为|应为|应该是|其实是|实际是)[:：]?(?P<value>.+)"
)
_LONGEST = 60  # characters; more is a report that also mentions a mistake


async def corrects(turn: Turn, opened: Place | None) -> bool:
    """Whether words correct the last answer, and that was done; where they name another clause, they are about that."""
    words = turn.event.text
    if len(words) > _LONGEST:
        return False
    becomes = _meant_instead(turn)
    if becomes and becomes[0] != opened:
        await asking.answered(turn, *becomes)
        return True
    if not _CORRECTS.search(words):
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


def _meant_instead(turn: Turn) -> tuple[Place, str] | None:
    """The clause answered last and what its answer is to become (改成 2家), where its question takes that."""
    said = _BECOMES.fullmatch(turn.event.text.strip())
    place = destination.last(turn) if said else None
    if said is None or place is None or not taking.is_own(turn, place):
        return None
    taken = not place.criterion.measures and not isinstance(parse_answer(place.criterion, said["value"]), Refused)
    return (place, said["value"]) if taken else None


def is_about_the_last(turn: Turn, opened: Place) -> bool:
    """Whether words change the answer given last while another question, not answered yet, is open."""
    becomes = _meant_instead(turn) if turn.state["open"]["version"] == 0 else None
    return becomes is not None and becomes[0] != opened


async def offers(turn: Turn) -> bool:
    """Whether words right after a receipt are a figure its clause could have instead; one tap decides."""
    key = keys.parse(turn.state.get("labels", {}).get("撤回", ""))
    place = turn.place(key) if key and key.verb == "undo" else None
    words = turn.event.text.strip()
    if place is None or len(words) > _LONGEST or not find_numbers(normalise(words)):
        return False
    fact = taking.fact_of(place, hearing.value_of(place, fold(words), turn.today))
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    if fact is None or current is None or current.state != "answered" or not taking.is_own(turn, place):
        return False
    if current.fact == fact:
        taking.say_same(turn, place, fact, current)
        return True
    version = pending.put(turn, [pending.Waiting(fold(words), (place,), place.unit_id, sure=True)], words, offer=True)
    said = taking.echo_of(place.criterion, fact)
    options = (
        Option(keys.pack("mean-set", *place.parts, version=version), f"改成 {said}"),
        Option(keys.pack("mean-skip", version=version), "不改"),
    )
    turn.say("heard-instead", options, criterion=place.criterion, current=current, fact=said)
    return True
