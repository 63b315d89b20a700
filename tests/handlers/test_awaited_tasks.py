"""What follows from the tasks table says how many of its targets are still to be settled; what is blocked says why."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from year_end import do, lock, person_id, reviewed

from channels import keys
from rubrics import loader
from rubrics.tasks import asked
from storage import answers, snapshots, verdicts

TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
TASKS = loader.load("xinbei-2011-tasks")
BRANCH = 4
TARGETS = [target for targets in asked(TASKS, "质监分局", "部门").values() for target in targets]


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


def say(office: Office, who: str, ident: str, fact: Any, unit_id: int, rubric: Any) -> None:
    by = person_id(office, who)
    office.run(answers.record(office.database, office.now, by, unit_id, rubric, ident, fact))


def test_a_departments_card_says_how_many_targets_it_waits_for(office: Office, wang: Person) -> None:
    said = wang.send("单位 质监分局")

    assert f"任务与联席会：等分解表 {len(TARGETS)} 个目标核完才算已核" in said


def test_frozen_it_waits_for_nothing(office: Office, wang: Person) -> None:
    do(office, snapshots.take_in, office.now, "cli", office.campaign.id, office.campaign.code, final=True)

    assert "等分解表" not in wang.send("单位 质监分局")


def test_the_gap_names_the_targets_too(office: Office, wang: Person) -> None:
    office.person("branch", "liaison", "质监分局")
    for target in TARGETS:
        say(office, "branch", target.id, 0 if target.answer.unit else True, BRANCH, TASKS)
    say(office, "branch", "4.3", 0, BRANCH, DEPARTMENTS)

    assert f"等分解表 {len(TARGETS)} 个目标核完才算" in wang.press_key(keys.pack("gap", BRANCH))


def test_the_first_results_name_the_targets(office: Office, wang: Person) -> None:
    branch = office.person("branch", "liaison", "质监分局")
    lock(office)
    wang.press_key(keys.pack("feedback"))
    wang.press("发出")

    assert f"由分解表计算的条目，等 {len(TARGETS)} 个目标核完才算" in branch.rows()[-1]["text"]


def test_a_bonus_that_adds_nothing_says_why_when_it_is_passed(office: Office, chen: Person, wang: Person) -> None:
    say(office, "chen", "2.5b", 3, 1, TOWNS)
    wang.press_key(keys.pack("rv-see", 1, TOWNS.id, "2.5b"))

    assert "没有变（新增市名牌：“名牌任务”还没完成，超出部分不计分）" in wang.press("通过")


def test_the_first_results_name_the_bonus_that_adds_nothing(office: Office, chen: Person, wang: Person) -> None:
    say(office, "chen", "2.5b", 3, 1, TOWNS)
    lock(office)
    reviewed(office, "wang", "pass", "2.5b")
    wang.press_key(keys.pack("feedback"))
    wang.press("发出")

    told = chen.rows()[-1]["text"]
    assert "2.5b 没加分：新增市名牌：“名牌任务”还没完成" in told
    assert do(office, verdicts.untold_in, office.campaign.id) == []
