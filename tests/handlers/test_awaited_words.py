"""While a line of a form is awaited (请假, 复开, 待年终) a command or clear words go where they always go."""

from __future__ import annotations

import pytest
from talk import Office, Person

from storage import invitations


@pytest.fixture
def fang(office: Office) -> Person:
    """陈芳, 孟河镇's liaison, whose 请假 names a deputy nobody is called."""
    someone = named(office, "fang", "陈芳", "孟河镇")
    assert "没有叫“王敏”的同事" in someone.send("请假 11-23 12-11 由 王敏 代")
    return someone


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def named(office: Office, address: str, name: str, unit: str) -> Person:
    about = (office.database, office.now, "test", office.campaign, "liaison")
    someone = Person(office, address)
    someone.start(office.run(invitations.invite(*about, unit=unit, name=name)).code)
    return someone


@pytest.mark.parametrize(("words", "answer"), [("我的得分", "自报"), ("清单", "孟河镇"), ("单位 西夏墅", "只有考核办")])
def test_a_command_goes_through_while_a_deputy_is_awaited(fang: Person, words: str, answer: str) -> None:
    said = fang.send(words)

    assert answer in said
    assert "请假" not in said


def test_clear_words_go_through_while_a_deputy_is_awaited(fang: Person) -> None:
    assert "请假" not in fang.send("质量例会开了两次")


def test_the_name_alone_of_a_deputy_is_enough(office: Office, fang: Person) -> None:
    named(office, "li", "李强", "西夏墅镇")

    assert "李强" in fang.send("李强")
    assert "没有叫" not in fang.rows()[-1]["text"]


@pytest.mark.parametrize("words", ["好的", "谢谢", "修改", "不要", "转同事", "明白了", "那算了"])
def test_what_is_no_name_is_not_looked_up_as_a_deputy(fang: Person, words: str) -> None:
    assert "没有叫" not in fang.send(words)


@pytest.mark.parametrize("words", ["李强", "欧阳娜", "小李", "张老师", "阿依古丽·买买提"])
def test_a_name_that_nobody_has_is_asked_about_again(fang: Person, words: str) -> None:
    assert f"没有叫“{words}”的同事" in fang.send(words)


def test_a_colleague_is_found_also_under_a_name_that_looks_like_none(office: Office, fang: Person) -> None:
    named(office, "li", "那好", "西夏墅镇")

    assert "提醒发给 那好" in fang.send("那好同志")


def test_a_leave_can_be_cancelled(fang: Person) -> None:
    assert fang.press("取消") == "没有记请假。"
    assert "请假" not in fang.send("我的得分")


@pytest.mark.parametrize("asked", ["复开", "待年终"])
@pytest.mark.parametrize(("words", "answer"), [("单位 孟河", "孟河镇"), ("得分", "得分"), ("今天", "2026 考核")])
def test_a_command_goes_through_while_a_line_is_awaited(wang: Person, asked: str, words: str, answer: str) -> None:
    wang.send(asked)

    said = wang.send(words)

    assert answer in said
    assert "一行写完" not in said


@pytest.mark.parametrize("asked", ["复开", "待年终"])
def test_a_line_can_be_cancelled(wang: Person, asked: str) -> None:
    wang.send(asked)

    assert "没有改动" in wang.press("取消")
    assert "一行写完" not in wang.send("谁还没报信息")
