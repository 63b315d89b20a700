"""Words under an open question that are no answer to it, and what is offered then."""

from __future__ import annotations

from decimal import Decimal

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys


def ask(person: Person, criterion: str) -> None:
    person.press_key(keys.pack("ask", 1, TOWNS, criterion))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("人工", "意见反馈"),
        ("你是谁", "填报助手"),
        ("谢谢", "不客气"),
        ("好的，谢谢", "不客气"),
        ("拍了照片发不出去", "线下核验"),
        ("我不想报了", "跳过"),
        ("太麻烦了", "转同事"),
    ],
)
def test_help_thanks_and_distress_get_a_way_out_and_the_question_stays(
    office: Office, chen: Person, words: str, told: str
) -> None:
    ask(chen, "9.2")
    said = chen.send(words)

    assert told in said
    assert "没有看懂" not in said
    assert chen.labels == ["回答问题", "跳过", "转同事"]
    chen.send("60%")
    assert facts(office) == {"9.2": Decimal(60)}


def test_the_way_out_skips_the_question(chen: Person) -> None:
    ask(chen, "9.2")
    chen.send("我不想报了")

    assert "先跳过：分类分级台帐" in chen.press("跳过")
    assert chen.labels == ["下一项"]


def test_thanks_are_no_yes_to_a_question(office: Office, chen: Person) -> None:
    ask(chen, "2.1")

    assert "不客气" in chen.send("好的，谢谢！")
    assert facts(office) == {}


def test_who_asks_for_a_person_with_no_question_open_is_told_where_they_are(chen: Person) -> None:
    assert "意见反馈" in chen.send("人工")


def test_a_count_under_a_question_of_a_share_is_offered_to_the_clause_that_counts(office: Office, chen: Person) -> None:
    ask(chen, "9.2")

    assert "您说的是不是：【质量专题会】" in chen.send("会开了两次")
    assert facts(office) == {}
    chen.press("确认")
    assert facts(office) == {"1.2": True}


def test_figures_of_last_year_under_a_question_are_no_other_offices_clause(office: Office, chen: Person) -> None:
    ask(chen, "4.2")

    assert "不用您填" not in chen.send("去年完成了今年没完成")
    assert facts(office) == {"4.2": False}


def test_a_clause_of_ones_own_comes_before_another_offices_of_the_same_name(office: Office, chen: Person) -> None:
    assert "不用您填" not in chen.send("去年完成了今年没完成")
    assert facts(office) == {}


@pytest.mark.parametrize(("words", "told"), [("线下核验", "存放地点"), ("只报文号", "标题，文号")])
@pytest.mark.parametrize("before", ["asked", "answered"])
def test_named_proof_is_asked_for_by_its_words_alone(chen: Person, before: str, words: str, told: str) -> None:
    ask(chen, "2.1")
    if before == "answered":
        chen.send("有")

    assert told in chen.send(words)


def test_named_proof_without_a_clause_says_where_to_begin(chen: Person) -> None:
    assert "从“清单”里打开" in chen.send("线下核验")
