"""How each kind of clause turns its fact into points.

A clause is compiled once per rubric: its figures are multiplied by the plan's ``unit`` (the least common
denominator of all shares), so that a third of an indicator stays exact in decimals. Points are in that unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rubrics.facts import Fact
from rubrics.kinds import Bonus, Deduct, Gate, Judged, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import NA, Criterion, Item, Rubric

ZERO = Decimal(0)
ONE = Decimal(1)

Points = Callable[[Any], Decimal]


class Clause:
    """One compiled criterion.

    ``points`` gives the clause's own contribution for an answered fact, ``of`` the most it can contribute
    (None where nothing bounds it), ``role`` where the points go: earn, deduct, bonus or gate.
    """

    __slots__ = ("beyond", "criterion", "earn", "id", "of", "points", "role", "shared_by")

    def __init__(self, criterion: Criterion, role: str, points: Points, of: Decimal | None, shared_by: int = 0) -> None:
        self.id = criterion.id
        self.criterion = criterion
        self.role = role
        self.earn = role == "earn"
        self.points = points
        self.of = of
        self.shared_by = shared_by
        self.beyond = criterion.score.beyond if isinstance(criterion.score, Bonus) else None


def compile_clause(
    rubric: Rubric, item: Item, criterion: Criterion, unit: Decimal, share: Decimal | None, shared_by: int
) -> Clause:
    """The clause of a criterion.

    Args:
        unit: what one point is worth inside the engine.
        share: the clause's part of its item, in units, where the item's points are split equally.
        shared_by: how many clauses split the item; 0 where the clause prints its own points.
    """
    score = criterion.score
    if isinstance(score, YesNo | Threshold):
        worth = share if share is not None else (score.points or ZERO) * unit
        return Clause(criterion, "earn", _met_points(criterion, worth), worth, shared_by)
    if isinstance(score, Tiers):
        factor = tier_factor(item)  # unit is a multiple of its denominator, so the division is exact
        steps = [tier.points * unit * factor.numerator / factor.denominator for tier in score.tiers]
        return Clause(criterion, "earn", lambda index: steps[int(index)], max(steps))
    if isinstance(score, Judged):
        return Clause(criterion, "earn", lambda mark: mark * unit, score.points * unit)
    if isinstance(score, Scale):
        return Clause(criterion, "earn", _scale_points(score, unit), score.points * unit)
    if isinstance(score, Shortfall):
        role = "earn" if score.base else "deduct"
        return Clause(criterion, role, _shortfall_points(rubric, score, unit), score.base * unit)
    if isinstance(score, Deduct):
        return Clause(criterion, "deduct", _per_points(-score.per * unit, score.once), ZERO)
    if isinstance(score, Bonus):
        return Clause(
            criterion, "bonus", _per_points(score.per * unit, score.once), score.per * unit if score.once else None
        )
    assert isinstance(score, Gate)
    return Clause(criterion, "gate", lambda _: ZERO, ZERO)


def is_met(criterion: Criterion, fact: Fact) -> bool:
    """Whether the clause's condition holds; for zero, veto and precondition clauses: whether the bad thing happened."""
    if fact is True or fact is False:
        return fact
    if isinstance(fact, Mapping):
        return _measures_hold(criterion, fact)
    score = criterion.score
    if isinstance(fact, Decimal) and isinstance(score, Threshold):
        return _compares(score.op, score.threshold)(fact)
    return False


def is_answered(criterion: Criterion, fact: Fact | None) -> bool:
    """Whether a clause has its answer; one that any condition triggers needs all of them, or one that holds."""
    if isinstance(fact, Mapping) and criterion.combine == "any":
        return _measures_hold(criterion, fact) or all(m.key in fact for m in criterion.measures)
    return fact is not None


def unmet_measures(criterion: Criterion, fact: Mapping[str, bool | Decimal]) -> list[str]:
    """Keys of the conditions that do not hold or were not shown, in the order of the clause.

    Of alternatives none is named once one of them holds.
    """
    met = {m.either or m.key for m in criterion.measures if _measure_holds(criterion, m.key, fact)}
    return [m.key for m in criterion.measures if (m.either or m.key) not in met]


def shortfall_steps(score: Shortfall, rounding: str, achieved: Decimal) -> Decimal:
    """Steps lost: each full step or part thereof (ceil), whole steps only (floor), or in proportion (linear)."""
    gap = score.target - achieved
    if gap <= 0:
        return ZERO
    if rounding == "linear":
        return gap / score.step
    whole, rest = divmod(gap, score.step)
    return whole + 1 if rest and rounding == "ceil" else whole


def _met_points(criterion: Criterion, worth: Decimal) -> Points:
    score = criterion.score
    if isinstance(score, Threshold):
        compare = _compares(score.op, score.threshold)
        return lambda figure: worth if compare(figure) else ZERO
    if criterion.measures:
        return lambda fact: worth if is_met(criterion, fact) else ZERO
    return lambda fact: worth if fact is True else ZERO


def _compares(op: str, threshold: Decimal | None) -> Callable[[Decimal], bool]:
    if threshold is None:
        return lambda _: False
    if op == ">=":
        return lambda figure: figure >= threshold
    if op == "<=":
        return lambda figure: figure <= threshold
    return lambda figure: figure < threshold


def _measure_holds(criterion: Criterion, key: str, fact: Mapping[str, bool | Decimal]) -> bool:
    value = fact.get(key)
    measure = criterion.official_measures[key]
    if value is None:
        return False
    if isinstance(value, bool):
        return value is measure.holds_when
    assert measure.op is not None
    return _compares(measure.op, measure.threshold)(value)


def _measures_hold(criterion: Criterion, fact: Mapping[str, bool | Decimal]) -> bool:
    if criterion.combine == "any":
        return any(_measure_holds(criterion, m.key, fact) for m in criterion.measures)
    return not unmet_measures(criterion, fact)


def _scale_points(score: Scale, unit: Decimal) -> Points:
    steps = sorted(((step.at_least, step.points * unit) for step in score.steps), reverse=True)

    def points(figure: Decimal) -> Decimal:
        return next((worth for at_least, worth in steps if figure >= at_least), ZERO)

    return points


def _shortfall_points(rubric: Rubric, score: Shortfall, unit: Decimal) -> Points:
    rounding = score.rounding or rubric.rules.step
    base, per_step, target = score.base * unit, score.per_step * unit, score.target
    floor = ZERO if score.base else None

    def points(achieved: Decimal) -> Decimal:
        if achieved >= target:
            return base
        left = base - shortfall_steps(score, rounding, achieved) * per_step
        return floor if floor is not None and left < floor else left

    return points


def _per_points(per: Decimal, once: bool) -> Points:
    if once:
        return lambda times: per if times else ZERO
    return lambda times: per * times if times else ZERO


def common_unit(rubric: Rubric) -> Decimal:
    """The least common denominator of all shares and scaled tiers of a rubric."""
    parts = [1]
    for item in rubric.items:
        parts += [tier_factor(item).denominator, item.share.denominator if item.share is not None else 1]
    return Decimal(math.lcm(*parts))


def tier_factor(item: Item) -> Fraction:
    """What tiers printed above their item are multiplied with, where the reading is to scale them down."""
    top = max((c.score.points for c in item.criteria if isinstance(c.score, Tiers)), default=ZERO)
    if item.fit == "cap" or item.points is None or top <= item.points:
        return Fraction(1)
    return Fraction(item.points) / Fraction(top)


def is_na(fact: Fact | None) -> bool:
    """Whether the clause was recorded as not applying (合理缺项)."""
    return isinstance(fact, str) and fact == NA
