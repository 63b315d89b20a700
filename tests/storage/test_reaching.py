"""Whom a message concerns: a unit's liaisons, the office; nobody who was removed."""

from __future__ import annotations

from typing import Any

from stored import NOW, campaign, joined

from storage import devices, people, reaching


def reached(run: Any, which: str, ident: int) -> list[str]:
    async def read(database: Any) -> list[str]:
        async with database.read() as connection:
            return [one.address for one in await getattr(reaching, which)(connection, ident)]

    return run(read)


def test_only_the_liaisons_of_the_unit_are_reached(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")
    joined(run, made, "li", "李强", unit="西夏墅镇")
    joined(run, made, "wang", "王敏", role="office", unit=None)

    assert reached(run, "liaisons_in", chen.unit_id or 0) == ["chen"]
    assert reached(run, "office_in", made.id) == ["wang"]


def test_a_person_is_reached_on_every_device_and_nowhere_once_removed(run: Any) -> None:
    made = campaign(run)
    chen = joined(run, made, "chen")

    async def second(database: Any) -> None:
        async with database.write() as connection:
            code = await devices.code_in(connection, NOW, chen.person_id)
            await devices.redeem_in(connection, NOW, "web", "phone", getattr(code, "code", code))

    run(second)
    assert reached(run, "liaisons_in", chen.unit_id or 0) == ["chen", "phone"]
    run(lambda database: people.remove(database, NOW, "cli", chen.person_id, made.id))

    assert reached(run, "liaisons_in", chen.unit_id or 0) == []
