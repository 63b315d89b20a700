"""Who answers for several units reads which one a question is about, and chooses one by its name."""

from __future__ import annotations

import pytest
from talk import Office, Person

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def both(office: Office, chen: Person) -> Person:
    """The liaison of 孟河镇 and of 西夏墅镇."""
    chen.start(office.invite("liaison", "西夏墅镇"))
    return chen


def test_a_question_names_its_unit_and_the_rest_goes_on_with_it(both: Person) -> None:
    assert "西夏墅镇【" in both.press_key(f"ask:2,{TOWNS},1.1:0")

    assert both.send("清单").startswith("西夏墅镇 ·")
    assert "孟河镇【" in both.press_key(f"ask:1,{TOWNS},1.1:0")
    assert both.send("清单").startswith("孟河镇 ·")


def test_what_costs_points_is_confirmed_for_a_unit_by_name(both: Person) -> None:
    both.press_key(f"ask:2,{TOWNS},1.2:0")

    assert "西夏墅镇【" in both.send("一次")


def test_who_answers_for_one_unit_reads_no_name_before_the_question(chen: Person) -> None:
    assert chen.press_key(f"ask:1,{TOWNS},1.1:0").startswith("【")


@pytest.mark.parametrize(("said", "unit"), [("西夏墅镇", "西夏墅镇"), ("孟河", "孟河镇"), ("孟河镇。", "孟河镇")])
def test_a_unit_is_chosen_by_its_name(both: Person, said: str, unit: str) -> None:
    assert both.send(said).startswith(f"{unit} ·")
    assert both.press("下一项").startswith(f"{unit}【")


def test_a_unit_is_chosen_while_a_question_is_open(both: Person) -> None:
    both.press_key(f"ask:1,{TOWNS},1.1:0")

    assert both.send("西夏墅镇").startswith("西夏墅镇 ·")


def test_a_unit_of_others_is_not_chosen(both: Person) -> None:
    assert "环保局 ·" not in both.send("环保局")


def test_who_is_of_the_office_and_of_a_unit_chooses_it_too(office: Office) -> None:
    boss = office.person("boss", "office")
    assert "已核 0/44 条" in boss.send("孟河镇")  # the office reads its card
    boss.start(office.invite("liaison", "孟河镇"))

    assert "组织领导  0/10 分  还有 5 条" in boss.send("孟河镇")  # its own list


def test_what_was_kept_is_said_with_its_unit(both: Person) -> None:
    both.press_key(f"ask:2,{TOWNS},1.1:0")

    assert "记下了（西夏墅镇）：" in both.press("有")
