"""Facts the office booked (记情况) beside those a unit reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rubrics.clauses import is_met
from rubrics.facts import Fact, Facts
from rubrics.kinds import Bonus, Deduct, Gate
from rubrics.model import Criterion, Rubric

Booked = Mapping[str, Sequence[Fact]]
"""Criterion id → the office's facts about it, oldest first."""


def office_fact(criterion: Criterion, booked: Sequence[Fact]) -> Fact:
    """What several bookings of one clause come to: occurrences add up, one bad thing is enough, else the newest stands."""
    score = criterion.score
    if criterion.derived is None and isinstance(score, Deduct | Bonus):
        return sum((fact for fact in booked if isinstance(fact, Decimal)), Decimal(0))
    if isinstance(score, Gate) and criterion.derived is None:
        return any(is_met(criterion, fact) for fact in booked)
    return booked[-1]


def office_facts(rubric: Rubric, booked: Booked) -> dict[str, Fact]:
    """The office's own facts; they are verified at once."""
    return {ident: office_fact(rubric.criteria[ident], facts) for ident, facts in booked.items() if facts}


def with_booked(rubric: Rubric, facts: Facts, booked: Booked) -> dict[str, Fact]:
    """A unit's facts with the office's laid over them.

    An occurrence both have seen counts once (the larger number stands), a bad thing counts whoever says it;
    anything else is as the office says.
    """
    merged = dict(facts)
    for ident, known in office_facts(rubric, booked).items():
        criterion, own = rubric.criteria[ident], facts.get(ident)
        if criterion.derived is None and isinstance(criterion.score, Deduct | Bonus) and isinstance(own, Decimal):
            assert isinstance(known, Decimal)
            merged[ident] = max(own, known)
        elif criterion.derived is None and isinstance(criterion.score, Gate):
            merged[ident] = bool(known) or (own is not None and is_met(criterion, own))
        else:
            merged[ident] = known
    return merged
