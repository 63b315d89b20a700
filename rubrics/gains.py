"""What an open or improvable clause would gain: always by scoring again, never by guessing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from rubrics import reasons
from rubrics.clauses import ZERO, Clause, is_answered, is_met, is_na
from rubrics.facts import Fact
from rubrics.figures import exact_number, json_number
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Scale, Shortfall, Threshold, Tiers
from rubrics.model import Criterion

if TYPE_CHECKING:
    from rubrics.breakdown import Breakdown
    from rubrics.engine import ItemPlan

_MOST_STEPS = 1_000  # a count further away than this from its next point is no advice


class Gain(NamedTuple):
    """``gain`` points for bringing ``criterion`` to ``to`` in ``steps`` steps; ``item`` alone for an unassessed item."""

    item: str
    criterion: str | None
    gain: Fraction
    to: Fact | None
    steps: int
    advice: str

    def as_json(self) -> dict[str, Any]:
        """The public JSON form."""
        if self.criterion is None:
            return {"item": self.item, "gain": json_number(self.gain), "advice": self.advice}
        to = exact_number(self.to) if isinstance(self.to, Decimal) else self.to
        return {
            "criterion": self.criterion,
            "gain": json_number(self.gain),
            "to": to,
            "steps": self.steps,
            "advice": self.advice,
        }


def open_gains(breakdown: Breakdown) -> list[Gain]:
    """All gains above 0, most first."""
    if breakdown.total is None:
        return []
    gains = [gain for i, score in enumerate(breakdown.items) for gain in _item_gains(breakdown, i, score.plan)]
    return sorted((gain for gain in gains if json_number(gain.gain) > 0), key=lambda gain: -gain.gain)


def open_gain(breakdown: Breakdown, criterion_id: str) -> Gain | None:
    """One clause's gain as `open_gains` has it; None where it is not among them."""
    if breakdown.total is None:
        return None
    place = next(i for i, score in enumerate(breakdown.items) if any(c.id == criterion_id for c in score.plan.clauses))
    found = (g for g in _item_gains(breakdown, place, breakdown.items[place].plan) if g.criterion == criterion_id)
    gain = next(found, None)
    return gain if gain and json_number(gain.gain) > 0 else None


def best_facts(plan: ItemPlan, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts with every unanswered clause of an item at its best and nothing bad reported."""
    best = dict(facts)
    for clause in plan.clauses:
        if not is_answered(clause.criterion, best.get(clause.id)):
            value = _best(clause.criterion)
            if value is not None:
                best[clause.id] = value
    return best


def _item_gains(breakdown: Breakdown, index: int, plan: ItemPlan) -> Iterator[Gain]:
    if plan.points is None or plan.item.role not in {"scored", "bonus"}:
        return
    score = breakdown.items[index]
    before = score.points
    if score.state == "unassessed":
        units = breakdown.plan.score_item(plan, best_facts(plan, breakdown.facts)).points - before
        gain = _in_points(breakdown, units)
        yield Gain(plan.item.id, None, gain, None, score.open_clauses, reasons.item_advice(score, json_number(gain)))
        return
    facts = dict(breakdown.facts)
    for clause in plan.clauses:
        fact = facts.get(clause.id)
        for to, steps in _better(clause, fact):
            facts[clause.id] = to
            units = breakdown.plan.score_item(plan, facts).points - before
            if units > 0:
                gain = _in_points(breakdown, units)
                advice = reasons.advice(clause.criterion, to, steps, json_number(gain))
                yield Gain(plan.item.id, clause.id, gain, to, steps, advice)
                break
        if fact is None:
            facts.pop(clause.id, None)
        else:
            facts[clause.id] = fact


def _in_points(breakdown: Breakdown, units: Decimal) -> Fraction:
    """Units of an item as points of the total, rescaled where a clause does not apply (合理缺项)."""
    gain = Fraction(units) / Fraction(breakdown.plan.unit)
    if breakdown.rubric.rules.missing == "rescale" and breakdown.in_force != breakdown.plan.max_points:
        assert breakdown.in_force is not None
        assert breakdown.plan.max_points is not None
        gain *= Fraction(breakdown.plan.max_points) / Fraction(breakdown.in_force)
    return gain


def _best(criterion: Criterion) -> Fact | None:
    """The best fact of a clause where a person could give it; None for a bonus (nothing bounds it)."""
    score = criterion.score
    if isinstance(score, Gate):
        return False
    if isinstance(score, Deduct | Bonus):
        return ZERO
    if isinstance(score, Threshold):
        return ZERO if score.op == "<" else score.threshold  # a strict limit itself does not count
    if isinstance(score, Tiers):
        return Decimal(max(range(len(score.tiers)), key=lambda i: score.tiers[i].points))
    if isinstance(score, Judged):
        return max(score.allowed)
    if isinstance(score, Scale):
        return max(score.steps, key=lambda step: step.points).at_least
    if isinstance(score, Shortfall):
        return score.target
    return True


def _better(clause: Clause, fact: Fact | None) -> Iterator[tuple[Fact, int]]:
    """Better facts for a clause, nearest first, each with its steps; what has happened cannot be undone."""
    criterion, score = clause.criterion, clause.criterion.score
    if is_na(fact):
        return
    if isinstance(score, Gate | Deduct):
        if criterion.nature == "omission" and fact is not None and _can_be_put_right(criterion, fact):
            yield (False if isinstance(score, Gate) else ZERO), 1
        return
    if isinstance(score, Bonus):
        had = fact if isinstance(fact, Decimal) else ZERO
        if not (score.once and had):
            yield had + 1, 1
        return
    if isinstance(fact, Mapping) and any(fact.get(m.key) is True for m in criterion.measures if not m.holds_when):
        return
    best = _best(criterion)
    if best is None or (fact is not None and clause.points(fact) >= clause.points(best)):
        return
    if isinstance(best, Decimal) and _is_counted(criterion):
        yield from _counting_up(fact if isinstance(fact, Decimal) else ZERO, best)
    else:
        yield best, 1


def _is_counted(criterion: Criterion) -> bool:
    score = criterion.score
    if isinstance(score, Threshold):
        return score.op == ">=" and (isinstance(score, Count) or criterion.answer.whole)
    return isinstance(score, Shortfall) and criterion.answer.whole


def _counting_up(had: Decimal, best: Decimal) -> Iterator[tuple[Decimal, int]]:
    for steps in range(1, min(int(best - had), _MOST_STEPS) + 1):
        yield had + steps, steps


def _can_be_put_right(criterion: Criterion, fact: Fact) -> bool:
    if isinstance(fact, Decimal):
        return fact > 0
    events = [m for m in criterion.measures if m.holds_when]
    if isinstance(fact, Mapping):  # an accident among the conditions stays; a missing system can be set up
        return is_met(criterion, fact) and not any(fact.get(m.key) is True for m in events)
    return fact is True and not events  # a bare yes may mean the accident
