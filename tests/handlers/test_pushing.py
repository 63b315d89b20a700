"""催办 and 未报: shown before it is sent, one message a person, who was reminded lately or cannot be reached is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import answers, conversation, reminding
from storage.tables_conversation import MessageRow

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the office's zone

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def in_office_hours(office: Office) -> None:
    office.now = MONDAY


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def li(office: Office) -> Person:
    """西夏墅镇's liaison."""
    return office.person("li", "liaison", "西夏墅镇")


def pushed(office: Office, address: str) -> list[Any]:
    async def read() -> list[Any]:
        async with office.database.read() as connection:
            query = select(_message).where(_message.c.address == address, _message.c.push).order_by(_message.c.id)
            return list(await connection.execute(query))

    return office.run(read())


def test_everyone_behind_gets_one_message_after_one_tap(office: Office, chen: Person, li: Person, wang: Person) -> None:
    shown = wang.send("催办")
    assert "将提醒 2 人" in shown
    assert pushed(office, "chen") == []

    assert "已提醒 2 人，每人一条" in wang.press("发送")

    (to_chen,), (to_li,) = pushed(office, "chen"), pushed(office, "li")
    assert to_chen.text.startswith("考核办提醒：\n孟河镇：还有")
    assert "西夏墅镇" in to_li.text
    assert to_chen.due_at is None


def test_words_select_a_unit_and_an_item(office: Office, chen: Person, li: Person, wang: Person) -> None:
    shown = wang.send("催一下西夏墅的特种设备")

    assert "关于：特设监管、特设台帐\n" in shown
    assert "将提醒 1 人" in shown
    wang.press("发送")
    (to_li,) = pushed(office, "li")
    assert "西夏墅镇：还有 2 件" in to_li.text
    assert pushed(office, "chen") == []


def test_who_was_reminded_within_a_day_is_skipped(office: Office, chen: Person, li: Person, wang: Person) -> None:
    wang.send("催办 孟河")
    wang.press("发送")
    office.now += timedelta(hours=20)

    shown = wang.send("催办")

    assert "将提醒 1 人" in shown
    assert "一天内提醒过，这次跳过：孟河镇" in shown
    wang.press("发送")
    assert len(pushed(office, "chen")) == 1
    office.now += timedelta(hours=5)
    assert "将提醒 1 人" in wang.send("催办 孟河镇")


def test_who_cannot_be_reached_is_named_with_words_to_copy(office: Office, chen: Person, wang: Person) -> None:
    wang.send("催办")
    wang.press("发送")
    (row,) = pushed(office, "chen")
    office.run(conversation.sent(office.database, row.id, "blocked", office.now))

    shown = wang.send("催办")

    assert "孟河镇（屏蔽了机器人）" in shown
    assert "西夏墅镇（还没有人加入）" in shown
    assert "您好" not in shown
    assert wang.labels == ["要转发的文字", "修改", "取消"]
    assert "西夏墅镇联络员，您好：西夏墅镇 2026 年质量考核还有" in wang.press("要转发的文字")
    assert wang.labels == ["修改", "取消"]


def test_what_is_to_be_forwarded_comes_when_asked_for_also_after_sending(
    office: Office, chen: Person, wang: Person
) -> None:
    before = len(wang.rows())
    wang.send("催办")
    assert len([row for row in wang.rows()[before:] if not row["mine"]]) == 1
    assert wang.labels == ["发送", "要转发的文字", "修改", "取消"]

    wang.press("发送")
    before = len(wang.rows())
    said = wang.press("要转发的文字")

    assert [name in said for name in ("西夏墅镇", "环保局", "质监分局")] == [True, True, True]
    assert len([row for row in wang.rows()[before:] if not row["mine"]]) == 1


def test_the_matters_of_a_unit_with_two_people_count_once(office: Office, chen: Person, wang: Person) -> None:
    alone = wang.send("催办 孟河镇").split("共 ")[1].split(" 件")[0]
    office.person("fang", "liaison", "孟河镇")

    assert f"将提醒 2 人，共 {alone} 件" in wang.send("催办 孟河镇")


def test_outside_office_hours_it_waits_or_is_sent_now(office: Office, chen: Person, wang: Person) -> None:
    office.now = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # a Saturday
    assert "“发送”会等到 11-23 09:00 再送" in wang.send("催办 孟河镇")

    assert "会在 11-23 09:00 送出" in wang.press("发送")

    (row,) = pushed(office, "chen")
    assert row.due_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_it_may_be_sent_now_outside_office_hours(office: Office, chen: Person, wang: Person) -> None:
    office.now = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    wang.send("催办 孟河镇")

    assert "已提醒 1 人" in wang.press("现在就发")

    (row,) = pushed(office, "chen")
    assert row.due_at is None


