"""What a clause puts at stake: the points its item loses while it is left alone."""

from __future__ import annotations

from fractions import Fraction

from rubrics.kinds import Bonus, Deduct, Gate, Shortfall
from rubrics.model import Criterion, Rubric, earned


def at_stake(rubric: Rubric, criterion: Criterion) -> Fraction:
    """The points of a clause; 0 for a task, a gate of the grade, an event nobody can prevent by answering, and weights left open."""
    item, score = rubric.item_of[criterion.id], criterion.score
    if item.role not in {"scored", "bonus"} or criterion.nature == "event":
        return Fraction(0)
    if isinstance(score, Gate):
        return Fraction(item.points or 0)
    if isinstance(score, Deduct | Bonus):
        return Fraction(score.per)
    if isinstance(score, Shortfall) and not score.base:
        return min(Fraction(score.per_step) * Fraction(score.target) / Fraction(score.step), Fraction(item.points or 0))
    if criterion in item.sharing:
        return item.share or Fraction(0)
    return Fraction(earned(criterion))
