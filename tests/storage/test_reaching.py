"""Whom a message concerns: a unit's liaisons, the office; nobody who was removed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stored import NOW, campaign, joined

from storage import devices, people, reaching, resting

TODAY = NOW.date()


def reached(run: Any, unit_id: int, today: date = TODAY) -> list[str]:
    """The addresses at which a unit is reached."""

    async def read(database: Any) -> list[str]:
        async with database.read() as connection:
            return [one.address for one in await reaching.liaisons_in(connection, unit_id, today)]

    return run(read)


def test_only_the_liaisons_of_the_unit_are_reached(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")
    joined(run, made, "li", "李强", unit="西夏墅镇")
    joined(run, made, "wang", "王敏", role="office", unit=None)

    assert reached(run, chen.unit_id or 0) == ["chen"]

    async def of_office(database: Any) -> list[str]:
        async with database.read() as connection:
            return [one.address for one in await reaching.office_in(connection, made.id)]

    assert run(of_office) == ["wang"]


def test_a_person_is_reached_on_every_device_and_nowhere_once_removed(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")

    async def second(database: Any) -> None:
        async with database.write() as connection:
            code = await devices.code_in(connection, NOW, chen.person_id)
            await devices.redeem_in(connection, NOW, "web", "phone", getattr(code, "code", code))

    run(second)
    assert reached(run, chen.unit_id or 0) == ["chen", "phone"]
    run(lambda database: people.remove(database, NOW, "cli", chen.person_id, made.id))

    assert reached(run, chen.unit_id or 0) == []


def away(run: Any, campaign_id: int, who: int, deputy: int | None, last: date = TODAY) -> None:
    async def write(database: Any) -> None:
        async with database.write() as connection:
            await resting.leave_in(connection, NOW, campaign_id, who, TODAY, last, deputy)

    run(write)


def test_a_deputy_hears_in_the_place_of_who_is_away_for_those_days(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")
    li = joined(run, made, "li", "李强", unit="西夏墅镇")
    away(run, made.id, chen.person_id, li.person_id)

    assert reached(run, chen.unit_id or 0) == ["li"]
    assert reached(run, chen.unit_id or 0, TODAY + timedelta(days=1)) == ["chen"]


def test_a_deputy_who_was_removed_or_is_away_too_hears_nothing(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")
    li = joined(run, made, "li", "李强", unit="西夏墅镇")
    wang = joined(run, made, "wang", "王敏", role="office", unit=None)
    away(run, made.id, chen.person_id, li.person_id)
    away(run, made.id, li.person_id, wang.person_id)
    assert reached(run, chen.unit_id or 0) == ["wang"]

    run(lambda database: people.remove(database, NOW, "cli", wang.person_id, made.id))

    assert reached(run, chen.unit_id or 0) == ["chen"]  # what is said to nobody is lost


def test_a_colleague_who_is_there_is_enough(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")
    joined(run, made, "fang", "方兰")
    away(run, made.id, chen.person_id, None)

    assert reached(run, chen.unit_id or 0) == ["fang"]
