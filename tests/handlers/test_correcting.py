"""Words right after a receipt that change the answer it confirms; what is said again in other words changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys


def answer(person: Person, criterion: str, words: str) -> str:
    person.press_key(keys.pack("ask", 1, TOWNS, criterion))
    return person.send(words)


@pytest.mark.parametrize("words", ["换成四成", "改成40%", "应该是 40%", "不对，改为四成"])
def test_a_figure_put_in_place_of_another_is_written_down_at_once(office: Office, chen: Person, words: str) -> None:
    answer(chen, "9.2", "60%")

    assert "40%" in chen.send(words)
    assert facts(office) == {"9.2": Decimal(40)}


def test_it_changes_the_last_answer_also_while_the_next_question_is_open(office: Office, chen: Person) -> None:
    answer(chen, "4.4b", "1")
    chen.press_key(keys.pack("ask", 1, TOWNS, "5.5"))

    assert "行标地标起草：2 家" in chen.send("改成2家")
    assert facts(office) == {"4.4b": Decimal(2)}
    assert "诚信计量示范" in answer(chen, "5.5", "3")


def test_it_answers_the_open_question_where_that_is_being_changed(office: Office, chen: Person) -> None:
    answer(chen, "4.4b", "1")
    answer(chen, "5.5", "2")
    answer(chen, "4.4b", "改成3家")

    assert facts(office) == {"4.4b": Decimal(3), "5.5": Decimal(2)}


def test_a_bare_figure_after_a_receipt_is_asked_about(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "60%")

    assert "刚才记的是“60%”，这句听到的是 57%" in chen.send("去年55% 今年57%")
    assert facts(office) == {"9.2": Decimal(60)}

    chen.press("改成 57%")
    assert facts(office) == {"9.2": Decimal(57)}


def test_a_bare_figure_after_a_receipt_can_be_left_alone(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "60%")
    chen.send("今年57%")
    chen.press("不改")

    assert facts(office) == {"9.2": Decimal(60)}


def test_a_bare_figure_after_something_else_changes_nothing(office: Office, chen: Person) -> None:
    answer(chen, "9.2", "60%")
    chen.send("清单")

    assert "没看懂" in chen.send("今年57%")
    assert facts(office) == {"9.2": Decimal(60)}


def test_words_that_cannot_answer_the_last_question_are_no_correction(office: Office, chen: Person) -> None:
    answer(chen, "4.4b", "1")

    assert "记下了" not in chen.send("改成红色的")
    assert facts(office) == {"4.4b": Decimal(1)}


def test_what_is_heard_as_the_same_is_shown_as_heard(office: Office, chen: Person) -> None:
    chen.send("名牌规划发文了")

    assert "这句话听到的是“有”，和已经记的（名牌规划发文了）一样" in chen.send("名牌规划印发了")


def test_fewer_meetings_than_before_are_not_the_same(office: Office, chen: Person) -> None:
    chen.send("质量专题会议开了两次")

    assert "没到 2 次" in chen.send("质量专题会议去年开了三次今年开了一次")
    chen.press("确认")
    assert facts(office) == {"1.2": False}


def test_who_sat_in_a_meeting_about_something_is_asked_first(office: Office, chen: Person) -> None:
    assert "您说的是不是" in chen.send("参加了区里的名牌规划座谈会")
    assert facts(office) == {}
