"""Why a clause or an item is worth what it is: one short Chinese sentence each, with the numbers in it.

The sentences a person reads about a score stand in ``SAY``; the functions below only choose one and fill it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rubrics.clauses import is_met, is_na, shortfall_steps, unmet_measures
from rubrics.figures import plain, two_decimals
from rubrics.model import (
    Bonus,
    Criterion,
    Deduct,
    Gate,
    Judged,
    Scale,
    Shortfall,
    Threshold,
    Tiers,
    YesNo,
)

if TYPE_CHECKING:
    from rubrics.breakdown import Breakdown, ItemScore, Line
    from rubrics.facts import Fact, Facts

SAY = {
    "unanswered": "还没填，暂记 0 分",
    "unanswered-deduction": "还没填，暂不扣分",
    "unanswered-omission": "还没填，未定",
    "unanswered-gate": "还没填，按没有发生计",
    "unanswered-bonus": "没有填，不加分",
    "na": "合理缺项，不参加计分",
    "na-given": "合理缺项，照给 {points} 分",
    "met": "做到了，得 {points} 分",
    "unmet": "没做到，得 0 分",
    "parts-met": "各项条件都达到，得 {points} 分",
    "parts-unmet": "{missing}没有达到，得 0 分",
    "reached": "{figure}，达到 {limit}，得 {points} 分",
    "missed": "{figure}，没有达到 {limit}，得 0 分",
    "no-threshold": "已填 {figure}，达标线由当年细则规定",
    "tier": "属于“{tier}”这一档，得 {points} 分",
    "judged": "评定为 {points} 分",
    "scale": "{figure}，按分档得 {points} 分",
    "full": "{figure}，达到 {target}，得 {points} 分",
    "full-deduction": "{figure}，达到 {target}，不扣分",
    "short": "{figure}，比 {target} 少 {gap}，按 {steps} 步扣 {lost} 分，得 {points} 分",
    "short-deduction": "{figure}，比 {target} 少 {gap}，扣 {lost} 分",
    "deducted": "发生 {times}，扣 {lost} 分",
    "deducted-once": "有这种情况，扣 {lost} 分（只扣一次）",
    "not-deducted": "没有这种情况，不扣分",
    "bonus": "{times}，加 {points} 分",
    "no-bonus": "没有新增，不加分",
    "beyond-unmet": "{beyond} 的任务还没完成，超出部分不计分",
    "zero": "触发，本项记 0 分（含加分）",
    "veto": "触发一票否决，等次定为 {grade}，总分照算",
    "precondition": "属于不予受理的情形",
    "gate-clear": "没有发生",
    "shared": "（{of} 分由 {n} 个要点平分）",
    "zeroed-suffix": "；因 {by} 触发，本项记 0 分",
    "readings": "（读法：{readings}）",
    "done": "已完成",
    "not-done": "未完成",
    "done-figure": "{figure}，达到 {limit}，已完成",
    "not-done-figure": "{figure}，没有达到 {limit}，未完成",
    "untotalled": "已填，权重另定，暂不计分",
    "item-plain": "各要点合计 {points} 分",
    "item-bonus": "基本分 {basic} 分，加分 {bonus} 分",
    "item-capped": "各要点合计 {earned} 分，超过 {of} 分，按 {of} 分封顶",
    "item-capped-bonus": "各要点合计 {earned} 分，按 {of} 分封顶，另加分 {bonus} 分",
    "item-deducted": "{of} 分扣 {deducted} 分，得 {points} 分",
    "item-earned-deducted": "得 {earned} 分，扣 {deducted} 分，合计 {points} 分",
    "item-floored": "扣分合计 {deducted} 分，扣完为止，记 0 分",
    "item-floored-bonus": "扣分合计 {deducted} 分，扣完为止，另加分 {bonus} 分",
    "item-bonus-capped": "连同加分 {bonus} 分超过 {of} 分，按 {of} 分封顶",
    "item-bonus-section": "加分合计 {bonus} 分",
    "item-bonus-section-capped": "加分合计 {bonus} 分，最多计 {of} 分",
    "item-zeroed": "因 {by}（{label}）触发，本项记 0 分",
    "item-unassessed": "未考核：只有扣分的项目要全部填完才计分，还有 {open} 条没填",
    "item-undecided": "；{by} 还没填，本项未定",
    "advice-true": "做到可得 {gain} 分",
    "advice-count": "再有 {steps} {unit}得 {gain} 分",
    "advice-reports": "再报 {steps} 条得 {gain} 分",
    "advice-figure": "达到 {to} 得 {gain} 分",
    "advice-tier": "到“{to}”这一档再得 {gain} 分",
    "advice-bonus": "每多 1 {unit}加 {gain} 分",
    "advice-put-right": "补上可挽回 {gain} 分",
    "advice-item": "把 {open} 条填完，没有扣分可得 {gain} 分",
    "note-no-total": "没有总分：{why}",
    "note-band": "现为 {grade}，距 {next} 还差 {distance} 分",
    "note-top-band": "现为 {grade}，是最高等次",
    "note-veto": "一票否决：等次定为 {grade}",
    "note-barred": "不予受理：有受理前须排除的情形",
    "note-rescaled": "合理缺项 {points} 分不参加计分，总分按 {max}/{in_force} 折算",
}


def line_why(breakdown: Breakdown, line: Line, score: ItemScore) -> str:
    """The reason of one line, after its label."""
    criterion = line.clause.criterion
    text = _line_text(breakdown, line, score)
    if line.clause.shared_by > 1 and score.plan.points is not None and line.fact is not None:
        text += SAY["shared"].format(of=_figure(breakdown, score.plan.points), n=line.clause.shared_by)
    readings = readings_behind(line)
    if readings:
        named = "、".join(f"{r} {breakdown.rubric.reading[r].title}" for r in readings)
        text += SAY["readings"].format(readings=named)
    if score.zeroed_by is not None and score.zeroed_by is not line.clause:
        text += SAY["zeroed-suffix"].format(by=score.zeroed_by.id)
    return f"{criterion.label}：{text}"


def readings_behind(line: Line) -> tuple[str, ...]:
    """The readings a clause's loss rests on; none where nothing was lost or nothing answered."""
    if line.fact is None or is_na(line.fact):
        return ()
    is_gate = line.clause.role == "gate"
    lost = is_met(line.clause.criterion, line.fact) if is_gate else line.points < (line.clause.of or 0)
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
        return SAY["na-given" if line.points else "na"].format(points=points)
    if score.plan.points is None and not isinstance(rule, Gate):
        return _untotalled(criterion, fact, is_task=score.plan.item.role == "task")
    if isinstance(rule, Gate):
        return _gate(breakdown, criterion, fact)
    if isinstance(rule, YesNo):
        return _yes_no(criterion, fact, points, met=bool(line.points))
    assert isinstance(fact, Decimal)
    if isinstance(rule, Threshold):
        key = "reached" if line.points else "missed"
        return SAY[key].format(figure=_with_unit(criterion, fact), limit=_limit(criterion, rule), points=points)
    if isinstance(rule, Tiers):
        return SAY["tier"].format(tier=rule.tiers[int(fact)].label, points=points)
    if isinstance(rule, Judged):
        return SAY["judged"].format(points=points)
    if isinstance(rule, Scale):
        return SAY["scale"].format(figure=_with_unit(criterion, fact), points=points)
    if isinstance(rule, Shortfall):
        return _shortfall(breakdown, criterion, rule, fact, points)
    if isinstance(rule, Deduct):
        return _deduct(criterion, rule, fact, lost=_figure(breakdown, -line.points))
    return _bonus(criterion, rule, fact, points)


