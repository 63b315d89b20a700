"""A short yes to what the bot itself just proposed confirms that, not the yes/no question that is open behind it."""

from __future__ import annotations

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys

OPEN = "2.2"  # 政府有没有出台创名牌的奖励政策？


def propose(chen: Person) -> str:
    chen.press_key(keys.pack("ask", 1, TOWNS, OPEN))
    return chen.send("名牌规划去年就印发了，今年还开了两次质量例会")


@pytest.mark.parametrize("words", ["都对", "全对", "是", "是的", "都是", "好", "好的", "可以", "行", "OK"])
def test_a_yes_after_a_proposal_confirms_it(office: Office, chen: Person, words: str) -> None:
    assert "都对吗？" in propose(chen)

    chen.send(words)

    assert facts(office) == {"2.1": True, "1.2": True}


def test_none_there_after_a_proposal_is_still_the_open_answer(office: Office, chen: Person) -> None:
    propose(chen)

    chen.send("没有")

    assert facts(office) == {OPEN: False}


def test_a_yes_to_a_question_that_came_after_the_proposal_answers_that(office: Office, chen: Person) -> None:
    propose(chen)
    chen.press_key(keys.pack("ask", 1, TOWNS, OPEN))

    chen.send("是")

    assert facts(office) == {OPEN: True}


@pytest.mark.parametrize("words", ["都对", "是", "好的"])
def test_a_yes_to_a_single_fact_confirms_it_too(office: Office, chen: Person, words: str) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, OPEN))
    assert "您说的是不是" in chen.send("西夏墅镇开了两次质量例会")

    chen.send(words)

    assert facts(office) == {"1.2": True}
