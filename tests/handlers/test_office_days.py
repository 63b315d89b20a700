"""考核: a phase in one sentence, days that end the collecting; what people say to the office; who is who in 人员."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from talk import ZONE, Office, Person

from handlers.status import status_line
from rubrics import loader
from storage import campaigns, phases
from storage.roster import RosterUnit


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def calendar(office: Office) -> list[phases.Phase]:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await phases.of_campaign_in(connection, 1)

    return list(office.run(read()))


def test_the_sentence_on_the_card_works_as_it_stands(office: Office, wang: Person) -> None:
    assert "打“自评 11-01 12-15”" in wang.send("考核")

    assert "自评 定在 11月1日 到 12月15日" in wang.send("自评 11-01 12-15")
    assert calendar(office) == [phases.Phase("自评", date(2026, 11, 1), date(2026, 12, 15))]


def test_reversed_days_are_refused(office: Office, wang: Person) -> None:
    assert "比开始的" in wang.send("自评 12-15 11-01")

    assert calendar(office) == []


def test_days_that_end_the_collecting_are_asked_about_and_told(office: Office, chen: Person, wang: Person) -> None:
    assert "今天起各单位都不能再填" in wang.send("自评 10-01 11-20")
    assert calendar(office) == []

    assert "已告诉 1 位联络员" in wang.press("确认")

    assert calendar(office) == [phases.Phase("自评", date(2026, 10, 1), date(2026, 11, 20))]
    assert "孟河镇 填的不能再改" in chen.rows()[-1]["text"]


def test_a_confirmation_that_was_overtaken_closes_nothing(office: Office, wang: Person) -> None:
    wang.send("自评 10-01 11-20")
    old = wang.key("确认")
    wang.send("自评 10-01 11-19")

    assert "没有改动任何东西" in wang.press_key(old)
    assert calendar(office) == []


def test_the_line_on_top_names_the_campaign_that_was_switched_to(office: Office, wang: Person) -> None:
    units = [RosterUnit("孟河镇", "镇", (), (), ())]
    rubrics = [loader.load("xinbei-2011-towns")]
    later = office.run(campaigns.create(office.database, office.now, "test", 2027, rubrics, units))
    office.campaign = later
    wang.start(office.invite("office"))

    def line() -> Any:
        return office.run(status_line(office.database, "test", "wang", office.now, ZONE))

    seen = {}
    for code in ("2026", "2027"):
        wang.send("考核")
        if f"换到 {code}" in wang.labels:
            wang.press(f"换到 {code}")
        seen[code] = line()
    assert seen == {"2026": "考核办 · 2026", "2027": "考核办 · 2027"}


def test_the_office_hears_of_an_opinion_and_sees_the_list(chen: Person, wang: Person) -> None:
    chen.send("意见反馈 提醒太多")
    assert "孟河镇的意见反馈：提醒太多" in wang.rows()[-1]["text"]
    assert "意见反馈 1 条没看" in wang.send("今天")

    assert "没写姓名：提醒太多" in wang.send("意见反馈")

    assert "没看" not in wang.send("今天")


def test_two_people_of_a_unit_can_be_told_apart_and_one_removed(office: Office, chen: Person, wang: Person) -> None:
    office.person("li", "liaison", "孟河镇")

    text = wang.send("人员")

    assert text.count("加入）") == 2
    wang.press("移出")
    wang.send("孟河")
    assert wang.labels == ["1 没写姓名 孟河镇", "2 没写姓名 孟河镇"]


def test_an_open_invitation_is_taken_back(office: Office, wang: Person) -> None:
    wang.send("/invite 西夏墅镇 李强")
    code = next(
        line.rpartition("：")[2]
        for row in wang.rows()
        for line in row["text"].splitlines()
        if line.startswith("也可以在聊天里发邀请码")
    )
    wang.send("人员")
    wang.press("撤回邀请")
    key = wang.key(wang.labels[0])

    assert "码已作废" in wang.press_key(key)

    assert "西夏墅镇" not in Person(office, "li").send(code)
    assert "没有改动任何东西" in wang.press_key(key)


def test_words_nobody_understands_get_two_lines(chen: Person, wang: Person) -> None:
    for person in (chen, wang):
        assert len(person.send("食堂几点开门？").splitlines()) == 2


def test_the_office_reads_no_words_of_a_liaison(wang: Person) -> None:
    said = [wang.press_key("nope:1:0"), wang.send("", other="语音"), wang.send("记情况") and wang.send("取消")]

    assert [text for text in said if "清单" in text or "下一项" in text] == []
