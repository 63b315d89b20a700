"""Days as people write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.dates import Day, find_days

TODAY = Day(2026, 11, 21)


def days(text: str, today: Day = TODAY, year: int | None = None) -> list[Day | None]:
    return [found.day for found in find_days(text, today, year)]


@pytest.mark.parametrize(
    "text",
    ["3月14日", "3月14号", "3月14", "03月14日", "三月十四日", "三月十四", "2026年3月14日", "２０２６年３月１４日", "二〇二六年三月十四日", "2026-03-14",
     "2026.3.14", "2026/3/14", "20260314", "3/14", "3.14", "3-14", "今年3月14日", "2026 年 3 月 14 日", "于3月14日召开"],
)  # fmt: skip
def test_a_day_is_understood_in_every_notation(text: str) -> None:
    assert days(text) == [Day(2026, 3, 14)]


@pytest.mark.parametrize(
    ("text", "day"),
    [("去年12月1日", Day(2025, 12, 1)), ("上月5号", Day(2026, 10, 5)), ("上个月三十一日", Day(2026, 10, 31)), ("本月二日", Day(2026, 11, 2)),
     ("昨天", Day(2026, 11, 20)), ("前天", Day(2026, 11, 19)), ("今天", TODAY), ("2024年2月29日", Day(2024, 2, 29)), ("十二月廿八", Day(2026, 12, 28)),
     ("十月卅一日", Day(2026, 10, 31))],
)  # fmt: skip
def test_a_day_is_counted_from_today(text: str, day: Day) -> None:
    assert days(text) == [day]


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [("昨天", Day(2026, 1, 1), Day(2025, 12, 31)), ("前天", Day(2024, 3, 1), Day(2024, 2, 28)), ("上月5日", Day(2026, 1, 9), Day(2025, 12, 5))],
)  # fmt: skip
def test_the_turn_of_a_month_and_a_year_is_kept(text: str, today: Day, day: Day) -> None:
    assert days(text, today) == [day]


def test_a_day_without_a_year_belongs_to_the_year_that_is_asked_about() -> None:
    assert days("3月14日", year=2025) == [Day(2025, 3, 14)]


@pytest.mark.parametrize("text", ["2月30日", "13月1日", "2026-02-29", "4月31号"])
def test_a_day_the_calendar_does_not_have_is_found_but_no_day(text: str) -> None:
    assert days(text) == [None]


@pytest.mark.parametrize(
    "text",
    ["", "3月", "2026年", "3次", "95%", "3.14%", "常新政办〔2026〕35号", "GB/T 19580-2012", "192.168.1.1", "2011.6",
     "13800138000", "3月3次", "6/7家", "3-5条", "第3号"],
)  # fmt: skip
def test_what_is_no_day_is_none(text: str) -> None:
    assert days(text) == []


def test_several_days_come_in_order_with_their_places() -> None:
    text = "3月14日和6月2日各开一次"

    found = find_days(text, TODAY)

    assert [text[one.start : one.end] for one in found] == ["3月14日", "6月2日"]


def test_a_day_that_could_be_a_share_is_marked() -> None:
    assert [found.bare for found in find_days("3/14 2026-03-14 3月14日", TODAY)] == [True, False, False]


@given(st.text(alphabet="0123456789年月日号-./ 上个今去昨天三十一二〇廿会", max_size=30))
def test_no_text_breaks_it_and_every_day_is_in_the_calendar(text: str) -> None:
    import datetime as dt

    for day in days(text):
        assert day is None or dt.date(*day)


def test_a_long_run_of_blanks_takes_no_time() -> None:
    start = time.process_time()

    assert find_days(" " * 200_000 + "\n" * 200_000, TODAY) == []

    assert time.process_time() - start < 5  # it was the square of the length: hours
