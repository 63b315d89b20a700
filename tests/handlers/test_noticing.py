"""发通知: shown before it goes out, answered by each unit, listed, and for a meeting its attendance sheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from talk import Office, Person

from rubrics import loader
from storage import evidence, notices, office_facts, unit_facts

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the office's zone
MEETING = "各部门：11月28日下午2点召开质量联席会议，请于11月26日前回复谁参加。"
DEPARTMENTS = loader.load("xinbei-2011-departments")


@pytest.fixture(autouse=True)
def in_office_hours(office: Office) -> None:
    office.now = MONDAY


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def hu(office: Office) -> Person:
    """环保局's liaison."""
    return office.person("hu", "liaison", "环保局")


@pytest.fixture
def zhi(office: Office) -> Person:
    """质监分局's liaison."""
    return office.person("zhi", "liaison", "质监分局")


def standing(office: Office, notice_id: int = 1) -> dict[str, notices.Standing]:
    async def read() -> dict[str, notices.Standing]:
        async with office.database.read() as connection:
            return {one.unit: one for one in await notices.standing_in(connection, notice_id)}

    return office.run(read())


def booked(office: Office, unit_id: int) -> list[Any]:
    async def read() -> list[Any]:
        async with office.database.read() as connection:
            found = await office_facts.of_unit_in(connection, unit_id)
            return [(one.criterion_id, one.fact) for one in found if one.state != "dismissed"]

    return office.run(read())


def send_meeting(wang: Person) -> None:
    wang.send(f"发通知 {MEETING}")
    wang.press("发送")


def test_a_notice_says_by_itself_whom_what_and_by_when(office: Office, hu: Person, wang: Person) -> None:
    shown = wang.send(f"发通知 {MEETING}")

    assert "发给 2 个单位、1 人：环保局、质监分局" in shown
    assert "要回复：参加会议，11月26日前" in shown
    assert "联系不上 1 个单位：质监分局" in shown
    assert standing(office) == {}


