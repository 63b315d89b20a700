"""A fact in words, as it is read back to people and printed on paper."""

from __future__ import annotations

from decimal import Decimal

from rubrics.answers import asked_of
from rubrics.facts import Fact
from rubrics.figures import legible, with_unit
from rubrics.kinds import Gate, Judged, Tiers
from rubrics.model import NA, Criterion


def fact_words(criterion: Criterion, fact: Fact) -> str:
    """没发生, 发生过, 1 起, 20 分: the fact of a clause in the words of its question."""
    score = criterion.score
    if isinstance(fact, bool):
        counted = criterion.entries
        if counted and counted.at_least and counted.at_least > 1:  # 开了几次: a count was asked for
            wanted = f"{counted.at_least} {counted.unit}"
            return f"{wanted}以上" if fact else f"不到 {wanted}"
        label = next((label for label, value in criterion.answer.buttons.items() if value is fact), None)
        happened = ("发生过", "没发生") if isinstance(score, Gate) else ("是", "否")
        return label or happened[0 if fact else 1]
    if isinstance(fact, Decimal):
        if isinstance(score, Tiers) and fact < len(score.tiers):  # else from when the year's rules asked for a figure
            return score.tiers[int(fact)].label
        if not fact and "没发生" in criterion.answer.buttons:
            return "没发生"
        unit = "分" if isinstance(score, Judged) else asked_of(criterion, None).unit
        return with_unit(fact, unit) if unit else _pressed(criterion, fact) or legible(fact)
    if fact == NA:
        return "合理缺项"
    assert not isinstance(fact, str)
    return "，".join(f"{key} {_measured(criterion, key, value)}" for key, value in fact.items())


def _pressed(criterion: Criterion, fact: Decimal) -> str:
    """The button a figure without a unit was said with: 有 of a deduction that is 0 or 1."""
    meant = criterion.answer.buttons.items()
    return next((label for label, value in meant if not isinstance(value, bool | str) and value == fact), "")


def _measured(criterion: Criterion, key: str, value: bool | Decimal) -> str:
    if isinstance(value, Decimal):
        return legible(value)
    buttons = next((measure.buttons for measure in criterion.measures if measure.key == key), {})
    return next((label for label, meant in buttons.items() if meant is value), "是" if value else "否")
