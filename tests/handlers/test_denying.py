"""Few words that deny something: one tap says whether that is a no, or only too early."""

from __future__ import annotations

import pytest
from talk import Office, Person
from told import TOWNS, facts

from channels import keys


@pytest.mark.parametrize("words", ["讲座没办", "讲座还没办", "还没办讲座", "讲座一直没办"])
def test_a_no_is_written_down_on_a_tap(office: Office, chen: Person, words: str) -> None:
    assert "【讲座培训】是“没有”，还是还没到时候" in chen.send(words)
    assert facts(office) == {}

    chen.press("没有")
    assert facts(office) == {"10.1": False}


def test_what_is_only_too_early_waits(office: Office, chen: Person) -> None:
    chen.send("讲座还没办")

    assert "讲座培训 还没到时候" in chen.press("还没到时候")
    assert "12月31日" in chen.send("年底")


def test_it_is_no_answer_to_another_question(office: Office, chen: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "1.1"))

    assert "【讲座培训】是“没有”" in chen.send("讲座没办")
    chen.press("没有")
    assert facts(office) == {"10.1": False}


@pytest.mark.parametrize("words", ["没办法", "今天没开会", "没有电了", "饭还没吃", "没人管"])
def test_small_talk_with_a_no_asks_nothing(office: Office, chen: Person, words: str) -> None:
    assert "没看懂" in chen.send(words)
    assert facts(office) == {}


def test_what_there_is_none_of_is_no_duty_that_was_left(office: Office, chen: Person) -> None:
    assert "【特设三同时】是“否”" not in chen.send("没有特种设备")
    assert facts(office) == {}