def test_it_goes_to_the_selection_and_is_answered(office: Office, chen: Person, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    assert "召开质量联席会议" in hu.rows()[-1]["text"]
    assert "召开" not in chen.rows()[-1]["text"]

    assert "谁参加" in hu.press("参加")
    assert "胡明 副局长 参加" in hu.send("胡明 副局长")

    one = standing(office)["环保局"]
    assert (one.answer, one.words) == ("come", "胡明 副局长")


def test_an_answer_can_be_changed(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    hu.press("参加")

    assert "不参加" in hu.press("不参加")
    assert standing(office)["环保局"].answer == "not"


def test_who_has_not_answered_stands_in_one_list_with_words_to_copy(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)

    shown = wang.press("谁没回")

    assert "没回的 2 个单位" in shown
    assert "· 环保局（还没送到）" in shown
    assert "· 质监分局（还没有人加入）" in shown
    assert "质监分局的同志：11月28日" in shown
    hu.press("参加")
    assert "· 环保局 参加" in wang.press("谁没回")


def test_who_got_it_today_is_not_reminded_again(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    wang.press("谁没回")
    assert "再提醒 0 人，一天内收到过的 1 人跳过" in wang.press("再提醒一次")

    office.now += timedelta(days=1)
    assert "再提醒 1 人" in wang.press("再提醒一次")
    assert sum("联席会议" in row["text"] for row in hu.rows()) == 2


def test_a_file_and_other_choices(office: Office, chen: Person, hu: Person, wang: Person) -> None:
    wang.send("发通知")
    assert "附件：总结格式.pdf" in wang.send_file("总结格式.pdf", text="各镇：请12月5日前报送年度总结材料")
    assert "要回复：交材料，12月5日前" in wang.rows()[-1]["text"]
    wang.press("改对象")
    assert "发给 1 个单位、1 人：孟河镇" in wang.send("孟河")
    wang.press("改日期")
    assert "请发一个今天以后的日期" in wang.send("昨天")
    assert "12月8日前" in wang.send("12月8日")
    wang.press("改回复")
    assert "要回复：收到" in wang.press("收到")
    wang.press("改回复")
    wang.press("交材料")
    wang.press("发送")

    assert chen.rows()[-1]["file"]["name"] == "总结格式.pdf"
    chen.press("已交材料")
    assert "收到通知第 1 号要的材料：总结.pdf" in chen.send_file("总结.pdf")
    assert standing(office)["孟河镇"].words == "总结.pdf"

    async def held() -> list[str]:
        async with office.database.read() as connection:
            return [file.name for file in await evidence.unsorted_in(connection, 1)]

    assert office.run(held()) == ["总结.pdf"]


def test_outside_office_hours_it_waits(office: Office, hu: Person, wang: Person) -> None:
    office.now = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # a Saturday
    wang.send(f"发通知 {MEETING}")

    assert "会在 11-23 09:00 送出" in wang.press("发送")


def test_who_stayed_away_is_booked_after_a_preview_and_hears_of_it(
    office: Office, hu: Person, zhi: Person, wang: Person
) -> None:
    send_meeting(wang)
    wang.press("谁没回")
    wang.press("到会情况")

    shown = wang.send("缺 环保局，其余到")
    assert "缺 环保局，其余 1 个单位到" in shown
    assert (booked(office, 3), booked(office, 4)) == ([], [])
    assert "记好了" in wang.press("确认")

    assert (booked(office, 3), booked(office, 4)) == ([("4.3", 1)], [("4.3", 0)])
    assert "联席会缺席 1 次" in hu.rows()[-1]["text"]
    assert "通知第 1 号" in hu.rows()[-1]["text"]
    assert "有异议" in hu.labels
    assert "联席会缺席" not in zhi.rows()[-1]["text"]
    known = office.run(unit_facts.read(office.database, 3, DEPARTMENTS))
    assert known.verified["4.3"] == 1
    assert "缺 环保局，其余到" in wang.press("谁没回")


def test_a_corrected_sheet_takes_back_what_the_first_booked(
    office: Office, hu: Person, zhi: Person, wang: Person
) -> None:
    send_meeting(wang)
    for words in ("缺 环保局", "缺 质监分局", "缺 质监分局"):
        wang.press_key("notice-came:1:0")
        wang.send(words)
        wang.press("确认")

    assert (booked(office, 3), booked(office, 4)) == ([("4.3", 0)], [("4.3", 1)])


def test_who_was_told_of_an_absence_hears_that_it_is_taken_back(
    office: Office, hu: Person, zhi: Person, wang: Person
) -> None:
    send_meeting(wang)
    for person in (hu, zhi):
        person.press("参加")
    wang.press_key("notice-came:1:0")
    wang.send("缺 环保局")
    wang.press("确认")
    wang.press_key("notice-came:1:0")

    assert "· 环保局 上次记的缺席（第 1 号）不计：" in wang.press("全到")
    assert "不计了" not in hu.rows()[-1]["text"]
    wang.press("确认")

    assert hu.rows()[-1]["text"].startswith("第 1 号 联席会缺席 1 次 不计了，环保局")
    assert "到会情况更正" in hu.rows()[-1]["text"]
    assert not any("联席会缺席" in row["text"] for row in zhi.rows())
    assert (booked(office, 3), booked(office, 4)) == ([("4.3", 0)], [("4.3", 0)])


def test_a_sheet_booked_under_a_longer_title_is_corrected_all_the_same(
    office: Office, hu: Person, zhi: Person, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices.Notice, "title", property(lambda notice: notice.text[:30]))
    send_meeting(wang)
    wang.press_key("notice-came:1:0")
    wang.send("缺 环保局")
    wang.press("确认")
    monkeypatch.undo()
    wang.press_key("notice-came:1:0")
    wang.press("全到")
    wang.press("确认")

    assert booked(office, 3) == [("4.3", 0)]


@pytest.mark.parametrize("said", ["环保局没来", "环保局没有来，其他都来了", "除环保局外都到了"])
def test_an_absence_is_said_in_other_words(office: Office, hu: Person, wang: Person, said: str) -> None:
    send_meeting(wang)
    wang.press_key("notice-came:1:0")

    assert "缺 环保局，其余 1 个单位到" in wang.send(said)


def test_all_came_is_said_in_other_words(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    wang.press_key("notice-came:1:0")

    assert "2 个单位全到" in wang.send("都来了")


def test_everybody_came(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    wang.press_key("notice-came:1:0")
    assert "没有看懂" in wang.send("缺 孟河镇")
    assert "2 个单位全到" in wang.press("全到")
    wang.press("确认")

    assert (booked(office, 3), booked(office, 4)) == ([("4.3", 0)], [("4.3", 0)])


def test_another_meeting_is_noted_and_books_nothing(office: Office, chen: Person, wang: Person) -> None:
    wang.send("发通知 各镇：11月28日召开业务培训会，请参会。")
    wang.press("发送")
    wang.press_key("notice-came:1:0")
    assert "不在考核计数的范围里" in wang.send("缺 孟河镇")
    wang.press("确认")

    assert booked(office, 1) == []
    assert standing(office)["孟河镇"].came is False


def test_nobody_books_an_absence_of_the_own_unit(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    wang.start(office.invite("liaison", "环保局"))
    wang.press_key("notice-came:1:0")
    wang.send("缺 环保局")

    assert "本单位的事不能自己定" in wang.press("确认")
    assert booked(office, 3) == []


def test_pressed_twice_a_notice_goes_out_once(office: Office, hu: Person, wang: Person) -> None:
    wang.send(f"发通知 {MEETING}")
    key = wang.key("发送")
    wang.press_key(key)

    assert "没有改动任何东西" in wang.press_key(key)
    assert standing(office, 2) == {}


def test_it_can_be_put_down(office: Office, hu: Person, wang: Person) -> None:
    wang.send(f"发通知 {MEETING}")

    assert "谁也没有收到" in wang.press("取消")
    assert standing(office) == {}


@pytest.mark.parametrize(
    "key", ["notice-say:1,3,come:0", "notice-say:1,1,come:0", "notice-say:9,3,come:0", "notice-say:1,3,sent:0"]
)
def test_nobody_answers_for_another_unit(office: Office, chen: Person, hu: Person, wang: Person, key: str) -> None:
    send_meeting(wang)

    assert "没有改动任何东西" in chen.press_key(key)
    assert standing(office)["环保局"].answer == ""


@pytest.mark.parametrize("key", ["notice-list:1:0", "notice-again:1:0", "notice-came:1:0", "notice-book:1:1"])
def test_a_liaison_does_not_do_the_offices_work(office: Office, chen: Person, wang: Person, key: str) -> None:
    send_meeting(wang)

    assert "只有考核办" in chen.press_key(key)


@pytest.mark.parametrize(
    "key", ["notice-list:9:0", "notice-list:x:0", "notice-again::0", "notice-book:1:7", "notice-go::9"]
)
def test_a_forged_button_does_nothing(office: Office, hu: Person, wang: Person, key: str) -> None:
    send_meeting(wang)

    assert "没有改动任何东西" in wang.press_key(key)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("各部门：请明天前回复", "要回复：收到，11月24日前"),
        ("各部门：请本周五前报送年度总结", "要回复：交材料，11月27日前"),
        ("各部门：明天下班前报材料", "要回复：交材料，11月24日前"),
        ("各部门：年度总结请于12月5日前报来", "要回复：交材料，12月5日前"),
        ("各部门：请收看通报，材料见附件", "要回复：收到（没有定日期，要定点“改日期”）"),
        ("各部门：请于11月10日前回复", "要回复：收到。写的11月10日已经过了，没有定回复日期，要定点“改日期”"),
    ],
)
def test_what_is_asked_and_by_when_is_read_in_many_words(wang: Person, text: str, asked: str) -> None:
    assert asked in wang.send(f"发通知 {text}")


def test_the_day_is_changed_in_the_same_words(office: Office, wang: Person) -> None:
    wang.send("发通知 各部门：请回复")
    wang.press("改日期")

    assert "要回复：收到，12月1日前" in wang.send("下周二")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("请各单位回复收到。\n另外", "请各单位回复收到。"),
        (
            "11月28日下午2点在区政府召开质量联席会议，请于11月18日前回复谁参加。",
            "11月28日下午2点在区政府召开质量联席会议",
        ),
        (
            "关于做好二〇二六年度质量工作考核准备工作有关事项的紧急通知的补充",
            "关于做好二〇二六年度质量工作考核准备工作有关事项的紧急通知…",
        ),
    ],
)
def test_a_title_is_not_cut_in_the_middle_of_a_day(text: str, title: str) -> None:
    notice = notices.Notice(1, 1, 1, "read", text, None, None, 1, MONDAY, None)

    assert notice.title == title


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("张副镇长参加", "记下了，张副镇长 参加（通知第 1 号）。"),
        ("胡明 副局长", "记下了，胡明 副局长 参加（通知第 1 号）。"),
        ("参加", "记下了，参加（通知第 1 号）。"),
    ],
)
def test_who_comes_is_repeated_once(office: Office, hu: Person, wang: Person, said: str, heard: str) -> None:
    send_meeting(wang)
    hu.press("参加")

    assert hu.send(said) == heard
    assert standing(office)["环保局"].answer == "come"


