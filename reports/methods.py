"""评分方法 in our own words: how each clause of a rubric scores, worded from its data and never copied from a source."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from channels.text import points
from rubrics.clauses import tier_factor
from rubrics.figures import plain, with_unit
from rubrics.kinds import Bonus, Comparison, Deduct, Gate, Judged, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import Criterion, Item, Rubric

_LIMIT: dict[Comparison, str] = {">=": "达到", "<=": "不超过", "<": "低于"}
_STEP = {"ceil": "不足一步按一步算", "floor": "不足一步不算", "linear": "按比例算"}
_BETWEEN = re.compile(r"(?<=[一-鿿]) (?=[一-鿿，])")
_SWITCH = {"zero_item": "本项不得分", "veto": "一票否决", "precondition": "不予受理"}


def methods(rubric: Rubric, item: Item) -> tuple[str, ...]:
    """The scoring of an item, a line a clause: ``1.2 质量专题会：满 2 次得 2 分``; then what clauses share, where they do."""
    lines = [f"{c.id} {c.label}：{_BETWEEN.sub('', method(rubric, item, c)).strip()}" for c in item.criteria]
    if item.share is not None and len(item.sharing) > 1:
        lines.append(f"没有写分数的要点平分：每条 {points(item.share)} 分")
    return tuple(lines)


def method(rubric: Rubric, item: Item, criterion: Criterion) -> str:
    """How one clause scores, with its figures; only the condition where it has no points of its own."""
    score = criterion.score
    if isinstance(score, YesNo):
        return _met(item, criterion, _condition(criterion), score.points)
    if isinstance(score, Threshold):
        return _met(item, criterion, _against(criterion, score), score.points)
    if isinstance(score, Tiers):
        factor = tier_factor(item)
        return "，".join(f"{tier.label} {points(Fraction(tier.points) * factor)} 分" for tier in score.tiers)
    if isinstance(score, Judged):
        return f"专家评定，{'、'.join(plain(mark) for mark in score.allowed)} 分"
    if isinstance(score, Scale):
        steps = sorted(score.steps, key=lambda step: step.at_least, reverse=True)
        return "，".join(f"达到 {_with(criterion, s.at_least, '%')} 得 {plain(s.points)} 分" for s in steps)
    if isinstance(score, Shortfall):
        return _shortfall(rubric, criterion, score)
    if isinstance(score, Deduct):
        return _deduct(criterion, score)
    if isinstance(score, Bonus):
        return _bonus(criterion, score)
    assert isinstance(score, Gate)
    return f"{_condition(criterion)}，{_SWITCH[score.kind]}"


def _met(item: Item, criterion: Criterion, condition: str, own: Decimal | None) -> str:
    worth = own if own is not None else item.share
    if worth is None:
        return condition
    return f"{condition}得 {points(worth)} 分"


def _condition(criterion: Criterion) -> str:
    """What must be so (for a gate: what must not be)."""
    if isinstance(criterion.score, Gate) and criterion.measures:
        bad = (f"发生{m.key}" if m.holds_when else f"{m.key}没做到" for m in criterion.measures)
        return "或者".join(bad) if criterion.combine == "any" else "并且".join(bad)
    if criterion.measures:
        words = dict.fromkeys(m.either or m.key for m in criterion.measures)
        named = {word: "或".join(m.key for m in criterion.measures if (m.either or m.key) == word) for word in words}
        parts = "、".join(named.values())
        return f"{parts}{'有一样做到' if criterion.combine == 'any' else '都做到'}"
    if criterion.entries is not None and criterion.entries.at_least is not None:
        return f"满 {criterion.entries.at_least} {criterion.entries.unit}"
    if criterion.target is not None:
        return "完成下达的任务"
    if isinstance(criterion.score, Gate):
        return "没有做到" if criterion.nature == "omission" else "发生"
    if criterion.answer.buttons.get("没发生") is True:
        return "没有发生"
    return "做到"


def _against(criterion: Criterion, score: Threshold) -> str:
    if score.threshold is None:
        return "达到当年下达的要求"
    return f"{_LIMIT[score.op]} {_with(criterion, score.threshold)} "


def _shortfall(rubric: Rubric, criterion: Criterion, score: Shortfall) -> str:
    whole = criterion.answer.whole and score.step == score.step.to_integral_value()
    odd = "" if whole else f"（{_STEP[score.rounding or rubric.rules.step]}）"
    step = f"每少 {_with(criterion, score.step, '%')} 扣 {plain(score.per_step)} 分{odd}"
    if score.base:
        return f"达到 {_with(criterion, score.target)} 得 {plain(score.base)} 分，{step}，扣到 0 分为止"
    return f"达到 {_with(criterion, score.target)} 不扣分，{step}"


def _deduct(criterion: Criterion, score: Deduct) -> str:
    if score.once:
        return f"{'没有做到' if criterion.nature == 'omission' else '发生'}扣 {plain(score.per)} 分"
    word = "每少" if criterion.nature == "omission" else "每发生"
    return f"{word} 1 {_unit(criterion) or '次'}扣 {plain(score.per)} 分"


def _bonus(criterion: Criterion, score: Bonus) -> str:
    beyond = f"{score.beyond} 完成后，" if score.beyond else ""
    if score.once:
        return f"{beyond}有就加 {plain(score.per)} 分"
    return f"{beyond}每有 1 {_unit(criterion) or '项'}加 {plain(score.per)} 分"


def _unit(criterion: Criterion) -> str:
    return criterion.answer.unit or (criterion.entries.unit if criterion.entries else "")


def _with(criterion: Criterion, figure: Decimal, default: str = "") -> str:
    unit = _unit(criterion) or default
    return with_unit(figure, unit)
