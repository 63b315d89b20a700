"""A rubric's scoring as spreadsheet formulas over cells of facts, for an engine that is not ours to work out again.

A formula is a text with ``§`` for the number of its row. Rates and shares are binary fractions in a sheet: steps are
rounded to 9 decimals before they are counted, so that 99.3 falls short of 100 by seven tenths and not by a hair more.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from rubrics.clauses import tier_factor
from rubrics.engine import ItemPlan, Plan
from rubrics.figures import plain
from rubrics.kinds import Bonus, Deduct, Judged, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import Criterion, Measure

NOT_HERE = "不适用"
"""What a fact's cell says for a clause that does not apply (合理缺项)."""

BY_PARTS = "分项"
"""What it says where the facts of the clause stand by its parts, in the columns after it."""

Cells = Mapping[tuple[str, str], str]
"""Criterion id and part's key (empty for the clause itself) → its cell, as ``'事实'!C§``."""


class Sums(NamedTuple):
    """The cells of an item's clauses by what they do, each as a list of cells."""

    earned: list[str]
    deducted: list[str]
    bonus: list[str]


def figure(value: Decimal | Fraction | int) -> str:
    """A figure in a formula; a fraction as a division, so that no third is rounded."""
    exact = Fraction(value)
    if isinstance(value, Decimal) or exact.denominator == 1:
        return plain(Decimal(value) if isinstance(value, Decimal) else Decimal(exact.numerator))
    return f"({exact.numerator}/{exact.denominator})"


def held(criterion: Criterion, cells: Cells) -> str:
    """Whether the clause's condition holds: for a zero, veto or precondition clause, whether the bad thing happened."""
    own = cells[criterion.id, ""]
    if criterion.measures:
        return f"IF(ISLOGICAL({own}),{own},{_parts_hold(criterion, cells)})"
    score = criterion.score
    if isinstance(score, Threshold):
        met = (
            "FALSE"
            if score.threshold is None
            else f"IF(ISNUMBER({own}),{own}{score.op}{figure(score.threshold)},FALSE)"
        )
        return f"IF(ISLOGICAL({own}),{own},{met})"
    return f"IF(ISLOGICAL({own}),{own},FALSE)"


def answered(criterion: Criterion, cells: Cells) -> str:
    """Whether the clause has its answer; one that any condition triggers needs all parts, or one that holds."""
    own = cells[criterion.id, ""]
    if not criterion.measures or criterion.combine != "any":
        return f"NOT(ISBLANK({own}))"
    every = ",".join(f"NOT(ISBLANK({cells[criterion.id, m.key]}))" for m in criterion.measures)
    return f"OR(AND({own}<>{_text(BY_PARTS)},NOT(ISBLANK({own}))),{held(criterion, cells)},AND({every}))"


def points(plan: Plan, item: ItemPlan, criterion: Criterion, cells: Cells) -> str:
    """What the clause contributes, in points; 1 or 0 for one that only holds or does not.

    Loss stands below 0. Where the item has no points, whether the clause is done.
    """
    if criterion.kind in {"zero_item", "veto", "precondition"} or _uncounted(item):
        return f"IF({held(criterion, cells)},1,0)"
    formula = _earned(plan, item, criterion, cells)
    if criterion.na_allowed:
        clause = next(c for c in item.clauses if c.id == criterion.id)
        given = figure(_in_points(plan, clause.of)) if plan.rubric.rules.missing == "give" else "0"
        return f"IF({cells[criterion.id, '']}={_text(NOT_HERE)},{given},{formula})"
    return formula


def item_points(plan: Plan, item: ItemPlan, worth: Mapping[str, str], cells: Cells) -> str:
    """What an item is worth: earned up to its own, minus deductions down to 0, plus bonuses; 0 where a clause says so.

    Args:
        worth: the cell with the points of each clause, by criterion id.
    """
    if _uncounted(item):
        return _sum([worth[c.id] for c in item.clauses])
    assert item.points is not None
    top, sums = figure(_in_points(plan, item.points)), _sums(item, worth)
    if item.item.role == "bonus":
        return f"MIN({_sum(sums.bonus)},{top})"
    basic = top if item.deduction_only else f"MIN({_sum(sums.earned)},{top})"
    formula = f"MAX(0,{basic}+{_sum(sums.deducted)})+{_sum(sums.bonus)}"
    if item.bonus_within:
        formula = f"MIN({formula},{top})"
    if item.needs_all:
        complete = ",".join(answered(c.criterion, cells) for c in item.clauses)
        formula = f"IF(AND({complete}),{formula},{_sum(sums.bonus)})"
    if item.zeros:
        formula = f"IF({'+'.join(worth[c.id] for c in item.zeros)}>0,0,{formula})"
    return formula


def total(plan: Plan, worth: Mapping[str, str], cells: Cells) -> str | None:
    """The total from the cells of the items by id; None where the rubric has none.

    What does not apply is taken out of the points in force and the rest raised to them, where the rubric says so.
    """
    if plan.max_points is None:
        return None
    raw = _sum([worth[i.item.id] for i in plan.items if i.item.role in {"scored", "bonus"}])
    clauses = [clause for item in plan.items for clause in item.clauses if clause.criterion.na_allowed]
    if not clauses or plan.rubric.rules.missing != "rescale":
        return raw
    out = "+".join(f"IF({cells[c.id, '']}={_text(NOT_HERE)},{figure(_in_points(plan, c.of))},0)" for c in clauses)
    most = figure(_in_points(plan, plan.max_points))
    return f"{raw}*{most}/({most}-({out}))"


