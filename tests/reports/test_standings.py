"""From stored scores to a score table: verified, up to what has proof, or nothing; 基本分 and 加分 apart; frozen is final."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from reports.score_table import Cell, Done, Range, Scores
from reports.standings import Standing, rows_done, table, total_of
from rubrics import loader
from rubrics.facts import parse_facts
from storage.scorecards import SummaryRow, figures_of, plan_of

AT = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
TOWNS = loader.load("xinbei-2011-towns")
TASKS = loader.load("xinbei-2011-tasks")
ITEM_10 = {"10.1": True, "10.2": 4}  # 5 points, the item in full
AWARDS = {"3.3a": 1, "3.3b": 2}  # 加分: 2 + 2 × 1


def standing(
    proven: Any, verified: Any, rubric: Any = TOWNS, unit: str = "孟河镇", category: str = "镇", reviewed: int = 0
) -> Standing:
    """A unit whose claimed facts are its proven ones."""
    plan = plan_of(rubric)
    scored = [plan.score(parse_facts(rubric, facts)) for facts in (proven, proven, verified)]
    cards = tuple(msgspec.json.encode(figures_of(one)).decode() for one in scored)
    count = reviewed or len(verified)
    row = SummaryRow(1, unit, category, rubric.id, cards, len(proven), 0, count, len(rubric.criteria), AT)  # type: ignore[arg-type]
    return Standing(row, scored[1], scored[2])


def cells(one: Standing, **words: Any) -> dict[str, Cell]:
    made = table(TOWNS, [one], "2026", AT, ZONE, **words)
    return dict(zip((column.id for column in made.columns), made.rows[0].cells, strict=True))


def test_the_basis_says_when_and_how_much_is_reviewed() -> None:
    made = table(TOWNS, [standing(ITEM_10, {}), standing(ITEM_10, ITEM_10)], "2026", AT, ZONE)

    assert made.basis == "截至 11-21 15:00 · 已核 2/88 · 当前（未冻结）"


def test_a_table_from_a_snapshot_names_it() -> None:
    made = table(TOWNS, [standing(ITEM_10, {})], "2026", AT, ZONE, "第 3 号快照「初评」")

    assert made.basis.endswith(" · 第 3 号快照「初评」")
    assert [column.id for column in made.columns] == [str(n) for n in range(1, 11)]


def test_a_cell_is_black_where_it_is_verified_a_grey_range_up_to_what_has_proof_and_else_nothing() -> None:
    verified = cells(standing({**ITEM_10, "2.1": True}, ITEM_10))

    assert verified["10"] == Cell(Decimal(5), verified=True)
    assert verified["2"] == Cell(Range(Decimal(0), Decimal(2)))
    assert verified["1"] == Cell(None)


def test_a_reviewed_nought_is_a_figure_and_not_nothing() -> None:
    facts = {"10.1": False, "10.2": 0}

    assert cells(standing(facts, facts))["10"] == Cell(Decimal(0), verified=True)


def test_a_nought_that_is_not_reviewed_is_nothing_yet() -> None:
    assert cells(standing({"6.4": 0}, {"6.4": 0}))["6"] == Cell(None)


def test_a_half_reviewed_item_goes_from_what_is_verified_to_what_has_proof() -> None:
    assert cells(standing(ITEM_10, {"10.2": 4}))["10"] == Cell(Range(Decimal(3), Decimal(5)))


def test_what_the_office_verified_without_proof_stands_alone() -> None:
    one = standing({}, {"10.2": 4})  # item 10 is not reviewed in full

    assert cells(one)["10"] == Cell(Decimal(3), verified=True)
    assert total_of(one.row) == Decimal(3)


def test_cells_add_up_to_the_total_where_some_items_are_verified_and_others_only_proven() -> None:
    (row,) = table(TOWNS, [standing({**ITEM_10, "2.1": True, **AWARDS}, {"3.3a": 1, "10.2": 4})], "2026", AT, ZONE).rows

    figures = [cell.figure for cell in row.cells if cell.figure is not None]
    assert isinstance(row.total, Range)
    assert sum(one.low if isinstance(one, Range) else one for one in figures) == row.total.low
    assert sum(one.high if isinstance(one, Range) else one for one in figures) == row.total.high
    apart = [cell.figure for cell in (row.basic, row.bonus)]
    assert apart == [Range(Decimal(3), Decimal(7)), Range(Decimal(2), Decimal(4))]
    assert row.total == Range(Decimal(5), Decimal(11))


def test_frozen_figures_are_the_verified_ones_alone_in_every_cell() -> None:
    one = standing({**ITEM_10, "2.1": True, **AWARDS}, {"3.3a": 1, "10.2": 4})

    (row,) = table(TOWNS, [one], "2026", AT, ZONE, final=True).rows
    (bare,) = table(TOWNS, [Standing(one.row)], "2026", AT, ZONE, final=True).rows

    assert all(cell.verified and isinstance(cell.figure, Decimal) for cell in row.cells)
    assert [cell.figure for cell in row.cells] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 3]
    assert (row.basic, row.bonus) == (Cell(Decimal(3), True), Cell(Decimal(2), True))
    assert row.total == bare.total == Decimal(5)
    assert bare.cells == row.cells


def test_basic_and_bonus_stand_apart() -> None:
    (row,) = table(TOWNS, [standing({**ITEM_10, **AWARDS}, {})], "2026", AT, ZONE).rows

    assert (row.basic, row.bonus) == (Cell(Range(Decimal(0), Decimal(5))), Cell(Range(Decimal(0), Decimal(4))))
    assert row.total == Range(Decimal(0), Decimal(9))
    assert row.scores == Scores(Decimal(9), Decimal(9), Decimal(0))


def test_a_bonus_that_a_zero_clause_took_is_none() -> None:
    (row,) = table(TOWNS, [standing({"7.1": True, "7.3": 3, "7.4": True}, {})], "2026", AT, ZONE).rows

    assert (row.basic.figure, row.bonus.figure) == (0, 0)


def test_a_unit_reviewed_in_full_has_one_figure_and_others_a_range() -> None:
    done = standing(ITEM_10, ITEM_10, reviewed=44)

    assert total_of(done.row) == Decimal(5)
    assert total_of(standing(ITEM_10, {"10.2": 4}).row) == Range(Decimal(3), Decimal(5))


def test_there_is_no_range_where_more_is_verified_than_has_proof() -> None:
    assert total_of(standing({"10.2": 4}, ITEM_10).row) == Decimal(5)


def test_stored_figures_alone_make_the_same_cells() -> None:
    row = standing({**ITEM_10, "2.1": True}, ITEM_10).row

    bare = cells(Standing(row))
    assert bare["10"] == Cell(Decimal(5), verified=True)
    assert bare["2"] == Cell(Range(Decimal(0), Decimal(2)))
    assert bare["1"] == Cell(None)


@pytest.mark.parametrize(("facts", "done"), [({}, 0), ({"19.1": True, "19.2": True}, 1), ({"19.1": True}, 0)])
def test_a_tasks_table_counts_the_rows_that_bind_the_unit(facts: dict[str, bool], done: int) -> None:
    one = standing(facts, {}, rubric=TASKS)

    expected = Done(0, 2, done) if done else Done(0, 2)
    assert rows_done(TASKS, one.row) == expected
    made = table(TASKS, [one], "2026", AT, ZONE)
    assert "已核 0/5" in made.basis  # the targets of the rows that bind a town, not all 82
    assert (made.columns, made.rows[0].cells, made.rows[0].total) == ((), (), expected)


def test_rows_that_are_verified_count_whatever_has_proof_and_alone_once_frozen() -> None:
    verified = standing({}, {"19.1": True, "19.2": True}, rubric=TASKS).row
    proven = standing({"19.1": True, "19.2": True}, {}, rubric=TASKS)

    assert rows_done(TASKS, verified) == Done(1, 2)
    assert rows_done(TASKS, proven.row, final=True) == Done(0, 2)
    assert "按已核算" in table(TASKS, [proven], "2026", AT, ZONE, final=True).basis
    assert "从已核到有材料" in table(TASKS, [proven], "2026", AT, ZONE).basis
