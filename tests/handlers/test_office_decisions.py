"""本地没有: decided once for all units alike with a reason; each of them is told; nobody decides for the own unit."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person

from channels import keys
from storage import absences

TOWNS = "xinbei-2011-towns"


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


@pytest.fixture
def li(office: Office) -> Person:
    """西夏墅镇's liaison."""
    return office.person("li", "liaison", "西夏墅镇")


def apply(person: Person, unit_id: int, criterion: str, reason: str) -> None:
    person.press_key(keys.pack("ask", unit_id, TOWNS, criterion))
    person.send("本地没有")
    if "回执" not in person.rows()[-1]["text"]:
        person.send(reason)


def decision(office: Office, criterion: str = "3.1") -> Any:
    async def read() -> Any:
        async with office.database.read() as connection:
            return await absences.decision_in(connection, 1, TOWNS, criterion)

    return office.run(read())


def test_a_clause_is_listed_with_its_units_and_decided_for_all(
    office: Office, chen: Person, li: Person, wang: Person
) -> None:
    apply(chen, 1, "3.1", "我镇没有名牌企业")
    apply(li, 2, "3.1", "辖区没有名牌企业")

    listed = wang.send("申请")
    assert "申请本地没有的 2 个单位" in listed
    assert "没有合理缺项，同意也不加分" in listed
    assert wang.labels == ["同意", "不同意"]
    wang.press("同意")
    assert "2 个单位按同一个答复，已告诉 2 人" in wang.send("两镇都没有名牌企业")

    assert decision(office).granted is True
    for person in (chen, li):
        assert "考核办同意：两镇都没有名牌企业" in person.rows()[-1]["text"]
    assert "没有待答复" in wang.send("申请")


def test_a_refusal_sends_the_units_back_to_the_question(office: Office, chen: Person, wang: Person) -> None:
    apply(chen, 1, "3.1", "我镇没有名牌企业")
    wang.send("申请")
    wang.press("不同意")
    wang.send("有两家名牌企业")

    assert decision(office).granted is False
    assert "不同意：有两家名牌企业" in chen.rows()[-1]["text"]
    assert "重新回答" in chen.rows()[-1]["text"]


def test_a_decision_needs_a_reason(office: Office, chen: Person, wang: Person) -> None:
    apply(chen, 1, "3.1", "我镇没有名牌企业")
    wang.send("申请")
    wang.press("同意")

    assert "请写一句理由" in wang.send("1")
    assert decision(office) is None
    assert "按同一个答复" in wang.send("确实没有名牌企业")


def test_an_old_button_says_what_was_decided(office: Office, chen: Person, wang: Person) -> None:
    apply(chen, 1, "3.1", "我镇没有名牌企业")
    wang.send("申请")
    old = wang.key("不同意")
    wang.press("同意")
    wang.send("确实没有名牌企业")

    assert "已经在" in wang.press_key(old)
    assert decision(office).granted is True


@pytest.mark.parametrize("key", ["absence:x,3.1,1:0", "absence:xinbei-2011-towns,9.9,1:0", "absence::0"])
def test_a_forged_button_decides_nothing(wang: Person, key: str) -> None:
    assert "没有改动任何东西" in wang.press_key(key)


def test_nobody_decides_for_the_own_unit_and_no_liaison_decides(office: Office, chen: Person, wang: Person) -> None:
    apply(chen, 1, "3.1", "我镇没有名牌企业")
    wang.start(office.invite("liaison", "孟河镇"))
    wang.send("申请")

    assert "本单位的事不能自己定" in wang.press("同意")
    assert "只有考核办能做" in chen.press_key("absence:xinbei-2011-towns,3.1,1:0")
    assert decision(office) is None
