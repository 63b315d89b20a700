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


def say(office: Office) -> int:
    async def work() -> int:
        async with office.database.write() as connection:
            return await weekly.say_in(connection, office.now, ZONE, office.campaign, renderer(ZONE))

    return office.run(work())


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

    said = wang.rows()[-1]["text"]
    assert said.startswith("2026 考核一周（11月14日至11月20日）")
    assert "· 孟河镇  填报" in said
    assert "两周内截止：目标备案 11月30日" in said
    assert "待采用的信息 1 条 待核实的线索 1 条" in said
    assert "30 天没有动静的 3 个单位：西夏墅镇、环保局、质监分局" in said
    assert "按钮太小" in said
    assert "主动发给联络员的消息 1 条：孟河镇" in said
    assert "富民路" not in said


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
