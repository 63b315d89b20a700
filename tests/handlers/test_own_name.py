"""Who joined without a name writes it once, and can then be named in a 考核组."""

from __future__ import annotations

import pytest
from talk import Office, Person
from visits import groups, joined


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office without a name."""
    return office.person("wang", "office")


def test_who_joins_the_office_without_a_name_is_asked_for_it(office: Office) -> None:
    someone = Person(office, "zhao")

    assert "我叫" in someone.start(office.invite("office"))


def test_a_group_says_who_has_no_name_and_what_to_do(wang: Person) -> None:
    assert "我叫" in wang.send("考核组")
    assert "还有 1 位没写姓名" in wang.send("一组 王处：孟河镇 12月3日")


@pytest.mark.parametrize("words", ["我叫 王处", "我叫王处", "/name 王处"])
def test_a_name_that_was_written_can_be_in_a_group(office: Office, wang: Person, words: str) -> None:
    assert "您是 王处" in wang.send(words)
    assert "我叫" not in wang.send("考核组")
    wang.send("一组 王处：孟河镇 12月3日")
    wang.press("确认")

    assert [member.name for group in groups(office) for member in group.members] == ["王处"]
    assert "王处" in wang.send("人员")


def test_a_name_is_written_once(office: Office) -> None:
    li = joined(office, "li", "李工", "office")

    assert "记的是 李工" in li.send("我叫 李鬼")
    assert "李鬼" not in li.send("人员")


def test_without_a_name_behind_it_an_example_is_given(wang: Person) -> None:
    assert "例如：我叫 王芳" in wang.send("我叫")


def test_a_sentence_about_somebody_is_no_name(wang: Person) -> None:
    assert "您是" not in wang.send("我叫他去催了")
