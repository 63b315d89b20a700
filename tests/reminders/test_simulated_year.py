"""A year of reminders as `tests/support/simulated_year.py` plays it; run that file to write the golden log anew."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import date

import chinese_calendar
import pytest
from simulated_year import BLOCKED_FROM, CALENDAR, GOLDEN, LEAVES, World

MOST = 26 + 5 * len(CALENDAR.phases)
MEDIAN = 12


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    lived = World()
    lived.live()
    return lived


def test_the_year_is_said_as_it_was_agreed(world: World) -> None:
    assert world.written() == GOLDEN.read_text(encoding="utf-8")


def test_no_message_leaves_the_office_window(world: World) -> None:
    outside = [
        message.at
        for message in world.log
        if not (9, 0) <= (message.at.hour, message.at.minute) < (17, 30)
        or not chinese_calendar.is_workday(message.at.date())
    ]

    assert outside == []


def test_no_message_is_about_what_is_done(world: World) -> None:
    assert world.wrong == []


def test_nobody_is_above_the_budget_and_half_stay_below_twelve(world: World) -> None:
    counts = world.counts()

    assert max(counts.values()) <= MOST
    assert statistics.median(counts.values()) <= MEDIAN


def test_whoever_is_prompt_is_left_in_peace(world: World) -> None:
    counts = world.counts()

    prompt = [counts[f"{unit.name}联络员"] for unit in world.units if unit.habit == "及时"]

    assert max(prompt) <= 10


def test_everybody_who_missed_something_was_told_three_times_or_could_not_be_reached(world: World) -> None:
    causes = {unit.split("（")[1].rstrip("）") for unit, _, _ in world.unannounced()}

    assert causes <= {"屏蔽", "请假无代理"}
    assert {person for person, _ in world.held} >= {"农业局联络员", "安监局联络员"}  # each exception is listed


def test_whoever_is_away_or_blocked_is_not_written_to(world: World) -> None:
    said = [(message.habit, message.digest.on) for message in world.log]

    assert not [on for habit, on in said if habit in LEAVES and LEAVES[habit].runs(on)]
    assert not [on for habit, on in said if habit == "屏蔽" and on >= BLOCKED_FROM]


def test_the_deputy_is_told_of_the_other_unit_in_one_message(world: World) -> None:
    together = [m.digest for m in world.log if len(m.digest.piles) == 2]

    assert together
    assert {digest.person for digest in together} == {"春江镇联络员"}
    assert Counter(digest.key for digest in together).most_common(1)[0][1] == 1


def test_an_item_sent_back_at_the_end_of_the_day_is_heard_of(world: World) -> None:
    found = [m for m in world.log if "被退回" in m.digest.why]

    assert [(m.digest.person, m.digest.on) for m in found] == [("孟河镇联络员", date(2025, 10, 15))]


def test_a_matter_is_taken_up_with_nobody_before_the_liaison_was_told_twice(world: World) -> None:
    told: dict[tuple[int, str], list[date]] = {}
    for message in world.log:
        for key in message.digest.matters:
            told.setdefault(key, []).append(message.digest.on)

    assert world.escalated
    for one in world.escalated:
        for obligation in one.found.obligations:
            assert sum(on < one.on for on in told[one.found.unit_id, obligation.key]) >= 2
            assert obligation.limit < one.on


def test_once_answering_is_over_nobody_is_written_to(world: World) -> None:
    assert max(message.digest.on for message in world.log) <= CALENDAR.answers_close