def test_the_buttons_of_a_push_work(office: Office, chen: Person, wang: Person) -> None:
    wang.send("催办 孟河镇")
    wang.press("发送")

    assert "？" in chen.send("现在填")
    assert "没有改动任何东西" not in chen.press("已经报过了")


def test_who_answers_for_two_units_gets_one_message(office: Office, chen: Person, wang: Person) -> None:
    chen.start(office.invite("liaison", "西夏墅镇"))

    wang.send("催办 孟河、西夏墅")
    wang.press("发送")

    (row,) = pushed(office, "chen")
    assert "孟河镇：还有" in row.text
    assert "西夏墅镇：还有" in row.text


def test_who_has_answered_meanwhile_is_left_alone(office: Office, chen: Person, wang: Person) -> None:
    assert "将提醒 1 人，共 1 件" in wang.send("催办 孟河的年度计划")
    town = loader.load("xinbei-2011-towns")
    ident = next(c.id for c in town.criteria.values() if "年度计划" in c.aliases)
    words: dict[str, Any] = {"state": "not_here", "note": "没有这类单位"}
    office.run(answers.record(office.database, office.now, 1, 1, town, ident, **words))

    assert "没有要提醒的人了" in wang.press("发送")
    assert pushed(office, "chen") == []


def test_the_planner_knows_of_it(office: Office, chen: Person, wang: Person) -> None:
    wang.send("催办 孟河镇")
    wang.press("发送")

    async def read() -> list[reminding.Told]:
        async with office.database.read() as connection:
            return await reminding.told_in(connection, office.campaign.id)

    (told,) = office.run(read())
    assert (told.telling.kind, told.telling.why) == ("regular", "考核办催办")
    assert len(told.telling.matters) > 10


def test_it_can_be_changed_and_put_down(office: Office, chen: Person, li: Person, wang: Person) -> None:
    wang.send("催办")
    old = wang.key("发送")
    wang.press("修改")
    assert "将提醒 1 人" in wang.send("孟河镇")
    assert "没有改动任何东西" in wang.press_key(old)
    assert "谁也没有提醒" in wang.press("取消")
    assert (pushed(office, "chen"), pushed(office, "li")) == ([], [])


def test_words_that_mean_nothing_are_asked_for_again(office: Office, chen: Person, wang: Person) -> None:
    assert "没有看懂“哈哈哈呵呵”" in wang.send("催办 哈哈哈呵呵")
    assert "将提醒 1 人" in wang.send("孟河镇")


def test_pressed_twice_it_is_sent_once(office: Office, chen: Person, wang: Person) -> None:
    wang.send("催办")
    key = wang.key("发送")
    wang.press_key(key)

    assert "没有改动任何东西" in wang.press_key(key)
    assert len(pushed(office, "chen")) == 1


def test_what_is_missing_is_shown_by_item_and_by_unit(office: Office, chen: Person, wang: Person) -> None:
    by_item = wang.send("未报")
    assert "· 特设台帐：2 个单位" in by_item
    assert "催 " in "".join(wang.labels)

    by_unit = wang.press("按单位")
    assert "· 孟河镇：" in by_unit
    assert "· 环保局：" in by_unit
    assert "将提醒 1 人" in wang.press("催 孟河镇")


def test_one_units_missing_matters_are_listed(office: Office, wang: Person) -> None:
    assert "  1. " in wang.send("未报 孟河")


def test_a_button_pushes_one_item(office: Office, chen: Person, wang: Person) -> None:
    wang.send("未报")

    assert "关于：特设台帐" in wang.press_key(keys.pack("push", "xinbei-2011-towns", "9"))


@pytest.mark.parametrize(
    "key",
    [
        "push:99:0",
        "push:xinbei-2011-towns,99:0",
        "push:x,y:0",
        "push-go::7",
        "push-drop::7",
        "push-copy::7",
        "missing:x:0",
    ],
)
def test_a_forged_button_sends_nothing(office: Office, chen: Person, wang: Person, key: str) -> None:
    assert "没有改动任何东西" in wang.press_key(key)
    assert pushed(office, "chen") == []


@pytest.mark.parametrize("words", ["催办", "/missing", "/notice"])
def test_a_liaison_pushes_nobody(chen: Person, words: str) -> None:
    assert "只有考核办" in chen.send(words)


def test_a_leader_sees_what_is_missing_and_pushes_nobody(office: Office, chen: Person) -> None:
    boss = office.person("boss", "leader")

    assert "· 特设台帐：" in boss.send("未报")
    assert boss.labels == ["按单位"]
    assert "只能看，不能改" in boss.press_key("push::0")


