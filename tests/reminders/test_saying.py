"""Reminders from storage to the messenger: said once, true when sent, and nothing lost or doubled by a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from reminded import MONDAY, TOWNS, World, does, members
from stops import Faults, Kill
from talk import ZONE, Person

from rubrics import loader
from storage import answers, reminding
from storage.database import Database


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def chen(world: World) -> Person:
    someone = world.person("chen", "liaison", "孟河镇")
    world.deliver()  # the welcome is out
    return someone


def test_a_digest_is_said_once_a_day_and_sent_once(world: World, chen: Person) -> None:
    said = [world.tick(MONDAY), world.tick(), world.tick(MONDAY + timedelta(hours=5))]
    world.deliver()
    world.deliver()

    assert said == [1, 0, 0]
    assert [(address, "孟河镇：还有" in text) for address, _, text in world.pushed()] == [("chen", True)]


@pytest.mark.parametrize("hours", [-2, 8.5, 24 * 5])  # 7:30, 18:00 and a Saturday
def test_nothing_is_said_outside_office_hours(world: World, chen: Person, hours: float) -> None:
    assert world.tick(MONDAY + timedelta(hours=hours)) == 0


def test_after_a_week_of_downtime_there_is_one_digest(world: World, chen: Person) -> None:
    world.tick(MONDAY)
    world.deliver()

    said = [world.tick(MONDAY + timedelta(days=days)) for days in (21, 21)]

    assert said == [1, 0]


def test_two_schedulers_at_once_say_it_once(world: World, chen: Person) -> None:
    world.now = MONDAY
    other = Database(world.path)

    async def both() -> list[int]:
        ticks = [world.reminders().tick(), world.reminders().tick(), world.reminders(other).tick()]
        found = await asyncio.gather(*ticks)
        await other.close()
        return found

    said = world.run(both())
    world.deliver()

    assert sum(said) == 1
    assert len(world.pushed()) == 1


def test_who_is_answering_is_not_interrupted_and_hears_afterwards(world: World, chen: Person) -> None:
    world.now = MONDAY
    chen.send("下一项")

    assert world.tick() == 0
    assert world.tick(MONDAY + timedelta(minutes=11)) == 1


def test_a_digest_that_waits_is_dropped_when_the_person_begins_to_answer_and_said_later(
    world: World, chen: Person
) -> None:
    world.tick(MONDAY)
    chen.send("下一项")

    world.deliver()
    world.deliver()
    assert world.pushed() == []
    assert world.tick(MONDAY + timedelta(minutes=15)) == 1
    world.deliver()

    assert len(world.pushed()) == 1
    assert sum("孟河镇：还有" in row["text"] for row in chen.rows()) == 1  # the page does not show the dropped one


def test_what_is_done_while_a_digest_waits_is_not_spoken_of(world: World, chen: Person) -> None:
    world.tick(MONDAY)
    rubric = loader.load(TOWNS)
    (told,) = world.told()
    unit_id = told.telling.matters[0][0]
    done = next(o for o in world.owed(unit_id) if (unit_id, o.key) in told.telling.matters and o.criteria[0] == "1.1")
    person = world.run(members(world))[0].person_id
    world.run(answers.record(world.database, world.now, person, unit_id, rubric, done.criteria[0], True))

    world.deliver()

    assert world.pushed() == []


def test_a_campaign_closed_while_messages_wait_says_nothing(world: World, chen: Person) -> None:
    world.set_phase("自评", date(2026, 1, 1), date(2026, 12, 31))
    world.tick(MONDAY)
    world.set_phase("日常收集", date(2026, 1, 1), date(2026, 11, 20))
    world.set_phase("自评", date(2026, 1, 1), date(2026, 11, 22))

    world.deliver()

    assert world.pushed() == []
    assert world.tick() == 0


def test_a_message_that_waited_for_the_night_is_not_sent_in_the_evening(world: World, chen: Person) -> None:
    world.tick(MONDAY + timedelta(hours=7, minutes=55))  # 17:25
    world.now = MONDAY + timedelta(hours=8, minutes=1)

    world.deliver()

    assert world.pushed() == []


def test_a_clock_that_jumps_back_says_nothing_twice_and_goes_on_when_it_has_caught_up(
    world: World, chen: Person
) -> None:
    said = [world.tick(MONDAY + timedelta(days=days)) for days in (2, 1, 0, 2, 23)]

    assert said == [1, 0, 0, 0, 1]


def test_office_hours_follow_summer_time(tmp_path: Path) -> None:
    world = World(tmp_path / "berlin", ZoneInfo("Europe/Berlin"))
    world.person("chen", "liaison", "孟河镇")

    async def issued() -> None:
        async with world.database.write() as connection:
            await reminding.set_issued_in(connection, world.now, "test", world.campaign.id, date(2026, 6, 23))

    world.run(issued())
    before = world.tick(datetime(2026, 10, 26, 7, 30, tzinfo=UTC))  # 8:30: the clocks went back yesterday
    after = world.tick(datetime(2026, 10, 26, 8, 30, tzinfo=UTC))
    world.close()

    assert (before, after) == (0, 1)


def test_who_has_blocked_the_bot_is_not_written_to_until_something_comes(world: World, chen: Person) -> None:
    world.tick(MONDAY)
    (told,) = world.told()

    async def blocked() -> None:
        from storage import conversation

        await conversation.sent(world.database, told.message_id, "blocked", world.now, "403")

    world.run(blocked())
    assert world.tick(MONDAY + timedelta(days=1)) == 0
    world.acts(chen)
    assert world.tick(MONDAY + timedelta(days=1, hours=1)) == 1


def test_a_stop_before_any_statement_of_a_tick_loses_nothing_and_doubles_nothing(
    world: World, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = Faults(monkeypatch)
    world.now = MONDAY
    stops = 0
    for place in range(1000):
        faults.left, faults.hit = place, False
        try:
            world.run(world.reminders().tick())
        except Kill:
            stops += 1
        finally:
            faults.left = -1
        if not faults.hit:
            break
    world.deliver()

    assert stops > 20
    assert len(world.told()) == 1
    assert len(world.pushed()) == 1


def test_a_stop_before_any_statement_of_a_sending_doubles_at_most_what_was_out_and_not_noted(
    world: World, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.tick(MONDAY)
    faults = Faults(monkeypatch)
    doubled = []
    for place in range(1000):
        before = len(world.messenger.sent)
        faults.left, faults.hit = place, False
        try:
            world.deliver()
        except Kill:
            pass
        finally:
            faults.left = -1
        doubled.append(len(world.messenger.sent) - before)
        if not faults.hit:
            break

    assert len(world.told()) == 1
    assert 1 <= sum(doubled) <= 2  # twice only where it ended between sending and noting
    assert max(doubled) == 1


def test_a_month_through_storage_keeps_the_quiet_contract(world: World) -> None:
    """孟河镇 does what it is told, 西夏墅镇 reads and does nothing, 薛家镇 never reacts."""
    prompt = world.person("chen", "liaison", "孟河镇")
    slow = world.person("wang", "liaison", "西夏墅镇")
    world.person("zhou", "liaison", "薛家镇")
    world.deliver()
    rubric = loader.load(TOWNS)
    serving = {m.person_id: m for m in world.run(members(world))}
    said: dict[str, list[date]] = {"孟河镇": [], "西夏墅镇": [], "薛家镇": []}
    wrong = []
    for day in range(31):
        for hour, minute in ((7, 0), (9, 0), (13, 0), (17, 29), (17, 30), (22, 0)):
            world.now = datetime(2026, 11, 23, hour, minute, tzinfo=ZONE) + timedelta(days=day)
            before = len(world.told())
            world.tick()
            for told in world.told()[before:]:
                unit_id = serving[told.telling.person_id].unit_id
                still = {o.key for o in world.owed(unit_id)}
                wrong += [key for _, key in told.telling.matters if key not in still]
                said[serving[told.telling.person_id].unit].append(told.telling.on)
            world.deliver()
        for person, unit in ((prompt, "孟河镇"), (slow, "西夏墅镇")):
            if said[unit] and said[unit][-1] == world.now.astimezone(ZONE).date():
                world.acts(person)
        if said["孟河镇"]:
            does(world, rubric, next(m for m in serving.values() if m.unit == "孟河镇"))

    assert wrong == []
    assert len(world.pushed()) == sum(len(days) for days in said.values())
    assert len(said["孟河镇"]) < len(said["西夏墅镇"])
    near = date(2026, 12, 17)  # two weeks before the close
    for unit, least in (("孟河镇", 7), ("西夏墅镇", 7)):
        days = [on for on in said[unit] if on < near]
        assert all((b - a).days >= least for a, b in pairwise(days)), (unit, days)
    assert near in said["西夏墅镇"]
    assert near in said["薛家镇"]
