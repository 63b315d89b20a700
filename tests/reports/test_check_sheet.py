"""The 校核 sheet: an engine that is not ours works out the same figures from the facts."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import formualizer
import openpyxl
import pytest
from msgspec.structs import replace
from recalculated import recalculated, units_of, workbook

from reports.check_sheet import Checked
from rubrics.engine import Plan
from rubrics.facts import parse_facts
from rubrics.kinds import Scale, ScaleStep, Score, Shortfall

TOWNS = "xinbei-2011-towns"
RUBRICS = ("changzhou", "hunan", "towns-2010", TOWNS, "xinbei-2011-departments", "xinbei-2011-tasks", "ziyang-2016")


@pytest.mark.parametrize("rubric", RUBRICS)
def test_every_rubric_is_worked_out_the_same_by_another_engine(rubric: str) -> None:
    plan, units = units_of(rubric, 25)

    found = recalculated(workbook(plan, units), plan, units)

    assert found.different == []
    assert found.cells >= 25 * len(plan.rubric.criteria)
    assert found.said == 0


@pytest.mark.parametrize(
    ("rubric", "readings"),
    [
        (TOWNS, {"R1": "floor", "T2": "within", "T3": "once", "T6": "base100", "T7": "each", "T13": "one"}),
        (TOWNS, {"R1": "linear"}),
        ("xinbei-2011-departments", {"R5": "full", "X1": "within"}),
        ("hunan", {"R3": "rounded", "H2": "scale", "H3": "give", "R1": "linear"}),
        ("hunan", {"H3": "ignore"}),
        ("changzhou", {"R3": "rounded"}),
    ],
)
def test_other_readings_are_formulas_too(rubric: str, readings: dict[str, str]) -> None:
    plan, units = units_of(rubric, 12, readings)

    assert recalculated(workbook(plan, units), plan, units).different == []


def test_a_changed_fact_changes_what_is_worked_out_and_the_sheet_says_so() -> None:
    plan = units_of(TOWNS, 0)[0]
    units = [Checked("孟河镇", plan.score(parse_facts(plan.rubric, {"9.2": 60, "9.3a": 1})))]
    book = formualizer.load_workbook_bytes(workbook(plan, units))
    book.evaluate_all()
    before = figure(book, plan, "第9项"), book.get_value("校核", 1, 2)

    book.set_value("事实", 4, column(book, "事实", "9.2"), 54)  # 6 short of 60: two steps of 5, one begun
    book.evaluate_all()

    assert before == (4, 0)
    assert figure(book, plan, "第9项") == 2
    assert book.get_value("校核", 1, 2) == 3  # the clause, the item, the total


def test_a_figure_short_of_its_target_loses_no_step_to_binary_fractions() -> None:
    fine = Shortfall(base=Decimal(20), target=Decimal(100), step=Decimal("0.1"), per_step=Decimal(1))
    plan = with_score("8.2a", fine)
    units = [Checked(rate, plan.score({"8.2a": Decimal(rate)})) for rate in ("99.3", "99.7", "99.25")]

    found = recalculated(workbook(plan, units), plan, units)

    assert found.different == []
    assert [line.points for unit in units for line in unit.breakdown.lines if line.clause.id == "8.2a"] == [13, 17, 12]


def test_the_computed_value_stands_beside_each_formula_for_readers_that_do_not_calculate() -> None:
    plan, units = units_of(TOWNS, 3)
    content = BytesIO(workbook(plan, units))

    live, kept = (openpyxl.load_workbook(content, data_only=only)["校核"] for only in (False, True))

    rows = list(zip(live.iter_rows(min_row=4), kept.iter_rows(min_row=4), strict=True))
    assert len(rows) == 3
    for formulas, values in rows:
        pairs = zip(formulas[2::2], values[2::2], values[3::2], strict=True)
        assert all(f.data_type == "f" and v.value == own.value for f, v, own in pairs)


def test_no_name_of_a_unit_becomes_a_formula() -> None:
    plan, units = units_of(TOWNS, 1)
    hostile = [unit._replace(unit='=HYPERLINK("http://127.0.0.1/")') for unit in units]

    book = openpyxl.load_workbook(BytesIO(workbook(plan, hostile)))

    cells = [book[name]["A4"] for name in ("事实", "校核")]
    assert [(cell.value, cell.data_type) for cell in cells] == [(hostile[0].unit, "s")] * 2


def with_score(ident: str, score: Score) -> Plan:
    """The towns' rubric with another rule for one clause, as a year's overlay can set it."""
    rubric = units_of(TOWNS, 0)[0].rubric
    items = tuple(
        replace(item, criteria=tuple(replace(c, score=score) if c.id == ident else c for c in item.criteria))
        for item in rubric.items
    )
    return Plan(replace(rubric, items=items))


def column(book: Any, sheet: str, number: str) -> int:
    return next(x for x in range(1, 400) if book.get_value(sheet, 2, x) == number)


def figure(book: Any, plan: Plan, number: str) -> Any:
    return book.get_value("校核", 4, column(book, "校核", number))


def test_graded_points_of_a_years_own_rules_are_a_formula() -> None:
    steps = (ScaleStep(at_least=Decimal(60), points=Decimal(2)), ScaleStep(at_least=Decimal(90), points=Decimal(5)))
    plan = with_score("3.1", Scale(steps=steps))
    units = [Checked(rate, plan.score({"3.1": Decimal(rate)})) for rate in ("59.9", "60", "89.9", "90", "100")]

    found = recalculated(workbook(plan, units), plan, units)

    assert found.different == []
    assert [unit.breakdown.total for unit in units] == [0, 2, 2, 5, 5]
