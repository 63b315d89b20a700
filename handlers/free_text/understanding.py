"""Free text at any time: its facts are written down where there is no doubt, else shown for one tap."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels import keys
from channels.port import Option
from handlers.answering import (
    asking,
    clue_offers,
    entering,
)
from handlers.free_text import (
    button_words,
    calling,
    correcting,
    denying,
    explaining,
    hearing,
    leftover,
    pending,
    showing,
    taking,
    tallying,
    ways_out,
    whose,
)
from handlers.free_text.hearing import Fact
from handlers.free_text.pending import Waiting
from handlers.turn import Place, Turn
from rubrics.matching.measuring import told_figures
from rubrics.matching.spelling import fold
from rubrics.values import Refused, parse_answer
from storage.people import Membership

_FIRST = re.compile(r"(?P<first>[^,，。;；!！\n]+)[,，。;；!！\n]+(?P<rest>.+)", re.DOTALL)
_BESIDES = re.compile("(?:另外|此外|还有|顺便|同时|对了)")
_GOES_ON = re.compile("其中|占|约|比|同比|去年|上一?年|[合共]计|一?共|但|不过")

STRONG = 20.0
"""The evidence from which on words, though they can be read as the answer, may as well be about another clause."""

CLEAR = 7.0
"""The same for so few words that hardly anything else stands in them: 信息报了3条."""

BRIEF = 0.0
"""The evidence of a message of two words that names a clause's noun: 讲座办了2次."""

SHORT_ANSWER = 12
"""Characters; so short an answer to an open question is not looked at for other clauses."""

FEW = 3
"""Characters beside figures that still name nothing (开了两次); 信息报了3条 may be about another clause."""

_WORDS = re.compile("(?![零一二两三四五六七八九十百千万几半])[一-鿿]")


async def answers_plainly(turn: Turn) -> bool:
    """Whether words answer the open question and are too short to be about anything else."""
    place = turn.place_of(turn.state["open"])
    words = turn.event.text.strip()
    membership = turn.of_unit(place.unit_id) if place else None
    if membership is not None and calling.is_name(membership, words):
        return False
    if place is not None and (ways_out.is_thanks(words) or correcting.is_about_the_last(turn, place)):
        return False
    if pending.is_plain_word(turn):
        return False
    if place is None or len(words) > SHORT_ANSWER or len(_WORDS.findall(words)) > FEW or not _answers(turn, place):
        return place is None
    return membership is None or not await whose.another_named(turn, membership, words, at_first=True)


def _answers(turn: Turn, place: Place) -> bool:
    if entering.begins(turn.event.text):
        return False  # 登记一项 is no figure
    return _takes(turn, place, turn.event.text)


def _takes(turn: Turn, place: Place, words: str) -> bool:
    measures = place.criterion.measures
    measure = next((m for m in measures if m.key == turn.state["open"]["measure"]), None)
    if not isinstance(parse_answer(place.criterion, words, measure), Refused):
        return True
    return bool(measures) and bool(told_figures(place.criterion, words))


def note_levels(turn: Turn) -> None:
    """Say which honours of another level an answer to the open question tells of, which are not written down with it."""
    place = turn.place_of(turn.state["open"])
    if place is not None and (left := leftover.levels_left(place, turn.event.text)) and _answers(turn, place):
        turn.say("heard-left", left=left, perhaps=())


async def under_question(turn: Turn) -> bool:
    """Words while a question is open: True where they are about other clauses, and that was dealt with.

    The open question wins where they answer it; where they speak surely of another clause all the same, one tap decides.
    """
    place = turn.place_of(turn.state["open"])
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        return False
    if ways_out.is_thanks(turn.event.text):
        return ways_out.shown(turn, place)
    entered = entering.is_entry(turn)
    if entered and entering.begins(turn.event.text):
        return False  # 登记一项 begins an entry here, whatever else it may name
    answered = entered or _answers(turn, place)
    if await calling.opens(turn, membership, turn.event.text, whole=not answered):
        return True
    if not answered and await button_words.pressed(turn, place):
        return True
    if await correcting.corrects(turn, place) or await explaining.explains(turn, membership, place):
        return True
    if await _answers_first(turn, membership, place, plainly=answered):
        return True
    facts = await tallying.hear(turn, membership, turn.event.text)
    if answered and not entered and await _names_another(turn, membership, place, facts):
        return True
    return await _is_about_others(turn, membership, place, facts, answered=answered)


async def _names_another(turn: Turn, membership: Membership, place: Place, facts: Sequence[Fact]) -> bool:
    """Whether words that answer the open question name another unit, so that one tap decides."""
    text = turn.event.text
    other = await whose.another_named(turn, membership, text, at_first=True)
    if other:
        whole = Waiting(fold(text), (place,), place.unit_id, sure=True)
        pending.put(turn, [fact for fact in facts if fact.own] or [whole], text, other_unit=other)
        showing.everything(turn)
    return bool(other)


