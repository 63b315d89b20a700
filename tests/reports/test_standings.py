"""From stored scores to a score table: black, grey or nothing; 基本分 and 加分 apart; a range until all is reviewed."""

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


def test_a_cell_is_black_once_its_item_is_reviewed_grey_while_proven_and_else_nothing() -> None:
    verified = cells(standing({**ITEM_10, "2.1": True}, ITEM_10))

    assert verified["10"] == Cell(Decimal(5), verified=True)
    assert verified["2"] == Cell(Decimal(2))
    assert verified["1"] == Cell(None)


def test_a_reviewed_nought_is_a_figure_and_not_nothing() -> None:
    facts = {"10.1": False, "10.2": 0}

    assert cells(standing(facts, facts))["10"] == Cell(Decimal(0), verified=True)


def test_a_nought_that_is_not_reviewed_is_nothing_yet() -> None:
    assert cells(standing({"6.4": 0}, {"6.4": 0}))["6"] == Cell(None)


def test_a_half_reviewed_item_shows_what_has_proof() -> None:
    assert cells(standing(ITEM_10, {"10.2": 4}))["10"] == Cell(Decimal(5))


def test_basic_and_bonus_stand_apart() -> None:
    (row,) = table(TOWNS, [standing({**ITEM_10, **AWARDS}, {})], "2026", AT, ZONE).rows

    assert (row.basic, row.bonus) == (Cell(Decimal(5)), Cell(Decimal(4)))
    assert row.total == Range(Decimal(0), Decimal(9))
    assert row.scores == Scores(Decimal(9), Decimal(9), Decimal(0))


def test_a_bonus_that_a_zero_clause_took_is_none() -> None:
    (row,) = table(TOWNS, [standing({"7.1": True, "7.3": 3, "7.4": True}, {})], "2026", AT, ZONE).rows

    assert (row.basic.figure, row.bonus.figure) == (0, 0)


def test_a_unit_reviewed_in_full_has_one_figure_and_others_a_range() -> None:
    done = standing(ITEM_10, ITEM_10, reviewed=44)

    assert total_of(done.row) == Decimal(5)
    assert total_of(standing(ITEM_10, {"10.2": 4}).row) == Range(Decimal(3), Decimal(5))


def test_a_range_never_runs_backwards() -> None:
    assert total_of(standing({"10.2": 4}, ITEM_10).row) == Range(Decimal(3), Decimal(5))


def test_from_stored_figures_alone_a_cell_is_black_where_the_office_confirmed_all_of_it() -> None:
    row = standing({**ITEM_10, "2.1": True}, ITEM_10).row

    bare = cells(Standing(row))
    assert bare["10"] == Cell(Decimal(5), verified=True)
    assert bare["2"] == Cell(Decimal(2))
    assert bare["1"] == Cell(None)


@pytest.mark.parametrize(("facts", "done"), [({}, 0), ({"19.1": True, "19.2": True}, 1), ({"19.1": True}, 0)])
def test_a_tasks_table_counts_the_rows_that_bind_the_unit(facts: dict[str, bool], done: int) -> None:
    one = standing(facts, {}, rubric=TASKS)

    assert rows_done(TASKS, one.row) == Done(done, 2)
    made = table(TASKS, [one], "2026", AT, ZONE)
    assert "已核 0/5" in made.basis  # the targets of the rows that bind a town, not all 82
    assert (made.columns, made.rows[0].cells, made.rows[0].total) == ((), (), Done(done, 2))
