"""A 校核 sheet worked out again by an engine that is not ours, and what it finds different."""

from __future__ import annotations

import random
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

import formualizer
from made_facts import drawn

from reports import check_sheet, score_sheet
from reports.check_sheet import Checked
from rubrics import loader
from rubrics.engine import Plan
from storage.clock import utc_now

_FIRST_ROW, _FIRST_COLUMN = 4, 3  # of the figures, counted from 1
_CLOSE = 1e-9


class Recalculated(NamedTuple):
    """How many cells were compared, and those that differ: unit, number, what was worked out, what the engine says."""

    cells: int
    different: list[tuple[str, str, Any, Any]]
    said: Any


def units_of(rubric_id: str, units: int, readings: Mapping[str, str] | None = None) -> tuple[Plan, list[Checked]]:
    """Units with facts at random, the same each time."""
    plan = Plan(loader.load_with(rubric_id, dict(readings or {})))
    draw = random.Random(f"{rubric_id} {sorted((readings or {}).items())}")
    return plan, [Checked(f"单位 {n}", plan.score(drawn(plan.rubric, draw))) for n in range(units)]


def workbook(plan: Plan, units: list[Checked]) -> bytes:
    target = BytesIO()
    book = score_sheet.open_book(target, "校核", utc_now())
    check_sheet.add(book, plan, units, set())
    book.close()
    return target.getvalue()


def recalculated(content: bytes, plan: Plan, units: list[Checked]) -> Recalculated:
    """Every formula of the sheet beside the engine's own figure."""
    book = formualizer.load_workbook_bytes(content)
    book.evaluate_all()
    cells, different = 0, []
    figures = check_sheet.figures(plan)
    for y, unit in enumerate(units, _FIRST_ROW):
        for n, (number, read) in enumerate(figures):
            got, wanted = book.get_value("校核", y, 2 * n + _FIRST_COLUMN), read(unit.breakdown)
            cells += 1
            if not _same(got, wanted):
                different.append((unit.unit, number, got, wanted))
    return Recalculated(cells, different, book.get_value("校核", 1, 2))


def _same(got: Any, wanted: float | str) -> bool:
    if isinstance(wanted, str):
        return bool(got == wanted)
    return isinstance(got, int | float) and not isinstance(got, bool) and abs(got - wanted) < _CLOSE
