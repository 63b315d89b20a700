"""The buttons beneath a reminder, days away, and who has not looked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from talk import ZONE, Office, Person

from reminders.saying import Reminders
from storage import conversation, invitations

MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 9:30 in the office's zone


def remind(office: Office, at: datetime) -> int:
    office.now = at
    return office.run(Reminders(office.database, lambda: office.now, ZONE, lambda: None).tick())


def named(office: Office, address: str, name: str, unit: str) -> Person:
    work = invitations.invite(office.database, office.now, "test", office.campaign, "liaison", unit=unit, name=name)
    someone = Person(office, address)
    someone.start(office.run(work).code)
    return someone


@pytest.fixture
def reminded(office: Office, chen: Person) -> Person:
    assert remind(office, MONDAY) == 1
    return chen


def test_later_offers_days_and_keeps_the_one_that_is_pressed(office: Office, reminded: Person) -> None:
    asked = reminded.press("稍后")

    said = reminded.press("明天")

    assert "什么时候" in asked
    assert "11月24日" in said
    assert remind(office, MONDAY + timedelta(hours=3)) == 0
    assert remind(office, MONDAY + timedelta(days=1)) == 1


def test_next_week_is_next_monday(reminded: Person) -> None:
    reminded.press("稍后")

    assert "11月30日" in reminded.press("下周")


def test_a_typed_label_of_a_reminder_equals_its_press(reminded: Person) -> None:
    assert "什么时候" in reminded.send("稍后")


def test_fill_in_now_opens_the_most_urgent_question(reminded: Person) -> None:
    said = reminded.press("现在填")

    assert "信息" in said


def test_reported_already_shows_what_is_still_missing_with_buttons(reminded: Person) -> None:
    said = reminded.press("已经报过了")

    assert "还没有收到" in said
    assert [label for label in reminded.labels if label.startswith("填")]


def test_a_reminder_of_another_campaign_or_a_forged_key_is_stale(reminded: Person) -> None:
    for key in ("later:99,20261123:0", "reported:1,20260101:0", "reported:1,xx:0", "later::0", "leave:1,2:0"):
        assert "没有改动" in reminded.press_key(key)


def test_who_is_away_hears_nothing_and_the_deputy_hears_instead(office: Office, chen: Person) -> None:
    wang = named(office, "wang", "王敏", "西夏墅镇")
    office.now = MONDAY

    said = chen.send("请假 11-23 12-11 由 王敏 代")

    assert "11月23日至12月11日" in said
    assert "还不是孟河镇的联络员" in said
    assert remind(office, MONDAY + timedelta(hours=1)) == 1
    assert "孟河镇" in wang.rows()[-1]["text"]
    assert chen.rows()[-1]["text"].startswith("记下了")


def test_the_office_hears_of_an_absence(office: Office, chen: Person) -> None:
    li = office.person("li", "office")

    chen.send("请假 12月1日到5日")

    assert "12月1日至12月5日" in li.rows()[-1]["text"]


def test_a_deputy_nobody_knows_is_asked_for_again(office: Office, chen: Person) -> None:
    named(office, "wang", "王敏", "西夏墅镇")

    said = chen.send("请假 12-1 12-5 由 王小二 代")

    assert "没有叫“王小二”的同事" in said
    assert "王敏" in said
    assert "12月1日至12月5日" in chen.press("不要人代")


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("请假三天 明天起", "11月22日", "11月24日"),
        ("我想请三天假，12月1日开始", "12月1日", "12月3日"),
        ("12月1日到12月5日请假", "12月1日", "12月5日"),
        ("今天请假", "11月21日", "11月21日"),
        ("请假一周，从12月7日起", "12月7日", "12月13日"),
        ("我明天要请两天事假", "11月22日", "11月23日"),
    ],
)
def test_days_away_are_taken_as_people_say_them(chen: Person, words: str, first: str, last: str) -> None:
    said = chen.send(words)

    assert first in said
    assert last in said
    assert "从哪天起" not in said


def test_where_only_the_length_is_said_the_first_day_is_asked(chen: Person) -> None:
    assert "从哪天起请 3 天？" in chen.send("请假三天")
    assert "12月1日" in chen.send("12月1日")
    assert "12月3日" in chen.rows()[-1]["text"]


def test_the_first_day_can_be_pressed(chen: Person) -> None:
    chen.send("我要请三天假")
    said = chen.press("明天起")

    assert "11月22日" in said
    assert "11月24日" in said


def test_a_sentence_about_leave_of_others_is_no_leave(chen: Person) -> None:
    assert "请假" not in chen.send("职工请假手续齐全").replace("职工请假手续齐全", "")


def test_days_that_cannot_be_meant_are_not_kept(chen: Person) -> None:
    assert "请写起止日期" in chen.send("请假")
    assert "不对" in chen.send("12-20 12-5")


def test_days_that_are_over_are_said_to_be_and_the_example_is_of_days_to_come(chen: Person) -> None:
    said = chen.send("请假 6-1 6-15 由 王敏 代")

    assert "6月1日至6月15日已经过去了" in said
    assert "“请假 11-28 12-2 由 王敏 代”" in said


def test_who_is_back_early_is_reminded_again(office: Office, chen: Person) -> None:
    office.now = MONDAY
    chen.send("请假 11-23 12-11")
    assert remind(office, MONDAY + timedelta(hours=1)) == 0

    said = chen.send("销假")

    assert "欢迎回来" in said
    assert remind(office, MONDAY + timedelta(hours=2)) == 1


def test_only_a_liaison_can_be_away(office: Office) -> None:
    li = office.person("li", "office")

    assert "请假" not in li.send("请假 12-1 12-5")


def on_the_page(office: Office, person: Person, seen_at: datetime | None) -> None:
    """As if the person were reached by the web page."""

    async def write(database: Any) -> None:
        from sqlalchemy import text

        async with database.write() as connection:
            await connection.execute(text("UPDATE message SET channel = 'web', outcome = 'sent' WHERE push"))
        if seen_at:
            transcript = conversation.Transcript(database, "web", str)  # type: ignore[arg-type]
            await transcript.seen(person.address, 10_000, seen_at)

    office.run(write(office.database))


def test_who_has_not_opened_the_page_for_a_working_day_is_listed_with_a_text(office: Office, chen: Person) -> None:
    li = office.person("li", "office")
    remind(office, MONDAY)
    on_the_page(office, chen, None)
    assert "还没满" in li.send("未看")

    office.now = MONDAY + timedelta(days=1)
    said = li.send("未看")

    assert "1 位联络员" in said
    assert "孟河镇的质量考核还有" in said
    text = next(line for line in said.splitlines() if "孟河镇的质量考核还有" in line)
    assert "信息上报" in text
    assert "12月21日前；" in text
    assert "分" not in said.splitlines()[-1]


def test_every_unseen_person_has_a_text_also_beyond_the_first_page(
    office: Office, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.sending.unseen.MOST_SHOWN", 1)
    named(office, "wang", "王敏", "西夏墅镇")
    li = office.person("li", "office")
    remind(office, MONDAY)
    on_the_page(office, chen, None)
    office.now = MONDAY + timedelta(days=1)

    first = li.send("未看")
    assert "2 位联络员" in first
    assert "第 1 到 1 位" in first
    assert "王敏您好" not in first
    assert "孟河镇、西夏墅镇抽空打开" in first

    assert "王敏您好：西夏墅镇" in li.press("往后看")
    assert li.labels == []


def test_who_has_looked_is_not_listed(office: Office, chen: Person) -> None:
    li = office.person("li", "office")
    remind(office, MONDAY)
    on_the_page(office, chen, MONDAY)

    office.now = MONDAY + timedelta(days=2)

    assert "都看过了" in li.send("未看")


def test_only_the_office_sees_who_has_not_looked(chen: Person) -> None:
    assert "考核办" in chen.send("未看")


def test_a_deputy_is_kept_without_the_word_before_the_name(office: Office, chen: Person) -> None:
    named(office, "wang", "王敏", "西夏墅镇")

    said = chen.send("请假 11月25日-27日 王敏代")

    assert "11月25日至11月27日 请假，这几天不提醒您，提醒发给 王敏" in said


def test_weekdays_are_days_of_a_leave(chen: Person) -> None:
    assert "11月23日至11月25日" in chen.send("请假 下周一到下周三")
    assert "11月25日至11月27日" in chen.send("请假 周三到周五")


def test_a_button_to_fill_in_is_not_cut_within_how_much_is_done(office: Office, chen: Person) -> None:
    li = office.person("li", "office")
    chen.send("2.4 完成1个")
    office.now = MONDAY
    li.send("催办 孟河镇 2.4")
    li.press("发送")

    chen.press("已经报过了")

    assert "填名牌任务" in chen.labels
