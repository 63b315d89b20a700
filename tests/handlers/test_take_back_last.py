"""撤回, 发错了 and 换一份, typed or pressed: about what was done last, and asked where it could be several things."""

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


def answered_with_a_file(chen: Person) -> None:
    ask(chen, "1.4")
    chen.send("有")
    chen.send_file("计划.pdf")


def test_right_after_a_file_it_takes_the_file_back_and_not_the_answer(office: Office, chen: Person) -> None:
    answered_with_a_file(chen)

    assert "撤回了《计划.pdf》" in chen.send("撤回")
    assert uses(office, "1.4") == []
    assert kept(office) == {"1.4": True}


def test_later_it_asks_which_of_them_is_meant(office: Office, chen: Person) -> None:
    answered_with_a_file(chen)
    chen.send("清单")

    said = chen.send("撤回")

    assert "要撤回哪一样" in said
    assert chen.labels == ["撤回 计划", "撤回 年度计划", "清单"]
    chen.press("撤回 年度计划")
    assert kept(office) == {}
    assert [name for name, *_ in uses(office, "1.4")] == ["计划.pdf"]


def test_what_was_taken_back_is_not_offered_again(chen: Person) -> None:
    answered_with_a_file(chen)
    chen.send("撤回")
    chen.send("清单")

    assert "现在是没有填" in chen.send("撤回")
    assert "没有可以撤回" in chen.send("撤回")


def test_among_files_that_wait_it_takes_back_no_answer(office: Office, chen: Person) -> None:
    ask(chen, "9.2")
    chen.send("70%")
    chen.send_file("扫描.pdf", "杂项.pdf")
    chen.press("换一条")

    chen.send("撤回")

    assert set(kept(office)) == {"9.2"}


def test_under_another_question_nothing_is_taken_back_unasked(office: Office, chen: Person) -> None:
    ask(chen, "3.3a")
    chen.send("1只")
    ask(chen, "9.2")

    said = chen.send("撤回")

    assert "刚才的是" in said
    assert set(kept(office)) == {"3.3a"}


def test_where_a_question_is_asked_again_its_own_answer_comes_first(office: Office, chen: Person) -> None:
    ask(chen, "9.2")
    chen.send("70%")
    ask(chen, "3.3a")
    chen.send("1只")
    ask(chen, "9.2")

    chen.send("撤回")

    assert chen.labels[0] == "撤回 分类分级台帐"
    chen.press("撤回 分类分级台帐")
    assert set(kept(office)) == {"3.3a"}


def test_an_entry_is_taken_back_as_an_entry(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("entry-new", 1, TOWNS.id, "1.2"))
    chen.send("3月14日 质量例会")

    chen.send("撤回")

    assert ledger(office, "1.2") == []


def test_the_receipt_of_a_file_offers_another_one_in_its_place(office: Office, chen: Person) -> None:
    answered_with_a_file(chen)

    assert {"换一份", "撤回"} <= set(chen.labels)
    chen.press("换一份")
    chen.send_file("新计划.pdf")

    assert [name for name, *_ in uses(office, "1.4")] == ["新计划.pdf"]


def test_another_one_can_be_asked_for_in_words_later_on(office: Office, chen: Person) -> None:
    answered_with_a_file(chen)
    chen.send("清单")

    assert "换下《计划.pdf》" in chen.send("换一份")
    chen.send_file("新计划.pdf")
    assert [name for name, *_ in uses(office, "1.4")] == ["新计划.pdf"]
    chen.send("撤回")
    assert chen.labels == ["撤回 新计划", "撤回 年度计划", "清单"]


@pytest.mark.parametrize("words", ["发错了", "发错", "传错了"])
def test_a_wrong_file_is_offered_both_ways(chen: Person, words: str) -> None:
    answered_with_a_file(chen)

    said = chen.send(words)

    assert "刚才的是：计划.pdf" in said
    assert chen.labels == ["换一份", "撤回", "清单"]


def test_without_a_file_there_is_nothing_to_exchange(chen: Person) -> None:
    assert "没有发过材料" in chen.send("换一份")
    assert "没有可以撤回" in chen.send("发错了")


def test_several_files_that_came_together_are_taken_back_together(office: Office, chen: Person) -> None:
    ask(chen, "1.4")
    chen.send_file("a.pdf", "b.pdf")

    said = chen.press("撤回")

    assert "撤回了 2 份材料" in said
    assert uses(office, "1.4") == []
    assert unsorted(office) == []
    assert "已经变了" in chen.press_key(keys.pack("files-take", 1, "1-2"))


def test_files_of_another_unit_are_not_taken_back(office: Office, chen: Person) -> None:
    li = office.person("li", "liaison", "西夏墅镇")
    li.send_file("a.pdf", "b.pdf")

    chen.press_key(keys.pack("files-take", 1, "1-2"))
    chen.press_key(keys.pack("files-take", 2, "1-2"))

    assert unsorted(office, 2) == ["a.pdf", "b.pdf"]


def test_a_file_sent_twice_is_not_taken_back_as_if_it_were_new(chen: Person) -> None:
    answered_with_a_file(chen)
    chen.send_file("计划.pdf")

    assert "撤回" not in chen.labels


@pytest.mark.parametrize(("words", "asked"), [("只报文号", "标题"), ("线下核验", "存放")])
def test_naming_a_paper_can_be_asked_for_in_words(chen: Person, words: str, asked: str) -> None:
    assert "还没说是哪一条" in chen.send(words)
    ask(chen, "1.4")
    chen.send("有")

    assert asked in chen.send(words)
