"""The office of two campaigns that both take answers: every message names the year, and one tap decides."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from told import TOWNS

from channels import keys
from rubrics import loader
from storage import campaigns, office_facts
from storage.roster import RosterUnit

UNITS = [RosterUnit("孟河镇", "镇", ("孟河",), (), ()), RosterUnit("西夏墅镇", "镇", (), (), ())]


@pytest.fixture
def wang(office: Office) -> Person:
    """Of the office of 2026 (units 1 to 4) and of 2025, made later (units 5 and 6)."""
    made = office.person("wang", "office")
    first = office.campaign
    office.campaign = office.run(
        campaigns.create(office.database, office.now, "test", 2025, [loader.load(TOWNS)], UNITS)
    )
    made.start(office.invite("office"))
    office.campaign = first
    return made


def booked(office: Office) -> dict[int, list[tuple[str, Any]]]:
    """Unit id → what is booked of 孟河镇 in each campaign."""

    async def read() -> Any:
        async with office.database.read() as connection:
            return {unit: await office_facts.of_unit_in(connection, unit) for unit in (1, 5)}

    return {unit: [(one.criterion_id, one.fact) for one in found] for unit, found in office.run(read()).items()}


def test_a_year_that_is_said_decides_where_a_fact_is_booked(office: Office, wang: Person) -> None:
    assert wang.send("2026年孟河镇抽检不合格1起").startswith("〔2026 年度〕")
    assert wang.send("区局通报第3期").startswith("〔2026 年度〕")
    wang.press("确认")

    assert booked(office) == {1: [("6.3", 1)], 5: []}


@pytest.mark.parametrize("words", ["孟河镇抽检不合格1起", "/fact 孟河镇抽检不合格1起", "记情况 孟河镇 抽检不合格 1起"])
def test_without_a_year_one_tap_decides(office: Office, wang: Person, words: str) -> None:
    assert "哪一年度" in wang.send(words)
    assert wang.labels == ["2025 年度", "2026 年度"]

    assert wang.press("2026 年度").startswith("〔2026 年度〕")
    wang.send("区局通报第3期")
    wang.press("确认")

    assert booked(office) == {1: [("6.3", 1)], 5: []}


def test_the_year_of_a_paper_is_not_that_of_the_fact(wang: Person) -> None:
    assert "哪一年度" in wang.send("孟河镇抽检不合格1起，依据 常质监〔2025〕3号")


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("words", ["{}年孟河镇现在多少分", "孟河镇{}年度得分"])
def test_a_units_score_is_of_the_year_that_is_said(wang: Person, year: int, words: str) -> None:
    assert wang.send(words.format(year)).startswith(f"〔{year} 年度〕\n孟河镇")


def test_a_card_names_its_year(wang: Person) -> None:
    assert wang.send("单位 孟河镇").startswith("〔2025 年度〕")


@pytest.mark.parametrize("words", ["催一下孟河镇的名牌规划", "催办 孟河镇 名牌规划"])
def test_whom_to_remind_is_asked_for_its_year(wang: Person, words: str) -> None:
    assert "哪一年度" in wang.send(words)

    said = wang.press("2026 年度")

    assert said.startswith("〔2026 年度〕")
    assert "名牌规划" in said


def test_to_remind_of_a_year_that_is_said_is_not_asked(wang: Person) -> None:
    assert wang.send("催一下孟河镇2026年的名牌规划").startswith("〔2026 年度〕")


def test_a_tap_for_another_message_or_campaign_says_so(office: Office, wang: Person) -> None:
    wang.send("孟河镇抽检不合格1起")
    key = wang.key("2026 年度")

    assert "已经变了" in wang.press_key(keys.pack("desk-year", 77, version=1))
    wang.send("西夏墅镇抽检不合格1起")
    assert "已经变了" in wang.press_key(key)


def test_with_one_campaign_nobody_is_asked(office: Office) -> None:
    wang = office.person("wang", "office")

    said = wang.send("孟河镇抽检不合格1起")

    assert "依据是什么" in said
    assert "年度〕" not in said
