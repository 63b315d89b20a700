from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders import workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
UNKNOWN_YEAR = 2090


def test_a_sunday_worked_for_a_holiday_is_a_working_day() -> None:
    sunday = date(2025, 9, 28)

    found = workdays.is_workday(sunday)

    assert found


def test_the_holiday_week_has_no_working_day() -> None:
    week = [date(2025, 10, day) for day in range(1, 9)]

    working = [day for day in week if workdays.is_workday(day)]

    assert working == []


def test_the_working_day_before_a_holiday_lies_before_all_of_it() -> None:
    assert workdays.on_or_before(date(2025, 10, 8)) == date(2025, 9, 30)
    assert workdays.on_or_after(date(2025, 10, 1)) == date(2025, 10, 9)


def test_a_year_without_published_holidays_counts_monday_to_friday_and_says_so() -> None:
    days = [date(UNKNOWN_YEAR, 3, 6) + timedelta(days=n) for n in range(7)]  # a Monday first

    working = [workdays.is_workday(day) for day in days]

    assert working == [True] * 5 + [False] * 2
    assert workdays.guessed_years(days[0], date(2025, 3, 3)) == (UNKNOWN_YEAR,)


def test_even_an_unpublished_year_keeps_the_holidays_of_the_law() -> None:
    holidays = [
        date(UNKNOWN_YEAR, 5, 1),
        date(UNKNOWN_YEAR, 5, 2),
        date(UNKNOWN_YEAR, 10, 2),
        date(UNKNOWN_YEAR, 10, 3),
    ]

    working = [day for day in holidays if workdays.is_workday(day)]

    assert working == []


@pytest.mark.parametrize(
    ("clock", "open_"),
    [((8, 59, 59), False), ((9, 0, 0), True), ((17, 29, 59), True), ((17, 30, 0), False)],
)
def test_the_window_opens_at_nine_and_closes_at_half_past_five(clock: tuple[int, int, int], open_: bool) -> None:
    moment = datetime(2025, 8, 12, *clock, tzinfo=SHANGHAI)

    assert workdays.is_open(moment, SHANGHAI) is open_
    assert workdays.is_open(moment.astimezone(UTC), SHANGHAI) is open_


def test_after_the_window_the_next_one_opens_on_the_next_working_day() -> None:
    friday_evening = datetime(2025, 8, 15, 17, 30, tzinfo=SHANGHAI)

    opens = workdays.next_open(friday_evening, SHANGHAI)

    assert opens == datetime(2025, 8, 18, 9, 0, tzinfo=SHANGHAI)
    assert workdays.next_open(opens, SHANGHAI) == opens


def test_the_window_follows_the_clocks_of_a_summer_time_zone() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    winter, summer = datetime(2026, 3, 27, 8, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)

    assert workdays.is_open(winter, berlin)
    assert workdays.is_open(summer, berlin)
    assert not workdays.is_open(summer - timedelta(minutes=1), berlin)
    assert workdays.next_open(winter + timedelta(hours=9), berlin) == summer


def test_a_leap_day_is_a_day_like_others() -> None:
    assert workdays.is_workday(date(2024, 2, 29))
    assert workdays.after(date(2024, 2, 28), 2) == date(2024, 3, 1)


def test_working_days_are_counted_over_weekends() -> None:
    assert workdays.after(date(2025, 8, 15), 0) == date(2025, 8, 15)
    assert workdays.after(date(2025, 8, 15), 1) == date(2025, 8, 18)
    assert workdays.after(date(2025, 8, 16), 0) == date(2025, 8, 18)
