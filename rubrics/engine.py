"""The scoring engine: facts in, points with their reasons out. It knows every rule kind and no rubric by name.

Order of the rules inside an item (readings R2, R5, T2): earned points up to the item's own; minus deductions,
never below 0; plus bonuses; all of it 0 where a zero clause holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from rubrics.breakdown import Breakdown, ItemScore, ItemState, Line, Row
from rubrics.clauses import ZERO, Clause, common_unit, compile_clause, is_answered, is_met, is_na
from rubrics.facts import Fact, Facts
from rubrics.grades import grade_of
from rubrics.model import Item, Rubric


class ItemPlan:
    """An item compiled: its clauses by what they do."""

    __slots__ = ("bonus_within", "clauses", "deduction_only", "item", "needs_all", "points", "zeros")

    def __init__(self, rubric: Rubric, item: Item, unit: Decimal) -> None:
        self.item = item
        self.points = item.points * unit if item.points is not None else None
        sharing = item.sharing
        share = None if item.share is None else unit * item.share.numerator / item.share.denominator
        self.clauses = tuple(
            compile_clause(rubric, item, c, unit, share if c in sharing else None, len(sharing) if c in sharing else 0)
            for c in item.criteria
        )
        self.zeros = tuple(c for c in self.clauses if c.criterion.kind == "zero_item")
        roles = {c.role for c in self.clauses}
        self.deduction_only = "deduct" in roles and "earn" not in roles
        self.needs_all = self.deduction_only and rubric.rules.deduction_only == "all_answered"
        self.bonus_within = rubric.rules.item_bonus == "within"

    def zero_clause(self, facts: Mapping[str, Fact]) -> Clause | None:
        """The clause that makes the item worth nothing, if one holds."""
        for clause in self.zeros:
            fact = facts.get(clause.id)
            if fact is not None and is_met(clause.criterion, fact):
                return clause
        return None

    def bonus_counts(self, clause: Clause, facts: Mapping[str, Fact]) -> bool:
        """Whether a bonus beyond a target may count: only once the target is met."""
        if clause.beyond is None:
            return True
        target = next(c for c in self.clauses if c.id == clause.beyond)
        fact = facts.get(clause.beyond)
        return fact is not None and is_met(target.criterion, fact)


class Plan:
    """A rubric compiled for scoring. Build once, score often; holds no state of a scoring."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.unit = common_unit(rubric)
        self.items = tuple(ItemPlan(rubric, item, self.unit) for item in rubric.items)
        scored = [plan.points for plan in self.items if plan.item.role == "scored"]
        self.max_points: Decimal | None = None
        if scored and None not in scored:
            self.max_points = sum((p for p in scored if p is not None), ZERO)

    def score(self, facts: Facts) -> Breakdown:
        """The points of checked facts (see ``facts.parse_facts``), line by line."""
        lines: list[Line] = []
        scores = [self.score_item(plan, facts, lines) for plan in self.items]
        gates = {
            c.criterion.kind: c
            for plan in self.items
            if plan.item.role == "gate"
            for c in plan.clauses
            if (fact := facts.get(c.id)) is not None and is_met(c.criterion, fact)
        }
        if self.max_points is None:
            grade = grade_of(self.rubric, None, veto="veto" in gates, barred="precondition" in gates)
            return Breakdown(self, facts, scores, lines, None, None, None, None, grade, self._rows(facts))
        items = sum((s.points for s in scores if s.plan.item.role == "scored"), ZERO)
        bonus = sum((s.points for s in scores if s.plan.item.role == "bonus"), ZERO)
        raw = items + bonus
        out = sum((c.of or ZERO for plan in self.items for c in plan.clauses if is_na(facts.get(c.id))), ZERO)
        if self.rubric.rules.missing == "give":
            out = ZERO
        in_force = self.max_points - out
        total = Fraction(raw) / Fraction(self.unit)
        if out and self.rubric.rules.missing == "rescale":
            total *= Fraction(self.max_points) / Fraction(in_force)
        grade = grade_of(self.rubric, total, veto="veto" in gates, barred="precondition" in gates)
        return Breakdown(self, facts, scores, lines, bonus, raw, in_force, total, grade, ())

    def score_item(self, plan: ItemPlan, facts: Facts, lines: list[Line] | None = None) -> ItemScore:
        """One item's points in units, appending a line a clause."""
        earned = deducted = bonus = ZERO
        open_clauses = 0
        for clause in plan.clauses:
            fact = facts.get(clause.id)
            points = ZERO
            if fact is None or (clause.role == "gate" and not is_answered(clause.criterion, fact)):
                open_clauses += 1
            elif is_na(fact):
                points = (clause.of or ZERO) if self.rubric.rules.missing == "give" else ZERO
                earned += points
            elif clause.earn:
                points = clause.points(fact)
                earned += points
            elif clause.role == "deduct":
                points = clause.points(fact)
                deducted -= points
            elif clause.role == "bonus" and plan.bonus_counts(clause, facts):
                points = clause.points(fact)
                bonus += points
            if lines is not None:
                lines.append(Line(plan, clause, fact, points))
        return self._assembled(plan, facts, earned, deducted, bonus, open_clauses)

    def _assembled(
        self, plan: ItemPlan, facts: Facts, earned: Decimal, deducted: Decimal, bonus: Decimal, open_clauses: int
    ) -> ItemScore:
        top = plan.points
        if top is None or plan.item.role in {"gate", "info", "task"}:
            return ItemScore(plan, ZERO, "untotalled", earned, deducted, bonus, open_clauses, None)
        if plan.item.role == "bonus":
            section: ItemState = "capped" if bonus > top else "plain"
            return ItemScore(plan, min(bonus, top), section, earned, deducted, bonus, open_clauses, None)
        zero = plan.zero_clause(facts) if plan.zeros else None
        if zero is not None:
            return ItemScore(plan, ZERO, "zeroed", earned, deducted, bonus, open_clauses, zero)
        if plan.needs_all and open_clauses:
            return ItemScore(plan, bonus, "unassessed", earned, deducted, bonus, open_clauses, None)
        basic = top if plan.deduction_only else min(earned, top)
        state: ItemState = "capped" if earned > top else "plain"
        left = basic - deducted
        if left < ZERO:
            left, state = ZERO, "floored"
        points = left + bonus
        if plan.bonus_within and points > top:
            points, state = top, "bonus-capped"
        return ItemScore(plan, points, state, earned, deducted, bonus, open_clauses, None)

    def _rows(self, facts: Facts) -> tuple[Row, ...]:
        rows = []
        for plan in self.items:
            if plan.item.role == "task":
                done = sum(is_met(c.criterion, fact) for c in plan.clauses if (fact := facts.get(c.id)) is not None)
                rows.append(Row(plan.item.id, done, len(plan.clauses)))
        return tuple(rows)