def test_who_cannot_come_after_all_is_not_noted_as_coming(office: Office, hu: Person, wang: Person) -> None:
    send_meeting(wang)
    hu.press("参加")

    assert "不参加" in hu.send("我们参加不了")
    assert standing(office)["环保局"].answer == "not"


def ask_material(wang: Person) -> None:
    wang.send("发通知 各镇：请12月5日前报送年度总结材料")
    wang.press("发送")


def test_the_office_opens_what_a_unit_sent(office: Office, chen: Person, wang: Person) -> None:
    ask_material(wang)
    chen.press("已交材料")
    for name in ("总结.pdf", "附表.pdf"):
        chen.send_file(name)

    assert "· 孟河镇 已交材料：总结.pdf、附表.pdf" in wang.send("谁没回")
    wang.press("看 孟河镇")

    assert [row["file"]["name"] for row in wang.rows()[-2:]] == ["总结.pdf", "附表.pdf"]


def test_what_the_unit_had_sent_before_or_sends_anew_is_there_too(office: Office, chen: Person, wang: Person) -> None:
    chen.send_file("总结.pdf")
    ask_material(wang)
    chen.press("已交材料")
    chen.send_file("总结.pdf")
    assert "已交材料：总结.pdf" in wang.send("谁没回")

    chen.send_file("总结.pdf", content=b"%PDF-1.4 the second version")
    wang.send("谁没回")
    wang.press("看 孟河镇")

    assert [row["file"]["name"] for row in wang.rows()[-2:]] == ["总结.pdf", "总结.pdf"]
    assert wang.rows()[-1]["file"]["ref"] != wang.rows()[-2]["file"]["ref"]


