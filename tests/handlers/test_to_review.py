"""What waits for review is told where the office looks first: the day and a unit's card."""

from __future__ import annotations

import pytest
from papers import ask
from talk import Office, Person
from year_end import do, reviewed

from channels import keys
from storage import snapshots


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


def test_the_own_units_clauses_are_named_as_left_to_colleagues(office: Office, wang: Person) -> None:
    wang.start(office.invite("liaison", "孟河镇"))

    assert "等着办：自己单位的 2 条由同事核" in wang.send("今天")
    assert "核查" not in wang.labels


def test_frozen_scores_wait_for_no_review(office: Office, wang: Person) -> None:
    do(office, snapshots.take_in, office.now, "cli", office.campaign.id, office.campaign.code, final=True)

    assert "待核" not in wang.send("今天")
    assert "核查" not in wang.labels
    said = wang.press_key(keys.pack("deliberate"))
    assert "没核" not in said
    assert "可以审定" not in said


def test_feedback_and_freezing_count_the_same_clauses(office: Office, wang: Person) -> None:
    reviewed(office, "wang", "return", "1.1", "没有名单")

    assert "还有 1 条没有核查，1 条退回没补" in wang.press_key(keys.pack("feedback"))
    assert "还没核完 2 条（没核 1 条，退回没补 1 条）" in wang.press_key(keys.pack("snapshot-final"))
    assert "· 没核 1 条，退回没补 1 条：" in wang.press_key(keys.pack("deliberate"))


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
