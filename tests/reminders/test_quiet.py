from __future__ import annotations

from datetime import date, timedelta

import pytest

from reminders import quiet
from reminders.quiet import REGULAR_A_YEAR, Said, Snooze, Told, is_rested, planned_days, planned_now, snooze

TODAY = date(2025, 8, 12)  # a Tuesday


def ago(days: int, *, reacted: bool = True, kind: Told = "regular") -> Said:
    return Said(TODAY - timedelta(days=days), kind, reacted)


@pytest.mark.parametrize(("days", "rested"), [(6, False), (7, True)])
def test_a_week_lies_between_two_digests(days: int, rested: bool) -> None:
    assert is_rested([ago(days)], TODAY) is rested


@pytest.mark.parametrize(("days", "rested"), [(13, False), (14, True)])
def test_two_weeks_lie_after_two_without_a_reaction(days: int, rested: bool) -> None:
    said = [ago(days + 7, reacted=False), ago(days, reacted=False)]

    assert is_rested(said, TODAY) is rested


def test_one_reaction_brings_the_week_back() -> None:
    assert is_rested([ago(14, reacted=False), ago(7, reacted=True)], TODAY)


def test_what_was_asked_for_counts_nowhere() -> None:
    assert is_rested([ago(8), ago(1, kind="asked")], TODAY)


def test_the_year_has_room_for_twenty_six_besides_deadlines() -> None:
    full = [ago(7 * n) for n in range(REGULAR_A_YEAR, 0, -1)]
    deadlines = [ago(7 * n, kind="deadline") for n in range(REGULAR_A_YEAR, 0, -1)]

    assert not is_rested(full, TODAY)
    assert is_rested(full[1:], TODAY)
    assert is_rested(deadlines, TODAY)


def test_a_deadline_is_spoken_of_on_five_days() -> None:
    friday = date(2025, 8, 29)

    assert planned_days(friday) == tuple(friday - timedelta(days=n) for n in (14, 7, 3, 1, 0))


def test_planned_days_in_a_holiday_move_before_it_and_become_one() -> None:
    last_of_holiday = date(2025, 10, 8)

    assert planned_days(last_of_holiday) == (date(2025, 9, 24), date(2025, 9, 30))


def test_a_planned_day_missed_is_made_up_for_once() -> None:
    close = date(2025, 8, 26)  # two weeks from today
    tomorrow = TODAY + timedelta(days=1)

    assert planned_now([close], [ago(5)], TODAY) == close
    assert planned_now([close], [ago(5)], tomorrow) == close
    assert planned_now([close], [Said(TODAY, "deadline")], tomorrow) is None


def test_a_planned_day_moved_out_of_the_two_weeks_keeps_to_the_week() -> None:
    close = date(2025, 8, 31)  # a Sunday: the day two weeks before moves from Sunday to Friday
    friday = date(2025, 8, 15)

    assert planned_now([close], [Said(friday - timedelta(days=3))], friday) is None
    assert planned_now([close], [Said(friday - timedelta(days=7))], friday) == close
    assert planned_now([close], [Said(friday - timedelta(days=3))], friday + timedelta(days=3)) == close


def test_a_close_that_has_passed_is_no_deadline() -> None:
    assert planned_now([TODAY - timedelta(days=1)], [], TODAY) is None


def test_tomorrow_is_the_next_working_day() -> None:
    assert snooze("tomorrow", date(2025, 8, 15), None) == Snooze(date(2025, 8, 18))


def test_next_week_is_its_first_working_day() -> None:
    assert snooze("next_week", TODAY, None) == Snooze(date(2025, 8, 18))
    assert snooze("next_week", date(2025, 9, 30), None) == Snooze(date(2025, 10, 9))


def test_three_days_before_the_close_falls_on_a_working_day() -> None:
    assert snooze("three_days_before", TODAY, date(2025, 9, 3)) == Snooze(date(2025, 8, 29))  # the 31st is a Sunday


def test_three_days_before_without_a_deadline_is_next_week_and_too_late_is_tomorrow() -> None:
    assert snooze("three_days_before", TODAY, None) == snooze("next_week", TODAY, None)
    assert snooze("three_days_before", TODAY, TODAY + timedelta(days=2)) == Snooze(TODAY + timedelta(days=1))


def test_no_snooze_sleeps_through_the_deadline() -> None:
    close = date(2025, 8, 14)

    assert snooze("next_week", TODAY, close) == Snooze(close)


def test_a_snooze_is_over_once_something_was_said_on_or_after_its_day() -> None:
    asked = Snooze(TODAY)

    assert asked.is_due([ago(3)], TODAY)
    assert not asked.is_due([ago(3), ago(0)], TODAY)
    assert asked.rests(TODAY - timedelta(days=1))
    assert not asked.rests(TODAY)


def test_a_clock_that_was_set_back_is_noticed() -> None:
    assert quiet.is_back_in_time([Said(TODAY + timedelta(days=1))], TODAY)
    assert not quiet.is_back_in_time([ago(0)], TODAY)
    assert not quiet.is_back_in_time([], TODAY)
