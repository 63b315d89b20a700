"""Figures of the lead department: the towns' clause is verified, the department's row counts the sum once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined, rows
from written import written

from rubrics.errors import FactError
from storage import answers, phases, provided, targets, unit_facts, verdicts
from storage.errors import NotFoundError
from storage.provided import Outcome, Row

TODAY = date(2026, 11, 21)
PROVIDER = 2
BUREAU = 3


@pytest.fixture(autouse=True)
def made(run: Any) -> Any:
    made = campaign(run, rubrics=(TOWNS, DEPARTMENTS, TASKS))
    joined(run, made)  # person 1, liaison of unit 1
    joined(run, made, "p1", "周", role="provider", unit="质监分局")
    for unit_id, ident, figure in ((1, "4.2", 5), (2, "4.2", 5), (1, "2.4", 3)):
        written(run, targets.set_target_in, NOW, 1, unit_id, TOWNS, ident, Decimal(figure))
    return made


def confirm(run: Any, figures: dict[int, int], ident: str = "5.3", person: int = PROVIDER, unit: int = BUREAU) -> Any:
    clause = {"5.3": "4.2", "11.1": "2.4", "11.2": "2.4"}[ident]
    about = {
        unit_id: (Decimal(figure), written(run, verdicts.shown_in, unit_id, TOWNS, clause))
        for unit_id, figure in figures.items()
    }
    return written(run, provided.confirm_in, NOW, person, 1, unit, TASKS.id, ident, about)


def own_row(run: Any, ident: str = "5.3") -> Row:
    return written(run, provided.own_row_in, NOW, TODAY, PROVIDER, 1, BUREAU, TASKS.id, ident)


def verified(run: Any, ident: str, unit_id: int = 1) -> Any:
    return run(lambda database: unit_facts.read(database, unit_id, TOWNS)).verified.get(ident)


def answer(run: Any, ident: str, fact: object, unit_id: int = 1, rubric: Any = TOWNS) -> None:
    run(lambda database: answers.record(database, NOW, 1, unit_id, rubric, ident, fact))


def own(run: Any, ident: str = "5.3") -> Any:
    return run(lambda database: answers.current(database, BUREAU, TASKS.id)).get(ident)


def test_a_figure_verifies_the_towns_clause_against_its_task(run: Any) -> None:
    answer(run, "4.2", True)

    found = confirm(run, {1: 6, 2: 4})

    assert [(one.unit_id, one.done, one.why) for one in found] == [(1, True, ""), (2, False, "")]
    assert (verified(run, "4.2"), verified(run, "4.2", 2)) == (True, False)
    assert rows(run, "SELECT kind, how, reason FROM verdict ORDER BY id") == [
        ("pass", "provider", ""),
        ("change", "provider", "牵头部门确认 4 只，任务 5 只"),
    ]
    assert chain(run).broken == ()


def test_the_departments_row_is_the_sum_of_the_towns_once(run: Any) -> None:
    confirm(run, {1: 6, 2: 4})
    assert own_row(run) == Row(Decimal(10), Decimal(10), kept=True)
    confirm(run, {2: 7})

    again = own_row(run)

    assert again.total == 13
    assert (own(run).fact, own(run).said) == (13, "各镇合计：孟河镇 6、西夏墅镇 7")
    assert own(run).version == 2
    assert own_row(run) == again
    assert own(run).version == 2


def test_what_the_departments_liaison_answered_stays(run: Any) -> None:
    answer(run, "5.3", 40, BUREAU, TASKS)
    confirm(run, {1: 6})

    assert own_row(run) == Row(Decimal(6), Decimal(40), kept=False)
    assert own(run).fact == 40


def test_a_locked_answer_of_the_department_stays(run: Any) -> None:
    written(run, phases.set_in, NOW, "test", 1, "自评", date(2026, 10, 1), date(2026, 11, 1))
    confirm(run, {1: 6})

    assert own_row(run) == Row(Decimal(6), None, kept=False, locked=True)
    assert verified(run, "4.2") is True


def test_a_task_of_two_targets_waits_for_both_unless_one_fills_it(run: Any) -> None:
    (first,) = confirm(run, {1: 2}, "11.1")
    assert (first.done, first.waits, verified(run, "2.4")) == (None, ("常州名牌",), None)

    (second,) = confirm(run, {1: 1}, "11.2")

    assert (second.total, second.done, second.waits) == (3, True, ())
    assert verified(run, "2.4") is True


def test_without_a_task_the_figure_is_kept_and_nothing_is_verified(run: Any) -> None:
    (found,) = confirm(run, {2: 2}, "11.1")

    assert found == Outcome(2, Decimal(2), Decimal(2), None, None, ("常州名牌",))
    assert written(run, provided.sums_in, 1)[TASKS.id, "11.1"].figure == 2
    assert verified(run, "2.4", 2) is None


def test_a_town_that_changed_its_answer_meanwhile_is_left_and_the_others_are_not(run: Any) -> None:
    about = {unit_id: (Decimal(6), written(run, verdicts.shown_in, unit_id, TOWNS, "4.2")) for unit_id in (1, 2)}
    answer(run, "4.2", False)

    found = written(run, provided.confirm_in, NOW, PROVIDER, 1, BUREAU, TASKS.id, "5.3", about)

    assert [bool(one.why) for one in found] == [True, False]
    assert "刚改过" in found[0].why
    assert rows(run, "SELECT unit_id FROM provided") == [(2,)]


def test_nobody_confirms_for_the_unit_they_belong_to(run: Any) -> None:
    (found,) = confirm(run, {1: 6}, person=1)

    assert "自己的单位，按回避要求请其他人核查" in found.why
    assert rows(run, "SELECT count(*) FROM provided") == [(0,)]


def test_a_department_that_does_not_lead_the_row_confirms_nothing(run: Any) -> None:
    with pytest.raises(NotFoundError, match="牵头"):
        confirm(run, {1: 6}, unit=1)
    with pytest.raises(NotFoundError, match="牵头"):
        written(run, provided.own_row_in, NOW, TODAY, PROVIDER, 1, 2, TASKS.id, "5.3")


def test_a_unit_of_another_campaign_is_refused(run: Any) -> None:
    campaign(run, 2027, (TOWNS, TASKS))

    with pytest.raises(NotFoundError, match="不在这次考核"):
        confirm(run, {4: 6})


def test_a_figure_that_cannot_be_is_refused_before_anything_is_kept(run: Any) -> None:
    with pytest.raises(FactError):
        confirm(run, {1: -1})

    assert rows(run, "SELECT count(*) FROM provided") == [(0,)]
