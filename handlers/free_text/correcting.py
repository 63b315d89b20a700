"""刚才说错了: words that correct what is proposed for a tap, or else the answer given last."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import asking, keeping
from handlers.free_text import (
    corrections,
    hearing,
    pending,
    searching,
    showing,
    taking,
)
from handlers.free_text.pending import Waiting
from handlers.proof import destination
from handlers.turn import Place, Turn
from rubrics.amounts import find_numbers
from rubrics.matching.polarity import is_hedged
from rubrics.matching.spelling import fold
from rubrics.numerals import normalise
from rubrics.values import Refused, parse_answer
from storage import answers
from storage.answers import Answer

_CHANGED = ("answered", "not_yet")
"""States of an answer that a figure right behind its receipt may change."""


async def corrects(turn: Turn, opened: Place | None) -> bool:
    """Whether words correct something, and that was done: what is proposed, another clause they name, or the last answer."""
    words = turn.event.text
    if not corrections.corrects(words):
        return False
    if held := pending.shown(turn):
        return await _mends(turn, held, words)
    if (becomes := _meant_instead(turn)) and becomes[0] != opened:
        await asking.answered(turn, *becomes)
        return True
    if corrections.becomes(words) is not None:
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
    return await _changes_the_last(turn, place, words)


async def _changes_the_last(turn: Turn, place: Place, words: str) -> bool:
    """A value is written down in place of the last one; with none, or another kind of figure, the ways back are shown."""
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    if current is None or current.state == "withdrawn":
        return False
    left = corrections.left_of(words)
    if not corrections.suits(place.criterion, left, current.said):
        _show_ways_back(turn, place, current, left)
    elif left and taking.shown(place, fold(left), turn):
        return await taking.take(turn, place, fold(left), words, instead=True)
    else:
        _show_ways_back(turn, place, current)
    return True


def _show_ways_back(turn: Turn, place: Place, current: Answer, said: str = "") -> None:
    options = (
        Option(keys.pack("ask", *place.parts, version=current.version), "修改"),
        Option(keys.pack("undo", *place.parts, version=current.version), "撤回"),
        Option(keys.pack("mean-move", *place.parts, version=current.version), "换一条"),
    )
    turn.say("heard-amiss", options, criterion=place.criterion, current=current, said=said[:30])


async def moved(turn: Turn, key: Key) -> None:
    """换一条: the answer is taken back here, and its words wait for the clause they are about."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    before = await _version(turn, place)
    said = before.said if before and before.state == "answered" else ""
    await keeping.undo(turn, key)
    after = await _version(turn, place)
    if said and before and after and after.version != before.version:
        searching.ask_which(turn, place.unit_id, said)


async def _version(turn: Turn, place: Place) -> Answer | None:
    return (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)


async def _mends(turn: Turn, held: list[Waiting], words: str) -> bool:
    """Words about what is proposed: its value is heard anew; False where they are about something else."""
    left = corrections.left_of(words)
    membership = turn.of_unit(held[0].unit_id)
    if not left or membership is None:
        return False
    named = [fact.place for fact in await hearing.hear(turn, membership, words) if fact.own]
    about = [fact for fact in held if not named or any(place in fact.places for place in named)]
    if not about:
        return False
    suited = [(fact, places) for fact in about if (places := _suited(fact, left))]
    if len(suited) != 1:
        turn.say("heard-unlike", said=left[:30])
    else:
        fact, places = suited[0]
        heard = _together(turn, fact, places[0], words)
        mended = fact._replace(words=heard, places=places, hedged=is_hedged(fold(left)))
        pending.mend(turn, [mended if one is fact else one for one in held], words)
    showing.everything(turn)
    return True


def _together(turn: Turn, fact: Waiting, place: Place, words: str) -> str:
    """What was said before and its correction, as one; the correction alone where the two would be read otherwise."""
    both, alone = fold(f"{fact.words},{words}"[:200]), fold(hearing.without_denied(corrections.left_of(words)))
    meant = taking.shown(place, alone, turn)
    return alone if meant and meant != taking.shown(place, both, turn) else both


def _suited(fact: Waiting, left: str) -> tuple[Place, ...]:
    return tuple(place for place in fact.places if corrections.suits(place.criterion, left, fact.words))


def _meant_instead(turn: Turn) -> tuple[Place, str] | None:
    """The clause answered last and what its answer is to become (改成 2家), where its question takes that."""
    said = corrections.becomes(turn.event.text)
    place = destination.last(turn) if said else None
    if said is None or place is None or not taking.is_own(turn, place):
        return None
    taken = not place.criterion.measures and not isinstance(parse_answer(place.criterion, said), Refused)
    return (place, said) if taken and corrections.suits(place.criterion, said) else None


def is_about_the_last(turn: Turn, opened: Place) -> bool:
    """Whether words change what is proposed, or the answer given last, while another question is open, not answered yet."""
    if pending.shown(turn) and corrections.corrects(turn.event.text):
        return True
    becomes = _meant_instead(turn) if turn.state["open"]["version"] == 0 else None
    return becomes is not None and becomes[0] != opened


async def offers(turn: Turn) -> bool:
    """Whether words right after a receipt are a figure its clause could have instead; one tap decides."""
    key = keys.parse(turn.state.get("labels", {}).get("撤回", ""))
    place = turn.place(key) if key and key.verb == "undo" else None
    words = turn.event.text.strip()
    if place is None or len(words) > corrections.LONGEST or not find_numbers(normalise(words)):
        return False
    fact = taking.fact_of(place, hearing.value_of(place, fold(words), turn.today))
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    if fact is None or current is None or current.state not in _CHANGED or not taking.is_own(turn, place):
        return False
    if current.fact == fact:
        taking.say_same(turn, place, fact, current)
        return True
    version = pending.put(turn, [Waiting(fold(words), (place,), place.unit_id, sure=True)], words, offer=True)
    said = taking.echo_of(place.criterion, fact)
    options = (
        Option(keys.pack("mean-set", *place.parts, version=version), f"改成 {said}"),
        Option(keys.pack("mean-skip", version=version), "不改"),
    )
    turn.say("heard-instead", options, criterion=place.criterion, current=current, fact=said)
    return True
