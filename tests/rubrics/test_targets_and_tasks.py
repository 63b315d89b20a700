"""Targets handed down, and what the tasks table means for a department's own rubric."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import Fact, parse_facts
from rubrics.model import Criterion
from rubrics.targets import Filled, district_sum, facts_beyond, fill_target
from rubrics.tasks import DerivedFact, Duty, Overrule, derive, duties

TOWNS = loader.load("xinbei-2011-towns")
TASKS = loader.load("xinbei-2011-tasks")
DEPARTMENTS = ("区各部门",)
ROW_2 = {"2.1": True, "2.2": True, "2.3": 100, "2.4": True, "2.5": True}
SHARED_ROWS = {"19.1": True, "19.2": True, "20.1": True, "20.2": True, "20.3": True}


# --- targets ----------------------------------------------------------------------------------------------


def test_the_first_awards_fill_the_target_and_the_rest_count_beyond_it() -> None:
    filled = fill_target(3, ["2.5a", "2.5b", "2.5a", "2.5a", "2.5b"])
    assert filled == Filled(target=3, done=3, beyond={"2.5a": 1, "2.5b": 1})
    assert filled.complete


def test_a_target_short_by_one_is_not_complete_and_nothing_is_beyond_it() -> None:
    filled = fill_target(3, ["2.5a", "2.5a"])
    assert filled == Filled(target=3, done=2, beyond={})
    assert not filled.complete


def test_without_a_target_every_award_is_beyond() -> None:
    filled = fill_target(0, ["2.5a", "2.5a"])
    assert filled == Filled(target=0, done=0, beyond={"2.5a": 2})
    assert filled.complete


def test_a_target_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        fill_target(-1, [])


@pytest.mark.parametrize(
    ("target", "awards", "facts", "points"),
    [
        (3, ["2.5a", "2.5b", "2.5a", "2.5a", "2.5b"], {"2.4": True, "2.5a": 1, "2.5b": 1}, 5 + 2 + 1),
        (3, ["2.5a", "2.5b", "2.5a"], {"2.4": True, "2.5a": 0, "2.5b": 0}, 5),
        (3, ["2.5a", "2.5b"], {"2.4": False, "2.5a": 0, "2.5b": 0}, 0),
        (0, ["2.5b"], {"2.4": True, "2.5a": 0, "2.5b": 1}, 5 + 1),
    ],
)
def test_awards_make_the_facts_of_the_target_and_of_the_bonuses_beyond_it(
    target: int, awards: list[str], facts: dict[str, Any], points: int
) -> None:
    made = facts_beyond(TOWNS, "2.4", target, awards)
    assert made == facts
    assert Plan(TOWNS).score(parse_facts(TOWNS, made)).as_json()["items"]["2"] == points


@pytest.mark.parametrize(
    ("by_unit", "sentence"),
    [
        ({"孟河镇": 4, "罗溪镇": 3}, "A级信用企业：各镇合计 7 / 区 10 家，差 3 家"),
        ({"孟河镇": 6, "罗溪镇": 4}, "A级信用企业：各镇合计 10 / 区 10 家，已够"),
        ({"孟河镇": 8, "罗溪镇": 4}, "A级信用企业：各镇合计 12 / 区 10 家，超 2 家"),
        ({}, "A级信用企业：各镇合计 0 / 区 10 家，差 10 家"),
    ],
)
def test_the_units_figures_stand_beside_the_districts_own(by_unit: dict[str, int], sentence: str) -> None:
    figures = {unit: Decimal(n) for unit, n in by_unit.items()}
    assert str(district_sum(TASKS.criteria["13.4"], figures)) == sentence


def test_a_task_that_hands_nothing_down_has_no_sum() -> None:
    with pytest.raises(ValueError, match=r"13\.1 hands no figure down"):
        district_sum(TASKS.criteria["13.1"], {})


# --- duties -----------------------------------------------------------------------------------------------


def rows(found: list[Duty]) -> list[str]:
    return [duty.row.id for duty in found]


def targets(found: list[Duty], row: str) -> list[str]:
    return [c.id for duty in found if duty.row.id == row for c in duty.targets]


def test_a_department_answers_for_the_rows_it_leads_and_for_the_two_all_departments_share() -> None:
    found = duties(TASKS, "城建局", DEPARTMENTS)
    assert rows(found) == ["2", "19", "20"]
    assert [duty.own for duty in found] == [False, True, True]
    assert targets(found, "2") == list(ROW_2)


def test_a_department_without_a_row_of_its_own_has_the_two_shared_rows() -> None:
    assert rows(duties(TASKS, "科技局", DEPARTMENTS)) == ["19", "20"]


def test_a_unit_that_no_row_names_has_no_duties() -> None:
    assert duties(TASKS, "科技局") == []


def test_joint_leads_each_carry_the_whole_row() -> None:
    for unit in ("质监分局", "药监分局"):
        assert targets(duties(TASKS, unit), "1") == ["1.1", "1.2", "1.3", "1.4"]


def test_a_named_reporter_takes_a_target_off_the_other_lead() -> None:
    reporters = {"1.2": "质监分局", "1.3": "药监分局"}
    assert targets(duties(TASKS, "质监分局", reporters=reporters), "1") == ["1.1", "1.2", "1.4"]
    assert targets(duties(TASKS, "药监分局", reporters=reporters), "1") == ["1.1", "1.3", "1.4"]


def test_a_row_whose_targets_all_have_another_reporter_does_not_bind() -> None:
    reporters = dict.fromkeys(("1.1", "1.2", "1.3", "1.4"), "质监分局")
    assert rows(duties(TASKS, "药监分局", reporters=reporters)) == ["18"]


def test_the_shared_rows_stay_with_each_department_whoever_reports_them() -> None:
    found = duties(TASKS, "科技局", DEPARTMENTS, reporters={"19.1": "质监分局"})
    assert targets(found, "19") == ["19.1", "19.2"]


def test_cooperating_units_answer_too_where_the_office_reads_it_so() -> None:
    assert rows(duties(TASKS, "城建局", DEPARTMENTS, roles="lead_and_cooperating")) == ["2", "3", "14", "19", "20"]


# --- derived facts ----------------------------------------------------------------------------------------


def clause(ident: str, option: str | None = None) -> Criterion:
    return loader.load_with("xinbei-2011-departments", {"X2": option} if option else None).criteria[ident]


def answers(raw: dict[str, Any]) -> dict[str, Fact]:
    return parse_facts(TASKS, raw)


def derived(ident: str, raw: dict[str, Any], unit: str = "城建局", **how: Any) -> DerivedFact:
    criterion = clause(ident, how.pop("option", None))
    return derive(criterion, TASKS, unit, answers(raw), groups=DEPARTMENTS, **how)


def test_everything_done_is_nothing_short() -> None:
    done = {**ROW_2, **SHARED_ROWS}
    assert derived("4.1", done) == DerivedFact(False, "10 个目标完成 10 个")
    assert derived("4.2", done) == DerivedFact(Decimal(0), "3 项任务完成 3 项，少 0 项")


@pytest.mark.parametrize("ident", ["4.1", "4.2"])
def test_an_unanswered_target_keeps_the_fact_open_and_is_named(ident: str) -> None:
    known = {**ROW_2, **SHARED_ROWS}
    del known["2.3"], known["20.1"]
    assert derived(ident, known) == DerivedFact(None, "还有 2 个目标没有填：2.3、20.1")


def test_of_many_unanswered_targets_five_are_named() -> None:
    assert derived("4.2", {}).because == "还有 10 个目标没有填：2.1、2.2、2.3、2.4、2.5"


def test_once_the_phase_is_closed_unanswered_counts_as_not_done() -> None:
    known = {**ROW_2, **SHARED_ROWS}
    del known["20.1"]
    assert derived("4.1", known, closed=True).fact is False
    assert derived("4.2", known, closed=True) == DerivedFact(Decimal(1), "3 项任务完成 2 项，少 1 项")
    assert derived("4.1", {}, closed=True) == DerivedFact(True, "10 个目标完成 0 个")
    assert derived("4.2", {}, closed=True).fact == 3


def test_a_row_is_done_when_all_its_targets_are() -> None:
    short = {**ROW_2, **SHARED_ROWS, "2.3": Decimal("99.9"), "2.4": False}
    assert derived("4.1", short).fact is False
    assert derived("4.2", short).fact == 1


def test_only_when_nothing_at_all_was_done_does_the_item_fall_to_nothing() -> None:
    nothing = {**dict.fromkeys(SHARED_ROWS, False), **dict.fromkeys(ROW_2, False), "2.3": 0}
    assert derived("4.1", nothing).fact is True
    assert derived("4.1", {**nothing, "20.2": True}).fact is False


def test_read_by_targets_each_target_short_counts() -> None:
    short = {**ROW_2, **SHARED_ROWS, "2.3": Decimal("99.9"), "2.4": False}
    assert derived("4.2", short, option="lead_targets") == DerivedFact(Decimal(2), "10 项任务完成 8 项，少 2 项")


def test_read_with_cooperating_rows_a_department_answers_for_those_too() -> None:
    known = {**ROW_2, **SHARED_ROWS}
    for ident in ("4.1", "4.2"):
        assert derived(ident, known, option="all_rows").because.startswith("还有 8 个目标没有填：3.1、")
    assert derived("4.2", known, option="all_rows", closed=True).fact == 2


def test_a_department_without_a_row_of_its_own_is_judged_by_the_shared_rows() -> None:
    assert derived("4.2", SHARED_ROWS, unit="科技局") == DerivedFact(Decimal(0), "2 项任务完成 2 项，少 0 项")
    assert derived("4.2", {**SHARED_ROWS, "19.2": False}, unit="科技局").fact == 1


def test_a_unit_without_tasks_keeps_the_fact_open_even_when_closed() -> None:
    assert derive(clause("4.1"), TASKS, "科技局", {}, closed=True) == DerivedFact(None, "没有牵头的任务")


def test_a_clause_that_is_not_derived_is_refused() -> None:
    with pytest.raises(ValueError, match=r"4\.3 is not derived"):
        derive(clause("4.3"), TASKS, "城建局", {})


def test_a_derived_fact_scores_in_the_departments_rubric() -> None:
    rubric = loader.load("xinbei-2011-departments")
    known = {**ROW_2, **SHARED_ROWS, "2.4": False}
    facts = {ident: derived(ident, known).fact for ident in ("4.1", "4.2")}
    score = Plan(rubric).score(parse_facts(rubric, {**facts, "4.3": 0}))
    assert score.as_json()["items"]["4"] == 25 - 3


def test_the_office_can_overrule_a_derived_fact_with_a_reason() -> None:
    decided = derived("4.2", {}, overrule=Overrule(Decimal(1), "第2行另有文件延期"))
    assert decided == DerivedFact(Decimal(1), "考核办改定：第2行另有文件延期")
