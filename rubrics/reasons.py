"""Why a clause or an item is worth what it is: one short Chinese sentence each, with the numbers in it.

The sentences stand in ``sentences``; the functions below only choose one and fill it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rubrics.clauses import is_met, is_na, shortfall_steps, unmet_measures
from rubrics.figures import legible, plain, two_decimals, with_unit, worked_out
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import Criterion
from rubrics.sentences import MISSED, REACHED, say

if TYPE_CHECKING:
    from rubrics.breakdown import Breakdown, ItemScore, Line
    from rubrics.facts import Fact, Facts


def line_why(breakdown: Breakdown, line: Line, score: ItemScore, *, name_readings: bool = True) -> str:
    """The reason of one line, after its label; with the readings a loss rests on where they are to be named."""
    criterion = line.clause.criterion
    text = _line_text(breakdown, line, score)
    if line.clause.shared_by > 1 and score.plan.points is not None and line.fact is not None:
        text += say(
            "shared",
            of=_figure(breakdown, (line.clause.of or Decimal(0)) * line.clause.shared_by),
            n=line.clause.shared_by,
        )
    if score.zeroed_by is not None and score.zeroed_by is not line.clause:
        text += say("zeroed-suffix", by=score.zeroed_by.id)
    readings = readings_behind(line)
    if readings and name_readings:
        known = [breakdown.rubric.reading[r] for r in readings]  # in full where there is another way to read it
        text += say("readings", readings="；".join(f"{r.id} {r.title}" if r.options else r.id for r in known))
    return f"{criterion.label}：{text}"


def readings_behind(line: Line) -> tuple[str, ...]:
    """The readings a clause's loss rests on; none where nothing was lost or nothing answered."""
    if line.fact is None or is_na(line.fact):
        return ()
    if line.clause.role == "gate":
        lost = is_met(line.clause.criterion, line.fact)
    elif line.clause.role == "bonus":
        lost = bool(line.fact) and not line.points
    else:
        lost = line.points < (line.clause.of or 0)
    return line.clause.criterion.readings if lost else ()


def _figure(breakdown: Breakdown, units: Decimal) -> str:
    return plain(two_decimals(breakdown.points(units)))


def _line_text(breakdown: Breakdown, line: Line, score: ItemScore) -> str:
    criterion, fact = line.clause.criterion, line.fact
    rule = criterion.score
    points = _figure(breakdown, line.points)
    if fact is None:
        return _unanswered(criterion)
    if is_na(fact):
        return say("na-given" if line.points else "na", points=points)
    if score.plan.points is None and not isinstance(rule, Gate):
        return _untotalled(criterion, fact, is_task=score.plan.item.role == "task")
    if isinstance(rule, Gate):
        return _gate(breakdown, criterion, fact, score)
    if isinstance(rule, YesNo):
        return _yes_no(criterion, fact, points, met=bool(line.points)) + _lost_with(breakdown, criterion, fact)
    assert isinstance(fact, Decimal)
    if isinstance(rule, Threshold):
        return say("reached" if line.points else "missed", **_against(criterion, rule, fact), points=points)
    if isinstance(rule, Tiers):
        return say("tier", tier=rule.tiers[int(fact)].label, points=points)
    if isinstance(rule, Judged):
        return say("judged", points=points)
    if isinstance(rule, Scale):
        return say("scale", figure=_with_unit(criterion, fact), points=points)
    if isinstance(rule, Shortfall):
        return _shortfall(breakdown, criterion, rule, fact, points)
    if isinstance(rule, Deduct):
        return _deduct(criterion, rule, fact, lost=_figure(breakdown, -line.points))
    return _bonus(breakdown, criterion, rule, fact, points)


def _unanswered(criterion: Criterion) -> str:
    if criterion.derived:
        return say("unanswered-derived")
    if criterion.nature == "omission" and criterion.kind == "zero_item":
        return say("unanswered-omission")
    if isinstance(criterion.score, Gate):
        return say("unanswered-gate")
    if isinstance(criterion.score, Bonus):
        return say("unanswered-bonus")
    if isinstance(criterion.score, Deduct) or (isinstance(criterion.score, Shortfall) and not criterion.score.base):
        return say("unanswered-deduction")
    return say("unanswered")


def _untotalled(criterion: Criterion, fact: Fact, *, is_task: bool) -> str:
    rule = criterion.score
    if isinstance(rule, Threshold) and isinstance(fact, Decimal):
        if rule.threshold is None:
            return say("no-threshold", figure=_with_unit(criterion, fact))
        return say("done-figure" if is_met(criterion, fact) else "not-done-figure", **_against(criterion, rule, fact))
    if is_task:
        return say("done" if is_met(criterion, fact) else "not-done")
    return say("untotalled")


