"""Once 自评 is over nothing is asked as if it were not: what can still be done is said."""

from __future__ import annotations

from datetime import date

import pytest
from talk import Office, Person
from year_end import TOWNS, do, lock, person_id, reviewed

from channels import keys
from storage import openings, submissions, verdicts

LABEL = TOWNS.criteria["1.1"].label


@pytest.fixture
def answered(office: Office, chen: Person) -> Office:
    office.person("wang", "office")
    chen.press_key(keys.pack("ask", 1, TOWNS.id, "1.1"))
    chen.send("有")
    lock(office)
    return office


@pytest.mark.parametrize("words", ["提交自评", "下一项"])
def test_the_lock_and_what_is_left_are_said(answered: Office, chen: Person, words: str) -> None:
    said = chen.send(words)

    assert "孟河镇 自评已经在 11月15日 截止，不能再提交自评" in said
    assert "漏报的可以补报" in said
    assert chen.labels == ["清单"]


def test_no_number_is_given_any_more(answered: Office, chen: Person) -> None:
    assert "不能再提交自评" in chen.press_key(keys.pack("submit-go", 1, TOWNS.id))

    assert do(answered, submissions.of_campaign_in, 1) == []


def test_what_was_sent_back_is_asked_for_first(answered: Office, chen: Person) -> None:
    verdict = reviewed(answered, "wang", "return", "1.1", "没有名单")
    do(answered, verdicts.told_in, answered.now, [verdict])

    assert f"退回的 1 条可以补：{LABEL}" in chen.send("提交自评")
    assert chen.labels == [LABEL, "清单"]
    assert "没有名单" in chen.send("下一项")


def test_what_is_kept_open_is_the_only_thing_asked(answered: Office, chen: Person) -> None:
    about = (answered.now, person_id(answered, "wang"), 1, TOWNS, "9.2", date(2026, 12, 31), "年底才有台账")
    do(answered, openings.year_end_in, *about)

    assert f"{TOWNS.criteria['9.2'].label} 可以填到 12月31日" in chen.send("提交自评")
    assert TOWNS.criteria["9.2"].ask in chen.send("下一项")


def test_the_list_says_it_is_closed(answered: Office, chen: Person) -> None:
    assert "自评已截止" in chen.send("清单")
