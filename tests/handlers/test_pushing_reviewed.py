"""催办 and 未报 after a review: what the office has decided is not owed, what it sent back comes first, frozen nothing is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from talk import Office, Person
from year_end import TOWNS, do, reviewed

from channels import keys
from storage import snapshots, verdicts

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the office's zone


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office; 孟河镇 has answered two clauses without proof."""
    office.now = MONDAY
    for ident, words in (("1.1", "有"), ("10.2", "4条")):
        chen.press_key(keys.pack("ask", 1, TOWNS.id, ident))
        chen.send(words)
    return office.person("wang", "office")


def owed(wang: Person) -> list[str]:
    return [line.split(". ", 1)[1] for line in wang.send("未报 孟河镇").splitlines() if line.startswith("  ")]


@pytest.mark.parametrize(("how", "words"), [("pass", ()), ("change", (3, "有一条是转发"))])
def test_papers_of_what_the_office_decided_are_not_owed(
    office: Office, wang: Person, how: str, words: tuple[object, ...]
) -> None:
    assert "信息上报：还差材料" in owed(wang)

    reviewed(office, "wang", how, "10.2", *words)

    assert "信息上报：还差材料" not in owed(wang)
    assert "专人负责：还差材料" in owed(wang)


def test_what_was_sent_back_comes_first_with_its_reason(office: Office, wang: Person) -> None:
    given = reviewed(office, "wang", "return", "1.1", "没有名单")
    do(office, verdicts.told_in, office.now, [given])

    assert owed(wang)[0] == "专人负责：被退回（没有名单），请修改或补材料"

    wang.send("催办 孟河镇")
    wang.press("发送")
    told = Person(office, "chen").rows()[-1]["text"]
    first = next(line for line in told.splitlines() if "：被退回" in line or "还差材料" in line)
    assert "专人负责：被退回（没有名单），请修改或补材料" in first


def test_frozen_nothing_is_owed_or_offered(office: Office, wang: Person) -> None:
    do(office, snapshots.take_in, office.now, "cli", office.campaign.id, office.campaign.code, final=True)

    for words in ("未报", "未报 按单位", "催办"):
        assert "得分已在第 1 号快照审定，不再补报" in wang.send(words)
        assert not [label for label in wang.labels if label.startswith("催") or label in {"全部催办", "发送"}]
