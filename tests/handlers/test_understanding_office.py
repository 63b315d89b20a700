"""The office in its own words: a unit's score, who has not answered, whom to remind, what to book."""

from __future__ import annotations

from typing import Any

import pytest
from talk import Office, Person
from told import TOWNS, answered

from channels import keys
from storage import office_facts


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office."""
    return office.person("wang", "office")


def booked(office: Office) -> list[tuple[str, Any, str]]:
    async def read() -> Any:
        async with office.database.read() as connection:
            found = await office_facts.of_unit_in(connection, 1)
        return [(one.criterion_id, one.fact, one.basis) for one in found]

    return office.run(read())  # type: ignore[no-any-return]


@pytest.mark.parametrize("words", ["孟河镇现在多少分", "孟河多少分了", "看下孟河镇的得分"])
def test_a_units_score_is_its_card(wang: Person, words: str) -> None:
    assert "孟河镇 · 2011年各镇" in wang.send(words)


def test_a_name_nearly_right_is_offered(wang: Person) -> None:
    assert "可能是" in wang.send("孟何镇现在多少分")
    assert wang.labels == ["孟河镇"]


@pytest.mark.parametrize("words", ["火星镇现在天气怎么样", "今天天气不错", "谁还没吃饭"])
def test_words_that_mean_nothing_get_help(wang: Person, words: str) -> None:
    assert "没看懂" in wang.send(words)


def test_who_has_not_answered_is_told_by_clause(office: Office, chen: Person, wang: Person) -> None:
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.press("有")

    text = wang.send("谁还没报名牌规划")

    assert "【名牌规划】" in text
    assert "没填的 1 个（共 2 个）：西夏墅镇" in text


@pytest.mark.parametrize("words", ["提醒一下孟河镇的名牌规划", "麻烦督促孟河镇报名牌规划"])
def test_to_remind_somebody_shows_whom_before_anything_is_sent(chen: Person, wang: Person, words: str) -> None:
    said = wang.send(words)

    assert "名牌规划" in said
    assert "将提醒 1 人" in said
    assert "孟河镇：1 件" in said


def test_what_happened_somewhere_is_booked_after_basis_and_confirmation(
    office: Office, chen: Person, wang: Person
) -> None:
    assert "依据是什么" in wang.send("孟河镇抽检不合格1起")
    assert "【抽检不合格】" in wang.send("区局通报第3期")
    assert booked(office) == []

    wang.press("确认")

    assert booked(office) == [("6.3", 1, "区局通报第3期")]
    assert answered(office) == {}


def test_what_happened_nowhere_named_is_not_booked(office: Office, wang: Person) -> None:
    assert "没看懂" in wang.send("抽检不合格1起")
    assert booked(office) == []


def test_a_leader_reads_scores_and_books_nothing(office: Office) -> None:
    leader = office.person("zhao", "leader")

    assert "孟河镇 · 2011年各镇" in leader.send("孟河镇现在多少分")
    leader.send("孟河镇抽检不合格1起")
    assert "依据" not in leader.rows()[-1]["text"]
    assert booked(office) == []


def test_a_liaison_gets_no_other_units_score(chen: Person) -> None:
    assert "西夏墅镇 ·" not in chen.send("西夏墅镇现在多少分")


def test_nobody_books_against_the_own_unit(office: Office, wang: Person) -> None:
    wang.start(office.invite("liaison", "孟河镇"))

    wang.send("孟河镇抽检不合格1起")

    assert booked(office) == []