def _unanswered(criterion: Criterion) -> str:
    if criterion.nature == "omission" and criterion.kind == "zero_item":
        return SAY["unanswered-omission"]
    if isinstance(criterion.score, Gate):
        return SAY["unanswered-gate"]
    if isinstance(criterion.score, Bonus):
        return SAY["unanswered-bonus"]
    if isinstance(criterion.score, Deduct) or (isinstance(criterion.score, Shortfall) and not criterion.score.base):
        return SAY["unanswered-deduction"]
    return SAY["unanswered"]


def _untotalled(criterion: Criterion, fact: Fact, *, is_task: bool) -> str:
    rule = criterion.score
    if isinstance(rule, Threshold) and isinstance(fact, Decimal):
        figure = _with_unit(criterion, fact)
        if rule.threshold is None:
            return SAY["no-threshold"].format(figure=figure)
        return SAY["done-figure" if is_met(criterion, fact) else "not-done-figure"].format(
            figure=figure, limit=_limit(criterion, rule)
        )
    if is_task:
        return SAY["done" if is_met(criterion, fact) else "not-done"]
    return SAY["untotalled"]


def _gate(breakdown: Breakdown, criterion: Criterion, fact: Fact) -> str:
    if not is_met(criterion, fact):
        return SAY["gate-clear"]
    if criterion.kind == "zero_item":
        return SAY["zero"]
    return SAY[criterion.kind].format(grade=breakdown.rubric.rules.veto_grade)


