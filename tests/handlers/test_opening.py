"""待年终 and 复开: set by the office in one line, told to the units, taken in the conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from talk import ZONE, Office, Person
from year_end import TOWNS, do, lock

from channels import keys
from storage import openings, snapshots, unit_facts


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def locked(office: Office, chen: Person, wang: Person) -> Office:
    lock(office)
    return office


def say(person: Person, criterion: str, words: str, unit_id: int = 1) -> str:
    person.press_key(keys.pack("ask", unit_id, TOWNS.id, criterion))
    return person.send(words)


def own(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).own


def test_a_unit_is_opened_again_for_one_clause_and_told_why(locked: Office, chen: Person, wang: Person) -> None:
    assert "可以填到 2026年12月20日" in wang.send("复开 孟河镇 10.2 12-20 漏报信息")
    assert "漏报信息" in chen.rows()[-1]["text"]

    assert "回执" in say(chen, "10.2", "4条")
    assert "请写一句原因" in say(chen, "1.1", "有")
    assert own(locked) == {"10.2": 4}


def test_files_of_an_open_clause_are_attached_as_before(locked: Office, chen: Person, wang: Person) -> None:
    wang.send("复开 孟河镇 1.1 12-20 漏报")
    say(chen, "1.1", "有")

    assert "原因" not in chen.send_file("红头文件.pdf")


def test_a_whole_unit_is_opened_again_without_a_number(locked: Office, chen: Person, wang: Person) -> None:
    wang.send("复开")
    assert "全部内容" in wang.send("孟河镇 12月20日 换了联络员")

    assert "回执" in say(chen, "1.1", "有")


def test_a_clause_kept_for_the_year_s_end_is_open_for_all_until_its_day(
    locked: Office, chen: Person, wang: Person
) -> None:
    wang.send("年终工作")
    wang.press("待年终复开")
    wang.press("定待年终")
    assert "这个编号有几条" in wang.send("3.1 1月31日 检测报告一月才出")
    assert "2027年1月31日" in wang.press(TOWNS.criteria["3.1"].label)
    assert "检测报告一月才出" in chen.rows()[-1]["text"]

    assert "请写一句原因" not in say(chen, "3.1", "有")
    locked.now = datetime(2027, 2, 1, 9, tzinfo=ZONE)
    assert "请写一句原因" in say(chen, "1.1", "有")


def test_the_list_says_until_when_a_clause_can_be_filled_in(locked: Office, chen: Person, wang: Person) -> None:
    wang.send("复开 孟河镇 10.2 12-20 漏报信息")

    chen.press_key(keys.pack("item", 1, TOWNS.id, TOWNS.item_of["10.2"].id))
    said = chen.rows()[-1]["text"]
    assert "可填到 2026年12月20日" in next(line for line in said.splitlines() if TOWNS.criteria["10.2"].label in line)
    assert said.count("可填到") == 1


def test_what_is_open_is_listed_and_closed_again(locked: Office, chen: Person, wang: Person) -> None:
    wang.send("复开 孟河镇 10.2 12-20 漏报信息")
    assert "10.2" in wang.press("开着的")

    assert "已关上" in wang.press("关上 1")
    assert "请写一句原因" in say(chen, "10.2", "4条")


@pytest.mark.parametrize("words", ["火星镇 1.1 12-20 漏报", "孟河镇 99.9 12-20 漏报", "孟河镇 1.1 漏报"])
def test_a_line_that_cannot_be_read_is_asked_for_again(locked: Office, wang: Person, words: str) -> None:
    assert "没看清" in wang.send(f"复开 {words}")
    assert "已给 孟河镇 复开" in wang.send("孟河镇 1.1 12-20 漏报")


def test_a_day_gone_or_no_reason_is_refused_in_one_sentence(locked: Office, wang: Person) -> None:
    assert "已经过了" in wang.send("复开 孟河镇 1.1 2026-11-01 漏报")
    assert "理由" in wang.send("孟河镇 1.1 12-20")


def test_only_the_office_opens_and_nobody_the_own_unit(locked: Office, chen: Person, wang: Person) -> None:
    wang.send("复开 孟河镇 10.2 12-20 漏报信息")
    others = [locked.person("zhou", "leader"), locked.person("li", "liaison", "西夏墅镇"), Person(locked, "stranger")]
    both = locked.person("both", "office")
    both.start(locked.invite("liaison", "孟河镇"))

    for person in (chen, *others):
        person.send("复开 孟河镇 1.1 12-20 漏报")
        person.press_key(keys.pack("open-end", 1))
        person.press_key(keys.pack("year-end", TOWNS.id))
    assert "孟河镇" in both.send("复开 孟河镇 1.1 12-20 漏报")

    found = do(locked, openings.standing_in, 1, locked.now.date())
    assert [(one.unit, one.criterion_id) for one in found] == [("孟河镇", "10.2")]


def test_words_that_set_a_phase_are_no_line_of_an_opening(locked: Office, wang: Person) -> None:
    assert "没看清" in wang.send("复开 火星镇 1.1 12-20 漏报")

    assert "通报 定在" in wang.send("通报 2027-01-31 2027-01-31")


def test_once_approved_no_other_line_is_waited_for(locked: Office, wang: Person) -> None:
    do(locked, snapshots.take_in, locked.now, 1, 1, "2026", final=True)
    assert "审定冻结" in wang.send("复开 孟河镇 1.1 12-20 漏报")

    assert "审定冻结" not in wang.send("孟河镇 12月的情况")
    assert "审定冻结" in wang.send("待年终 4.4a 2027-01-15 证明在年后")
    assert "审定冻结" not in wang.send("孟河镇 12月的情况")
