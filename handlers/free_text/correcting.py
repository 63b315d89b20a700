"""刚才说错了: words that correct what is proposed for a tap, or else the answer given last."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import asking, entering, entry_amiss, keeping
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
from rubrics.values import Known, Refused, parse_answer
from storage import answers
from storage.answers import Answer

SHORT = 12
"""Characters of an answer after the ways back were shown; more may be about another clause."""

_CHANGED = ("answered", "not_yet")
"""States of an answer that a figure right behind its receipt may change."""


async def corrects(turn: Turn, opened: Place | None) -> bool:
    """Whether words correct something, and that was done: what is proposed, another clause they name, or the last answer."""
    words = turn.event.text
    if (place := _given_anew(turn)) is not None and not await _is_elsewhere(turn, place, words):
        await asking.answered(turn, place, _value_of(words))
        return True
    if not corrections.corrects(words):
        return False
    if (held := pending.shown(turn)) and not corrections.is_bare(words):
        return await _mends(turn, held, words)
    if await _rewrites(turn) or await entry_amiss.shown(turn, words):
        return True
    if corrections.is_bare(words):
        return await _only_wrong(turn, opened)
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


async def _rewrites(turn: Turn) -> bool:
    """Whether an entry is being said back, so that it is written anew."""
    labels = {label: keys.parse(key) for label, key in turn.state.get("labels", {}).items()}
    sure, anew = labels.get("确认"), labels.get("修改")
    if sure is None or anew is None or sure.verb != "entry-yes":
        return False
    await entering.new(turn, anew)
    return True


async def _only_wrong(turn: Turn, opened: Place | None) -> bool:
    """A bare 不对 answers nothing: it shows the ways back from the answer on the screen, the open one's or the last one."""
    if _doubted(turn):
        return False  # it is about that doubt
    begun = bool(opened and turn.state["open"]["parts"])
    places = (opened,) if begun else (_of_ways_back(turn), opened, destination.last(turn))
    for place in places:
        current = await _version(turn, place) if place else None
        if place and current and current.state != "withdrawn":
            _show_ways_back(turn, place, current)
            return True
    if opened:
        asking.refused(turn, opened, f"只说“{turn.event.text.strip()[:10]}”听不出答案")
    return opened is not None


def _doubted(turn: Turn) -> bool:
    return "claim" in turn.state and "确认" in turn.state.get("labels", {})


def _of_ways_back(turn: Turn) -> Place | None:
    """The clause whose ways back the last message showed."""
    key = keys.parse(turn.state.get("labels", {}).get("换一条", ""))
    return turn.place(key) if key and key.verb == "mean-move" else None


def _value_of(words: str) -> str:
    return corrections.becomes(words) or corrections.value_of(words) or words


def _given_anew(turn: Turn) -> Place | None:
    """The clause whose ways back are on the screen, where words are a short answer it takes (没报, 5条)."""
    place, words = _of_ways_back(turn), turn.event.text.strip()
    if place is None or len(words) > SHORT or corrections.is_bare(words) or not taking.is_own(turn, place):
        return None
    said = _value_of(words)
    taken = not place.criterion.measures and isinstance(parse_answer(place.criterion, said), Known)
    return place if taken and corrections.suits(place.criterion, said) else None


async def _is_elsewhere(turn: Turn, place: Place, words: str) -> bool:
    """Whether words name another clause of the unit."""
    membership = turn.of_unit(place.unit_id)
    facts = await hearing.hear(turn, membership, words) if membership else []
    return any(fact.own and place not in fact.places for fact in facts)


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


def _suits_only_the_last(turn: Turn, opened: Place) -> bool:
    """Whether the figure of a correction is counted by the clause answered last, and not by the open one."""
    left, place = corrections.value_of(turn.event.text), destination.last(turn)
    if not left or place is None or place == opened or not taking.is_own(turn, place):
        return False
    if not corrections.suits(opened.criterion, left):
        return corrections.suits(place.criterion, left)
    asked = opened.criterion
    counts = bool(asked.answer.unit or asked.entries or asked.target or asked.measures)
    return not counts and bool(place.criterion.answer.unit and find_numbers(normalise(left)))


def is_about_the_last(turn: Turn, opened: Place) -> bool:
    """Whether words change what is proposed, or the answer given last, while another question is open, not answered yet."""
    words = turn.event.text
    if (pending.shown(turn) and corrections.corrects(words)) or _given_anew(turn) or entry_amiss.last(turn, words):
        return True
    if corrections.is_bare(words) and not _doubted(turn):
        return True
    if _suits_only_the_last(turn, opened):
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
