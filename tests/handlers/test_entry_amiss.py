"""Words that correct an entry: they register nothing, show the entry and say how it is mended."""

from __future__ import annotations

import pytest
from papers import ask, facts, ledger
from talk import Office, Person

MEETING = "3月14日 质量专题会"
HELD = [("质量专题会", "2026-03-14", "")]
CORRECTIONS = ["不对，是5月12日", "改成3月13日", "日期错了，是4月15日"]


def enter(person: Person, words: str = MEETING) -> str:
    ask(person, "1.2")
    person.press("登记一次")
    return person.send(words)


@pytest.mark.parametrize("words", [*CORRECTIONS, "不对", "错了", "说错了"])
def test_a_correction_right_after_an_entry_shows_it_and_registers_nothing(
    office: Office, chen: Person, words: str
) -> None:
    enter(chen)
    before = facts(office).own

    said = chen.send(words)

    assert "先点“撤回这条”" in said
    assert "2026年3月14日 质量专题会" in said
    assert "撤回这条" in chen.labels
    assert ledger(office, "1.2") == HELD
    assert facts(office).own == before


@pytest.mark.parametrize("words", CORRECTIONS)
def test_a_correction_is_no_next_entry_either(office: Office, chen: Person, words: str) -> None:
    enter(chen)
    chen.press("再登记一次")

    assert "先点“撤回这条”" in chen.send(words)
    assert ledger(office, "1.2") == HELD


def test_a_bare_no_leaves_the_answer_that_entries_made(office: Office, chen: Person) -> None:
    enter(chen)
    chen.press("再登记一次")
    chen.send("9月8日 第二次质量专题会")
    chen.send("不对")

    assert facts(office).own == {"1.2": True}


def test_under_another_question_the_day_is_still_that_of_the_entry(office: Office, chen: Person) -> None:
    enter(chen)
    ask(chen, "2.1")
    before = facts(office).own

    assert "先点“撤回这条”" in chen.send("不对，是5月12日")
    assert ledger(office, "1.2") == HELD
    assert facts(office).own == before


@pytest.mark.parametrize("words", ["不对", "不对，是2026年3月15日"])
def test_an_entry_that_was_said_back_is_asked_for_anew(office: Office, chen: Person, words: str) -> None:
    enter(chen, "2025年3月14日 专题会")

    assert "请用一条消息写这一次" in chen.send(words)
    assert ledger(office, "1.2") == []


def test_with_nothing_registered_a_bare_no_is_no_entrys_name(office: Office, chen: Person) -> None:
    assert "请用一条消息写这一次" in enter(chen, "不对")
    assert ledger(office, "1.2") == []


def test_another_entry_can_follow_a_correction(office: Office, chen: Person) -> None:
    enter(chen)
    chen.send("不对，是5月12日")
    chen.press("撤回这条")
    enter(chen, "5月12日 质量专题会")

    assert ledger(office, "1.2") == [("质量专题会", "2026-05-12", "")]
