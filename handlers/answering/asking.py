"""One question at a time: asked with what counts as proof and what it is worth, answered by a press or a word."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    carrying_over,
    claims,
    clue_offers,
    handed_down,
    last_year,
    own_units,
    reviewed,
    states,
)
from handlers.answering.claims import Claim
from handlers.free_text import corrections
from handlers.proof import (
    destination,
    proof_standing,
)
from handlers.turn import Place, Turn
from rubrics.answers import asked_of, what_to_type
from rubrics.entry_text import take_number
from rubrics.figures import plain
from rubrics.kinds import Judged, Tiers
from rubrics.matching import stating
from rubrics.matching.compound import all_conditions
from rubrics.matching.measuring import figure_words, told_figures
from rubrics.matching.polarity import is_denied
from rubrics.matching.spelling import fold
from rubrics.model import Criterion, Measure
from rubrics.numerals import normalise
from rubrics.values import Done, Known, NeedsNumber, Parsed, Refused, Stated, parse_answer
from rubrics.wording import verdict
from storage import answers, returns
from storage.targets import HandedDown


class Asked(NamedTuple):
    """What was asked: a clause or one of its conditions, for which version of its answer, and what was said before.

    ``parts`` are the conditions said so far, ``said`` the words for them.
    """

    place: Place
    measure: Measure | None
    version: int
    parts: dict[str, Any]
    said: dict[str, str]


async def ask(
    turn: Turn,
    place: Place,
    measure: Measure | None = None,
    parts: dict[str, Any] | None = None,
    *,
    heard: str = "",
) -> None:
    """Put a clause's question, or one of its conditions, with buttons that carry their whole meaning.

    Asked again, a clause of several conditions goes on with the first that is not said yet.

    Args:
        heard: what was said about the clause before it was asked; it is kept with the answer.
    """
    criterion = place.criterion
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(criterion.id)
    version = current.version if current else 0
    opened = turn.opened(place)
    said = opened.get("said", {}) if opened and opened["version"] == version else {}
    if criterion.measures and measure is None:
        parts = opened["parts"] if opened and opened["version"] == version else {}
        measure = next((m for m in criterion.measures if m.key not in parts), criterion.measures[0])
    asked = Asked(place, measure, version, parts or {}, said)
    _open(turn, asked)
    figures = told_figures(criterion, heard) if criterion.measures else {}
    if figures:
        await _told(turn, asked, figures, heard)
        return
    if heard:
        turn.state["open"]["heard"] = heard[:200]
    if turn.state.get("claim") and turn.place_of(turn.state["claim"]) != place:
        claims.put_off(turn)
    turn.state.pop("claim", None)
    breakdown = await turn.scored(place.unit_id, place.rubric)
    known = await turn.known(place.unit_id, place.rubric)
    task = await handed_down.of(turn, place)
    before = None if current and current.state == "answered" else await last_year.of(turn, place)
    turn.say(
        "question",
        (*_options(asked, task, before), *await carrying_over.options(turn, place)),
        criterion=criterion,
        unit=own_units.named_of_several(turn, place.unit_id),
        measure=measure,
        heard=heard[:30],
        noted="，".join(f"{key} {words}" for key, words in said.items()),
        step=(criterion.measures.index(measure) + 1, len(criterion.measures)) if measure else None,
        current=current,
        review=reviewed.words(criterion, known, await returns.standing_in(turn.connection, known)),
        gain=breakdown.gain(criterion.id),
        task=task,
        before=before,
        buttons=bool(_answer_options(place, measure, version)),
        clues=clue_offers.counts(place),
        zeroes=place.rubric.item_of[criterion.id] if criterion.score.kind == "zero_item" else None,
        typed=not isinstance(criterion.score, Tiers | Judged)
        and not (_buttons(criterion, measure) and not criterion.entries),
    )


def _open(turn: Turn, asked: Asked) -> None:
    before = turn.opened(asked.place) or {}
    turn.state["open"] = {
        "heard": before.get("heard", ""),
        "unit": asked.place.unit_id,
        "rubric": asked.place.rubric.id,
        "criterion": asked.place.criterion.id,
        "version": asked.version,
        "measure": asked.measure.key if asked.measure else None,
        "parts": asked.parts,
        "said": asked.said,
    }


def _options(
    asked: Asked, task: HandedDown | None = None, before: last_year.LastYear | None = None
) -> tuple[Option, ...]:
    more_states = Option(keys.pack("more", *asked.place.parts, version=asked.version), "更多")
    answer_options = _answer_options(asked.place, asked.measure, asked.version)
    draft = last_year.options(asked.place, before, asked.version)
    proof = proof_standing.buttons(asked.place)
    return (*answer_options, *draft, *proof, *handed_down.options(task), pass_on(asked.place), more_states)


def pass_on(place: Place) -> Option:
    """What a question offers to who does not know the answer."""
    return Option(keys.pack("colleague", *place.parts), "转同事")


def _buttons(criterion: Criterion, measure: Measure | None) -> dict[str, Any]:
    return dict(measure.buttons if measure else criterion.answer.buttons)


def _answer_options(place: Place, measure: Measure | None, version: int) -> tuple[Option, ...]:
    """Buttons by position: a key names the clause, the version it was shown for and the place of the answer."""
    score = place.criterion.score
    if measure is None and isinstance(score, Tiers):
        labels = [tier.label for tier in score.tiers]
    elif measure is None and isinstance(score, Judged):
        labels = [f"{plain(mark)} 分" for mark in score.allowed]
    else:
        labels = list(_buttons(place.criterion, measure))
    position = place.criterion.measures.index(measure) if measure else ""
    return tuple(
        Option(keys.pack("ans", *place.parts, position, i, version=version), label) for i, label in enumerate(labels)
    )


def put_aside(turn: Turn) -> Place | None:
    """Close the open question, because something else was named since; returns its clause.

    Otherwise the next words and files, meant for what was named, would be kept as its answer and its proof.
    """
    opened = turn.state.get("open")
    place = turn.place_of(opened) if opened else None
    if opened:
        claims.put_off(turn)
        turn.state.pop("open")
        destination.forget(turn)
    return place


async def pressed(turn: Turn, key: Key) -> None:
    """An answer's button, also one of last month: the same as typing its label to that question."""
    place = turn.place(key)
    if place is None or len(key.parts) != 5 or not key.parts[4].isdigit():
        turn.say("stale")
        return
    measures = place.criterion.measures
    measure = measures[int(key.parts[3])] if key.parts[3].isdigit() and int(key.parts[3]) < len(measures) else None
    options = _answer_options(place, measure, key.version)
    misplaced = bool(measures) != bool(measure) or bool(key.parts[3]) != bool(measures)
    if misplaced or int(key.parts[4]) >= len(options):
        turn.say("stale")
        return
    opened = turn.opened(place) or {"parts": {}}
    asked = Asked(place, measure, key.version, opened["parts"], opened.get("said", {}))
    await _answer(turn, asked, options[int(key.parts[4])].label)


