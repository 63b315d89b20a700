"""While two campaigns take answers every message names the year; a date decides, else one tap."""

from __future__ import annotations

from datetime import date

import pytest
from papers import unsorted
from talk import Office, Person
from told import TOWNS, answered, facts

from rubrics import loader
from storage import campaigns, phases
from storage.roster import RosterUnit

UNITS = [RosterUnit("孟河镇", "镇", ("孟河",), (), ()), RosterUnit("西夏墅镇", "镇", (), (), ())]


@pytest.fixture
def both(office: Office, chen: Person) -> Person:
    """孟河镇's liaison of 2026 and of 2025; units 1 and 5."""
    made = office.run(campaigns.create(office.database, office.now, "test", 2025, [loader.load(TOWNS)], UNITS))
    first, office.campaign = office.campaign, made
    chen.start(office.invite("liaison", "孟河镇"))
    office.campaign = first
    return chen


def test_with_one_campaign_no_year_is_named(chen: Person) -> None:
    assert "年度〕" not in chen.send("名牌规划发文了")


def test_every_message_names_the_year_and_one_tap_decides(office: Office, both: Person) -> None:
    assert "记到哪一年" in both.send("名牌规划发文了")
    assert answered(office) == answered(office, 5) == {}

    text = both.press("2026 孟河镇")

    assert text.startswith("〔2026 年度〕")
    assert (facts(office), facts(office, 5)) == ({"2.1": True}, {})


def test_the_other_year_is_as_near(office: Office, both: Person) -> None:
    both.send("名牌规划发文了")

    assert both.press("2025 孟河镇").startswith("〔2025 年度〕")
    assert (facts(office), facts(office, 5)) == ({}, {"2.1": True})


def test_a_year_that_is_said_decides(office: Office, both: Person) -> None:
    assert both.send("去年名牌规划发文了").startswith("〔2025 年度〕")
    assert (facts(office), facts(office, 5)) == ({}, {"2.1": True})


def test_what_is_denied_is_asked_for_its_year_first(office: Office, both: Person) -> None:
    assert "记到哪一年" in both.send("讲座没办")

    assert "【讲座培训】是“没有”" in both.press("2025 孟河镇")
    both.press("没有")
    assert (facts(office), facts(office, 5)) == ({}, {"10.1": False})


def test_small_talk_is_not_asked_for_its_year(office: Office, both: Person) -> None:
    assert "没看懂" in both.send("今天食堂吃什么")


def test_a_tap_about_an_older_message_says_so(office: Office, both: Person) -> None:
    both.send("名牌规划发文了")
    key = both.key("2026 孟河镇")
    both.press_key(key)

    assert "已经变了" in both.press_key(key)


def test_once_a_campaign_takes_no_more_answers_the_other_is_meant(office: Office, both: Person) -> None:
    async def close() -> None:
        async with office.database.write() as connection:
            days = (date(2025, 11, 1), date(2025, 12, 15))
            await phases.set_in(connection, office.now, "test", 2, "自评", *days)

    office.run(close())

    assert "按【名牌规划】“有”记" in both.send("名牌规划发文了")
    assert (facts(office), facts(office, 5)) == ({"2.1": True}, {})


def test_the_year_in_a_files_name_decides_where_it_goes(office: Office, both: Person) -> None:
    assert both.send_file("2025年名牌培育规划.pdf").startswith("〔2025 年度〕")
    assert (unsorted(office), unsorted(office, 5)) == ([], ["2025年名牌培育规划.pdf"])


def test_a_file_without_a_year_is_moved_to_the_other_with_one_tap(office: Office, both: Person) -> None:
    both.send_file("名牌培育规划.pdf")
    assert (unsorted(office), unsorted(office, 5)) == ([], ["名牌培育规划.pdf"])

    both.press("是 2026 年的")

    assert (unsorted(office), unsorted(office, 5)) == (["名牌培育规划.pdf"], [])
