"""What is recorded is what was meant, and a confirmation names what it will record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS, criterion))


@pytest.mark.parametrize(
    ("criterion", "words", "fact"),
    [
        ("3.3a", "去年拿了一个今年没有", 0),
        ("5.5", "去年评上3家今年没有评", 0),
        ("2.3", "积极组织了三家企业申报", True),
        ("10.1", "6月办了一次讲座", True),
        ("5.5", "今年1家都没有", 0),
    ],
)
def test_an_answer_in_natural_words_is_kept_with_this_years_value(
    office: Office, chen: Person, criterion: str, words: str, fact: Any
) -> None:
    ask(chen, criterion)

    assert "回执" in chen.send(words)
    assert facts(office) == {criterion: fact}


@pytest.mark.parametrize(
    ("criterion", "words", "why"),
    [
        ("9.2", "去年60% 今年没统计", "还没有数"),
        ("4.4b", "参与起草了两项", "只说了参与"),
        ("4.3", "在建一个还没验收", "只说了在建"),
        ("9.2", "还没", "还没到时候"),
    ],
)
def test_what_is_no_value_yet_is_asked_and_nothing_is_kept(
    office: Office, chen: Person, criterion: str, words: str, why: str
) -> None:
    ask(chen, criterion)

    assert why in chen.send(words)
    assert facts(office) == {}


def test_fewer_meetings_than_last_year_are_not_enough_and_the_confirmation_says_so(
    office: Office, chen: Person
) -> None:
    ask(chen, "1.2")

    text = chen.send("去年开了三次今年只开了一次")
    assert "没到 2 次" in text
    assert "仍按“1 次，否”记？" in text
    chen.press("确认")

    assert facts(office) == {"1.2": False}


def test_a_yes_beside_one_listed_meeting_is_confirmed_by_the_value_it_will_have(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    chen.press("登记一次")
    chen.send("3月5日 质量分析会")
    ask(chen, "1.2")

    text = chen.send("是")

    assert "只登记了 1 次" in text
    assert "仍按“2 次以上”记？" in text


# --- several conditions -----------------------------------------------------------------------------------


def test_the_condition_that_falls_short_is_named_with_what_was_read(office: Office, chen: Person) -> None:
    ask(chen, "6.2")

    text = chen.send("工业产品95%，食品92%，整改率98%")
    assert "许可证合格率 95%，食品合格率 92%，整改率 98%" in text
    assert "整改率 98% 未达标，得 0 分" in text
    chen.press("确认")

    assert facts(office) == {"6.2": {"许可证合格率": 95, "食品合格率": 92, "整改率": 98}}


def test_figures_of_every_condition_answer_all_of_its_questions_at_once(office: Office, chen: Person) -> None:
    ask(chen, "6.2")

    assert "各项条件都达到" in chen.send("工业产品95% 食品92 整改100")
    assert facts(office) == {"6.2": {"许可证合格率": 95, "食品合格率": 92, "整改率": 100}}


def test_a_message_keeps_the_figure_of_each_condition(office: Office, chen: Person) -> None:
    text = chen.send("许可证合格率95.3 食品合格率九成一 整改率百分之百")

    assert "许可证合格率 95.3%，食品合格率 91%，整改率 100%" in text
    assert facts(office) == {"6.2": {"许可证合格率": Decimal("95.3"), "食品合格率": 91, "整改率": 100}}


def test_a_figure_goes_to_the_condition_it_names_not_to_the_one_that_is_asked(office: Office, chen: Person) -> None:
    ask(chen, "6.2")

    text = chen.send("整改率100%")
    assert "听到：整改率 100%" in text
    assert "（1/3）" in text
    assert "（2/3）" in chen.send("95%")
    assert "各项条件都达到" in chen.send("92%")

    assert facts(office) == {"6.2": {"许可证合格率": 95, "食品合格率": 92, "整改率": 100}}


def test_what_was_said_before_the_question_is_not_asked_again(office: Office, chen: Person) -> None:
    chen.send("许可证产品95，食品92")

    assert "（3/3）" in chen.press("三率达标")


# --- tasks ------------------------------------------------------------------------------------------------


def test_another_task_than_the_one_handed_down_is_said_plainly(office: Office, chen: Person) -> None:
    ask(chen, "2.4")

    text = chen.send("任务5只完成4只")

    assert "下达的任务是 3 只，不是 5 只；4 只已完成，按下达的算是完成了。" in text
    assert "仍按“下达 3 只，已完成 4 只”记？" in text


def test_a_task_not_done_says_what_else_counts_for_nothing(office: Office, chen: Person) -> None:
    ask(chen, "2.5a")
    chen.send("1只")
    chen.press("确认")
    ask(chen, "2.4")

    text = chen.send("没完成")

    assert "名牌任务：没做到，得 0 分；新增省名牌是任务以外的，任务没完成也不计分" in text
