"""A question that is open while something else is looked at: commands go where they always go, then it goes on."""

from __future__ import annotations

import pytest
from talk import Office, Person
from visits import answer, joined, lock, offline


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office, with an answer to look at."""
    someone = joined(office, "wang", "王处", "office")
    answer(office, "1.1", True)
    offline(office, "1.1")
    answer(office, "1.1", True, 2)
    lock(office)
    return someone


@pytest.mark.parametrize(("words", "answer"), [("核查 孟河镇", "孟河镇【"), ("单位 西夏墅镇", "西夏墅镇 · ")])
@pytest.mark.parametrize("asked", ["退回", "改分"])
def test_a_command_with_a_name_is_no_reason_and_no_value(wang: Person, asked: str, words: str, answer: str) -> None:
    wang.send("核查 西夏墅镇 1.1")
    wang.press(asked)

    said = wang.send(words)

    assert answer in said
    assert "已退回" not in said
    assert "没有看懂" not in said


def test_a_sentence_that_begins_like_a_command_is_still_the_reason(wang: Person) -> None:
    wang.send("核查 西夏墅镇 1.1")
    wang.press("退回")

    assert "单位没盖章" in wang.send("单位没盖章")


def test_a_command_with_a_name_is_no_clause_on_site(wang: Person) -> None:
    wang.press_key("vs-unit|1")
    wang.send("现场核查 孟河镇")

    assert "没有对上" not in wang.send("核查 孟河镇")


def test_moving_somebody_out_is_no_basis(wang: Person) -> None:
    wang.send("记情况 孟河镇 抽检不合格 1起")

    assert "移出谁" in wang.send("移出")


def test_the_invitation_goes_on_after_a_look_at_today(wang: Person) -> None:
    wang.send("邀请")
    wang.send("西夏墅镇")
    wang.press("联络员")

    assert "还等您写" in wang.send("今天")
    assert "李强，您好" in wang.send("李强")


def test_a_notice_goes_on_after_a_look_at_who_lacks_what(wang: Person) -> None:
    wang.send("发通知")
    wang.send("未报")

    assert "发给全部 4 个单位" in wang.send("全部单位：请看")


def test_the_reason_goes_on_after_a_look_at_a_unit(wang: Person) -> None:
    wang.send("核查 西夏墅镇 1.1")
    wang.press("退回")
    wang.send("单位 孟河")

    assert "文件没有盖章" in wang.send("文件没有盖章")


def test_another_review_puts_the_reason_down(wang: Person) -> None:
    wang.send("核查 西夏墅镇 1.1")
    wang.press("退回")
    wang.send("核查 孟河镇")

    assert "退回" not in wang.send("文件没有盖章")


def test_what_was_asked_can_be_put_down_after_a_look(wang: Person) -> None:
    wang.send("邀请")
    wang.send("今天")
    wang.send("取消")

    assert "没看懂" in wang.send("李强李强")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("疑问", "疑问"),
        ("疑问 孟河", "孟河镇"),
        ("没记的情况", "只有考核办知道"),
        ("综合审议", "审定前"),
        ("审定快照", "快照"),
        ("抽查进度", "抽查"),
        ("经办记录", "看哪个单位的经办记录"),
        ("经办记录 孟河", "孟河镇的经办记录"),
        ("核查意见", "考核组"),
        ("核查意见 孟河", "还没有记过现场情况"),
        ("换用今年细则", "哪一份细则"),
        ("谁没回", "还没有发过通知"),
        ("移出", "移出谁"),
        ("邀请 考核办", "考核办，请来做什么"),
    ],
)
def test_a_screens_name_typed_opens_it(wang: Person, words: str, answer: str) -> None:
    assert answer in wang.send(words)


def test_who_has_not_answered_is_about_the_newest_notice(wang: Person) -> None:
    for text in ("全部单位：请看第一件", "全部单位：请看第二件"):
        wang.send(f"发通知 {text}")
        wang.press("现在就发")

    assert "请看第二件" in wang.send("谁没回")


def test_the_name_behind_the_office_is_who_is_invited(wang: Person) -> None:
    wang.send("邀请 考核办 李四")

    assert "李四，您好" in wang.press("专家")


def test_back_on_a_screen_of_the_office_is_its_button_or_today(office: Office, wang: Person) -> None:
    wang.send("没记的情况")

    assert "审定前" in wang.send("返回")
    assert "考核办不用填报" not in wang.send("返回")


def test_ones_own_units_records_need_no_name(office: Office) -> None:
    assert "西夏墅镇的经办记录" in joined(office, "liu", "刘", "liaison", "西夏墅镇").send("经办记录")