def grade(plan: Plan, total_cell: str, worth: Mapping[str, str]) -> str | None:
    """The band of a total; None where there are no bands. A veto or a precondition overrides it."""
    rubric = plan.rubric
    if not rubric.bands or plan.max_points is None:
        return None
    looked_at = f"ROUND({total_cell},{9 if rubric.rules.band_rounding == 'exact' else 0})"
    formula = _text(rubric.bands[-1].grade)
    for band in reversed(rubric.bands[:-1]):
        formula = f"IF({looked_at}>={figure(band.at_least)},{_text(band.grade)},{formula})"
    for kind, over in (("veto", rubric.rules.veto_grade), ("precondition", rubric.rules.precondition_grade)):
        gates = [
            worth[c.id] for i in plan.items if i.item.role == "gate" for c in i.clauses if c.criterion.kind == kind
        ]
        if over and gates:
            formula = f"IF({'+'.join(gates)}>0,{_text(over)},{formula})"
    return formula


def counted(item: ItemPlan) -> bool:
    """Whether the item has points; else its clauses are counted as done or not."""
    return not _uncounted(item)


def _uncounted(item: ItemPlan) -> bool:
    return item.points is None or item.item.role in {"gate", "info", "task"}


def _in_points(plan: Plan, units: Decimal | None) -> Fraction:
    return Fraction(units or 0) / Fraction(plan.unit)


def _sums(item: ItemPlan, worth: Mapping[str, str]) -> Sums:
    by_role: dict[str, list[str]] = {}
    for clause in item.clauses:
        by_role.setdefault(clause.role, []).append(worth[clause.id])
    return Sums(by_role.get("earn", []), by_role.get("deduct", []), by_role.get("bonus", []))


def _sum(cells: list[str]) -> str:
    return f"SUM({','.join(cells)})" if cells else "0"


def _text(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _earned(plan: Plan, item: ItemPlan, criterion: Criterion, cells: Cells) -> str:
    score, own = criterion.score, cells[criterion.id, ""]
    if isinstance(score, YesNo | Threshold):
        worth = item.item.share if criterion in item.item.sharing else score.points
        return f"IF({held(criterion, cells)},{figure(worth or Decimal(0))},0)"
    if isinstance(score, Tiers):
        factor = tier_factor(item.item)
        steps = ",".join(figure(Fraction(tier.points) * factor) for tier in score.tiers)
        return _if_number(own, f"CHOOSE({own}+1,{steps})")
    if isinstance(score, Judged):
        return _if_number(own, own)
    if isinstance(score, Scale):
        return _if_number(own, _scale(score, own))
    if isinstance(score, Shortfall):
        left = f"-{_steps(plan, score, own)}*{figure(score.per_step)}"
        return _if_number(own, f"MAX(0,{figure(score.base)}{left})" if score.base else left)
    if isinstance(score, Deduct):
        lost = f"IF({own}>0,{figure(-score.per)},0)" if score.once else f"{figure(-score.per)}*{own}"
        return _if_number(own, lost)
    assert isinstance(score, Bonus)
    more = f"IF({own}>0,{figure(score.per)},0)" if score.once else f"{figure(score.per)}*{own}"
    if score.beyond is not None:
        more = f"IF({held(plan.rubric.criteria[score.beyond], cells)},{more},0)"
    return _if_number(own, more)


def _if_number(cell: str, formula: str) -> str:
    return f"IF(ISNUMBER({cell}),{formula},0)"


def _scale(score: Scale, cell: str) -> str:
    formula = "0"
    for step in sorted(score.steps, key=lambda step: step.at_least):
        formula = f"IF({cell}>={figure(step.at_least)},{figure(step.points)},{formula})"
    return formula


def _steps(plan: Plan, score: Shortfall, cell: str) -> str:
    gap = f"MAX(0,({figure(score.target)}-{cell})/{figure(score.step)})"
    rounding = score.rounding or plan.rubric.rules.step
    if rounding == "linear":
        return gap
    return f"{'ROUNDUP' if rounding == 'ceil' else 'ROUNDDOWN'}(ROUND({gap},9),0)"


def _parts_hold(criterion: Criterion, cells: Cells) -> str:
    tests: dict[str, list[str]] = {}
    for measure in criterion.measures:
        alone = criterion.combine == "any" or not measure.either
        group = measure.key if alone else str(measure.either)
        tests.setdefault(group, []).append(_part_holds(measure, cells[criterion.id, measure.key]))
    groups = [some[0] if len(some) == 1 else f"OR({','.join(some)})" for some in tests.values()]
    return f"{'OR' if criterion.combine == 'any' else 'AND'}({','.join(groups)})"


def _part_holds(measure: Measure, cell: str) -> str:
    if measure.threshold is None:
        return f"IF(ISLOGICAL({cell}),{cell}={'TRUE' if measure.holds_when else 'FALSE'},FALSE)"
    return f"IF(ISNUMBER({cell}),{cell}{measure.op}{figure(measure.threshold)},FALSE)"