def _yes_no(criterion: Criterion, fact: Fact, points: str, *, met: bool) -> str:
    if isinstance(fact, Mapping):
        missing = "、".join(_measure_text(criterion, key, fact) for key in unmet_measures(criterion, fact))
        return SAY["parts-met" if met else "parts-unmet"].format(points=points, missing=missing)
    return SAY["met" if met else "unmet"].format(points=points)


def _measure_text(criterion: Criterion, key: str, fact: Mapping[str, bool | Decimal]) -> str:
    value = fact.get(key)
    measure = criterion.official_measures[key]
    return f"{key} {plain(value)}{measure.unit}" if isinstance(value, Decimal) else key


def _shortfall(breakdown: Breakdown, criterion: Criterion, rule: Shortfall, fact: Decimal, points: str) -> str:
    gap = rule.target - fact
    figure, target = _with_unit(criterion, fact), _with_unit(criterion, rule.target)
    if gap <= 0:
        return SAY["full" if rule.base else "full-deduction"].format(figure=figure, target=target, points=points)
    steps = shortfall_steps(rule, rule.rounding or breakdown.rubric.rules.step, fact)
    lost = steps * rule.per_step
    if rule.base:
        lost = min(lost, rule.base)
    return SAY["short" if rule.base else "short-deduction"].format(
        figure=figure,
        target=target,
        gap=_with_unit(criterion, gap),
        steps=plain(two_decimals(steps)),
        lost=plain(two_decimals(lost)),
        points=points,
    )


def _deduct(criterion: Criterion, rule: Deduct, fact: Decimal, *, lost: str) -> str:
    if not fact:
        return SAY["not-deducted"]
    return SAY["deducted-once" if rule.once else "deducted"].format(times=_counted(criterion, fact), lost=lost)


def _bonus(criterion: Criterion, rule: Bonus, fact: Decimal, points: str) -> str:
    if not fact:
        return SAY["no-bonus"]
    if points == "0":
        return SAY["beyond-unmet"].format(beyond=rule.beyond)
    return SAY["bonus"].format(times=_counted(criterion, fact), points=points)


def _unit(criterion: Criterion) -> str:
    return criterion.answer.unit or (criterion.entries.unit if criterion.entries else "")


def _with_unit(criterion: Criterion, figure: Decimal) -> str:
    unit = _unit(criterion)
    return f"{plain(figure)}{unit}" if unit in {"", "%", "‰"} else f"{plain(figure)} {unit}"


def _counted(criterion: Criterion, times: Decimal) -> str:
    return f"{plain(times)} {_unit(criterion) or '次'}"


def _limit(criterion: Criterion, rule: Threshold) -> str:
    assert rule.threshold is not None
    sign = {">=": "", "<=": "≤ ", "<": "< "}[rule.op]
    return f"{sign}{_with_unit(criterion, rule.threshold)}"


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
        if clause.criterion.nature == "omission" and not _omissions_answered(clause.criterion, facts.get(clause.id)):
            return clause.id
    return None


