"""The result of a scoring: what each clause and item is worth, in the engine's exact units, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rubrics import gains, reasons
from rubrics.clauses import Clause
from rubrics.facts import Fact, Facts
from rubrics.figures import json_number
from rubrics.grades import NextBand, next_band
from rubrics.model import Rubric

if TYPE_CHECKING:
    from rubrics.engine import ItemPlan, Plan

ItemState = Literal["plain", "capped", "floored", "bonus-capped", "zeroed", "unassessed", "untotalled"]


class Line(NamedTuple):
    """One clause's contribution; ``points`` in the plan's units, 0 while unanswered."""

    plan: ItemPlan
    clause: Clause
    fact: Fact | None
    points: Decimal


class ItemScore(NamedTuple):
    """One item; all points in the plan's units."""

    plan: ItemPlan
    points: Decimal
    state: ItemState
    earned: Decimal
    deducted: Decimal
    bonus: Decimal
    open_clauses: int
    zeroed_by: Clause | None


class Row(NamedTuple):
    """A row of a tasks table: complete when all its targets are met."""

    id: str
    done: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether every target of the row is met."""
        return self.done == self.of


@dataclass(frozen=True)
class Breakdown:
    """A scoring that explains itself. ``total`` is exact; ``bonus``, ``raw`` and ``in_force`` are in units.

    All four are None where the rubric has no total (weights or points left open).
    """

    plan: Plan
    facts: Facts
    items: list[ItemScore]
    lines: list[Line]
    bonus: Decimal | None
    raw: Decimal | None
    in_force: Decimal | None
    total: Fraction | None
    grade: str | None
    rows: tuple[Row, ...]

    @property
    def rubric(self) -> Rubric:
        """The rubric in force."""
        return self.plan.rubric

    def points(self, units: Decimal) -> Decimal | Fraction:
        """Units as points, exactly."""
        unit = self.plan.unit
        return units if unit == 1 else Fraction(units) / Fraction(unit)

    @cached_property
    def next_band(self) -> NextBand | None:
        """The band above and what is missing to it."""
        return None if self.total is None else next_band(self.rubric, self.total)

    @cached_property
    def open(self) -> list[gains.Gain]:
        """What each open or improvable clause would gain, most first; nothing that gains 0."""
        return gains.open_gains(self)

    def gain(self, criterion_id: str) -> gains.Gain | None:
        """What one clause would gain; None where that is nothing."""
        return gains.open_gain(self, criterion_id)

    def why(self, criterion_id: str) -> str:
        """The reason of one clause as a liaison reads it, without the readings behind it.

        Raises:
            KeyError: no such clause.
        """
        for score, line in self._scored_lines():
            if line.clause.id == criterion_id:
                return reasons.line_why(self, line, score, name_readings=False)
        raise KeyError(criterion_id)

    def as_json(self) -> dict[str, Any]:
        """The public JSON form; every figure rounded by itself, half up, to two decimals."""
        result: dict[str, Any] = {"rubric": self.rubric.id}
        if self.rubric.chosen:
            result["readings"] = dict(self.rubric.chosen)
        if self.rubric.overlay:
            result["overlay"] = self.rubric.overlay
        scored = [score for score in self.items if score.plan.item.role == "scored"]
        result["items"] = {} if self.total is None else {s.plan.item.id: self._json(s.points) for s in scored}
        result["bonus"] = self._json(self.bonus or Decimal(0))
        result["raw"] = self._optional(self.raw)
        result["total"] = None if self.total is None else json_number(self.total)
        result["max"] = self._optional(self.in_force)
        result["grade"] = self.grade
        if self.rows:
            result["rows"] = {row.id: {"done": row.done, "of": row.of, "complete": row.complete} for row in self.rows}
        result["lines"] = [self._line(line, score) for score, line in self._scored_lines()]
        result["item_lines"] = [self._item(score) for score in self.items if score.state != "untotalled"]
        result["open"] = [gain.as_json() for gain in self.open]
        result["notes"] = reasons.notes(self)
        return result

    def _scored_lines(self) -> list[tuple[ItemScore, Line]]:
        by_item = {score.plan.item.id: score for score in self.items}
        return [(by_item[line.plan.item.id], line) for line in self.lines]

    def _line(self, line: Line, score: ItemScore) -> dict[str, Any]:
        counted = score.state != "untotalled" or score.plan.item.role == "gate"
        of = line.clause.of
        return {
            "criterion": line.clause.id,
            "points": self._json(line.points) if counted else None,
            "of": self._json(of) if counted and of is not None else None,
            "why": reasons.line_why(self, line, score),
            "readings": list(reasons.readings_behind(line)),
        }

    def _item(self, score: ItemScore) -> dict[str, Any]:
        top = score.plan.points
        assert top is not None
        return {
            "item": score.plan.item.id,
            "points": self._json(score.points),
            "of": self._json(top),
            "state": reasons.item_state(score, self.facts),
            "why": reasons.item_why(self, score),
        }

    def _json(self, units: Decimal) -> int | float:
        return json_number(self.points(units))

    def _optional(self, units: Decimal | None) -> int | float | None:
        return None if units is None else self._json(units)
