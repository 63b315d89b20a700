from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.pacing import NOTICE_DAYS, Calendar, asked, dated, slots
from rubrics.model import Cadence
from storage.phases import COLLECTION, SELF_ASSESSMENT, Phase

ISSUED = date(2025, 6, 23)
OPEN_END = Calendar(2025, ISSUED)
WITH_PHASES = Calendar(
    2025,
    ISSUED,
    (
        Phase(COLLECTION, ISSUED, date(2025, 12, 31)),
        Phase(SELF_ASSESSMENT, date(2026, 1, 1), date(2026, 1, 16)),
    ),
)


def test_four_reports_are_spread_over_what_is_left_of_the_year() -> None:
    found = list(slots(Cadence(times=4), OPEN_END))

    assert [slot.due for slot in found] == [date(2025, 8, 9), date(2025, 9, 26), date(2025, 11, 13), date(2025, 12, 31)]
    assert [slot.starts for slot in found] == [ISSUED, date(2025, 8, 10), date(2025, 9, 27), date(2025, 11, 14)]
    assert {slot.limit for slot in found} == {date(2025, 12, 31)}


def test_what_is_due_once_lies_in_the_middle_of_the_rest() -> None:
    (only,) = slots(Cadence(times=1), OPEN_END)

    assert (only.due, only.limit) == (date(2025, 9, 26), date(2025, 12, 31))


def test_a_half_year_that_is_nearly_over_leaves_thirty_days_and_one_that_is_over_asks_nothing() -> None:
    halves = list(slots(Cadence(times=1, per="half_year"), OPEN_END))
    quarters = list(slots(Cadence(times=1, per="quarter"), OPEN_END))

    assert [slot.due for slot in halves] == [ISSUED + timedelta(days=30), date(2025, 9, 30)]
    assert [slot.within[0].month for slot in quarters] == [4, 7, 10]


def test_a_month_is_announced_ahead_and_its_proof_has_two_weeks() -> None:
    found = dated(Cadence(month=9, name="质量月"), OPEN_END)

    assert found is not None
    assert (found.first, found.last, found.due) == (date(2025, 9, 1), date(2025, 9, 30), date(2025, 10, 14))
    assert found.starts == date(2025, 7, 18)


def test_a_day_before_the_rubric_was_issued_is_not_asked_for() -> None:
    assert dated(Cadence(day="03-15", name="3·15"), OPEN_END) is None


def test_a_last_day_before_the_rubric_was_issued_moves_by_the_notice() -> None:
    found = dated(Cadence(by="03-31"), OPEN_END)

    assert found is not None
    assert found.due == ISSUED + timedelta(days=NOTICE_DAYS)


def test_the_leap_day_falls_on_the_28th_in_other_years() -> None:
    leap, other = Calendar(2024, date(2024, 1, 1)), Calendar(2025, date(2025, 1, 1))
    cadence = Cadence(day="02-29", name="闰日")

    assert dated(cadence, leap).last == date(2024, 2, 29)  # type: ignore[union-attr]
    assert dated(cadence, other).last == date(2025, 2, 28)  # type: ignore[union-attr]


def test_what_exists_only_after_the_year_is_asked_thirty_days_before_answering_closes() -> None:
    starts, due = asked("after_year", WITH_PHASES)

    assert (starts, due) == (date(2025, 12, 17), date(2026, 1, 16))


def test_where_answering_goes_on_long_after_the_year_it_is_asked_on_its_first_day() -> None:
    late = Calendar(2025, ISSUED, (Phase(SELF_ASSESSMENT, date(2026, 1, 1), date(2026, 3, 31)),))

    assert asked("after_year", late) == (date(2026, 1, 1), date(2026, 3, 31))


def test_what_can_be_told_any_time_is_due_when_collecting_closes() -> None:
    assert asked("any_time", WITH_PHASES) == (ISSUED, date(2025, 12, 31))


@given(
    issued=st.dates(date(2024, 1, 1), date(2024, 11, 30)),
    times=st.integers(1, 12),
    per=st.sampled_from(["year", "half_year", "quarter"]),
)
def test_nothing_is_due_in_the_past_or_sooner_than_the_notice(issued: date, times: int, per: str) -> None:
    calendar = Calendar(2024, issued)

    found = list(slots(Cadence(times=times, per=per), calendar))  # type: ignore[arg-type]

    notice = min(issued + timedelta(days=NOTICE_DAYS), calendar.answers_close)
    assert found
    assert all(slot.due >= notice and slot.starts >= issued for slot in found)
    assert all(slot.starts <= slot.due <= slot.limit <= calendar.answers_close for slot in found)
    assert [slot.due for slot in found] == sorted(slot.due for slot in found)


@pytest.mark.parametrize("per", ["year", "half_year", "quarter"])
def test_a_year_issued_on_its_first_day_asks_for_every_period(per: str) -> None:
    calendar = Calendar(2025, date(2025, 1, 1))

    found = list(slots(Cadence(times=2, per=per), calendar))  # type: ignore[arg-type]

    assert len(found) == {"year": 2, "half_year": 4, "quarter": 8}[per]
