"""请假 whose deputy is away in the same days: said to who asks, the office, the deputy, and whom it leaves alone."""

from __future__ import annotations

import pytest
from talk import Office, Person

from storage import invitations


def named(office: Office, address: str, name: str, unit: str | None, role: str = "liaison") -> Person:
    work = invitations.invite(office.database, office.now, "test", office.campaign, role, unit=unit, name=name)
    someone = Person(office, address)
    someone.start(office.run(work).code)
    return someone


@pytest.fixture
def fang(office: Office) -> Person:
    return named(office, "fang", "陈芳", "孟河镇")


@pytest.fixture
def li(office: Office) -> Person:
    return named(office, "li", "李四", "西夏墅镇")


@pytest.fixture
def wang(office: Office) -> Person:
    return named(office, "wang", "王处", None, "office")


def last(person: Person) -> str:
    return str(person.rows()[-1]["text"])


def test_a_deputy_who_is_away_is_said_to_be(office: Office, fang: Person, li: Person, wang: Person) -> None:
    fang.send("请假 12-3 12-8")

    said = li.send("请假 12-1 12-5 由 陈芳 代")

    assert "陈芳 12月3日至12月5日自己也请假，那几天没有人代，请换一位，把请假重发一次。" in said
    assert "陈芳 12月3日至12月5日自己也请假，那几天没有人代。" in last(wang)
    assert "您 12月3日至12月5日自己也请假，那几天没有人代。" in last(fang)


def test_two_who_stand_in_for_each_other_leave_nobody_and_are_told(
    office: Office, fang: Person, li: Person, wang: Person
) -> None:
    li.send("请假 12-1 12-5 由 陈芳 代")

    said = fang.send("请假 12-1 12-5 由 李四 代")

    assert "李四 12月1日至12月5日自己也请假，那几天没有人代，请换一位" in said
    assert "您答应代 李四，12月1日至12月5日和您的假期重了，那几天没有人代，请告诉对方另请一位。" in said
    assert "陈芳原来代 李四，12月1日至12月5日那几天没有人代。" in last(wang)
    assert any("代您的 陈芳 12月1日至12月5日也请假了" in row["text"] for row in li.rows())


def test_where_the_deputys_deputy_is_there_that_is_said(office: Office, fang: Person, li: Person) -> None:
    named(office, "zhou", "周七", "环保局")
    fang.send("请假 12-1 12-5 由 周七 代")

    said = li.send("请假 12-5 由 陈芳 代")

    assert "陈芳 12月5日自己也请假，那几天由 周七 代。" in said


def test_leave_on_other_days_is_no_gap(office: Office, fang: Person, li: Person, wang: Person) -> None:
    fang.send("请假 12-6 12-8")

    said = li.send("请假 12-1 12-5 由 陈芳 代")

    assert "自己也请假" not in said + last(wang) + last(fang)


def test_who_came_back_is_there(office: Office, fang: Person, li: Person) -> None:
    fang.send("请假 12-1 12-8")
    fang.send("销假")

    assert "自己也请假" not in li.send("请假 12-1 12-5 由 陈芳 代")