def test_what_was_withdrawn_or_belongs_to_no_notice_is_not_shown(office: Office, chen: Person, wang: Person) -> None:
    ask_material(wang)
    chen.press("已交材料")
    chen.send_file("总结.pdf")
    key = "notice-papers:1,1:0"

    async def withdraw() -> None:
        async with office.database.write() as connection:
            (file,) = await evidence.unsorted_in(connection, 1)
            await evidence.withdraw_in(connection, office.now, file.person_id, 1, file.id)

    office.run(withdraw())
    wang.send("谁没回")

    assert "看 孟河镇" not in wang.labels
    assert "没有改动任何东西" in wang.press_key(key)
    assert "没有改动任何东西" in wang.press_key("notice-papers:1,2:0")
    assert "只有考核办" in chen.press_key(key)


@pytest.mark.parametrize("words", ["火星镇：明天开会", "没回的：请回复", "武进区：明天开会"])
def test_a_head_that_names_nobody_of_the_roster_is_no_notice_to_all(office: Office, wang: Person, words: str) -> None:
    said = wang.send(f"发通知 {words}")

    assert "发给全部" not in said
    assert "发送" not in wang.labels


@pytest.mark.parametrize("words", ["明天下午开质量联席会议", "11月28日开推进会"])
def test_a_meeting_is_known_by_its_opening(office: Office, hu: Person, wang: Person, words: str) -> None:
    assert "要回复：参加会议" in wang.send(f"发通知 各部门：{words}")
