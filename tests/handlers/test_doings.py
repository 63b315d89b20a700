"""经办记录: who did what for a unit, with colleagues by name, 转同事, 请假, 误发; nothing counted twice."""

from __future__ import annotations

import pytest
from linked import file, link_of, send, with_page
from papers import ask
from talk import Office, Person
from told import answered

from channels import keys

SHOW = keys.pack("doings", 1)


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def zhao(office: Office, wang: Person) -> Person:
    return office.person("zhao", "office")


def test_a_colleagues_file_counts_once_and_the_colleague_is_named(office: Office, chen: Person) -> None:
    pages = with_page(office)
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))
    chen.press("采用")
    assert answered(office)["1.2"][0] is True

    said = chen.press_key(SHOW)

    assert "王五（同事，没有加入）：替填 1 条" in said
    assert "加入、填报 1 条、交材料 1 份、转同事 1 条" in said


def test_what_a_colleague_sent_and_nobody_took_is_nobodys_file(office: Office, chen: Person) -> None:
    pages = with_page(office)
    send(office, pages, link_of(chen), "开了4次", file(office, "会议纪要.pdf"))
    chen.press("不用")

    said = chen.press_key(SHOW)

    assert "替填 1 条" in said
    assert "交材料" not in said


def test_a_file_that_was_sent_and_withdrawn_later_was_sent(office: Office, chen: Person) -> None:
    ask(chen, "1.1")
    chen.send_file("分工文件.pdf")
    chen.press("撤回")

    assert "交材料 1 份" in chen.press_key(SHOW)


def test_leave_and_erasing_are_in_it(office: Office, chen: Person, wang: Person, zhao: Person) -> None:
    ask(chen, "1.1")
    chen.send_file("身份证.pdf")
    chen.press_key(keys.pack("erase", 1, 1))
    chen.send("发错了，是别人的身份证")
    zhao.press("同意")
    zhao.press("确认")
    chen.send("请假 11-23 12-11")

    said = wang.press_key(SHOW)

    assert "加入、交材料 1 份、请假 1 次、提请删除误发 1 份" in said
    assert "同意删除误发 1 份" in said


def test_leave_of_others_and_before_they_spoke_for_the_unit_is_not_in_it(office: Office, chen: Person) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    li.send("请假 11-23 12-11")
    li.start(office.invite("liaison", "孟河镇"))

    assert "请假" not in chen.press_key(SHOW)
