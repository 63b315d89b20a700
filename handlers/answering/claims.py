"""Figures that are worth less than they sound, or contradict what is known: echoed with their worth before they count."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import own_units, states
from handlers.answering.keeping import keep
from handlers.turn import Place, Turn
from rubrics.breakdown import Line
from rubrics.clauses import is_met
from rubrics.facts import Fact, read_json
from rubrics.kinds import Bonus, Judged, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.matching.measuring import figure_words, told_figures
from rubrics.model import NA, Criterion
from storage import entries, kept_facts, scorecards
from storage.answers import Answer

JUMP = 10
"""A figure so many times as large as the one before, or so small a part of it, is asked about again."""


class Doubt(NamedTuple):
    """Why a claim is asked about before it counts: a branch of the template, and its words."""

    kind: str
    words: Mapping[str, Any]


class Claim(NamedTuple):
    """What somebody said in answer to a question.

    ``echo`` shows it; ``figure``: it was said as a number, not chosen as a yes or a no. ``needs``: what a count or a
    task has to reach (2 次). ``read``: how free text was understood, said on the receipt.
    """

    fact: Fact
    said: str
    echo: str
    figure: bool
    needs: str = ""
    read: str = ""


async def made(turn: Turn, place: Place, claim: Claim, version: int, current: Answer | None, why: Doubt | None) -> None:
    """Keep a claim; where there is doubt about it, only after 确认.

    Args:
        why: a doubt the caller already has.
    """
    claim = _with_figures(place.criterion, claim)
    doubt = why or await doubt_about(turn, place, claim, current)
    if doubt is None:
        await keep(turn, place, claim.fact, claim.said, version, read=claim.read)
        return
    text = kept_facts.fact_text(claim.fact)
    mark = hashlib.sha256(f"{text} {claim.said}".encode()).hexdigest()[:8]
    turn.state["claim"] = {
        "unit": place.unit_id,
        "rubric": place.rubric.id,
        "criterion": place.criterion.id,
        "fact": text,
        "said": claim.said[:200],
        "mark": mark,
        "version": version,
    }
    turn.state.pop("put_off", None)
    unit = own_units.named_of_several(turn, place.unit_id)
    turn.say("claim", _choices(place, mark, version), unit=unit, criterion=place.criterion, claim=claim, doubt=doubt)


def _with_figures(criterion: Criterion, claim: Claim) -> Claim:
    """A yes or a no to several conditions with their own figures, where the words name all of them."""
    figures = told_figures(criterion, claim.said) if isinstance(claim.fact, bool) else {}
    if not figures or len(figures) < len(criterion.measures):
        return claim
    words = "，".join(f"{key} {said}" for key, said in figure_words(criterion, figures).items())
    read = f"【{criterion.label}】“{words}”" if claim.read else ""
    return claim._replace(fact=figures, echo=words, figure=True, read=read)


def _choices(place: Place, mark: str, version: int) -> tuple[Option, ...]:
    return (
        Option(keys.pack("sure", *place.parts, mark, version=version), "确认"),
        Option(keys.pack("ask", *place.parts, version=version), "修改"),
    )


def put_off(turn: Turn) -> None:
    """Say once that an answer is still not written down, before something else is dealt with; it can be confirmed yet."""
    claim = turn.state.pop("claim", None)
    place = turn.place_of(claim) if claim else None
    if claim and place and "version" in claim:
        turn.state["put_off"] = claim
        options = _choices(place, claim["mark"], claim["version"])
        turn.say("claim-waits", options, criterion=place.criterion, said=claim["said"][:30])


async def confirmed(turn: Turn, key: Key) -> None:
    """The claim that was asked about is meant so."""
    place = turn.place(key)
    claim = turn.state.get("claim") or turn.state.get("put_off")
    if place is None or len(key.parts) != 4:
        turn.say("stale")
    elif not claim or claim["mark"] != key.parts[3] or turn.place_of(claim) != place:
        turn.say("claim-gone", (Option(keys.pack("ask", *place.parts), "修改"),), criterion=place.criterion)
    else:
        turn.state.pop("put_off", None)
        fact = read_json(claim["fact"]) if claim["fact"] else None
        state, note, read = claim.get("state", "answered"), claim.get("note", ""), claim.get("read", "")
        kept = await keep(turn, place, fact, claim["said"], key.version, state=state, note=note, read=read)
        if kept and state == "not_yet" and not note:
            states.ask_until(turn, place, kept.version)


async def doubt_about(turn: Turn, place: Place, claim: Claim, current: Answer | None) -> Doubt | None:
    """Why a claim should be looked at once more; None where nothing speaks against it."""
    criterion, fact = place.criterion, claim.fact
    if fact is True and criterion.entries and criterion.entries.at_least:
        listed = await entries.count_in(turn.connection, place.unit_id, place.rubric.id, criterion.id)
        if 0 < listed < criterion.entries.at_least:
            return Doubt("entries", {"listed": listed, "entries": criterion.entries})
    if not claim.figure and not _zeroes(criterion, fact):
        return None
    known = (await turn.known(place.unit_id, place.rubric)).claimed
    would = scorecards.plan_of(place.rubric).score({**known, criterion.id: fact})
    line = next(line for line in would.lines if line.clause.id == criterion.id)
    if _zeroes(criterion, fact):
        return Doubt("zero", {"why": would.why(criterion.id), "of": place.rubric.item_of[criterion.id].points})
    if _misses(criterion, fact, line):
        return Doubt("worth", {"why": would.why(criterion.id), "needs": claim.needs})
    if current and not isinstance(criterion.score, Tiers | Judged) and _is_jump(current.fact, fact):
        return Doubt("jump", {"before": current.said})
    if isinstance(criterion.score, Bonus) and line.plan.points is not None and line.points > line.plan.points:
        return Doubt("large", {"why": would.why(criterion.id), "of": would.points(line.plan.points)})
    return None


def _zeroes(criterion: Criterion, fact: Fact) -> bool:
    """Whether an answer costs a whole item."""
    return criterion.score.kind == "zero_item" and fact != NA and is_met(criterion, fact)


def _misses(criterion: Criterion, fact: Fact, line: Line) -> bool:
    """Whether a figure earns nothing, or costs points, because it is short of its threshold; a plain 0 claims nothing.

    A figure that earns part of a clause is kept at once: its receipt says what is missing to the rest.
    """
    score = criterion.score
    if isinstance(fact, Mapping):
        figures = any(isinstance(part, Decimal) for part in fact.values())
        return figures and isinstance(score, YesNo) and not is_met(criterion, fact)
    if isinstance(fact, bool):
        return isinstance(score, YesNo) and not fact
    if isinstance(score, Tiers):
        return isinstance(fact, Decimal) and not score.tiers[int(fact)].points
    if not fact or isinstance(fact, str):
        return False
    if isinstance(score, Threshold):
        return score.threshold is not None and not is_met(criterion, fact)
    if isinstance(score, Shortfall):
        return fact < score.target and line.points <= 0
    return isinstance(score, Scale | Bonus) and not line.points


def _is_jump(before: Fact | None, fact: Fact) -> bool:
    if not isinstance(before, Decimal) or not isinstance(fact, Decimal):
        return False
    smaller, larger = sorted((before, fact))
    return smaller > 0 and larger >= JUMP * smaller
