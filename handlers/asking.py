"""One question at a time: asked with what counts as proof and what it is worth, answered by a press or a word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.keeping import keep
from handlers.turn import Place, Turn
from rubrics.kinds import Judged, Tiers
from rubrics.model import Criterion, Measure
from rubrics.values import Done, Known, NeedsNumber, Refused, State, Stated, parse_answer
from storage import answers, campaigns

STATES: dict[State, answers.State] = {
    State.NOT_YET: "not_yet",
    State.UNKNOWN: "unknown",
    State.NOT_HERE: "not_here",
}
"""The honest states as they are kept."""


async def ask(turn: Turn, place: Place, measure: Measure | None = None, parts: dict[str, Any] | None = None) -> None:
    """Put a clause's question, or one of its conditions, with buttons that carry their whole meaning.

    Asked again, a clause of several conditions goes on with the first that is not said yet.
    """
    criterion = place.criterion
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(criterion.id)
    version = current.version if current else 0
    if criterion.measures and measure is None:
        opened = turn.opened(place)
        parts = opened["parts"] if opened and opened["version"] == version else {}
        measure = next(m for m in criterion.measures if m.key not in parts)
    _open(turn, place, measure, version, parts or {})
    breakdown = await turn.scored(place.unit_id, place.rubric)
    targets = await campaigns.targets_in(turn.connection, place.unit_id, place.rubric.id)
    turn.say(
        "question",
        _options(place, measure, version),
        criterion=criterion,
        measure=measure,
        step=(criterion.measures.index(measure) + 1, len(criterion.measures)) if measure else None,
        current=current,
        gain=next((g for g in breakdown.open if g.criterion == criterion.id), None),
        target=targets.get(criterion.id),
        typed=not isinstance(criterion.score, Tiers | Judged)
        and not (_buttons(criterion, measure) and not criterion.entries),
    )


def _open(turn: Turn, place: Place, measure: Measure | None, version: int, parts: dict[str, Any]) -> None:
    turn.state["open"] = {
        "unit": place.unit_id,
        "rubric": place.rubric.id,
        "criterion": place.criterion.id,
        "version": version,
        "measure": measure.key if measure else None,
        "parts": parts,
    }


def _options(place: Place, measure: Measure | None, version: int) -> tuple[Option, ...]:
    more_states = Option(keys.pack("more", *place.parts, version=version), "更多")
    return (*_answer_options(place, measure, version), more_states)


def _buttons(criterion: Criterion, measure: Measure | None) -> dict[str, Any]:
    return dict(measure.buttons if measure else criterion.answer.buttons)


def _answer_options(place: Place, measure: Measure | None, version: int) -> tuple[Option, ...]:
    """Buttons by position: a key names the clause, the version it was shown for and the place of the answer."""
    score = place.criterion.score
    if measure is None and isinstance(score, Tiers):
        labels = [tier.label for tier in score.tiers]
    elif measure is None and isinstance(score, Judged):
        labels = [f"{mark} 分" for mark in score.allowed]
    else:
        labels = list(_buttons(place.criterion, measure))
    position = place.criterion.measures.index(measure) if measure else ""
    return tuple(
        Option(keys.pack("ans", *place.parts, position, i, version=version), label) for i, label in enumerate(labels)
    )


async def pressed(turn: Turn, key: Key) -> None:
    """An answer's button, also one of last month: the same as typing its label to that question."""
    place = turn.place(key)
    if place is None or len(key.parts) != 5 or not key.parts[4].isdigit():
        turn.say("stale")
        return
    measures = place.criterion.measures
    measure = measures[int(key.parts[3])] if key.parts[3].isdigit() and int(key.parts[3]) < len(measures) else None
    options = _answer_options(place, measure, key.version)
    if bool(measures) != bool(measure) or int(key.parts[4]) >= len(options):
        turn.say("stale")
        return
    opened = turn.opened(place)
    parts = opened["parts"] if opened else {}
    await _answer(turn, place, measure, options[int(key.parts[4])].label, key.version, parts)


async def typed(turn: Turn) -> None:
    """Words while a question is open."""
    opened = turn.state["open"]
    place = turn.place(Key("open", (str(opened["unit"]), opened["rubric"], opened["criterion"]), 0))
    if place is None:
        turn.state.pop("open")
        turn.say("gone")
        return
    measure = next((m for m in place.criterion.measures if m.key == opened["measure"]), None)
    await _answer(turn, place, measure, turn.event.text, opened["version"], opened["parts"])


async def _answer(
    turn: Turn, place: Place, measure: Measure | None, words: str, version: int, parts: dict[str, Any]
) -> None:
    parsed = parse_answer(place.criterion, words, measure)
    match parsed:
        case Refused(said):
            _open(turn, place, measure, version, parts)
            turn.say("refused", _options(place, measure, version), said=said)
        case NeedsNumber(question):
            _open(turn, place, measure, version, parts)
            turn.say("how-many", _options(place, measure, version), ask=question)
        case Stated(state):
            await keep(turn, place, None, words, version, state=STATES[state])
        case Done(part, whole):
            await _task(turn, place, part, whole, words, version)
        case Known(fact) if measure is not None:
            await _part(turn, place, measure, fact, words, version, parts)
        case Known(fact):
            await keep(turn, place, fact, words, version)


async def _part(
    turn: Turn, place: Place, measure: Measure, fact: bool | Decimal, words: str, version: int, parts: dict[str, Any]
) -> None:
    """One condition of several: ask the next, or keep them all."""
    said = {**parts, measure.key: fact if isinstance(fact, bool) else str(fact)}
    rest = [m for m in place.criterion.measures if m.key not in said]
    if rest:
        await ask(turn, place, rest[0], said)
        return
    whole: dict[str, bool | Decimal] = {k: v if isinstance(v, bool) else Decimal(v) for k, v in said.items()}
    await keep(turn, place, whole, words, version)


async def _task(turn: Turn, place: Place, part: Decimal, whole: Decimal | None, words: str, version: int) -> None:
    """A task handed down: done from its number on; the office's number wins over the one that was said."""
    handed_down = await campaigns.targets_in(turn.connection, place.unit_id, place.rubric.id)
    whole = handed_down.get(place.criterion.id, whole)
    if whole is None:
        turn.say("task-of-how-many", part=part, criterion=place.criterion)
        return
    await keep(turn, place, part >= whole, words, version)


async def more(turn: Turn, key: Key) -> None:
    """The other states behind 更多."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    labels = ("还没到时候", "不清楚", "本地没有", "跳过")
    options = tuple(Option(keys.pack("state", *place.parts, i, version=key.version), w) for i, w in enumerate(labels))
    current = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    turn.say("more", options, criterion=place.criterion, current=current)


async def stated(turn: Turn, key: Key) -> None:
    """A pressed honest state, or 跳过."""
    place = turn.place(key)
    if place is None or len(key.parts) != 4 or key.parts[3] not in {"0", "1", "2", "3"}:
        turn.say("stale")
        return
    if key.parts[3] == "3":
        turn.close(place)
        skipped = turn.state.setdefault("skipped", [])
        if list(place.parts) not in skipped:
            skipped.append(list(place.parts))
        turn.say("skipped", (Option(keys.pack("next", place.unit_id), "下一项"),), criterion=place.criterion)
        return
    state = list(STATES)[int(key.parts[3])]
    await keep(turn, place, None, state.value, key.version, state=STATES[state])


async def again(turn: Turn, key: Key) -> None:
    """Ask a clause, answered or not."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
    else:
        await ask(turn, place)
