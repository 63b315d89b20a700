"""What a scoring lost, clause by clause: enough to explain the whole gap, and nothing that is no loss."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from rubrics import loader
from rubrics.engine import Plan
from rubrics.losses import losses, of_unit

TOWNS = loader.load("xinbei-2011-towns")
TASKS = loader.load("xinbei-2011-tasks")


def lost(facts: dict[str, Any], rubric: Any = TOWNS) -> dict[str, tuple[Any, bool]]:
    return {one.criterion.id: (one.lost, one.open) for one in losses(Plan(rubric).score(facts))}


def test_an_answer_of_no_loses_its_points_and_an_answer_of_yes_nothing() -> None:
    found = lost({"1.1": False, "1.2": True})

    assert found["1.1"] == (Plan(TOWNS).score({"1.1": True}).total, False)
    assert "1.2" not in found


def test_what_nobody_answered_is_lost_and_said_to_be_open() -> None:
    assert lost({})["1.1"][1] is True


def test_a_bonus_that_was_not_earned_is_no_loss() -> None:
    bonus = {c.id for c in TOWNS.criteria.values() if c.score.kind == "bonus"}

    assert bonus
    assert bonus.isdisjoint(lost({}))


def test_a_clause_that_zeroes_its_item_loses_what_the_others_have_left() -> None:
    zero = next(c for c in TOWNS.criteria.values() if c.score.kind == "zero_item")
    item = TOWNS.item_of[zero.id]

    found = lost({zero.id: True})

    of_item = [points for ident, (points, _) in found.items() if TOWNS.item_of[ident].id == item.id]
    assert zero.id in found
    assert sum(map(Fraction, of_item), Fraction(0)) == Fraction(item.points or Decimal(0))


def test_a_target_that_was_missed_is_named_though_its_table_has_no_points() -> None:
    task = next(c.id for c in TASKS.criteria.values() if c.score.kind == "yesno")

    assert lost({task: False}, TASKS)[task] == (0, False)
    assert task not in lost({task: True}, TASKS)


def test_rows_of_the_tasks_that_others_answer_for_are_not_a_unit_s_losses() -> None:
    scored = Plan(TASKS).score({})

    town, department = (of_unit(scored, *unit) for unit in (("孟河镇", "镇"), ("环保局", "部门")))

    assert len(losses(scored)) > len(town)
    assert {loss.criterion.id for loss in department} != {loss.criterion.id for loss in town}


def test_what_the_office_alone_could_have_told_is_no_loss_while_it_is_silent() -> None:
    office = {c.id for c in TOWNS.criteria.values() if c.by == "office"}

    assert office.isdisjoint(loss.criterion.id for loss in of_unit(Plan(TOWNS).score({}), "孟河镇", "镇"))


def test_an_item_of_deductions_that_is_not_assessed_names_what_nobody_answered() -> None:
    departments = loader.load("xinbei-2011-departments")

    found = lost({"1.2": False, "1.3": False}, departments)

    assert found["1.4"] == (0, True)
    assert not {"1.2", "1.3"} & found.keys()