def _gate(breakdown: Breakdown, criterion: Criterion, fact: Fact, score: ItemScore) -> str:
    if criterion.kind == "zero_item":
        if is_met(criterion, fact):
            return say("zero-bonus" if any(c.role == "bonus" for c in score.plan.clauses) else "zero")
        missing = _unanswered_omissions(criterion, fact)
        return say("undecided", missing="、".join(missing)) if missing else say("zero-clear")
    if not is_met(criterion, fact):
        return say("gate-clear")
    key = "veto-no-total" if criterion.kind == "veto" and breakdown.total is None else criterion.kind
    return say(key, grade=breakdown.rubric.rules.veto_grade)


def _yes_no(criterion: Criterion, fact: Fact, points: str, *, met: bool) -> str:
    if isinstance(fact, Mapping):
        missing = "、".join(_measure_text(criterion, key, fact) for key in unmet_measures(criterion, fact))
        return say("parts-met" if met else "parts-unmet", points=points, missing=missing)
    return say("met" if met else "unmet", points=points)


def _lost_with(breakdown: Breakdown, criterion: Criterion, fact: Fact) -> str:
    """What else counts for nothing as long as a task is not done: the awards reported beyond it."""
    beyond = [
        other.label
        for other in breakdown.rubric.criteria.values()
        if isinstance(other.score, Bonus) and other.score.beyond == criterion.id and breakdown.facts.get(other.id)
    ]
    return say("lost-with", labels="、".join(beyond)) if beyond and not is_met(criterion, fact) else ""


def _measure_text(criterion: Criterion, key: str, fact: Mapping[str, bool | Decimal]) -> str:
    value = fact.get(key)
    measure = criterion.official_measures[key]
    if value is None:
        return say("part-absent", part=key)
    if isinstance(value, Decimal):
        return say("part-figure", part=key, figure=f"{legible(value)}{measure.unit}")
    return say("part-not-done" if measure.holds_when else "part-happened", part=key)


def _shortfall(breakdown: Breakdown, criterion: Criterion, rule: Shortfall, fact: Decimal, points: str) -> str:
    gap = rule.target - fact
    figure, target = _with_unit(criterion, fact), _with_unit(criterion, rule.target)
    if gap <= 0:
        return say("full" if rule.base else "full-deduction", figure=figure, target=target, points=points)
    steps = shortfall_steps(rule, rule.rounding or breakdown.rubric.rules.step, fact)
    lost = steps * rule.per_step
    key = "short-deduction" if not rule.base else "short" if lost <= rule.base else "short-emptied"
    return say(
        key,
        figure=figure,
        target=target,
        gap=_with_unit(criterion, gap),
        steps=plain(two_decimals(steps)),
        lost=plain(two_decimals(lost)),
        base=plain(rule.base),
        points=points,
    )


def _deduct(criterion: Criterion, rule: Deduct, fact: Decimal, *, lost: str) -> str:
    word = "omitted" if criterion.nature == "omission" else "deducted"
    if not fact:
        return say(f"not-{word}")
    return say(f"{word}-once" if rule.once else word, times=_counted(criterion, fact), lost=lost)


def _bonus(breakdown: Breakdown, criterion: Criterion, rule: Bonus, fact: Decimal, points: str) -> str:
    if not fact:
        return say("no-bonus")
    if points == "0":
        return say("beyond-unmet", beyond=breakdown.rubric.criteria[rule.beyond].label if rule.beyond else "")
    return say("bonus", times=_counted(criterion, fact), points=points)


def _unit(criterion: Criterion) -> str:
    if isinstance(criterion.score, Scale):
        return criterion.answer.unit or "%"
    return criterion.answer.unit or (criterion.entries.unit if criterion.entries else "")


def _with_unit(criterion: Criterion, figure: Decimal) -> str:
    unit = _unit(criterion)
    shown = with_unit(figure, unit)
    return say("about", figure=shown) if worked_out(figure) else shown  # about: 14/15 of a whole


def _counted(criterion: Criterion, times: Decimal) -> str:
    return f"{plain(times)} {_unit(criterion) or '次'}"


def _against(criterion: Criterion, rule: Threshold, figure: Decimal) -> dict[str, str]:
    assert rule.threshold is not None
    return {
        "figure": _with_unit(criterion, figure),
        "limit": _with_unit(criterion, rule.threshold),
        "reached": REACHED[rule.op],
        "missed": MISSED[rule.op],
    }


# --- items and the whole ----------------------------------------------------------------------------------


def item_state(score: ItemScore, facts: Facts) -> str:
    """The item's state for JSON; ``undecided`` where a clause that could zero it by omission is unanswered."""
    if score.state == "plain" and undecided_by(score, facts):
        return "undecided"
    return score.state


def undecided_by(score: ItemScore, facts: Facts) -> str | None:
    """The id of an unanswered clause whose omission would zero the item; None once something is reported there."""
    if score.zeroed_by is not None:
        return None
    for clause in score.plan.zeros:
        fact = facts.get(clause.id)
        if clause.criterion.nature == "omission" and (fact is None or _unanswered_omissions(clause.criterion, fact)):
            return clause.id
    return None


