"""A deputy fills for the unit of who is away, for the days of the leave and not a day longer."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from talk import Office, Person

from storage import answers, invitations, people
from storage.tables_conversation import MessageRow

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]

TOWNS = "xinbei-2011-towns"
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def wang(office: Office) -> Person:
    """王敏, 西夏墅镇's liaison."""
    office.now = MONDAY
    return named(office, "wang", "王敏", "liaison", "西夏墅镇")


def named(office: Office, address: str, name: str, role: str, unit: str | None = None) -> Person:
    about = (office.database, office.now, "test", office.campaign, role)
    someone = Person(office, address)
    someone.start(office.run(invitations.invite(*about, unit=unit, name=name)).code)
    return someone


def answered(office: Office, unit_id: int = 1) -> dict[str, Any]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await answers.current_in(connection, unit_id, TOWNS)

    return {ident: one.fact for ident, one in office.run(read()).items()}


def yes_for_meng_he(person: Person) -> str:
    """A press on 是 of 孟河镇's 1.1, as a button has it."""
    return person.press_key(f"ans:1,{TOWNS},1.1,,0:0")


def test_a_deputy_is_told_and_fills_for_the_unit(office: Office, chen: Person, wang: Person) -> None:
    office.now = MONDAY
    chen.send("请假 11-23 12-11 由 王敏 代")

    assert "这几天的提醒发给您，通知和退回的消息也是，孟河镇的清单您也能填" in wang.rows()[-1]["text"]
    wang.press_key(f"ask:1,{TOWNS},1.1:0")
    yes_for_meng_he(wang)

    assert answered(office) == {"1.1": True}


def test_a_deputy_from_the_office_fills_too_and_decides_nothing_for_the_unit(office: Office, chen: Person) -> None:
    office.now = MONDAY
    li = named(office, "li", "李强", "office")
    chen.send("报送信息 质量月活动")
    chen.press("报送")
    chen.send("请假 11-23 12-11 由 李强 代")
    yes_for_meng_he(li)
    assert answered(office)["1.1"] is True

    li.press_key("report-take:1:0")

    assert "孟河镇" in li.rows()[-1]["text"]
    assert "采用" not in chen.rows()[-1]["text"]


@pytest.mark.parametrize("days", [-1, 19])  # the day before, and the day after
def test_outside_the_days_of_the_leave_a_deputy_fills_nothing(
    office: Office, chen: Person, wang: Person, days: int
) -> None:
    office.now = MONDAY - timedelta(days=2)
    chen.send("请假 11-23 12-11 由 王敏 代")
    office.now = MONDAY + timedelta(days=days)

    yes_for_meng_he(wang)

    assert answered(office) == {}


@pytest.mark.parametrize("days", [0, 18])  # the first and the last day
def test_on_the_days_of_the_leave_a_deputy_fills(office: Office, chen: Person, wang: Person, days: int) -> None:
    office.now = MONDAY - timedelta(days=2)
    chen.send("请假 11-23 12-11 由 王敏 代")
    office.now = MONDAY + timedelta(days=days)

    yes_for_meng_he(wang)

    assert answered(office) == {"1.1": True}


def test_who_comes_back_early_fills_alone_again(office: Office, chen: Person, wang: Person) -> None:
    office.now = MONDAY
    chen.send("请假 11-23 12-11 由 王敏 代")
    chen.send("销假")

    yes_for_meng_he(wang)

    assert answered(office) == {}


def test_a_deputy_who_is_away_passes_it_on(office: Office, chen: Person, wang: Person) -> None:
    office.now = MONDAY
    zhou = named(office, "zhou", "周亮", "liaison", "环保局")
    chen.send("请假 11-23 12-11 由 王敏 代")
    wang.send("请假 11-24 11-27 由 周亮 代")
    yes_for_meng_he(zhou)
    assert answered(office) == {}
    office.now = MONDAY + timedelta(days=1)

    yes_for_meng_he(wang)
    assert answered(office) == {}
    yes_for_meng_he(zhou)

    assert answered(office) == {"1.1": True}


