"""/invite: a code and a link for a unit, a role and a name; a fresh one in one tap; codes for all who are expected."""

from __future__ import annotations

import re

import pytest
from talk import ZONE, Office, Person

from handlers.conversation import Conversation
from storage import people

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office, on a bot that knows its address."""
    home = "https://kp.example.cn/"
    office.conversation = Conversation(
        office.database, office.files, lambda: office.now, ZONE, lambda: None, home=lambda: home
    )
    return office.person("wang", "office")


def role_of(office: Office, address: str) -> list[tuple[str, str, str]]:
    found = office.run(people.memberships(office.database, "test", address))
    return [(one.unit_name, one.role, one.name) for one in found]


def test_a_unit_and_a_name_give_a_code_and_a_link(office: Office, wang: Person) -> None:
    text = wang.send("/invite 孟河 陈芳")

    (code,) = set(CODE.findall(text))
    assert f"https://kp.example.cn/j/{code}" in text
    assert "12-05 09:00 前有效" in text
    assert "孟河镇 · 2026" in Person(office, "chen").start(code)
    assert role_of(office, "chen") == [("孟河镇", "liaison", "陈芳")]


def test_step_by_step_with_buttons_and_typed_names(office: Office, wang: Person) -> None:
    wang.send("邀请")
    wang.send("孟河镇")
    assert wang.labels == ["联络员", "领导", "提供数据"]
    wang.press("领导")

    (code,) = set(CODE.findall(wang.send("周涛")))

    Person(office, "zhou").start(code)
    assert role_of(office, "zhou") == [("孟河镇", "leader", "周涛")]


def test_the_office_invites_its_own_people(office: Office, wang: Person) -> None:
    wang.send("/invite")
    wang.press("考核办的人")
    wang.press("考核办")

    (code,) = set(CODE.findall(wang.press("不写姓名")))

    Person(office, "qian").start(code)
    assert role_of(office, "qian") == [("", "office", "")]


def test_a_fresh_code_in_one_tap_makes_the_old_one_void(office: Office, wang: Person) -> None:
    (old,) = set(CODE.findall(wang.send("/invite 孟河镇 陈芳")))
    (new,) = set(CODE.findall(wang.press("重发")))

    assert "已经作废" in Person(office, "a").start(old)
    assert "孟河镇 · 2026" in Person(office, "b").start(new)
    assert "已经有人用过了" in wang.press("重发")


def test_who_is_expected_and_missing_gets_a_code_in_one_tap(office: Office, chen: Person, wang: Person) -> None:
    wang.send("邀请")

    listed = wang.press("剩余未加入")
    text = wang.press("全部发码")

    assert "孟河镇" not in listed
    assert [unit in text for unit in ("西夏墅镇", "环保局", "质监分局")] == [True] * 3
    codes = CODE.findall(text)
    assert len(codes) == 3
    assert "西夏墅镇 · 2026" in Person(office, "li").start(codes[0])
    assert "· 西夏墅镇" not in wang.press("剩余未加入")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("/invite 常州 陈芳", "没有单位「常州」"),
        (f"/invite 孟河镇 {'名' * 61}", "姓名最多 60 个字"),
        ("/invite 镇", "可能是这几个"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why(wang: Person, words: str, why: str) -> None:
    text = wang.send(words)

    assert why in text
    assert CODE.findall(text) == []


@pytest.mark.parametrize(
    "key", ["invite-unit:9:0", "invite-role:1,office:0", "invite-role:0,liaison:0", "invite-name:x:0"]
)
def test_a_forged_button_invites_nobody(wang: Person, key: str) -> None:
    text = wang.press_key(key)

    assert "没有改动任何东西" in text
    assert CODE.findall(text) == []


def test_a_liaison_invites_nobody(chen: Person) -> None:
    for act in (lambda: chen.send("/invite 孟河镇 李强"), lambda: chen.press_key("invite-all::0")):
        text = act()
        assert "只有考核办能做" in text
        assert CODE.findall(text) == []