def test_nothing_is_pushed_or_shown_in_a_group(office: Office, chen: Person, wang: Person) -> None:
    for words in ("催办", "未报", "发通知 明天开会"):
        assert "特种设备" not in wang.send(words, in_group=True)
    assert pushed(office, "chen") == []


@pytest.mark.parametrize(
    ("words", "whom"),
    [("没填的镇", "2 人"), ("孟河镇 4.2", "1 人"), ("除孟河镇外各镇", "1 人"), ("孟河镇吧", "1 人")],
)
def test_words_name_whom_and_nobody_else(
    office: Office, chen: Person, li: Person, wang: Person, words: str, whom: str
) -> None:
    office.person("hu", "liaison", "环保局")

    shown = wang.send(f"催办 {words}")

    assert f"将提醒 {whom}" in shown
    assert "环保局" not in shown


def test_a_number_names_the_clause_of_the_unit(office: Office, chen: Person, wang: Person) -> None:
    shown = wang.send("催办 孟河镇 4.2")

    assert "关于：采标任务\n" in shown  # the row 4.2 of the tasks is a department's


@pytest.mark.parametrize("words", ["各街道", "各镇和开发区"])
def test_a_group_that_is_not_on_the_roster_is_asked_about(
    office: Office, chen: Person, wang: Person, words: str
) -> None:
    assert "没有看懂" in wang.send(f"催办 {words}")
    assert "发送" not in wang.labels


def test_only_what_is_overdue_is_pushed_when_asked_so(office: Office, chen: Person, li: Person, wang: Person) -> None:
    assert "没有要催的" in wang.send("催办 逾期的")
    wang.send("催办 孟河镇")
    wang.press("发送")
    (row,) = pushed(office, "chen")
    office.run(conversation.sent(office.database, row.id, "sent", office.now))
    office.now = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)  # the year is over, and chen was told of it 42 days ago

    shown = wang.send("催办 逾期的")

    assert "关于：过了期限的" in shown
    assert "孟河镇：" in shown
    assert "西夏墅镇" not in shown.split("不用催的")[0]
    wang.press("发送")
    assert "已过期限" in pushed(office, "chen")[-1].text


def test_after_the_close_a_push_asks_for_what_comes_late(office: Office, chen: Person, wang: Person) -> None:
    office.now = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)

    assert "自评 12月31日已经结束，没有报的只能补报，提醒里会这样写" in wang.send("催办 孟河镇")
    wang.press("发送")

    assert "自评 12月31日已经结束，没有报的只能补报。" in wang.send("未报")
    (row,) = pushed(office, "chen")
    assert row.text.startswith("考核办提醒：\n自评 12月31日已经结束，没有报的现在算补报")
    assert "已过期限" not in row.text  # chen was never told of it
    assert "提交自评" not in row.text


def test_who_is_answering_just_now_is_told_later(office: Office, chen: Person, li: Person, wang: Person) -> None:
    chen.press_key("ask:1,xinbei-2011-towns,1.1:0")

    assert "正在填报的 1 人" in wang.send("催办 各镇")
    assert "其中 1 人正在填报，不打断，11-23 10:10 再送" in wang.press("发送")

    (to_chen,), (to_li,) = pushed(office, "chen"), pushed(office, "li")
    assert to_li.due_at is None
    assert timedelta(minutes=9) < to_chen.due_at - office.now <= timedelta(minutes=10)
    office.now += timedelta(minutes=11)
    assert "一天内提醒过，这次跳过" in wang.send("催办 各镇")


def test_what_is_missing_is_listed_for_the_words_that_name_it(
    office: Office, chen: Person, li: Person, wang: Person
) -> None:
    shown = wang.send("未报 信息上报")

    assert shown.startswith("关于：信息上报")
    assert "孟河镇：1 件" in shown
    assert "全部催办" not in wang.labels
    assert "关于：信息上报\n将提醒 2 人" in wang.press("催办这些")
    assert "过了期限的" in wang.send("未报 逾期的")
    assert "没有看懂“天气预报”" in wang.send("未报 天气预报")
    assert "质量专题会" not in wang.send("未报 按单位")


def test_words_to_forward_say_by_when_and_ask_for_a_code_only_who_has_none(
    office: Office, chen: Person, wang: Person
) -> None:
    wang.send("催办")
    wang.press("发送")
    (row,) = pushed(office, "chen")
    office.run(conversation.sent(office.database, row.id, "blocked", office.now))
    wang.send("催办")

    lines = wang.press("要转发的文字").splitlines()

    blocked = next(line for line in lines if "孟河镇 2026" in line)
    stranger = next(line for line in lines if line.startswith("西夏墅镇联络员"))
    assert "前；" in blocked
    assert "解除屏蔽" in blocked
    assert "邀请码" not in blocked
    assert "邀请码请向考核办要" in stranger