def test_two_who_are_away_in_each_others_place_fill_for_nobody(office: Office, wang: Person) -> None:
    fang = named(office, "fang", "陈芳", "liaison", "孟河镇")
    fang.send("请假 11-23 12-11 由 王敏 代")
    wang.send("请假 11-23 12-11 由 陈芳 代")

    yes_for_meng_he(wang)

    assert answered(office) == {}


def test_a_deputy_who_was_removed_fills_nothing(office: Office, chen: Person, wang: Person) -> None:
    office.now = MONDAY
    chen.send("请假 11-23 12-11 由 王敏 代")
    members = office.run(_members(office))
    deputy = next(one for one in members if one.name == "王敏")
    office.run(people.remove(office.database, office.now, "test", deputy.person_id, office.campaign.id))

    yes_for_meng_he(wang)

    assert answered(office) == {}


async def _members(office: Office) -> Any:
    async with office.database.read() as connection:
        return await people.members_in(connection, office.campaign.id)


def heard_by(person: Person, words: str) -> bool:
    return any(words in row["text"] for row in person.rows() if not row["mine"])


def test_what_the_office_pushes_goes_to_the_deputy(office: Office, chen: Person, wang: Person) -> None:
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11 由 王敏 代")

    assert "孟河镇 王敏" in boss.send("催办 孟河镇")
    boss.press("发送")

    assert heard_by(wang, "考核办提醒：\n孟河镇")
    assert not heard_by(chen, "考核办提醒")


def test_a_push_that_waits_goes_to_who_is_there_on_its_day(office: Office, chen: Person, wang: Person) -> None:
    office.now = MONDAY - timedelta(days=2)
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11 由 王敏 代")

    assert "孟河镇 王敏" in boss.send("催办 孟河镇")
    boss.press("发送")
    boss.press("发送")  # a second tap sends nothing more

    assert office.run(_waiting(office)) == {"wang": 1}


def test_a_notice_goes_to_the_deputy_who_answers_it(office: Office, chen: Person, wang: Person) -> None:
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11 由 王敏 代")

    boss.send("/notice 孟河镇：11月28日前请报总结")
    boss.press("发送")

    assert heard_by(wang, "11月28日前请报总结")
    assert "孟河镇" in wang.press("已交材料")
    assert not heard_by(chen, "11月28日前请报总结")


def test_news_of_a_unit_goes_to_the_deputy(office: Office, chen: Person, wang: Person) -> None:
    boss = office.person("boss", "office")
    chen.send("报送信息 质量月活动")
    chen.press("报送")
    chen.send("请假 11-23 12-11 由 王敏 代")

    boss.press_key("report-back:1:0")
    boss.send("内容太少，请补充")

    assert heard_by(wang, "内容太少")
    assert not heard_by(chen, "内容太少")


def test_who_is_away_with_nobody_in_their_place_is_named_and_not_pushed(office: Office, chen: Person) -> None:
    office.now = MONDAY
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11")

    assert "孟河镇（请假，没有人代）" in boss.send("催办 孟河镇")


def test_words_to_forward_to_who_is_away_do_not_say_they_shut_anything_out(office: Office, chen: Person) -> None:
    office.now = MONDAY
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11")
    boss.send("催办 孟河镇")

    words = boss.press("要转发的文字")

    assert "请打开考评机器人接着填" in words
    assert "解除屏蔽" not in words


def test_a_notice_is_not_lost_where_nobody_stands_in(office: Office, chen: Person) -> None:
    office.now = MONDAY
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11")

    boss.send("/notice 孟河镇：11月28日前请报总结")
    boss.press("发送")

    assert heard_by(chen, "11月28日前请报总结")


def test_a_colleague_who_is_there_needs_no_deputy(office: Office, chen: Person) -> None:
    office.now = MONDAY
    fang = named(office, "fang", "陈芳", "liaison", "孟河镇")
    boss = office.person("boss", "office")
    chen.send("请假 11-23 12-11")

    boss.send("催办 孟河镇")
    boss.press("发送")

    assert heard_by(fang, "考核办提醒")
    assert not heard_by(chen, "考核办提醒")


async def _waiting(office: Office) -> dict[str, int]:
    """How many messages wait for their day, by address."""
    async with office.database.read() as connection:
        rows = await connection.execute(select(_message.c.address).where(_message.c.due_at.is_not(None)))
        return dict(Counter(row.address for row in rows))
