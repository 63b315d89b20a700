"""An item opened from the list: its clauses with their states, and 下一项 that stays in it until it is done."""

from __future__ import annotations

import pytest
from papers import ask
from talk import Office, Person

from channels import keys


def test_an_item_shows_its_clauses_with_states_and_buttons(chen: Person) -> None:
    ask(chen, "1.1")
    chen.send("有")

    said = chen.press_key(keys.pack("item", 1, "xinbei-2011-towns", "1"))

    assert "· 专人负责：有，需补充" in said
    assert "· 年度计划：没填" in said
    assert chen.labels == ["专人负责", "质量专题会", "质监协管员", "年度计划", "责任制与奖惩", "下一项", "清单"]


def test_the_next_thing_inside_an_item_stays_in_it_until_it_is_done(chen: Person) -> None:
    chen.press_key(keys.pack("item", 1, "xinbei-2011-towns", "3"))

    assert "【卓越绩效培训】" in chen.press("下一项")
    chen.send("96%")
    asked = chen.press("下一项")

    assert "【卓越绩效培训】" not in asked
    chen.send("清单")
    assert chen.send("下一项") != asked


def test_a_part_of_an_item_made_of_deductions_is_worth_the_whole_item(office: Office) -> None:
    huan = office.person("huan", "liaison", "环保局")

    said = huan.send("下一项")

    assert "【小组和班子】" in said  # of an item of 20 points; an honour would bring 5


@pytest.mark.parametrize("words", ["清单", "下一项"])
def test_an_answer_of_not_knowing_is_listed_before_it_is_handed_in(chen: Person, words: str) -> None:
    ask(chen, "2.1")
    chen.send("不清楚")
    chen.send(words)

    assert "答了不清楚的（不得分，弄清了可以改）：名牌规划" in chen.send("提交自评")


def test_an_item_with_an_answer_of_not_knowing_does_not_look_done(chen: Person) -> None:
    for criterion, words in (("10.1", "不清楚"), ("10.2", "3")):
        ask(chen, criterion)
        chen.send(words)

    line = next(line for line in chen.send("清单").splitlines() if "宣传信息" in line)

    assert "填完，不清楚 1" in line


def test_a_question_for_a_number_says_what_its_buttons_mean(chen: Person) -> None:
    assert "满 2 次点“是”，不满点“否”" in chen.press_key(keys.pack("ask", 1, "xinbei-2011-towns", "1.2"))
