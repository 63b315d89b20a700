"""结果运用: proposed from what the rubrics say, added once, ticked off and back, taken off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from stored import DEPARTMENTS, NOW, TOWNS, campaign, chain, joined
from written import written

from rubrics import loader
from storage import result_steps, scorecards
from storage.errors import NotFoundError, StorageError
from storage.result_steps import Step, proposed

GRADED = loader.load("ziyang-2016")
NOTICED = date(2027, 1, 31)


@pytest.fixture
def office(run: Any) -> int:
    made = campaign(run)
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def add(run: Any, name: str, **words: Any) -> Step:
    return written(run, result_steps.add_in, NOW, 1, 1, name, **words)


def names(run: Any) -> list[str]:
    return [step.name for step in written(run, result_steps.of_campaign_in, 1)]


def graded(grade: str, unit_id: int) -> scorecards.SummaryRow:
    card = f'{{"items":{{}},"bonus":"0","raw":null,"total":null,"max":null,"grade":"{grade}"}}'
    return scorecards.SummaryRow(unit_id, f"{unit_id}县", "县", GRADED.id, (card,) * 3, 0, 0, 0, 0, None)


def test_what_the_source_does_for_a_grade_is_proposed_for_each_unit_that_has_it() -> None:
    found = proposed([GRADED], [graded("A", 1), graded("D", 2), graded("B", 3)], NOTICED)

    about = {(one.name, one.unit_id): one.due_on for one in found}
    assert about[("通报表扬", 1)] is None
    assert about[("收限期整改的书面报告", 2)] == date(2027, 2, 28)
    assert {unit_id for _, unit_id in about} == {None, 1, 2}


def test_before_the_notice_no_day_is_proposed() -> None:
    assert {one.due_on for one in proposed([GRADED], [graded("D", 2)], None)} == {None}


def test_what_two_rubrics_of_a_campaign_ask_for_alike_is_proposed_once() -> None:
    found = proposed([TOWNS, DEPARTMENTS], [], NOTICED)

    assert [one.name for one in found] == [result.name for result in TOWNS.results]


def test_the_same_step_is_added_once(run: Any, office: int) -> None:
    assert add(run, "约谈", unit_id=1) == add(run, " 约谈 ", unit_id=1)
    assert names(run) == ["约谈"]
    assert chain(run).broken == ()


def test_the_checklist_has_what_is_open_first_by_day(run: Any, office: int) -> None:
    late, soon, bare = (
        add(run, "回头看", due_on=date(2027, 6, 1)),
        add(run, "约谈", due_on=date(2027, 3, 1)),
        add(run, "抄送"),
    )
    written(run, result_steps.done_in, NOW, 1, 1, soon.id, date(2027, 2, 2))

    assert names(run) == [late.name, bare.name, soon.name]


def test_a_step_is_ticked_off_and_back(run: Any, office: int) -> None:
    step = add(run, "约谈")

    assert written(run, result_steps.done_in, NOW, 1, 1, step.id, NOTICED).done_on == NOTICED
    assert written(run, result_steps.done_in, NOW, 1, 1, step.id, None).done_on is None


def test_what_is_taken_off_is_gone_from_the_list_and_other_campaigns_reach_nothing(run: Any, office: int) -> None:
    step = add(run, "约谈")
    with pytest.raises(NotFoundError):
        written(run, result_steps.done_in, NOW, 1, 2, step.id, NOTICED)

    written(run, result_steps.drop_in, NOW + timedelta(hours=1), 1, 1, step.id)

    assert names(run) == []
    with pytest.raises(NotFoundError):
        written(run, result_steps.done_in, NOW, 1, 1, step.id, NOTICED)


def test_a_step_needs_a_name(run: Any, office: int) -> None:
    with pytest.raises(StorageError, match="要办什么"):
        add(run, " ")
