"""读法 switched in the middle of a campaign: tried by unit, proposed, agreed to by another, told to the units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person

from channels import keys
from storage import people, scorecards

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def zhao(office: Office, wang: Person) -> Person:
    return office.person("zhao", "office")


@pytest.fixture
def one_report(office: Office, chen: Person) -> Person:
    """孟河镇 held one of two meetings: T13 decides whether that is worth its points."""
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.2"))
    chen.send("2026-03-14 质量工作专题会议")
    return chen


def claimed(office: Office) -> Decimal | None:
    return office.run(scorecards.summary(office.database, 1))[0].claimed.total


def to_why(person: Person) -> None:
    person.press_key(keys.pack("reading", TOWNS, "T13"))
    person.press("试 2")
    person.press("提请")


def test_the_office_tries_a_reading_and_nothing_changes(office: Office, one_report: Person, wang: Person) -> None:
    before = claimed(office)
    wang.press_key(keys.pack("readings"))

    text = wang.press("换 T13")
    assert "1. 开满两次才得分（正在用）" in text
    assert wang.labels == ["试 2"]
    text = wang.press("试 2")

    assert "只是试算" in text
    assert "· 孟河镇 自报 +2" in text
    assert "西夏墅镇" not in text
    assert claimed(office) == before


def test_a_second_person_agrees_and_each_unit_is_told_once(
    office: Office, one_report: Person, wang: Person, zhao: Person
) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    ministry = office.person("env", "liaison", "环保局")
    before = claimed(office)
    to_why(wang)
    assert "还没有生效" in wang.send("区质强办〔2026〕9号明确")
    assert claimed(office) == before
    counts = [len(person.rows()) for person in (one_report, li, ministry)]

    assert "· 孟河镇 自报 +2" in zhao.press("同意")
    zhao.press("确认")

    assert claimed(office) == (before or 0) + 2
    told = [len(p.rows()) - n for p, n in zip((one_report, li, ministry), counts, strict=True)]
    assert told == [1, 1, 0]
    assert "孟河镇的得分：自报 +2" in one_report.rows()[-1]["text"]
    assert "西夏墅镇的得分现在没有变化" in li.rows()[-1]["text"]
    assert "办好了" in wang.rows()[-1]["text"]
    assert "（改过）" in wang.press_key(keys.pack("readings"))
    assert office.run(scorecards.recompute(office.database, office.now, 1)) == []


def test_who_belongs_to_a_unit_that_moves_neither_proposes_nor_agrees(
    office: Office, one_report: Person, wang: Person, zhao: Person
) -> None:
    to_why(wang)
    wang.send("区质强办〔2026〕9号明确")
    zhao.start(office.invite("liaison", "孟河镇"))

    assert "回避" in zhao.press_key(keys.pack("motion-yes", 1, version=1))
    to_why(zhao)
    assert "回避" in zhao.send("区质强办〔2026〕9号明确")


def test_who_belongs_to_a_unit_that_moves_only_by_now_does_not_agree(
    office: Office, chen: Person, wang: Person, zhao: Person
) -> None:
    to_why(wang)
    wang.send("区质强办〔2026〕9号明确")  # nobody moves yet
    zhao.start(office.invite("liaison", "孟河镇"))
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.2"))
    chen.send("2026-03-14 质量工作专题会议")
    before = claimed(office)

    assert "回避" in zhao.press_key(keys.pack("motion-yes", 1, version=1))

    assert claimed(office) == before


def test_a_reason_is_asked_again_where_none_was_given(wang: Person, zhao: Person) -> None:
    to_why(wang)
    assert "理由" in wang.send("嗯")

    assert "还没有生效" in wang.send("区质强办〔2026〕9号明确")


def test_what_became_so_meanwhile_is_said_and_not_done_twice(
    office: Office, one_report: Person, wang: Person, zhao: Person
) -> None:
    to_why(wang)
    wang.send("区质强办〔2026〕9号明确")
    to_why(zhao)
    assert "已经有了" in zhao.send("另一个理由")
    zhao.press_key(keys.pack("motion-yes", 1, version=1))

    assert "不用换" in zhao.press_key(keys.pack("reading-try", TOWNS, "T13", 1))


@pytest.mark.parametrize(
    "parts", [("hunan", "T13", 1), (TOWNS, "T99", 1), (TOWNS, "T15", 0), (TOWNS, "T13", 9), (TOWNS, "T13", "x"), ()]
)
@pytest.mark.parametrize("verb", ["reading-try", "reading-ask"])
def test_a_forged_reading_changes_nothing(wang: Person, verb: str, parts: tuple[str | int, ...]) -> None:
    assert "没有改动任何东西" in wang.press_key(keys.pack(verb, *parts))


@pytest.mark.parametrize("role", ["leader", "provider", "expert", "liaison"])
def test_nobody_else_switches_a_reading(office: Office, wang: Person, role: str) -> None:
    someone = office.person("li", role, "西夏墅镇" if role in {"liaison", "provider"} else None)

    for verb, parts in (("reading", ()), ("reading-try", (1,)), ("reading-ask", (1,))):
        assert "考核办" in someone.press_key(keys.pack(verb, TOWNS, "T13", *parts))
    if role == "leader":
        someone.press_key(keys.pack("readings"))
        assert someone.labels == []


def test_a_removed_person_has_no_readings_to_switch(office: Office, wang: Person, zhao: Person) -> None:
    membership = office.run(people.memberships(office.database, "test", "zhao"))[0]
    office.run(people.remove(office.database, office.now, "cli", membership.person_id, 1))

    assert "邀请码" in zhao.press_key(keys.pack("reading-ask", TOWNS, "T13", 1))