async def typed(turn: Turn, words: str | None = None) -> None:
    """Words while a question is open; right after a doubt about them, a yes or a no is about that doubt.

    Args:
        words: where they were typed before; else those of this event.
    """
    words = turn.event.text if words is None else words
    opened = turn.state["open"]
    place = turn.place_of(opened)
    if place is None:
        turn.state.pop("open")
        turn.say("gone")
        return
    sure = keys.parse(turn.state.get("labels", {}).get("确认", ""))
    meant = verdict(normalise(words[:20])) if "claim" in turn.state and sure else None
    if meant and sure:
        await claims.confirmed(turn, sure)
    elif meant is False and not corrections.value_of(words):
        await ask(turn, place)
    else:
        measure = next((m for m in place.criterion.measures if m.key == opened["measure"]), None)
        asked = Asked(place, measure, opened["version"], opened["parts"], opened.get("said", {}))
        await _answer(turn, asked, words)


def refused(turn: Turn, place: Place, why: str) -> None:
    """Words that the open question cannot take: why, and what to answer instead; it stays open."""
    opened = turn.state["open"]
    measure = next((m for m in place.criterion.measures if m.key == opened["measure"]), None)
    asked = Asked(place, measure, opened["version"], opened["parts"], opened.get("said", {}))
    said = f"{why}，{what_to_type(place.criterion, asked_of(place.criterion, measure))}"
    turn.say("refused", _options(asked), said=said)


async def answered(turn: Turn, place: Place, words: str) -> None:
    """Words that answer a clause of one condition that was not asked: as if it had been."""
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    await _answer(turn, Asked(place, None, current.version if current else 0, {}, {}), words)


async def _answer(turn: Turn, asked: Asked, words: str) -> None:
    place, criterion = asked.place, asked.place.criterion
    turn.state.pop("claim", None)
    figures = told_figures(criterion, words) if asked.measure else {}
    if figures and (len(figures) > 1 or (asked.measure and asked.measure.key not in figures)):
        await _told(turn, asked, figures)
        return
    match _meant(turn, asked, words):
        case Refused(said):
            _open(turn, asked)
            turn.say("refused", _options(asked), said=_partly(asked, words) or said)
        case NeedsNumber(question):
            _open(turn, asked)
            turn.say("how-many", _options(asked), ask=question)
        case Stated(state):
            await states.stated(turn, place, state, words, asked.version)
        case Known() if clue_offers.tells(place, words):
            clue_offers.offer(turn, place, words)
        case Done() as done:
            await _task(turn, asked, done, words)
        case Known(fact, echo) if asked.measure is not None:
            number, _ = take_number(words)
            echo = f"{echo}，{number}" if number else echo
            await _parts(turn, asked, {asked.measure.key: fact}, {asked.measure.key: echo})
        case Known(fact, echo, _, number):
            counted = criterion.entries
            needs = f"{counted.at_least} {counted.unit}" if counted and counted.at_least and fact is False else ""
            claim = Claim(fact, words, echo, number is not None and number.value != 0, needs)
            await _claim(turn, asked, claim)


