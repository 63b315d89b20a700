"""/campaign: dates, people, readings, 自评 let off its signature, opinions; 今天: what came, what waits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import feedback, people, phases, scorecards, submissions

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def calendar(office: Office) -> dict[str, tuple[date, date]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await phases.of_campaign_in(connection, 1)

    return {phase.name: (phase.starts_on, phase.ends_on) for phase in office.run(read())}


def submitted(office: Office, person_id: int = 1) -> submissions.Submission:
    async def write() -> Any:
        async with office.database.write() as connection:
            (row, *_) = await scorecards.summary_in(connection, 1, 1)
            return await submissions.open_in(
                connection, office.now, person_id, 1, loader.load(TOWNS), row.cards[0], "0" * 64
            )

    return office.run(write())


def standing(office: Office) -> str:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await submissions.current_in(connection, 1, TOWNS)

    return str(office.run(read()).state)


@pytest.mark.parametrize(
    ("words", "name", "first", "last"),
    [
        ("自评 11-01 12-15", "自评", date(2026, 11, 1), date(2026, 12, 15)),
        ("自评：11月1日到12月15日", "自评", date(2026, 11, 1), date(2026, 12, 15)),
        ("实地核查 2026-12-16 2027-01-10", "实地核查", date(2026, 12, 16), date(2027, 1, 10)),
        ("通报 12-20 1-10", "通报", date(2026, 12, 20), date(2027, 1, 10)),
    ],
)
def test_a_phase_is_set_in_one_sentence(
    office: Office, wang: Person, words: str, name: str, first: date, last: date
) -> None:
    wang.send("/campaign")
    wang.press("改日期")

    assert f"{name} 定在" in wang.send(words)
    assert calendar(office) == {name: (first, last)}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("自评 12-15", "要写开始和结束两个日期"),
        ("自我评价 11-01 12-15", "没看出是哪个阶段"),
        ("自评 2月30日 3月5日", "日历上没有"),
        ("自评 2026-12-15 2026-11-01", "比开始的"),
        ("自评 1999-01-01 2030-02-30", "“1999-01-01”看不懂是哪一天；“2030-02-30”日历上没有这一天"),
        ("自评 2024-01-01 2024-02-01", "离考核年度 2026 太远"),
    ],
)
def test_days_that_cannot_be_meant_say_so(office: Office, wang: Person, words: str, why: str) -> None:
    assert why in wang.send(f"/campaign {words}")
    assert calendar(office) == {}
    assert "定在" in wang.send("自评 11-01 12-15")  # still asked for


def test_a_notice_before_the_last_day_of_appeals_is_warned_of(wang: Person) -> None:
    wang.send("/campaign 初评反馈 11-21 11-28")

    said = wang.send("/campaign 通报 11-25 12-10")

    assert "通报 定在" in said
    assert "申诉期到 11月28日，通报 11月25日就开始" in said
    assert "注意" not in wang.send("/campaign 通报 11-29 12-10")


def test_the_campaign_shows_the_phase_now_and_the_next_date(wang: Person) -> None:
    assert "还没有定各阶段的日期" in wang.send("/campaign")
    wang.send("/campaign 自评 11-01 12-15")
    wang.send("/campaign 资料核查 12-16 12-25")

    text = wang.send("考核")

    assert "现在：自评，到 12月15日" in text
    assert "下一个日子：12月15日 自评截止" in text
    assert "资料核查  12月16日 到 12月25日" in text


def test_a_leader_may_look_but_not_set(office: Office) -> None:
    zhou = office.person("zhou", "leader")

    assert "2026 年度考核" in zhou.send("/campaign")
    assert "改日期" not in zhou.labels
    assert "只能看，不能改" in zhou.send("/campaign 自评 11-01 12-15")
    for key in ("phase::0", "people::0", "remove:1:1", "waive:1:1", "opinions::0", "invite-all::0"):
        assert "只能看，不能改" in zhou.press_key(key)
    assert calendar(office) == {}


def test_the_readings_in_force_are_named(wang: Person) -> None:
    wang.send("/campaign")

    assert "T6 设备单位百分比以多少为准：达到60%得满分" in wang.press("读法")


def test_people_are_listed_by_unit_with_who_was_invited(office: Office, chen: Person, wang: Person) -> None:
    wang.send("/invite 西夏墅镇 李强")

    text = wang.send("人员")

    assert "4 个单位，3 个还没有联络员加入" in text
    assert "西夏墅镇  没人加入，已邀请 李强" in text


def test_somebody_is_removed_after_asking_once_more(office: Office, chen: Person, wang: Person) -> None:
    wang.send("人员")
    wang.press("移出")
    wang.send("孟河")
    sure = wang.press("没写姓名 孟河镇")
    assert "孟河镇 联络员" in sure
    assert office.run(people.memberships(office.database, "test", "chen")) != ()

    assert "马上生效" in wang.press("确认")

    assert office.run(people.memberships(office.database, "test", "chen")) == ()
    assert "邀请码" in chen.send("清单")


def test_nobody_removes_oneself_or_who_is_not_there(office: Office, wang: Person) -> None:
    (own,) = office.run(people.memberships(office.database, "test", "wang"))

    assert "不能移出自己" in wang.press_key(keys.pack("remove", own.person_id, version=1))
    assert "没有改动任何东西" in wang.press_key(keys.pack("remove", 77, version=1))
    wang.send("人员")
    wang.press("移出")
    assert "名单里没有“张三”" in wang.send("张三")


def test_the_signature_is_waived_after_asking_once_more(office: Office, chen: Person, wang: Person) -> None:
    one = submitted(office)
    wang.send("自评提交")
    assert wang.labels == [f"免签 {one.number[-4:]}"]

    wang.press(wang.labels[0])
    assert standing(office) == "open"
    assert "已告诉 1 人" in wang.press("确认")

    assert standing(office) == "waived"
    assert "不用再交" in chen.rows()[-1]["text"]
    assert "没有改动任何东西" in wang.press_key(keys.pack("waive", one.id, version=1))


def test_nobody_waives_the_own_units_signature(office: Office, chen: Person, wang: Person) -> None:
    one = submitted(office)
    wang.start(office.invite("liaison", "孟河镇"))

    assert "本单位的事不能自己定" in wang.press_key(keys.pack("waive", one.id, version=1))
    assert standing(office) == "open"


def test_opinions_are_read_newest_first_and_page_by_page(office: Office, chen: Person, wang: Person) -> None:
    async def write() -> None:
        async with office.database.write() as connection:
            for number in range(12):
                await feedback.add_in(connection, office.now, 1, 1, f"意见{number:02d}")

    assert "还没有人提意见" in wang.press_key("opinions::0")
    office.run(write())

    first = wang.press_key("opinions::0")
    assert ("意见11" in first, "意见01" in first) == (True, False)
    assert "意见01" in wang.press("更早的")


def test_today_says_what_came_in_who_is_silent_and_what_waits(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "10.2"))
    chen.send("4条")

    assert "没有动静" not in wang.send("今天")  # the campaign is a day old
    office.now += timedelta(days=31)
    chen.press_key(keys.pack("ask", 1, TOWNS, "10.2"))
    chen.send("3条")
    submitted(office)
    text = wang.send("今天")

    assert "孟河镇  填报 1 次" in text
    assert "30 天没有动静的 3 个单位：西夏墅镇、环保局、质监分局" in text
    assert "等签字页的自评 1 份" in text
    assert wang.labels == ["核查", "自评提交"]
    assert "2026-S001 孟河镇" in wang.press("自评提交")


def test_a_quiet_day_says_so(wang: Person) -> None:
    text = wang.send("/today")

    assert "今天还没有收到填报和材料" in text
    assert "没有等着办的事" in text
    assert wang.labels == []


def test_failed_messages_are_counted(wang: Person) -> None:
    wang.send("/campaign")

    assert "没有处理失败的消息" in wang.press("处理失败")
