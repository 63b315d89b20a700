"""Free text at any time: its facts are written down where there is no doubt, else shown for one tap."""

from __future__ import annotations

import re
from collections.abc import Sequence

from channels import keys
from channels.port import Option
from handlers.answering import (
    asking,
    entering,
)
from handlers.free_text import (
    button_words,
    calling,
    correcting,
    explaining,
    hearing,
    leftover,
    pending,
    taking,
    ways_out,
    whose,
)
from handlers.free_text.hearing import Fact
from handlers.free_text.pending import Waiting
from handlers.turn import Place, Turn
from rubrics.matching.spelling import fold
from rubrics.values import Refused, parse_answer
from storage.people import Membership

SHORT_ANSWER = 12
"""Characters; so short an answer to an open question is not looked at for other clauses."""

_SEVERAL = re.compile("[,;。].")


def answers_plainly(turn: Turn) -> bool:
    """Whether words answer the open question and are too short to be about anything else."""
    place = turn.place_of(turn.state["open"])
    words = turn.event.text.strip()
    membership = turn.of_unit(place.unit_id) if place else None
    if membership is not None and calling.is_name(membership, words):
        return False
    if place is not None and (ways_out.is_thanks(words) or correcting.is_about_the_last(turn, place)):
        return False
    return place is None or (len(words) <= SHORT_ANSWER and _answers(turn, place))


def _answers(turn: Turn, place: Place) -> bool:
    measure = next((m for m in place.criterion.measures if m.key == turn.state["open"]["measure"]), None)
    return not isinstance(parse_answer(place.criterion, turn.event.text, measure), Refused)


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
    answered = _answers(turn, place) or entering.is_entry(turn)
    if await calling.opens(turn, membership, turn.event.text, whole=not answered):
        return True
    if not answered and await button_words.pressed(turn, place):
        return True
    if await correcting.corrects(turn, place) or await explaining.explains(turn, membership, place):
        return True
    facts = await hearing.hear(turn, membership, turn.event.text)
    about = next((fact for fact in facts if place in fact.places), None)
    if answered:
        sure = [fact for fact in facts if fact.sure]
        if about is None and sure:
            _ask_what_was_meant(turn, place, sure)
        return about is None and bool(sure)
    if about and len(facts) == 1:
        return bool(taking.shown(place, about.words, turn)) and await taking.take(
            turn, place, about.words, turn.event.text, instead=True
        )
    if not any(fact.own for fact in facts) and not ways_out.is_named(facts):
        return ways_out.shown(turn, place) or await _is_of_another(turn, membership, place)
    await understood(turn, facts, turn.event.text)
    return True


async def _is_of_another(turn: Turn, membership: Membership, place: Place) -> bool:
    """Whether a figure the open question cannot take may be another clause's, and that was asked."""
    others = await ways_out.elsewhere(turn, membership, place)
    if others:
        words = turn.event.text
        pending.put(turn, [Waiting(fold(words), others, place.unit_id)], words)
        show_first(turn)
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
    facts = await hearing.hear(turn, could_be[0], turn.event.text)
    if not facts:
        return await correcting.offers(turn) or ways_out.shown(turn)
    if len(could_be) > 1 and any(fact.own for fact in facts):
        whose.ask(turn, could_be)
    else:
        await understood(turn, facts, turn.event.text)
    return True


async def of_unit(turn: Turn, membership: Membership, text: str) -> None:
    """A message after it was said for which unit or year it is."""
    if await calling.opens(turn, membership, text):
        return
    facts = await hearing.hear(turn, membership, text)
    if facts:
        await understood(turn, facts, text)
    else:
        turn.say("heard-nothing", unit=membership.unit_name, year=membership.campaign_code)


async def understood(turn: Turn, facts: Sequence[Fact], text: str) -> None:
    """One sure fact is written down; several, or one in doubt, are shown. Others' business is said to be theirs."""
    own = [fact for fact in facts if fact.own]
    membership = turn.of_unit(own[0].unit_id) if own else None
    if membership is not None:
        left, perhaps = await leftover.of(turn, membership, text, own), leftover.unclear(turn, own)
        if left or perhaps:
            turn.say("heard-left", left=left, perhaps=[place.criterion for place in perhaps])
    if not own:
        version = pending.put(turn, facts, text, offer=True)
        options = (Option(keys.pack("mean-none", version=version), "不是这一条"),)
        taking.say_theirs(turn, [fact.place for fact in facts], options)
    elif len(own) > 1:
        show_all(turn, pending.put(turn, own, text))
    elif own[0].sure and not await _is_about_others(turn, own[0], text):
        await taking.take(turn, own[0].place, own[0].words, text)
    else:
        pending.put(turn, own, text)
        show_first(turn)


async def _is_about_others(turn: Turn, fact: Fact, text: str) -> bool:
    """Whether the message names another unit: one tap, for it may be forwarded."""
    membership = turn.of_unit(fact.unit_id)
    return membership is not None and await whose.names_another(turn, membership, text)


def show_all(turn: Turn, version: int) -> None:
    """One screen with all facts of a message."""
    options = (
        Option(keys.pack("mean-all", version=version), "全部记下"),
        Option(keys.pack("mean-each", version=version), "逐条看"),
        Option(keys.pack("mean-no", version=version), "取消"),
    )
    waiting = [(fact.places[0].criterion, _reads(turn, fact)) for fact in pending.of(turn) if fact.places]
    turn.say("heard-all", options, facts=waiting)


def show_first(turn: Turn) -> None:
    """The first fact that waits, with the clauses it may be about."""
    fact = next(iter(pending.of(turn)), None)
    if fact is None or not fact.places:
        pending.forget(turn)
        turn.say("stale")
        return
    version = turn.state["heard"]["version"]
    places = fact.places[:1] if fact.sure else fact.places
    labels = ["确认"] if len(places) == 1 else [place.criterion.label for place in places]
    options = [Option(keys.pack("mean", n, version=version), label) for n, label in enumerate(labels)]
    options.append(Option(keys.pack("mean-none", version=version), "都不是"))
    options.append(Option(keys.pack("mean-skip", version=version), "不记"))
    choices = [(place.criterion, taking.shown(place, fact.words, turn)) for place in places]
    several = len(places) > 1 and bool(_SEVERAL.search(fact.words))
    left = len(pending.of(turn)) - 1
    turn.say("heard-one", tuple(options), fact=fact, choices=choices, left=left, several=several)


def _reads(turn: Turn, fact: Waiting) -> str:
    return taking.shown(fact.places[0], fact.words, turn)


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
