"""What is not confirmed yet, or was being asked, is never lost or answered by accident: it is put aside with a word."""

from __future__ import annotations

from typing import Any

import pytest
from papers import ledger, unsorted, uses
from talk import Office, Person

from channels import keys
from rubrics import loader
from storage import unit_facts

TOWNS = loader.load("xinbei-2011-towns")


def ask(person: Person, criterion: str) -> str:
    return person.press_key(keys.pack("ask", 1, TOWNS.id, criterion))


def kept(office: Office) -> dict[str, Any]:
    return office.run(unit_facts.read(office.database, 1, TOWNS)).own


def test_after_a_clause_of_the_office_was_named_words_answer_no_question_of_before(
    office: Office, chen: Person
) -> None:
    ask(chen, "8.1")

    said = chen.send("拒检拒抽")
    chen.send("没有")

    assert "不用您填，没有记下" in said
    assert "【特设三同时】先放下了" in said
    assert kept(office) == {}


def test_nor_do_files(office: Office, chen: Person) -> None:
    ask(chen, "8.1")
    chen.send("拒检拒抽")

    chen.send_file("扫描.pdf")

    assert unsorted(office) == ["扫描.pdf"]


def test_the_question_that_was_put_aside_is_one_tap_away(office: Office, chen: Person) -> None:
    ask(chen, "8.1")
    chen.send("拒检拒抽")

    chen.press("回到 特设三同时")
    chen.send("没有")

    assert kept(office) == {"8.1": False}


def test_files_go_where_the_last_receipt_invited_them(office: Office, chen: Person) -> None:
    ask(chen, "5.2")
    chen.send("定期检验率99.5%")

    chen.send_file("统计1.xls")
    chen.send_file("统计2.xls")

    assert uses(office, "5.2") == []
    assert [name for name, *_ in uses(office, "8.2b")] == ["统计1.xls", "统计2.xls"]


def test_the_question_asked_again_takes_the_files_again(office: Office, chen: Person) -> None:
    ask(chen, "5.2")
    chen.send("定期检验率99.5%")
    ask(chen, "5.2")

    chen.send_file("扫描.pdf")

    assert [name for name, *_ in uses(office, "5.2")] == ["扫描.pdf"]


def test_a_question_put_twice_without_an_answer_makes_way_and_comes_back_later(office: Office, chen: Person) -> None:
    first = chen.send("下一项")

    assert chen.send("下一项") == first
    third = chen.send("下一项")

    assert "先跳过" in third
    assert first not in third
    assert kept(office) == {}


def test_an_answered_question_does_not_count(chen: Person) -> None:
    chen.press_key(keys.pack("next", 1))
    chen.send("96%")
    chen.send("下一项")

    assert "先跳过" not in chen.send("下一项")


def entry(chen: Person, words: str) -> str:
    chen.press_key(keys.pack("entry-new", 1, TOWNS.id, "1.2"))
    return chen.send(words)


def test_an_entry_that_was_not_confirmed_is_named_when_another_comes_and_can_still_be_taken(
    office: Office, chen: Person
) -> None:
    entry(chen, "2025年12月30日 质量例会")

    said = entry(chen, "2025年11月30日 质量推进会")

    assert "“12月30日 质量例会”还没登记" in said
    chen.press("登记“质量例会”")
    chen.press("确认")
    assert sorted(name for name, *_ in ledger(office, "1.2")) == ["质量例会", "质量推进会"]


def test_an_entry_that_is_written_anew_is_not_offered_again(office: Office, chen: Person) -> None:
    entry(chen, "2025年12月30日 质量例会")
    chen.press("修改")

    said = chen.send("3月30日 质量例会")

    assert "还没登记" not in said
    assert ledger(office, "1.2") == [("质量例会", "2026-03-30", "")]


def test_facts_of_a_message_are_named_when_those_of_another_take_their_place(office: Office, chen: Person) -> None:
    chen.send("质量例会开了两次，计量检查有配合")

    said = chen.send("质量奖得了一个，打假线索提供了两条")

    assert "“质量例会开了两次，计量检查有配合”还有 2 句没记" in said
    chen.press("接着记")
    chen.press("确认")
    chen.press("确认")
    assert kept(office) == {"1.2": True, "5.2": True}


def test_facts_that_were_put_down_are_not_offered_again(chen: Person) -> None:
    chen.send("质量例会开了两次，计量检查有配合")
    chen.press("取消")

    assert "没记" not in chen.send("质量奖得了一个，打假线索提供了两条")


@pytest.mark.parametrize("words", ["登记 3月14日 质量例会", "登记：3月14日 质量例会"])
def test_the_word_of_the_button_is_no_part_of_the_name(office: Office, chen: Person, words: str) -> None:
    entry(chen, words)

    assert ledger(office, "1.2") == [("质量例会", "2026-03-14", "")]
