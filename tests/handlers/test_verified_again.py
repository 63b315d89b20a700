"""What a unit says or sends once the office has verified a clause: the same changes nothing, anything else is told to wait."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from year_end import TOWNS, reviewed

from channels import keys
from storage import answers, unit_facts
from storage.verdict_basis import Standing

AGAIN = "变更待核：考核办会重新核查，核过才算进已核。"
RATE = "3.1"


@pytest.fixture
def verified(office: Office, chen: Person) -> Person:
    """孟河镇's liaison, who has answered two clauses the office has passed."""
    office.person("wang", "office")
    for ident, words in (("1.1", "有"), (RATE, "14/15家")):
        answer(chen, ident, words)
        reviewed(office, "wang", "pass", ident)
    return chen


def answer(person: Person, ident: str, words: str) -> str:
    person.press_key(keys.pack("ask", 1, TOWNS.id, ident))
    return person.send(words)


def versions(office: Office, ident: str = "1.1") -> int:
    return len(office.run(answers.history(office.database, 1, TOWNS.id, ident)))


def standing(office: Office, ident: str = "1.1") -> Standing:
    known: Any = office.run(unit_facts.read(office.database, 1, TOWNS))
    return known.verdicts[ident]  # type: ignore[no-any-return]


@pytest.mark.parametrize(("ident", "words"), [("1.1", "有"), ("1.1", "有的"), (RATE, "14/15家")])
def test_the_same_answer_again_keeps_what_was_verified(
    office: Office, verified: Person, ident: str, words: str
) -> None:
    text = answer(verified, ident, words)

    assert "考核办也核过了，不用再答" in text
    assert (versions(office, ident), standing(office, ident).settles) == (1, True)


def test_a_share_of_another_whole_is_another_answer(office: Office, verified: Person) -> None:
    text = answer(verified, RATE, "28/30家")

    assert AGAIN in text
    assert (versions(office, RATE), standing(office, RATE).current) == (2, False)


def test_the_same_answer_to_what_was_sent_back_goes_to_the_office_again(office: Office, verified: Person) -> None:
    reviewed(office, "wang", "return", "1.1", "缺分工文件")

    text = answer(verified, "1.1", "有")

    assert AGAIN in text
    assert (versions(office), standing(office).current) == (2, False)


def test_every_receipt_says_that_what_was_verified_waits_again(office: Office, verified: Person) -> None:
    changed = answer(verified, "1.1", "没有")
    taken_back = verified.press("撤回")
    verified.press_key(keys.pack("proof", 1, TOWNS.id, RATE))
    sent = verified.send_file("统计表.pdf")
    withdrawn = verified.press("撤回")
    fresh = answer(verified, "1.3", "有")

    assert [AGAIN in text for text in (changed, taken_back, sent, fresh)] == [True, True, True, False]
    assert AGAIN not in withdrawn  # what was verified is all there is again


def test_taking_back_or_replacing_what_was_verified_says_so(office: Office, verified: Person) -> None:
    verified.press_key(keys.pack("proof", 1, TOWNS.id, "1.1"))
    verified.send_file("分工文件.pdf")
    reviewed(office, "wang", "pass", "1.1")
    verified.press("换一份")
    replaced = verified.send_file("分工文件新.pdf")
    reviewed(office, "wang", "pass", "1.1")

    verified.press("看这份材料")
    withdrawn = verified.press("撤回")

    assert "换好了" in replaced
    assert "它不再算材料" in withdrawn
    assert [AGAIN in text for text in (replaced, withdrawn)] == [True, True]


def test_a_file_sent_before_changes_nothing(office: Office, verified: Person) -> None:
    verified.press_key(keys.pack("proof", 1, TOWNS.id, "1.1"))
    verified.send_file("分工文件.pdf")
    reviewed(office, "wang", "pass", "1.1")

    verified.press_key(keys.pack("proof", 1, TOWNS.id, "1.1"))
    text = verified.send_file("分工文件.pdf")

    assert "以前发过" in text
    assert AGAIN not in text
    assert standing(office).settles
