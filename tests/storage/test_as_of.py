"""What a unit claimed at a moment: its answers and the office's bookings as they were then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from proof_world import BUREAU, MENGHE, TASKS, TOWNS, World
from talk import START

from storage import as_of, office_facts, unit_facts
from storage.as_of import Claimed

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()


def claimed(world: World, days: int, unit: int = BUREAU) -> Claimed:
    rubric = TASKS if unit == BUREAU else TOWNS
    found: Claimed = world.read(as_of.claimed_in, unit, rubric, START + days * DAY)
    return found


def test_each_day_has_the_version_of_that_day(world: World) -> None:
    world.answer("1.2", 91, BUREAU, TASKS)
    world.answer("1.2", 95, BUREAU, TASKS, at=START + 10 * DAY)
    world.answer("1.2", None, BUREAU, TASKS, state="withdrawn", at=START + 20 * DAY)

    facts = [claimed(world, days).facts for days in (-1, 0, 9, 10, 20)]

    assert facts == [{}, {"1.2": Decimal(91)}, {"1.2": Decimal(91)}, {"1.2": Decimal(95)}, {}]


def test_a_state_without_a_fact_is_told(world: World) -> None:
    world.answer("1.2", None, BUREAU, TASKS, state="not_yet", note="12月底")

    assert claimed(world, 0) == Claimed({}, {"1.2": "not_yet"})


def test_a_booking_counts_from_its_day_until_it_no_longer_does(world: World) -> None:
    world.office.person("wang", "office")
    booked = world.do(
        office_facts.book_in, MENGHE, TOWNS, "6.3", 2, basis="抽检通报〔2026〕1号", at=START + DAY, person=2
    ).fact
    about = (world.office.campaign.id, booked.id, "同一批次重复登记")
    world.do(office_facts.dismiss_in, *about, at=START + 5 * DAY, person=2)

    assert [claimed(world, days, MENGHE).facts for days in (0, 1, 5)] == [{}, {"6.3": Decimal(2)}, {}]


def test_now_it_is_what_the_engine_scores_as_claimed(world: World) -> None:
    for clause, fact in (("1.2", 95), ("1.3", 80), ("5.3", 40)):
        world.answer(clause, fact, BUREAU, TASKS)

    assert claimed(world, 0).facts == world.read(unit_facts.of_unit, BUREAU, TASKS).claimed
