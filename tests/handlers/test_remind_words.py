"""What the office has units reminded of, in other words: more than a label, less than one, and who is to be told."""

from __future__ import annotations

import pytest
from talk import Office, Person


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office; 孟河镇 has a liaison."""
    return office.person("wang", "office")


def about(said: str) -> str:
    """The line that says what it is about."""
    return next((line.removeprefix("关于：") for line in said.splitlines() if line.startswith("关于：")), said)


@pytest.mark.parametrize(
    "words",
    [
        "催一下孟河的特种设备",
        "孟河的特种设备的材料催一催",
        "催一下孟河的特种设备那几项",
        "叫孟河把特种设备填一下",
        "孟河的特种设备抓紧催一下",
    ],
)
def test_words_around_an_item_are_no_other_item(wang: Person, words: str) -> None:
    said = wang.send(words)

    assert about(said) == "特设监管、特设台帐"
    assert "将提醒 1 人" in said


def test_more_words_than_an_item_has_are_one_of_its_clauses(wang: Person) -> None:
    assert about(wang.send("催孟河特种设备登记率")) == "使用登记率"


@pytest.mark.parametrize(
    "words",
    [
        "催一下孟河的信息",
        "催西夏墅、孟河镇的信息",
        "催一下没报信息的镇",
        "谁没报信息催一下",
        "让孟河赶紧报信息",
        "跟孟河说一声把信息报了",
    ],
)
def test_a_word_that_several_clauses_have_is_all_of_them(wang: Person, words: str) -> None:
    said = wang.send(words)

    assert about(said) == "信息上报、信息报送"
    assert "将提醒 1 人" in said


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("提醒孟河把质量例会纪要交了", "质量专题会"),
        ("孟河的名牌规划还没报，催一下", "名牌规划"),
        ("催一下孟河的名牌申报", "名牌申报"),
    ],
)
def test_what_is_to_be_done_is_no_part_of_a_name(wang: Person, words: str, label: str) -> None:
    assert about(wang.send(words)) == label


def test_words_nothing_is_found_for_are_asked_for_again(wang: Person) -> None:
    assert "没有看懂" in wang.send("催一下孟河的天气预报")
