"""What waits for review is told where the office looks first: the day and a unit's card."""

from __future__ import annotations

import pytest
from papers import ask
from talk import Office, Person


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office, after 孟河镇 has answered two clauses."""
    for criterion in ("1.1", "1.4"):
        ask(chen, criterion)
        chen.press("有" if "有" in chen.labels else "是")
    return office.person("wang", "office")


def test_the_day_counts_what_waits_for_review_and_leads_there(wang: Person) -> None:
    said = wang.send("今天")

    assert "等着办：待核 2 条" in said
    assert "待核 2 条" in wang.press("核查")


def test_a_day_with_nothing_to_review_has_no_button(office: Office) -> None:
    wang = office.person("wang", "office")

    assert "没有等着办的事" in wang.send("今天")
    assert "核查" not in wang.labels


def test_a_units_card_leads_to_its_review(wang: Person) -> None:
    wang.send("单位 孟河镇")

    assert "孟河镇" in wang.press("核查")
    assert "通过" in wang.labels


def test_a_units_card_counts_the_questions_about_it(wang: Person) -> None:
    wang.send("单位 孟河镇")

    assert "疑问 2" in wang.labels  # both clauses are claimed without proof
    assert "一份材料也没有" in wang.press("疑问 2")


def test_what_is_ones_own_is_neither_counted_nor_offered(office: Office, wang: Person) -> None:
    code = office.invite("liaison", "孟河镇")
    wang.start(code)

    assert "待核" not in wang.send("今天")
    wang.send("单位 孟河镇")
    assert not {"核查", "疑问 2"} & set(wang.labels)


def test_a_leader_sees_neither_button(office: Office, wang: Person) -> None:
    leader = office.person("leader", "leader")

    assert "待核" not in leader.send("今天")
    leader.send("单位 孟河镇")
    assert not {"核查", "疑问 2"} & set(leader.labels)
