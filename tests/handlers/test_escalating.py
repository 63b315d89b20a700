"""请协调: what the office may take up with a superior: who, what, reminded when, with a text to copy; nothing is sent."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from talk import ZONE, Office, Person

from handlers.sending import escalating, weekly
from storage import conversation, phases
from storage.tables_conversation import MessageRow

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
REMINDED = (datetime(2026, 11, 23, 2, 0, tzinfo=UTC), datetime(2026, 11, 30, 2, 0, tzinfo=UTC))
LATE = datetime(2027, 1, 11, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in the office's zone


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office of a campaign whose material was due by the end of the year."""

    async def dates() -> None:
        async with office.database.write() as connection:
            about = (connection, office.now, "test", office.campaign.id)
            await phases.set_in(*about, phases.COLLECTION, date(2026, 11, 1), date(2026, 12, 31))
            await phases.set_in(*about, phases.SELF_ASSESSMENT, date(2027, 1, 1), date(2027, 1, 29))

    office.run(dates())
    return office.person("wang", "office")


def remind(office: Office, wang: Person, at: datetime) -> None:
    """催办, and the messenger takes it."""
    office.now = at
    wang.send("催办")
    wang.press("发送")

    async def deliver() -> None:
        async with office.database.read() as connection:
            waiting = (_message.c.push, _message.c.outcome.is_(None))
            found = (await connection.execute(select(_message.c.id).where(*waiting))).scalars().all()
        for ident in found:
            await conversation.sent(office.database, ident, "sent", at)

    office.run(deliver())


def pushed(office: Office) -> list[tuple[str, str]]:
    """All that was said unasked: to whom, and what."""

    async def read() -> list[tuple[str, str]]:
        async with office.database.read() as connection:
            query = select(_message.c.address, _message.c.text).where(_message.c.push).order_by(_message.c.id)
            return [(row.address, row.text) for row in await connection.execute(query)]

    return office.run(read())  # type: ignore[no-any-return]


@pytest.fixture
def late(office: Office, chen: Person, wang: Person) -> Person:
    """孟河镇's liaison was reminded twice, and the day has passed."""
    for at in REMINDED:
        remind(office, wang, at)
    office.now = LATE
    return chen


def test_the_list_says_who_what_and_when_with_a_text_to_copy(office: Office, late: Person, wang: Person) -> None:
    before = pushed(office)

    said = wang.send("请协调")

    assert "过了期限、提醒过两次以上还没有办的 1 个单位，可以请上级协调：\n· 孟河镇：" in said
    assert "提醒过孟河镇联络员 2 次，最近 11月30日" in said
    ready = wang.rows()[-1]["text"]
    assert ready.startswith("孟河镇 2026 年质量考核：")
    assert ready.endswith("已过期限。\n已提醒孟河镇联络员 2 次（11月23日、11月30日），请协调。")
    assert pushed(office) == before


def test_a_button_leads_there_from_what_is_open(office: Office, late: Person, wang: Person) -> None:
    wang.send("未报")

    assert "1 个单位，可以请上级协调" in wang.press("请协调")
    wang.send("未报 按单位")
    assert "请协调" in wang.labels


def test_the_week_names_them_and_leads_there(office: Office, late: Person, wang: Person) -> None:
    assert office.run(weekly.tick(office.database, office.now, ZONE)) == 1

    assert "可以请上级协调的 1 个单位：孟河镇" in wang.rows()[-1]["text"]
    assert "\n· 孟河镇  过了期限 24 件、要补办 4 件\n" in wang.rows()[-1]["text"]
    assert wang.labels == ["未报", "今天", "请协调"]


def test_who_was_told_too_seldom_is_not_proposed(office: Office, chen: Person, wang: Person) -> None:
    remind(office, wang, REMINDED[0])
    office.now = LATE

    assert "没有要请上级协调的单位" in wang.send("/escalate")
    wang.send("未报")
    assert "请协调" not in wang.labels


def test_more_units_than_fit_go_on_behind_a_button(
    office: Office, late: Person, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.person("li", "liaison", "西夏墅镇")
    for at in REMINDED:
        remind(office, wang, at.replace(hour=3))
    office.now = LATE
    monkeypatch.setattr(escalating, "A_PAGE", 1)

    assert "西夏墅镇 2026" not in wang.send("请协调").partition("复制下面的文字")[2]
    assert wang.press("后面的").splitlines()[1].startswith("西夏墅镇 2026 ")
    assert "后面的" not in wang.labels


@pytest.mark.parametrize("key", ["escalate::0", "escalate:1:0"])
def test_only_the_office_sees_it(office: Office, late: Person, key: str) -> None:
    boss = office.person("boss", "leader")

    assert "已过期限" not in boss.press_key(key) + boss.send("请协调") + late.press_key(key)
    assert "只有考核办" in late.rows()[-1]["text"]


@pytest.mark.parametrize("key", ["escalate:-7:0", "escalate:x:0", "escalate:99999:0"])
def test_a_forged_button_does_no_harm(office: Office, late: Person, wang: Person, key: str) -> None:
    assert "没有处理好" not in wang.press_key(key)
