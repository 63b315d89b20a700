"""The office's weekly digest: what came in, what is due, who is silent, feedback, messages per liaison; once a week."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from talk import ZONE, Office, Person

from handlers.sending import weekly
from handlers.texts import renderer
from storage import audit, phases


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def said(office: Office) -> weekly.Said:
    async def work() -> weekly.Said:
        async with office.database.read() as connection:
            return await weekly.text_in(connection, office.now, ZONE, office.campaign, renderer(ZONE))

    return office.run(work())  # type: ignore[no-any-return]


def say(office: Office) -> int:
    about = (office.database, office.now, ZONE, office.campaign)
    return office.run(weekly.say(*about, said(office)))  # type: ignore[no-any-return]


def test_a_week_is_told_to_the_office(office: Office, chen: Person, wang: Person) -> None:
    chen.send("报送信息 质量月活动")
    chen.press("报送")
    chen.send("意见反馈 按钮太小")
    chen.send("线索 富民路仓库半夜发假机油")

    async def close() -> None:
        async with office.database.write() as connection:
            days = (date(2026, 11, 1), date(2026, 11, 30))
            await phases.set_in(connection, office.now, "test", office.campaign.id, "目标备案", *days)

    office.run(close())
    wang.send("催办 孟河镇")
    wang.press("现在就发")

    assert say(office) == 1

    heard = wang.rows()[-1]["text"]
    assert heard.startswith("2026 考核一周（11月14日至11月20日）")
    assert "· 孟河镇  填报" in heard
    assert "两周内截止：目标备案 11月30日" in heard
    assert "待采用的信息 1 条 待核实的线索 1 条" in heard
    assert "还没有联络员加入的 3 个单位：西夏墅镇、环保局、质监分局" in heard
    assert "没有动静" not in heard
    assert "按钮太小" in heard
    assert "主动发给联络员的消息 1 条：孟河镇" in heard
    assert "富民路" not in heard


def test_it_is_said_once_a_week(office: Office, wang: Person) -> None:
    assert (say(office), say(office)) == (1, 0)

    office.now += timedelta(days=7)
    assert say(office) == 1


def test_without_an_office_nothing_is_said(office: Office, chen: Person) -> None:
    assert say(office) == 0


def test_its_buttons_lead_on(office: Office, chen: Person, wang: Person) -> None:
    say(office)

    assert "· 特设台帐：" in wang.press("未报")


def at(office: Office, moment: datetime) -> int:
    office.now = moment
    return office.run(weekly.tick(office.database, moment, ZONE))


def test_the_week_is_told_once_on_its_first_working_day_in_office_hours(office: Office, wang: Person) -> None:
    monday = datetime(2026, 11, 23, tzinfo=ZONE)

    assert at(office, monday - timedelta(hours=14)) == 0  # Sunday, 10:00
    assert at(office, monday.replace(hour=8)) == 0
    assert at(office, monday.replace(hour=9, minute=30)) == 1
    assert at(office, monday.replace(hour=10)) == 0
    assert at(office, monday.replace(hour=10) + timedelta(days=1)) == 0
    assert at(office, monday.replace(hour=10) + timedelta(days=7)) == 1


def test_a_monday_off_moves_it_to_the_next_working_day(office: Office, wang: Person) -> None:
    monday = datetime(2026, 10, 5, 10, tzinfo=ZONE)  # a Monday inside the National Day holidays

    assert at(office, monday) == 0
    assert at(office, monday + timedelta(days=3)) == 1


def test_the_week_names_the_head_of_the_trail_for_the_office_to_keep(office: Office, wang: Person) -> None:
    at(office, datetime(2026, 11, 23, 9, 30, tzinfo=ZONE))

    kept = wang.rows()[-1]["text"].splitlines()[-1]

    assert kept.startswith("操作记录到第 ")
    assert kept.endswith("，请留底备查。")
    assert office.run(known(office, kept.removesuffix("，请留底备查。").split()[-1])) == int(kept.split()[1])


async def known(office: Office, witnessed: str) -> int | None:
    async with office.database.read() as connection:
        return await audit.row_of_in(connection, witnessed)


def line(text: str, beginning: str) -> str:
    return next((one for one in text.splitlines() if one.startswith(beginning)), "")


def test_who_answered_a_notice_is_not_silent_nor_is_anybody_in_a_young_campaign(office: Office, chen: Person) -> None:
    office.now += timedelta(days=20)
    hu, wang = office.person("hu", "liaison", "环保局"), office.person("wang", "office")
    assert "没有动静" not in said(office).text

    office.now += timedelta(days=25)
    assert line(said(office).text, "30 天没有动静") == "30 天没有动静的 1 个单位：孟河镇"
    wang.send("发通知 请各单位回复收到")
    wang.press("现在就发" if "现在就发" in wang.labels else "发送")
    hu.press("收到")
    office.now += timedelta(days=10)

    assert line(said(office).text, "30 天没有动静") == "30 天没有动静的 1 个单位：孟河镇"


def test_a_notice_stays_until_a_month_after_its_day(office: Office, chen: Person, wang: Person) -> None:
    wang.send("发通知 各镇：请11月26日前回复收到")
    wang.press("现在就发")
    assert line(said(office).text, "通知第 1 号") == "通知第 1 号 11月26日前回复，还有 2 个单位没回：孟河镇、西夏墅镇"

    office.now += timedelta(days=9)
    assert "11月26日前回复（已过），还有 2 个单位没回" in said(office).text

    chen.press("收到")
    assert "还有 1 个单位没回：西夏墅镇" in said(office).text

    office.now += timedelta(days=30)
    assert line(said(office).text, "通知第 1 号") == ""


def test_messages_beyond_the_lines_are_counted(
    office: Office, chen: Person, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.person("li", "liaison", "西夏墅镇")
    wang.send("发通知 各镇：请回复收到")
    wang.press("现在就发")
    monkeypatch.setattr(weekly, "MOST_LINES", 1)

    assert line(said(office).text, "主动发给") == "主动发给联络员的消息 2 条：孟河镇 1，还有 1 人 1 条"


def test_it_says_of_each_unit_what_is_late_and_what_is_near(office: Office, chen: Person, wang: Person) -> None:
    async def close() -> None:
        async with office.database.write() as connection:
            about = (connection, office.now, "test", office.campaign.id)
            await phases.set_in(*about, phases.COLLECTION, date(2026, 11, 1), date(2026, 12, 31))
            await phases.set_in(*about, phases.SELF_ASSESSMENT, date(2027, 1, 1), date(2027, 1, 29))

    office.run(close())
    assert "两周内到期" not in said(office).text

    office.now += timedelta(days=30)
    assert "过了期限和两周内到期的：\n· 孟河镇  两周内到期 " in said(office).text

    office.now += timedelta(days=14)
    later = said(office).text
    assert "· 孟河镇  要补办 " in later  # nobody was told of it: nothing is late that was not announced
    assert "过了期限 " not in later
