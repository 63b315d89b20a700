"""An answer taken back, its history, and what happens once nothing may be changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import answers, audit, phases, unit_facts

TOWNS = loader.load("xinbei-2011-towns")


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))


def kept(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).own


def close_collection(office: Office) -> None:
    async def close() -> None:
        async with office.database.write() as connection:
            days = (date(2026, 10, 1), date(2026, 11, 15))
            await phases.set_in(connection, office.now, "test", office.campaign.id, phases.SELF_ASSESSMENT, *days)

    office.run(close())


def test_the_first_answer_taken_back_leaves_nothing(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")

    said = chen.press("撤回")

    assert "现在是没有填" in said
    assert "自报 0 分" in said
    assert kept(office) == {}


def test_a_change_taken_back_is_the_answer_before_it(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    chen.press("修改")
    chen.send("3条")

    said = chen.press("撤回")

    assert "回到上一次填的：4条" in said
    assert kept(office) == {"10.2": 4}
    versions = office.run(answers.history(office.database, 1, TOWNS.id, "10.2"))
    assert [answer.fact for answer in versions] == [4, 3, 4]


def test_an_answer_that_changed_since_is_not_taken_back(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    old = chen.key("撤回")
    ask(chen, "10.2")
    chen.send("3条")

    said = chen.press_key(old)

    assert "后来又变了" in said
    assert "3条" in said
    assert kept(office) == {"10.2": 3}


@pytest.mark.parametrize(
    "key", ["undo:2,xinbei-2011-towns,10.2:1", "undo:1,hunan,1.1:1", "log:2,xinbei-2011-towns,10.2:0"]
)
def test_another_units_answer_cannot_be_taken_back_or_read(office: Office, chen: Person, key: str) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    li.press_key(keys.pack("ask", 2, TOWNS.id, "10.2"))
    li.send("4条")

    said = chen.press_key(key)

    assert "没有改动任何东西" in said
    assert len(office.run(answers.history(office.database, 2, TOWNS.id, "10.2"))) == 1


def test_the_history_says_who_filled_in_what(office: Office, chen: Person) -> None:
    li = office.person("li", "liaison", "孟河镇")
    ask(chen, "10.2")
    chen.send("4条")
    ask(li, "10.2")
    li.send("3条")
    ask(chen, "10.2")
    chen.press("更多")

    said = chen.press("填报记录")

    assert "11-21 09:00  您：4条" in said
    assert "11-21 09:00  一位同事：3条" in said
    assert chen.labels == ["撤回", "修改", "返回"]


def test_after_the_close_nothing_is_changed_and_it_is_said_whom_to_ask(office: Office, chen: Person) -> None:
    wang = office.invite("office")
    ask(chen, "10.2")
    chen.send("4条")
    take_back, question = chen.key("撤回"), keys.pack("ans", 1, TOWNS.id, "2.3", "", 0)
    Person(office, "wang").start(wang)
    close_collection(office)

    for said in (chen.press_key(question), chen.press_key(take_back)):
        assert "自评已经在 11月15日 截止" in said
        assert "考核办" in said
    assert kept(office) == {"10.2": 4}


def test_everything_said_stands_in_the_audit_chain(office: Office, chen: Person) -> None:
    ask(chen, "10.2")
    chen.send("4条")
    chen.press("撤回")

    async def walk() -> audit.Chain:
        async with office.database.read() as connection:
            return await audit.walk(connection)

    assert office.run(walk()).broken == ()


def test_the_same_button_pressed_again_from_another_device_keeps_nothing_new(office: Office, chen: Person) -> None:
    ask(chen, "1.1")
    again = chen.key("有")
    first = chen.press("有")

    said = chen.press_key(again)

    number = first.rpartition("回执 ")[2].strip()
    assert "【专人负责】已经记过了：有" in said
    assert said.endswith(f"回执 {number}")
    versions = office.run(answers.history(office.database, 1, TOWNS.id, "1.1"))
    assert [one.version for one in versions] == [1]
    assert "现在是没有填" in chen.press("撤回")


def test_a_button_of_before_changes_an_answer_that_says_something_else_after_one_more_tap(
    office: Office, chen: Person
) -> None:
    ask(chen, "1.1")
    before = chen.key("有")
    chen.press("有")
    chen.press("修改")
    chen.press("没有")

    chen.press_key(before)
    chen.press("改成“有”")

    assert kept(office)["1.1"] is True


def test_a_document_number_without_its_title_says_what_is_missing(chen: Person) -> None:
    ask(chen, "1.1")

    said = chen.send("有，新质监〔2026〕3号")
    named = chen.send("关于明确质量工作分工的通知，新质监〔2026〕3号")

    assert "文号 新质监〔2026〕3号 看到了，还缺标题" in said
    assert "标题：关于明确质量工作分工的通知" in named
    assert "材料齐了" in named


def test_a_document_number_said_with_one_of_two_conditions_is_not_lost(office: Office) -> None:
    huan = office.person("huan", "liaison", "环保局")
    huan.send("下一项")
    huan.send("成立了，新质监〔2026〕3号")

    said = huan.send("建立了")

    assert "新质监〔2026〕3号" in said.splitlines()[0]
    assert "还缺标题" in said