def _omissions_answered(criterion: Criterion, fact: Fact | None) -> bool:
    if fact is None:
        return False
    if isinstance(fact, Mapping):
        return all(m.key in fact for m in criterion.measures if not m.holds_when)
    return True


def item_why(breakdown: Breakdown, score: ItemScore) -> str:
    """What made the item's points: sum, cap, floor, zero."""
    figures = {
        "points": _figure(breakdown, score.points),
        "of": _figure(breakdown, score.plan.points or Decimal(0)),
        "earned": _figure(breakdown, score.earned),
        "basic": _figure(breakdown, score.points - score.bonus),
        "deducted": _figure(breakdown, score.deducted),
        "bonus": _figure(breakdown, score.bonus),
        "open": score.open_clauses,
        "by": score.zeroed_by.id if score.zeroed_by else undecided_by(score, breakdown.facts),
        "label": score.zeroed_by.criterion.label if score.zeroed_by else "",
    }
    text = SAY[_item_key(score)].format(**figures)
    if score.state == "plain" and figures["by"] is not None:
        text += SAY["item-undecided"].format(**figures)
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
        said = [SAY["note-no-total"].format(why=rubric.no_total)]
        return said + ([SAY["note-veto"].format(grade=breakdown.grade)] if breakdown.grade else [])
    said = []
    if breakdown.in_force != breakdown.plan.max_points and rubric.rules.missing == "rescale":
        assert breakdown.in_force is not None
        assert breakdown.plan.max_points is not None
        said.append(
            SAY["note-rescaled"].format(
                points=_figure(breakdown, breakdown.plan.max_points - breakdown.in_force),
                max=_figure(breakdown, breakdown.plan.max_points),
                in_force=_figure(breakdown, breakdown.in_force),
            )
        )
    if breakdown.grade is None:
        return said
    if breakdown.grade == rubric.rules.precondition_grade:
        return [*said, SAY["note-barred"]]
    if any(
        line.clause.criterion.kind == "veto" and line.fact and is_met(line.clause.criterion, line.fact)
        for line in breakdown.lines
    ):
        return [*said, SAY["note-veto"].format(grade=breakdown.grade)]
    above = breakdown.next_band
    if above is None:
        return [*said, SAY["note-top-band"].format(grade=breakdown.grade)]
    distance = plain(_up(above.distance))
    return [*said, SAY["note-band"].format(grade=breakdown.grade, next=above.grade, distance=distance)]


def _up(distance: Fraction) -> Decimal:
    """Two decimals, rounded up: whoever gains that much has reached the band."""
    return Decimal(-((-distance.numerator * 100) // distance.denominator)) / 100


# --- advice -----------------------------------------------------------------------------------------------


def advice(criterion: Criterion, to: Fact, steps: int, gain: int | float) -> str:
    """What to do for a gain, in a sentence."""
    rule = criterion.score
    if isinstance(rule, Bonus):
        return SAY["advice-bonus"].format(unit=_unit(criterion), gain=gain)
    if isinstance(rule, Gate | Deduct):
        return SAY["advice-put-right"].format(gain=gain)
    if isinstance(rule, Tiers):
        assert isinstance(to, Decimal)
        return SAY["advice-tier"].format(to=rule.tiers[int(to)].label, gain=gain)
    if isinstance(to, Decimal):
        if criterion.answer.whole or rule.kind == "count":
            unit = _unit(criterion)
            key = "advice-reports" if unit == "条" else "advice-count"
            return SAY[key].format(steps=steps, unit=unit, gain=gain)
        return SAY["advice-figure"].format(to=_with_unit(criterion, to), gain=gain)
    return SAY["advice-true"].format(gain=gain)


def item_advice(score: ItemScore, gain: int | float) -> str:
    """What to do for an item that is not assessed yet."""
    return SAY["advice-item"].format(open=score.open_clauses, gain=gain)