def _meant(turn: Turn, asked: Asked, words: str) -> Parsed:
    """What words mean; of a correction (不对，是五次) what is said to be right, in the unit that is counted."""
    criterion = asked.place.criterion
    left = corrections.value_of(words)
    if left and asked.measure is None and not corrections.suits(criterion, left):
        return Refused(f"“{left[:20]}”和这一问数的不是一回事，{what_to_type(criterion, asked_of(criterion, None))}")
    return _counted_apart(turn, criterion, left or words, parse_answer(criterion, left or words, asked.measure))


def _counted_apart(turn: Turn, criterion: Criterion, words: str, parsed: Parsed) -> Parsed:
    """What was told one by one (三月一次，八月一次) is counted together where it is often enough."""
    short = isinstance(parsed, Known) and parsed.fact is False and parsed.number is not None
    if not short or not criterion.entries or stating.state(criterion, fold(words), "message", turn.today) is not True:
        return parsed
    return Known(True, next(label for label, fact in criterion.answer.buttons.items() if fact is True))


def _partly(asked: Asked, words: str) -> str:
    """What to answer where some of several conditions were said to be met and some not; empty where that is not so."""
    text, buttons = fold(words[:200]), _buttons(asked.place.criterion, asked.measure)
    judged = None if asked.measure else all_conditions(asked.place.criterion, text, denied=is_denied(text))
    labels = {fact: label for label, fact in buttons.items() if isinstance(fact, bool)}
    if judged is None or judged.value is not None or not is_denied(text) or len(labels) < 2:
        return ""
    return f"听到有的做到了、有的没有：几样都做到才答“{labels[True]}”，缺一样就答“{labels[False]}”"


async def _claim(turn: Turn, asked: Asked, claim: Claim, doubt: claims.Doubt | None = None) -> None:
    place = asked.place
    before = (turn.opened(place) or {}).get("heard")
    if before:
        claim = claim._replace(said=f"{before}（{claim.said}）")
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    await claims.made(turn, place, claim, asked.version, current, doubt)


async def _told(turn: Turn, asked: Asked, figures: Mapping[str, Decimal], heard: str = "") -> None:
    """Conditions whose figures were named at once, whichever of them was asked."""
    if heard:
        turn.state["open"]["heard"] = heard[:200]
    await _parts(turn, asked, figures, figure_words(asked.place.criterion, figures))


async def _parts(turn: Turn, asked: Asked, facts: Mapping[str, bool | Decimal], echoes: Mapping[str, str]) -> None:
    """Conditions among several: ask the next, or keep them all."""
    parts = {**asked.parts, **{key: fact if isinstance(fact, bool) else str(fact) for key, fact in facts.items()}}
    said = {**asked.said, **echoes}
    rest = [m for m in asked.place.criterion.measures if m.key not in parts]
    if rest:
        _open(turn, asked._replace(measure=rest[0], parts=parts, said=said))
        await ask(turn, asked.place, rest[0], parts)
        return
    whole: dict[str, bool | Decimal] = {k: v if isinstance(v, bool) else Decimal(v) for k, v in parts.items()}
    words = "，".join(f"{m.key} {said[m.key]}" for m in asked.place.criterion.measures if m.key in said)
    figure = any(isinstance(part, Decimal) and part for part in whole.values())
    await _claim(turn, asked, Claim(whole, words, words, figure))


async def _task(turn: Turn, asked: Asked, done: Done, words: str) -> None:
    """A task handed down: done from its number on; the office's number wins over the one that was said."""
    criterion, task = asked.place.criterion, await handed_down.of(turn, asked.place)
    whole = task.figure if task else done.whole
    assert criterion.target is not None
    if whole is None:
        turn.say("task-of-how-many", part=done.part, criterion=criterion)
        return
    doubt = None
    unit = criterion.target.unit
    if task and done.whole is not None and done.whole != whole:
        doubt = claims.Doubt("other-task", {"part": done.part, "told": done.whole, "whole": whole, "unit": unit})
    elif done.part > whole:
        doubt = claims.Doubt("beyond", {"part": done.part, "whole": whole, "unit": unit})
    echo = done.echo
    if doubt and doubt.kind == "other-task":
        echo = f"下达 {plain(whole)} {unit}，已完成 {plain(done.part)} {unit}"
    claim = Claim(done.part >= whole, words, echo, bool(done.part), f"{plain(whole)} {unit}")
    await _claim(turn, asked, claim, doubt)


async def task_done(turn: Turn, place: Place, done: Done, said: str) -> None:
    """A task handed down, told outside of its question: as if it had been asked."""
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    await _task(turn, Asked(place, None, current.version if current else 0, {}, {}), done, said)


async def again(turn: Turn, key: Key) -> None:
    """Ask a clause, answered or not; its unit is then the one the person goes on with."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
    else:
        own_units.choose(turn, place.unit_id)
        await ask(turn, place)
