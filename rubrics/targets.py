"""Targets handed down: an award fills the target first, and the district's figure is split over units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from rubrics.figures import plain
from rubrics.model import Criterion, Rubric


class Filled(NamedTuple):
    """Awards against a target: those that filled it, and those beyond it by kind."""

    target: int
    done: int
    beyond: dict[str, int]

    @property
    def complete(self) -> bool:
        """Whether the target is reached."""
        return self.done >= self.target


def fill_target(target: int, awards: Iterable[str]) -> Filled:
    """How awards fill a target, each entered once: the first ones fill it, the rest count beyond it.

    Args:
        target: how many were handed down; 0 means every award is beyond.
        awards: the bonus criterion each award would count for, in the order they were won.

    Source: xinbei-2011-towns 2.4 and 2.5 (除完成任务外), reading T3.
    """
    if target < 0:
        raise ValueError("a target is 0 or more")
    won = list(awards)
    beyond: dict[str, int] = {}
    for ident in won[target:]:
        beyond[ident] = beyond.get(ident, 0) + 1
    return Filled(target, min(len(won), target), beyond)


def facts_beyond(rubric: Rubric, criterion_id: str, target: int, awards: Sequence[str]) -> dict[str, bool | Decimal]:
    """The facts of a target's clause and of the bonuses beyond it that a unit's awards make."""
    filled = fill_target(target, awards)
    bonuses = [c for c in rubric.item_of[criterion_id].criteria if getattr(c.score, "beyond", None) == criterion_id]
    facts: dict[str, bool | Decimal] = {criterion_id: filled.complete}
    for bonus in bonuses:
        facts[bonus.id] = Decimal(filled.beyond.get(bonus.id, 0))
    return facts


class DistrictSum(NamedTuple):
    """What units add up to beside the district's own figure."""

    label: str
    units: Decimal
    district: Decimal
    unit: str

    def __str__(self) -> str:
        gap = self.district - self.units
        text = f"{self.label}：各镇合计 {plain(self.units)} / 区 {plain(self.district)} {self.unit}"
        if gap > 0:
            return f"{text}，差 {plain(gap)} {self.unit}"
        return f"{text}，已够" if gap == 0 else f"{text}，超 {plain(-gap)} {self.unit}"


def district_sum(target: Criterion, by_unit: Mapping[str, Decimal]) -> DistrictSum:
    """The units' figures of a handed-down target against the district's threshold.

    Raises:
        ValueError: the criterion hands nothing down.
    """
    threshold = getattr(target.score, "threshold", None)
    if target.hand_down is None or threshold is None:
        raise ValueError(f"{target.id} hands no figure down")
    return DistrictSum(target.label, sum(by_unit.values(), Decimal(0)), threshold, target.answer.unit)
