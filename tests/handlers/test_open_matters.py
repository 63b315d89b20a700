"""What all units owe: the same as each of them by itself, at a cost that grows with their number and no faster."""

from __future__ import annotations

from typing import Any

import pytest
from talk import ZONE, Office, Person

from reminders.known import owed_by_in, owed_in
from reminders.obligations import Obligation
from storage import campaigns, submissions


def owed_by(office: Office, *unit_ids: int) -> dict[int, tuple[Obligation, ...]]:
    async def read() -> dict[int, tuple[Obligation, ...]]:
        async with office.database.read() as connection:
            return await owed_by_in(connection, office.campaign.id, unit_ids, ZONE)

    found: dict[int, tuple[Obligation, ...]] = office.run(read())
    return found


def owed(office: Office, unit_id: int) -> tuple[Obligation, ...]:
    async def read() -> tuple[Obligation, ...]:
        async with office.database.read() as connection:
            return await owed_in(connection, office.campaign.id, unit_id, ZONE)

    found: tuple[Obligation, ...] = office.run(read())
    return found


def test_all_units_at_once_owe_what_each_owes_by_itself(office: Office, chen: Person) -> None:
    chen.send("2.4 完成3个")

    together = owed_by(office, 1, 2, 3, 4)

    assert together == {ident: owed(office, ident) for ident in (1, 2, 3, 4)}
    assert len(set(together.values())) == 4  # no two of them owe the same


@pytest.mark.parametrize("words", ["未报", "未报 按单位", "催办"])
def test_what_concerns_the_whole_campaign_is_read_once_for_all_units(
    office: Office, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    boss = office.person("boss", "office")
    reads = []
    read = submissions.of_campaign_in

    async def counted(*about: Any) -> list[submissions.Submission]:
        reads.append(about)
        return await read(*about)

    monkeypatch.setattr(submissions, "of_campaign_in", counted)

    boss.send(words)

    assert len(reads) == 1


def test_a_notice_looks_up_the_units_as_often_for_one_liaison_as_for_many(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = office.person("boss", "office")
    reads = []
    read = campaigns.units_in

    async def counted(*about: Any) -> list[campaigns.Unit]:
        reads.append(about)
        return await read(*about)

    def sent() -> int:
        boss.send("发通知 各单位：明天上午停电，请知悉。")
        reads.clear()
        boss.press("发送")
        return len(reads)

    monkeypatch.setattr(campaigns, "units_in", counted)
    office.person("one", "liaison", "孟河镇")
    of_one = sent()
    for address, unit in (("two", "西夏墅镇"), ("three", "环保局"), ("four", "质监分局")):
        office.person(address, "liaison", unit)

    assert sent() == of_one
