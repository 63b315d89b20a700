"""沿用去年: one tap takes over what is still in force; it is reviewed again and can be taken back like any proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import campaigns, evidence, phases
from storage.campaigns import Campaign
from storage.roster import RosterUnit

TOWNS = loader.load("xinbei-2011-towns")
UNITS = [RosterUnit("孟河镇", "镇", (), (), ()), RosterUnit("西夏墅镇", "镇", (), (), ())]
UNIT = 3  # 孟河镇 in 2027


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", (TOWNS.id,), UNITS)
    yield made
    made.close()


@pytest.fixture
def chen(office: Office) -> Person:
    """孟河镇's liaison of 2026, who has sent a file in force and one of the year; then of 2027 too."""
    chen = office.person("chen", "liaison", "孟河镇")
    for ident, name in (("1.1", "分工文件.pdf"), ("8.2a", "登记表.pdf")):
        chen.press_key(keys.pack("proof", 1, TOWNS.id, ident))
        chen.press_key(keys.pack("ask", 1, TOWNS.id, ident))
        chen.send_file(name)
    office.campaign = new_year(office)
    chen.start(office.invite("liaison", "孟河镇"))
    return chen


def new_year(office: Office) -> Campaign:
    made = campaigns.create(office.database, office.now, "test", 2027, [TOWNS], UNITS)
    return office.run(made)  # type: ignore[no-any-return]


def files(office: Office, unit_id: int = UNIT) -> list[str]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return [use.evidence.name for use in await evidence.of_clause_in(connection, unit_id, TOWNS.id, "1.1")]

    return office.run(read())  # type: ignore[no-any-return]


def test_what_may_be_carried_over_is_listed_and_taken_in_one_tap(office: Office, chen: Person) -> None:
    text = chen.send("沿用去年")

    assert "孟河镇 有 1 条可以沿用" in text
    assert "2026 年：分工文件.pdf" in text
    text = chen.press(TOWNS.criteria["1.1"].label)

    assert "沿用 2026 年的" in text
    assert "考核办会重新核查" in text
    assert files(office) == ["分工文件.pdf"]
    assert "没有可以沿用的" in chen.send("沿用去年")


def test_the_question_offers_it_where_there_is_something(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("ask", UNIT, TOWNS.id, "8.2a"))
    assert "沿用去年" not in chen.labels
    chen.press_key(keys.pack("ask", UNIT, TOWNS.id, "1.1"))

    chen.press("沿用去年")

    assert files(office) == ["分工文件.pdf"]


def test_a_second_tap_changes_nothing(office: Office, chen: Person) -> None:
    key = keys.pack("carry", UNIT, TOWNS.id, "1.1")
    chen.press_key(key)

    assert "没有改动任何东西" in chen.press_key(key)
    assert files(office) == ["分工文件.pdf"]


def test_it_waits_for_review_again(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("carry", UNIT, TOWNS.id, "1.1"))
    chen.press_key(keys.pack("ask", UNIT, TOWNS.id, "1.1"))
    chen.send("有")
    wang = office.person("wang", "office")

    text = wang.press_key(keys.pack("rv-see", UNIT, TOWNS.id, "1.1"))

    assert "分工文件.pdf" in text
    assert "待核" in text


def test_what_must_be_of_the_year_cannot_be_carried_over(office: Office, chen: Person) -> None:
    assert "没有可以沿用的材料" in chen.press_key(keys.pack("carry", UNIT, TOWNS.id, "8.2a"))


def test_nothing_is_carried_over_once_answers_are_locked(office: Office, chen: Person) -> None:
    async def lock() -> None:
        async with office.database.write() as connection:
            days = (date(2026, 10, 1), date(2026, 11, 1))
            await phases.set_in(connection, office.now, "test", office.campaign.id, "自评", *days)

    office.run(lock())

    chen.press_key(keys.pack("carry", UNIT, TOWNS.id, "1.1"))

    assert files(office) == []


@pytest.mark.parametrize(
    ("role", "unit"),
    [("liaison", "西夏墅镇"), ("office", None), ("leader", None), ("expert", None), ("provider", "孟河镇")],
)
def test_nobody_else_carries_a_units_proof_over(office: Office, chen: Person, role: str, unit: str | None) -> None:
    other = office.person("other", role, unit)

    assert "没有改动任何东西" in other.press_key(keys.pack("carry", UNIT, TOWNS.id, "1.1"))
    assert "分工文件" not in other.send("沿用去年")
    assert files(office) == []


def test_strangers_and_forged_clauses_get_nothing(office: Office, chen: Person) -> None:
    assert "邀请" in Person(office, "nobody").press_key(keys.pack("carry", UNIT, TOWNS.id, "1.1"))
    assert "没有改动任何东西" in chen.press_key(keys.pack("carry", UNIT, TOWNS.id, "99.9"))
    assert "没有改动任何东西" in chen.press_key(keys.pack("carry", 99, TOWNS.id, "1.1"))
    assert files(office) == []
