"""What a scoring lost, clause by clause, with the reason: the lines of a feedback and of a 整改清单."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from rubrics.breakdown import Breakdown, ItemScore, Line
from rubrics.clauses import is_met, is_na
from rubrics.model import Criterion
from rubrics.tasks import asked


class Loss(NamedTuple):
    """A clause that is worth less than it could be. ``lost`` in points, 0 where the rubric prints none for it.

    ``open``: nothing is known of the clause.
    """

    criterion: Criterion
    lost: Decimal | Fraction
    why: str
    open: bool


def losses(breakdown: Breakdown) -> list[Loss]:
    """The clauses that lost something, in the order of the rubric; a bonus that was not earned is no loss.

    A clause without which an item of deductions is not assessed loses 0 by itself.

    A clause that zeroes its item loses what the item's other clauses have not lost already.
    """
    scores = {score.plan.item.id: score for score in breakdown.items}
    found = []
    for line in breakdown.lines:
        units = _lost(line, scores[line.plan.item.id], breakdown)
        if units is not None:
            why = breakdown.why(line.clause.id)
            found.append(Loss(line.clause.criterion, breakdown.points(units), why, line.fact is None))
    return found


def of_unit(breakdown: Breakdown, unit: str, category: str) -> list[Loss]:
    """As `losses`, without rows of a tasks table that are others', and what only the office could have told."""
    rubric = breakdown.rubric
    own = {criterion.id for part in asked(rubric, unit, category).values() for criterion in part}
    return [
        loss
        for loss in losses(breakdown)
        if loss.criterion.id in own or not (loss.open or rubric.item_of[loss.criterion.id].role == "task")
    ]


def _lost(line: Line, score: ItemScore, breakdown: Breakdown) -> Decimal | None:
    """The units a line lost; None where it lost nothing."""
    if line.fact is not None and is_na(line.fact):
        return None
    if score.zeroed_by is line.clause:
        others = sum((lost for lost in _of_others(line, score, breakdown)), Decimal(0))
        return max((score.plan.points or Decimal(0)) - others, Decimal(0))
    if line.clause.role == "bonus":
        return None
    if score.state == "unassessed" and line.fact is None:
        return Decimal(0)  # what it would have lost is not known; the item has its points once all is answered
    if line.clause.role == "gate":
        held = line.fact is not None and is_met(line.clause.criterion, line.fact)
        return Decimal(0) if held else None
    if score.state == "untotalled":
        done = line.fact is not None and (line.fact is not False and is_met(line.clause.criterion, line.fact))
        return None if done or score.plan.item.role != "task" else Decimal(0)
    lost = (line.clause.of or Decimal(0)) - line.points
    return lost if lost > 0 else None


def _of_others(line: Line, score: ItemScore, breakdown: Breakdown) -> Iterator[Decimal]:
    for other in breakdown.lines:
        if other.plan is line.plan and other.clause is not line.clause and other.clause.role in {"earn", "deduct"}:
            lost = (other.clause.of or Decimal(0)) - other.points
            if lost > 0:
                yield lost
