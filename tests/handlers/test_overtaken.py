"""A button of before the answer that stands: what stands is said, and replaced only by one more tap."""

from __future__ import annotations

from typing import Any

from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import answers, unit_facts

TOWNS = loader.load("xinbei-2011-towns")


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))


def kept(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).own


def state_of(office: Office, criterion: str) -> str:
    return office.run(answers.current(office.database, 1, TOWNS.id))[criterion].state


def yes_over_an_old_no(chen: Person) -> str:
    """The 没有 button of a question that was answered 有 by now."""
    ask(chen, "1.1")
    no = chen.key("没有")
    chen.press("有")
    return no


def test_an_old_button_that_says_otherwise_changes_nothing_and_asks(office: Office, chen: Person) -> None:
    said = chen.press_key(yes_over_an_old_no(chen))

    assert "现在记的是：有" in said
    assert "改成“没有”吗" in said
    assert chen.labels == ["改成“没有”", "不改"]
    assert kept(office) == {"1.1": True}


def test_one_more_tap_replaces_what_stands(office: Office, chen: Person) -> None:
    chen.press_key(yes_over_an_old_no(chen))

    assert "记下了：没有" in chen.press("改成“没有”")
    assert kept(office) == {"1.1": False}


def test_left_so_it_stays_and_the_old_tap_is_gone(office: Office, chen: Person) -> None:
    chen.press_key(yes_over_an_old_no(chen))
    replace = chen.key("改成“没有”")

    assert "没有改动" in chen.press("不改")
    assert "没有记下" in chen.press_key(replace)
    assert kept(office) == {"1.1": True}


def test_an_old_button_does_not_undo_what_a_meeting_in_the_ledger_says(office: Office, chen: Person) -> None:
    ask(chen, "1.2")
    old = chen.key("否")
    chen.send("两次")
    chen.press_key(keys.pack("entry-new", 1, TOWNS.id, "1.2"))
    chen.send("3月14日 第一次质量例会")

    assert "现在记的是" in chen.press_key(old)
    assert kept(office)["1.2"] is True


def test_an_old_state_is_asked_about_too_and_its_day_is_asked_after_it(office: Office, chen: Person) -> None:
    ask(chen, "1.1")
    not_yet = keys.pack("state", 1, TOWNS.id, "1.1", 0, version=0)
    chen.press("有")

    chen.press_key(not_yet)
    assert kept(office) == {"1.1": True}
    said = chen.press("改成“还没到时候”")

    assert "还没到时候" in said
    assert chen.labels[-1] == "年底"
    assert state_of(office, "1.1") == "not_yet"


def test_after_the_answer_was_taken_back_the_old_button_answers(office: Office, chen: Person) -> None:
    no = yes_over_an_old_no(chen)
    chen.press("撤回")

    assert "记下了：没有" in chen.press_key(no)
    assert kept(office) == {"1.1": False}


def test_an_overtaken_tap_of_another_unit_is_stale(office: Office, chen: Person) -> None:
    assert "按钮" in chen.press_key(keys.pack("leave-so", 2, TOWNS.id, "1.1"))
