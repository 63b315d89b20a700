"""Help by role, feedback, another device, and what is said to things nobody can read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from talk import ZONE, Office, Person

from handlers.conversation import Conversation
from storage import feedback


def opinions(office: Office) -> list[str]:
    async def read() -> list[str]:
        async with office.database.read() as connection:
            return [one.text for one in await feedback.of_campaign_in(connection, office.campaign.id)]

    found: list[str] = office.run(read())
    return found


def test_help_tells_each_role_what_it_can_do(office: Office, chen: Person) -> None:
    wang, zhou = office.person("wang", "office"), office.person("zhou", "leader", "孟河镇")

    assert "提交自评" in chen.send("帮助")
    assert "全部单位" not in chen.send("帮助")
    assert "全部单位" in wang.send("帮助")
    assert "提交自评" not in wang.send("帮助")
    assert "看 孟河镇 的得分" in zhou.send("帮助")
    assert "邀请码" in Person(office, "x").send("帮助")


def test_an_opinion_may_stand_behind_the_command_or_be_asked_for(office: Office, chen: Person) -> None:
    assert "第 1 号" in chen.send("/feedback 提醒太多")
    assert "考核办会看到" in chen.send("意见反馈")
    assert "第 2 号" in chen.send("单位得分看不懂，清单很好")

    assert opinions(office) == ["单位得分看不懂，清单很好", "提醒太多"]


def test_an_opinion_that_is_too_long_is_not_cut(office: Office, chen: Person) -> None:
    chen.send("意见反馈")

    assert "最多 2000 个字" in chen.send("长" * 2001)
    assert "第 1 号" in chen.send("短")
    assert opinions(office) == ["短"]


def test_an_opinion_not_given_after_all_leaves_nothing(office: Office, chen: Person) -> None:
    chen.send("意见反馈")

    assert "先放下" in chen.send("取消")
    assert "没看懂" in chen.send("随便说说")
    assert opinions(office) == []


def test_an_opinion_keeps_the_question_that_was_open(chen: Person) -> None:
    chen.press_key("ask:1,xinbei-2011-towns,10.2:0")
    chen.send("意见反馈")
    chen.send("很好用")

    assert "回执" in chen.send("4条")


def test_another_device_is_let_in_once_and_for_a_quarter_of_an_hour(office: Office, chen: Person) -> None:
    code = chen.send("换设备").splitlines()[0].rpartition("：")[2]

    phone = Person(office, "phone")
    assert "这台设备连上了" in phone.send(code)
    assert "孟河镇" in phone.send("清单")
    assert "用过" in Person(office, "x").send(code)
    late = chen.send("/device").splitlines()[0].rpartition("：")[2]
    office.now += timedelta(minutes=16)
    assert "过期" in Person(office, "y").send(late)


@pytest.mark.parametrize("what", ["语音", "表情", "位置"])
def test_what_cannot_be_read_is_named(chen: Person, what: str) -> None:
    assert f"收到{what}" in chen.send("", other=what)


def test_what_cannot_be_read_leaves_the_question_open(chen: Person) -> None:
    chen.press_key("ask:1,xinbei-2011-towns,10.2:0")
    chen.send("", other="语音")

    assert "回执" in chen.send("4条")


def test_files_that_were_refused_are_each_explained(chen: Person) -> None:
    said = chen.send("", refused=("这是程序文件，系统不收", "文件是空的"))

    assert "这是程序文件" in said
    assert "文件是空的" in said


def test_an_edited_message_changes_nothing_and_offers_the_change(office: Office, chen: Person) -> None:
    chen.press_key("ask:1,xinbei-2011-towns,10.2:0")
    chen.send("4条")

    said = chen.send("3条", edited=True)

    assert "不会跟着变" in said
    assert chen.labels == ["修改"]
    assert "上次填的：4条" in chen.press("修改")


def test_an_edited_message_of_a_stranger_gets_the_way_in(office: Office) -> None:
    assert "邀请码" in Person(office, "x").send("你好", edited=True)


def test_the_link_is_said_where_the_pages_address_is_known(office: Office, chen: Person) -> None:
    words = (office.database, office.files, lambda: office.now, ZONE, lambda: None)
    office.conversation = Conversation(*words, home=lambda: "https://kaoping.example")

    said = chen.send("换设备")

    code = said.splitlines()[0].rpartition("：")[2]
    assert f"https://kaoping.example/j/{code}" in said
