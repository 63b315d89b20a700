"""加分 that was counted and is worth nothing yet: its target is not reached, or a cap or a zero clause takes it."""

from __future__ import annotations

from typing import NamedTuple

from rubrics.breakdown import Breakdown
from rubrics.clauses import is_na
from rubrics.model import Criterion


class Blocked(NamedTuple):
    """A clause of 加分 with a count that earned nothing, and why."""

    criterion: Criterion
    why: str


def blocked(breakdown: Breakdown) -> list[Blocked]:
    """The clauses of 加分 that count something and add nothing, in the order of the rubric."""
    return [
        Blocked(line.clause.criterion, breakdown.why(line.clause.id))
        for line in breakdown.lines
        if line.clause.role == "bonus" and line.fact and not is_na(line.fact) and not line.points
    ]