def _unanswered_omissions(criterion: Criterion, fact: Fact) -> list[str]:
    if not isinstance(fact, Mapping):
        return []
    return [m.key for m in criterion.measures if not m.holds_when and m.key not in fact]


def item_why(breakdown: Breakdown, score: ItemScore) -> str:
    """What made the item's points: sum, cap, floor, zero."""
    derived = [c.id for c in score.plan.clauses if c.criterion.derived and breakdown.facts.get(c.id) is None]
    figures = {
        "points": _figure(breakdown, score.points),
        "of": _figure(breakdown, score.plan.points or Decimal(0)),
        "earned": _figure(breakdown, score.earned),
        "basic": _figure(breakdown, score.points - score.bonus),
        "deducted": _figure(breakdown, score.deducted),
        "bonus": _figure(breakdown, score.bonus),
        "open": score.open_clauses,
        "asked": score.open_clauses - len(derived),
        "derived": "、".join(derived),
        "by": score.zeroed_by.id if score.zeroed_by else undecided_by(score, breakdown.facts),
        "label": score.zeroed_by.criterion.label if score.zeroed_by else "",
    }
    key = _item_key(score)
    if score.state == "unassessed" and derived:  # nobody fills these in: they follow from the tasks table
        key += "-both" if figures["asked"] else "-derived"
    text = say(key, **figures)
    if score.state == "plain" and figures["by"] is not None:
        text += say("item-undecided", **figures)
    return text


def _item_key(score: ItemScore) -> str:
    if score.plan.item.role == "bonus":
        return "item-bonus-section-capped" if score.state == "capped" else "item-bonus-section"
    if score.state in {"zeroed", "unassessed", "bonus-capped"}:
        return f"item-{score.state}"
    if score.state in {"capped", "floored"}:
        return f"item-{score.state}-bonus" if score.bonus else f"item-{score.state}"
    if score.bonus:
        return "item-bonus"
    if score.plan.deduction_only:
        return "item-deducted"
    return "item-earned-deducted" if score.deducted else "item-plain"


def notes(breakdown: Breakdown) -> list[str]:
    """What holds for the whole: why there is no total, the band and the way to the next, rescaling."""
    rubric = breakdown.rubric
    if breakdown.total is None:
        said = [say("note-no-total", why=rubric.no_total.rstrip("。") or say("no-total-why"))]
        return said + ([say("note-veto", grade=breakdown.grade)] if breakdown.grade else [])
    said = []
    if breakdown.in_force != breakdown.plan.max_points and rubric.rules.missing == "rescale":
        assert breakdown.in_force is not None
        assert breakdown.plan.max_points is not None
        said.append(
            say(
                "note-rescaled",
                points=_figure(breakdown, breakdown.plan.max_points - breakdown.in_force),
                max=_figure(breakdown, breakdown.plan.max_points),
                in_force=_figure(breakdown, breakdown.in_force),
            )
        )
    if breakdown.grade is None:
        return said
    if breakdown.grade == rubric.rules.precondition_grade:
        return [*said, say("note-barred")]
    if any(
        line.clause.criterion.kind == "veto" and line.fact and is_met(line.clause.criterion, line.fact)
        for line in breakdown.lines
    ):
        return [*said, say("note-veto", grade=breakdown.grade)]
    above = breakdown.next_band
    if above is None:
        return [*said, say("note-top-band", grade=breakdown.grade)]
    distance = plain(_up(above.distance))
    return [*said, say("note-band", grade=breakdown.grade, next=above.grade, distance=distance)]


def _up(distance: Fraction) -> Decimal:
    """Two decimals, rounded up: whoever gains that much has reached the band."""
    return Decimal(-((-distance.numerator * 100) // distance.denominator)) / 100


# --- advice -----------------------------------------------------------------------------------------------


def advice(criterion: Criterion, to: Fact, steps: int, gain: int | float) -> str:
    """What to do for a gain, in a sentence."""
    rule = criterion.score
    if isinstance(rule, Bonus):
        return say("advice-bonus", unit=_unit(criterion), gain=gain)
    if isinstance(rule, Gate | Deduct):
        return say("advice-put-right", gain=gain)
    if isinstance(rule, Tiers):
        assert isinstance(to, Decimal)
        return say("advice-tier", to=rule.tiers[int(to)].label, gain=gain)
    if isinstance(rule, Judged):
        return say("advice-judged", to=to, gain=gain)
    if isinstance(to, Decimal):
        if criterion.answer.whole or isinstance(rule, Count):
            unit = _unit(criterion) or "次"
            key = "advice-reports" if unit == "条" else "advice-count"
            return say(key, steps=steps, unit=unit, gain=gain)
        reached = REACHED[rule.op if isinstance(rule, Threshold) else ">="]
        return say("advice-figure", reached=reached, to=_with_unit(criterion, to), gain=gain)
    return say("advice-true", gain=gain)


def item_advice(score: ItemScore, gain: int | float) -> str:
    """What to do for an item that is not assessed yet."""
    return say("advice-item", open=score.open_clauses, gain=gain)
