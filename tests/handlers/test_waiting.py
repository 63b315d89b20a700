"""Words where a day was asked for: the day as people say it, or after all the answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys
from handlers.answering.until_when import day_said


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("下个月才有数", date(2026, 12, 31)),
        ("12月份", date(2026, 12, 31)),
        ("要到年底了", date(2026, 12, 31)),
        ("月底能出", date(2026, 11, 30)),
        ("下季度", date(2027, 3, 31)),
        ("下周", date(2026, 11, 29)),
        ("后天", date(2026, 11, 23)),
        ("明年，3月才有", date(2027, 3, 31)),
        ("12月5日", date(2026, 12, 5)),
        ("快了", None),
        ("3月的数还在算", None),
    ],
)
def test_a_day_is_understood_as_people_say_it(words: str, day: date | None) -> None:
    assert day_said(words, date(2026, 11, 21)) == day


@pytest.fixture
def asked(chen: Person) -> Person:
    """Asked when 9.2 will be known."""
    chen.press_key(keys.pack("ask", 1, TOWNS, "9.2"))
    chen.send("还没统计出来")
    return chen


def test_the_next_month_is_a_day(asked: Person) -> None:
    assert "等到 12月31日" in asked.send("下个月才有数")


def test_a_figure_answers_the_question_after_all(office: Office, asked: Person) -> None:
    asked.send("大概六成")

    assert facts(office) == {"9.2": Decimal(60)}


def test_nothing_of_the_kind_is_offered_as_such(office: Office, asked: Person) -> None:
    assert "本地没有" in asked.send("没有特种设备")
    assert facts(office) == {}

    assert "是什么原因" in asked.press("本地没有")


def test_the_day_can_still_be_told_after_that(asked: Person) -> None:
    asked.send("没有特种设备")

    assert "等到 12月31日" in asked.send("年底")


def test_other_words_are_told_that_no_day_was_seen(asked: Person) -> None:
    assert "没有看到日期" in asked.send("呵呵")
