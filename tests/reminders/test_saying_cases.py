"""Reminders where something comes between: an office push that waited, a clock that jumps, three units, a late return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from reminded import MONDAY, TOWNS, World, does, members
from talk import ZONE, Person

from reminders import known
from rubrics import loader


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


@pytest.fixture
def pushed_on_saturday(world: World, chen: Person) -> World:
    """The office pushed on Saturday what is to go out on Monday at nine."""
    world.now = MONDAY - timedelta(days=2)
    wang = world.person("wang", "office")
    wang.send("催办 孟河镇")
    wang.press("发送")
    world.deliver()
    world.now = MONDAY
    return world


def test_a_push_that_waited_is_sent_when_office_hours_begin(pushed_on_saturday: World) -> None:
    assert pushed_on_saturday.pushed() == []
    pushed_on_saturday.deliver()
    pushed_on_saturday.deliver()

    assert [address for address, _, _ in pushed_on_saturday.pushed()] == ["chen"]


def test_a_campaign_closed_while_a_push_waits_says_nothing(pushed_on_saturday: World) -> None:
    pushed_on_saturday.set_phase("日常收集", date(2026, 1, 1), date(2026, 11, 20))
    pushed_on_saturday.set_phase("自评", date(2026, 11, 1), date(2026, 11, 22))

    pushed_on_saturday.deliver()

    assert pushed_on_saturday.pushed() == []


def test_a_push_whose_matters_are_all_done_while_it_waits_is_not_sent(pushed_on_saturday: World) -> None:
    member = next(m for m in pushed_on_saturday.run(members(pushed_on_saturday)) if m.unit == "孟河镇")
    does(pushed_on_saturday, loader.load(TOWNS), member)

    pushed_on_saturday.deliver()

    assert pushed_on_saturday.pushed() == []


def test_a_clock_that_jumps_ahead_drops_what_was_for_another_day_and_says_it_once_anew(
    world: World, chen: Person
) -> None:
    world.tick(MONDAY)
    world.now = MONDAY + timedelta(days=3)

    world.deliver()
    said = [world.tick(), world.tick()]
    world.deliver()

    assert said == [1, 0]
    assert len(world.pushed()) == 1


def test_a_liaison_of_three_units_gets_one_message_about_all(world: World, chen: Person) -> None:
    chen.start(world.invite("liaison", "西夏墅镇"))
    chen.start(world.invite("liaison", "薛家镇"))
    world.deliver()

    assert world.tick(MONDAY) == 1
    world.deliver()

    ((_, _, text),) = world.pushed()
    assert all(f"{unit}：还有" in text for unit in ("孟河镇", "西夏墅镇", "薛家镇"))


@pytest.mark.parametrize(("minute", "said"), [(29, 1), (30, 0)])
def test_what_is_sent_back_a_minute_before_the_end_of_the_day_is_said_and_after_it_the_next_day(
    world: World, chen: Person, monkeypatch: pytest.MonkeyPatch, minute: int, said: int
) -> None:
    world.tick(MONDAY)
    world.deliver()
    real = known._known

    async def sent_back(connection: Any, unit_id: int, rubric: Any, tasks: Any) -> Any:
        found = await real(connection, unit_id, rubric, tasks)
        return found._replace(returned={"2.1": date(2026, 11, 30)} if unit_id == 1 else {})

    monkeypatch.setattr(known, "_known", sent_back)
    evening = datetime(2026, 11, 30, 17, minute, tzinfo=ZONE)

    assert world.tick(evening) == said
    world.deliver()
    assert said + world.tick(evening + timedelta(hours=16)) == 1
    world.deliver()

    assert len(world.pushed()) == 2
    keys = {key for told in world.told() for _, key in told.telling.matters}
    assert f"{TOWNS}/2.1/returned-20261130" in keys


def test_the_office_hears_that_a_push_came_too_late(pushed_on_saturday: World) -> None:
    pushed_on_saturday.set_phase("日常收集", date(2026, 1, 1), date(2026, 11, 20))
    pushed_on_saturday.set_phase("自评", date(2026, 11, 1), date(2026, 11, 22))

    pushed_on_saturday.deliver()
    pushed_on_saturday.deliver()

    assert pushed_on_saturday.pushed() == []
    assert [text for to, _, text in pushed_on_saturday.messenger.sent if to == "wang" and "没有送出" in text] == [
        "11月23日给孟河镇 联络员的催办没有送出：等到能送的时候，自评已经结束或得分已经审定。"
        "还要催的话请再打“催办”，会写明是补报。"
    ]


def test_a_push_for_after_the_close_waits_and_speaks_of_coming_late(world: World, chen: Person) -> None:
    world.set_phase("日常收集", date(2026, 1, 1), date(2026, 11, 20))
    world.set_phase("自评", date(2026, 11, 1), date(2026, 11, 22))
    world.now = MONDAY - timedelta(days=2)
    wang = world.person("wang", "office")

    assert "自评 11月22日已经结束，没有报的只能补报" in wang.send("催办 孟河镇")
    wang.press("发送")
    world.now = MONDAY
    world.deliver()

    ((address, _, text),) = world.pushed()
    assert address == "chen"
    assert "自评 11月22日已经结束，没有报的现在算补报" in text
    assert "已过期限" not in text  # nobody was ever reminded of it