async def _is_about_others(
    turn: Turn, membership: Membership, place: Place, facts: Sequence[Fact], *, answered: bool
) -> bool:
    about = next((fact for fact in facts if place in fact.places), None)
    if answered:
        least = CLEAR if len(turn.event.text.strip()) <= SHORT_ANSWER else STRONG
        sure = [fact for fact in facts if fact.sure or (fact.own and (fact.score >= least or fact.score == BRIEF))]
        if about is None and sure:
            _ask_what_was_meant(turn, place, sure)
        return about is None and bool(sure)
    if about and len(facts) == 1:
        return bool(taking.shown(place, about.words, turn)) and await taking.take(
            turn, place, about.words, turn.event.text, instead=True
        )
    if not any(fact.own for fact in facts) and not ways_out.is_named(facts):
        if ways_out.shown(turn, place) or await _is_of_another(turn, membership, place):
            return True
        return await denying.asks(turn, membership, turn.event.text, place)
    await understood(turn, facts, turn.event.text)
    return True


async def _answers_first(turn: Turn, membership: Membership, place: Place, *, plainly: bool) -> bool:
    """Whether words began with the answer to the open question and went on with other clauses, and both were dealt with.

    Args:
        plainly: the whole can be read as the answer, so that only a new start (另外) begins something else.
    """
    parts = _FIRST.fullmatch(turn.event.text.strip())
    if parts is None or place.criterion.measures or not _takes(turn, place, parts["first"]):
        return False
    first, rest = parts["first"], parts["rest"]
    if not _BESIDES.match(rest) and (plainly or len(first) > SHORT_ANSWER or _GOES_ON.match(rest)):
        return False
    facts = [fact for fact in await hearing.hear(turn, membership, rest) if fact.own]
    others = [fact for fact in await hearing.hear(turn, membership, first) if fact.own and place not in fact.places]
    if not facts or others or any(place in fact.places for fact in facts):
        return False
    await asking.typed(turn, first)
    if "claim" in turn.state:
        pending.wait(turn, facts, rest)
    else:
        await understood(turn, facts, rest)
    return True


async def _is_of_another(turn: Turn, membership: Membership, place: Place) -> bool:
    """Whether a figure the open question cannot take may be another clause's, and that was asked."""
    others = await ways_out.elsewhere(turn, membership, place)
    if others:
        words = turn.event.text
        pending.put(turn, [Waiting(fold(words), others, place.unit_id)], words)
        showing.first(turn)
    return bool(others)


async def heard(turn: Turn) -> bool:
    """Words with no question open; False where they are about nothing a unit of the person's answers for."""
    membership = turn.liaison
    if membership is None:
        return False
    if await correcting.corrects(turn, None):
        return True
    could_be = await whose.memberships(turn)
    if len(could_be) == 1 and await calling.opens(turn, could_be[0], turn.event.text):
        return True
    if await explaining.explains(turn, could_be[0], None):
        return True
    facts = await tallying.hear(turn, could_be[0], turn.event.text)
    if not facts:
        if await correcting.offers(turn) or ways_out.shown(turn):
            return True
        if len(could_be) == 1 or not denying.denied(turn, could_be[0], turn.event.text.strip()):
            return await denying.asks(turn, could_be[0], turn.event.text)
    if len(could_be) > 1 and (not facts or any(fact.own for fact in facts)):
        whose.ask(turn, could_be)
    else:
        await understood(turn, facts, turn.event.text)
    return True


async def of_unit(turn: Turn, membership: Membership, text: str) -> None:
    """A message after it was said for which unit or year it is."""
    if await calling.opens(turn, membership, text):
        return
    facts = await tallying.hear(turn, membership, text)
    if facts:
        await understood(turn, facts, text)
    elif not await denying.asks(turn, membership, text):
        turn.say("heard-nothing", unit=membership.unit_name, year=membership.campaign_code)


async def understood(turn: Turn, facts: Sequence[Fact], text: str) -> None:
    """One sure fact is written down; several, or one in doubt, are shown. Others' business is said to be theirs."""
    own = [fact for fact in facts if fact.own]
    membership = turn.of_unit(own[0].unit_id) if own else None
    if membership is not None and not any(fact.sure for fact in own) and await denying.asks_one(turn, membership, text):
        return
    if membership is not None:
        left, perhaps = await leftover.of(turn, membership, text, own), leftover.unclear(turn, own)
        if left or perhaps:
            turn.say("heard-left", left=left, perhaps=[place.criterion for place in perhaps])
    if not own:
        version = pending.put(turn, facts, text, offer=True)
        options = (Option(keys.pack("mean-none", version=version), "不是这一条"),)
        taking.say_theirs(turn, [fact.place for fact in facts], options)
        return
    other = await whose.another_named(turn, membership, text) if membership else ""  # it may be forwarded
    if len(own) == 1 and clue_offers.tells(own[0].place, text):
        clue_offers.offer(turn, own[0].place, text)
    elif len(own) == 1 and own[0].sure and not other:
        await taking.take(turn, own[0].place, own[0].words, text)
    else:
        pending.put(turn, own, text, other_unit=other)
        showing.everything(turn)


def _ask_what_was_meant(turn: Turn, place: Place, facts: Sequence[Fact]) -> None:
    version = pending.put(turn, facts, turn.event.text)
    others = [fact.place.criterion for fact in facts]
    options = (
        Option(keys.pack("mean-open", *place.parts, version=version), place.criterion.label),
        Option(keys.pack("mean-each", version=version), others[0].label),
        Option(keys.pack("mean-no", version=version), "取消"),
    )
    turn.say("heard-which", options, open=place.criterion, others=others)


async def meant_the_open(turn: Turn, text: str) -> None:
    """The words were an answer to the open question after all."""
    pending.forget(turn)
    await asking.typed(turn, text)
