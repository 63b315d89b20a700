"""Whole units from the invitation to the submission, against totals worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import parse_facts
from rubrics.model import Rubric
from rubrics.tasks import asked
from storage import absences, office_facts, people, scorecards, submissions, unit_facts
from storage.roster import RosterUnit
from storage.scorecards import SummaryRow
from storage.unit_facts import UnitFacts

TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
TASKS = loader.load("xinbei-2011-tasks")
HUNAN = loader.load("hunan")
CHANGZHOU = loader.load("changzhou")

TOWN = {
    # 1: 2 + 2 + 0 + 2 + 3 = 9
    "1.1": "有", "1.2": "两次", "1.3": "没有", "1.4": "有", "1.5": "是",
    # 2: 2 + 0 + 5 + 5 = 12, bonus 1 × 2 + 2 × 1 = 4
    "2.1": "有", "2.2": "没有", "2.3": "有", "2.4": "3/3", "2.5a": "1只", "2.5b": "两只",
    # 3: 14/15 is above 90%: 5 + 5, bonus 1
    "3.1": "14/15家", "3.2": "是", "3.3a": "0", "3.3b": "一只",
    # 4: 5 + 0, bonus 1 + 2 × 1
    "4.1": "有", "4.2": "否", "4.3": "1家", "4.4a": "没有", "4.4b": "2家",
    # 5: 1 + 2 + 3 + 0
    "5.1": "有", "5.2": "有", "5.3": "是", "5.4": "否", "5.5": "0",
    # 6: 5 + 5, the office books one failed sample: − 2; nothing zeroes the item
    "6.1": "是", "6.2": ("97.2%", "九成五", "100%"), "6.5": ("有", "没发生"),
    # 7: 5 + 0, bonus 3 × 2
    "7.1": "有", "7.2": "否", "7.3": "三条",
    # 8: 4 + (99%: 2 − 1) + 2 + (98%: 2 − 2)
    "8.1": "是", "8.2a": "99%", "8.2b": "100%", "8.2c": ("98%", "确认"),
    # 9: 4 + (57% is 3 short of 60, one step of 5: 6 − 1)
    "9.1": "有", "9.2": "五成七",
    # 10: 2 + (3 of 4: 3 − 1)
    "10.1": "有", "10.2": "3条",
}  # fmt: skip
TOWN_BY_OFFICE = {"6.3": 1, "6.4": 0, "7.4": False, "9.3a": 0, "9.3b": 0}
TOWN_ITEMS = {"1": 9, "2": 16, "3": 11, "4": 8, "5": 6, "6": 8, "7": 11, "8": 7, "9": 9, "10": 4}

DEPARTMENT = {
    # 1: 20 − 5
    "1.1": ("有", "有"), "1.2": "有", "1.3": "有", "1.4": "没有",
    # 2: 20 − 5 − 5 (one meeting of two)
    "2.1": "有", "2.2": "没有", "2.3": ("一次", "确认"), "2.4": "有",
    # 3: 5 − 3
    "3.1": "有", "3.2": "没有",
    # 6: 1 × 2 + 1 × 5
    "6.1a": "1项", "6.1b": "0", "6.1c": "一项",
}  # fmt: skip
ROWS = {
    # row 4 lacks one target: 11 of 12 villages
    "4.1": "100%", "4.2": "5%", "4.3": "6%", "4.4": "35厘米", "4.5": "是", "4.6": "两个", "4.7": ("11个", "确认"),
    "4.8": "2所", "4.9": "5所", "4.10": "1所", "4.11": "2个",
    "19.1": "有", "19.2": "是", "20.1": "有", "20.2": "有", "20.3": "有",
}  # fmt: skip
DEPARTMENT_BY_OFFICE = {"4.3": 1, "5.1": False, "5.2": 0}
# 4: of three rows one is short: − 3, one absence: − 5
DEPARTMENT_ITEMS = {"1": 15, "2": 10, "3": 2, "4": 17, "5": 25, "6": 7}


def tell(person: Person, rubric: Rubric, unit_id: int, answers: Mapping[str, str | tuple[str, ...]]) -> None:
    """Answer each clause in words; several where one leads to a further question."""
    for criterion, words in answers.items():
        said = person.press_key(keys.pack("ask", unit_id, rubric.id, criterion))
        for one in (words,) if isinstance(words, str) else words:
            said = person.send(one)
        assert "回执" in said, f"{criterion}: {said}"


def own_clauses(rubric: Rubric, unit: str, category: str) -> set[str]:
    return {c.id for part in asked(rubric, unit, category).values() for c in part}


def book(office: Office, unit_id: int, rubric: Rubric, facts: Mapping[str, Any]) -> None:
    async def write() -> None:
        async with office.database.write() as connection:
            (member,) = await people.memberships_in(connection, "test", "wang")
            for criterion, fact in facts.items():
                about = (member.person_id, unit_id, rubric, criterion, fact)
                await office_facts.book_in(connection, office.now, *about, "常市监〔2026〕12号")

    office.run(write())


def known(office: Office, unit_id: int, rubric: Rubric) -> UnitFacts:
    found: UnitFacts = office.run(unit_facts.read(office.database, unit_id, rubric))
    return found


def row_of(office: Office, unit_id: int, rubric: Rubric) -> SummaryRow:
    rows = office.run(scorecards.summary(office.database, office.campaign.id))
    (found,) = [row for row in rows if (row.unit_id, row.rubric_id) == (unit_id, rubric.id)]
    assert isinstance(found, SummaryRow)
    return found


def hand_in(office: Office, person: Person, unit_id: int, rubric: Rubric) -> str:
    """From the command to the signed page; the state of the submission in the end."""
    person.send("提交自评")
    person.press_key(keys.pack("submit-go", unit_id, rubric.id))
    person.send_file("图片_1.jpg", content=b"\xff\xd8\xff\xe0 signed")
    person.press("是")

    async def read() -> str:
        async with office.database.read() as connection:
            found = await submissions.current_in(connection, unit_id, rubric.id)
            return found.state if found else ""

    state: str = office.run(read())
    return state


def test_a_whole_town_from_its_invitation_to_its_submission(office: Office, chen: Person) -> None:
    """All 44 criteria: 39 answered by the town, five booked by the office."""
    office.person("wang", "office")
    assert set(TOWN) == own_clauses(TOWNS, "孟河镇", "镇")
    assert len({*TOWN, *TOWN_BY_OFFICE}) == len(TOWNS.criteria) == 44

    tell(chen, TOWNS, 1, TOWN)
    book(office, 1, TOWNS, TOWN_BY_OFFICE)

    facts = known(office, 1, TOWNS).claimed
    breakdown = Plan(TOWNS).score(facts)
    row = row_of(office, 1, TOWNS)
    assert set(facts) == set(TOWNS.criteria)
    assert row.claimed.items == TOWN_ITEMS
    assert row.claimed.total == breakdown.total == sum(TOWN_ITEMS.values()) == 89
    assert parse_facts(TOWNS, facts) == facts
    assert "自报 89" in chen.send("我的得分")
    assert hand_in(office, chen, 1, TOWNS) == "closed"
    assert office.run(scorecards.recompute(office.database, office.now, office.campaign.id)) == []


def test_a_whole_department_with_its_rows_of_the_tasks_table(office: Office) -> None:
    zhao = office.person("zhao", "liaison", "环保局")
    office.person("wang", "office")
    assert set(DEPARTMENT) == own_clauses(DEPARTMENTS, "环保局", "部门")
    assert set(ROWS) == own_clauses(TASKS, "环保局", "部门")

    tell(zhao, DEPARTMENTS, 3, DEPARTMENT)
    before = row_of(office, 3, DEPARTMENTS).claimed.items["4"]
    tell(zhao, TASKS, 3, ROWS)
    book(office, 3, DEPARTMENTS, DEPARTMENT_BY_OFFICE)

    facts = known(office, 3, DEPARTMENTS).claimed
    row = row_of(office, 3, DEPARTMENTS)
    assert before == 0  # open until the tasks are all answered
    assert (facts["4.1"], facts["4.2"]) == (False, 1)
    assert row.claimed.items == DEPARTMENT_ITEMS
    assert row.claimed.total == Plan(DEPARTMENTS).score(facts).total == sum(DEPARTMENT_ITEMS.values()) == 76
    assert row_of(office, 3, TASKS).claimed.rows["4"] == (10, 11)
    assert hand_in(office, zhao, 3, DEPARTMENTS) == "closed"


def test_a_task_answered_after_the_departments_own_sheet_was_signed_ends_it_when_its_points_change(
    office: Office,
) -> None:
    zhao = office.person("zhao", "liaison", "环保局")
    office.person("wang", "office")
    tell(zhao, TASKS, 3, ROWS)
    book(office, 3, DEPARTMENTS, {"4.3": 0})
    assert hand_in(office, zhao, 3, DEPARTMENTS) == "closed"

    zhao.press_key(keys.pack("ask", 3, TASKS.id, "4.8"))
    same = zhao.send("3所")
    zhao.press_key(keys.pack("ask", 3, TASKS.id, "19.1"))
    other = zhao.send("没有")

    assert "交过以后这里改了" not in same
    assert "2026-S001 交过以后这里改了" in other


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "province", ("hunan",), [RosterUnit("株洲市", "市", (), (), ())])
    yield made
    made.close()


def test_hunans_tiers_judged_items_and_a_clause_that_does_not_apply(province: Office) -> None:
    tan = province.person("tan", "liaison", "株洲市")
    province.person("wang", "office")
    answers: dict[str, str | tuple[str, ...]] = {
        "1.1": "正在制定中",  # 10
        "2.1": "有",  # 10
        "3.1": "0.7‰",  # the second tier: 20
        "15.1": "副市长",  # 24
        "24.1": "居同级中游",  # 15
        "25.2": "3张",  # the first tier: 10
        "14.2": "本地没有，我市没有口岸",
    }

    tell(tan, HUNAN, 1, answers)
    book(province, 1, HUNAN, {"26.1": 10})  # judged by the office: 10
    before = row_of(province, 1, HUNAN).claimed
    grant(province)

    after = row_of(province, 1, HUNAN).claimed
    assert "26.1" not in own_clauses(HUNAN, "株洲市", "市")
    assert (before.total, before.max) == (99, 1060)
    assert known(province, 1, HUNAN).claimed["14.2"] == "na"
    assert (after.raw, after.max) == (99, 1055)
    assert after.total == Decimal("99.47")  # 99 × 1060 ÷ 1055 = 99.4691…
    assert "同意，理由：没有口岸的市都不计" in tan.press_key(keys.pack("state", 1, HUNAN.id, "14.2", 2, version=1))


def grant(office: Office) -> None:
    async def decide() -> None:
        async with office.database.write() as connection:
            (member,) = await people.memberships_in(connection, "test", "wang")
            about = (member.person_id, office.campaign.id, HUNAN, "14.2", True, "没有口岸的市都不计")
            await absences.decide_in(connection, office.now, *about)

    office.run(decide())


def test_a_tier_worth_nothing_is_asked_about_when_it_came_of_a_figure(province: Office) -> None:
    tan = province.person("tan", "liaison", "株洲市")
    tan.press_key(keys.pack("ask", 1, HUNAN.id, "25.2"))

    said = tan.send("0.5张")

    assert "得 0 分" in said
    assert known(province, 1, HUNAN).own == {}
    tan.press("确认")
    assert known(province, 1, HUNAN).own == {"25.2": 2}


def test_a_pressed_tier_is_kept_and_a_foreign_one_is_not(province: Office) -> None:
    tan = province.person("tan", "liaison", "株洲市")
    tan.press_key(keys.pack("ask", 1, HUNAN.id, "18.1"))

    assert "属于“正在筹划”这一档，得 10 分" in tan.press("正在筹划")
    assert "没有改动任何东西" in tan.press_key(keys.pack("ans", 1, HUNAN.id, "18.1", "", 7))
    assert known(province, 1, HUNAN).own == {"18.1": 1}


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "city", ("changzhou",), [RosterUnit("新北区", "区", (), (), ())])
    yield made
    made.close()


def test_changzhous_checkpoints_share_their_indicator_and_the_bonus_is_capped(city: Office) -> None:
    yu = city.person("yu", "liaison", "新北区")
    answers: dict[str, str | tuple[str, ...]] = {
        "1.1": "有", "1.2": "没有",  # one of three shares of 4: 4/3
        "5.1": "有", "5.2": "有", "5.3": "有", "5.4": "没有",  # three of seven shares of 4: 12/7
        "6.1": "增加了",  # 2
        "bonus.1c": "1项", "bonus.2d": "1家", "bonus.1b": "1项",  # 2 + 3 + 1, at most 5
    }  # fmt: skip

    tell(yu, CHANGZHOU, 1, answers)

    claimed = row_of(city, 1, CHANGZHOU).claimed
    assert (claimed.items["1"], claimed.items["5"], claimed.bonus) == (Decimal("1.33"), Decimal("1.71"), 5)
    assert claimed.total == Decimal("10.05")  # 4/3 + 12/7 + 2 + 5 = 10.047…
    assert "5. 准入与产业  1.71/4 分  还有 3 条，需补充 3，还差 2.29 分" in yu.send("清单")
