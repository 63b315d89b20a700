"""A line with a 文号 after an entry: its document, the next entry, or asked; and the 文号 an entry came with as its proof."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from talk import Office, Person
from told import facts

from channels import keys
from storage import entries, proof_notes

DEPARTMENTS = "xinbei-2011-departments"
CLAUSE = "6.1c"
UNIT = 4
FIRST = "3月14日 省质量先进单位 江苏省人民政府授予"
SECOND = "6月1日 省质量信用示范单位 省质监局授予 苏质〔2026〕5号"


@pytest.fixture
def gao(office: Office) -> Person:
    """质监分局's liaison, who is asked about 省级荣誉 and has said the first."""
    person = office.person("gao", "liaison", "质监分局")
    person.press_key(keys.pack("ask", UNIT, DEPARTMENTS, CLAUSE))
    person.press("登记一项")
    person.send(FIRST)
    return person


def read(office: Office, what: Any, clause: str = CLAUSE) -> Any:
    async def work() -> Any:
        async with office.database.read() as connection:
            return await what(connection, UNIT, DEPARTMENTS, clause)

    return office.run(work())


def held(office: Office) -> list[tuple[str, str]]:
    """Name and 文号 of each entry."""
    return [(entry.name, entry.number) for entry in read(office, entries.of_clause_in)]


def named(office: Office) -> list[tuple[int | None, str, str]]:
    """Entry, title and 文号 of each document named."""
    return [(note.entry_id, note.title, note.number) for note in read(office, proof_notes.of_clause_in)]


@pytest.mark.parametrize("begin", ["", "下一项", "清单", "我的得分"])
def test_the_next_entry_in_one_line_is_an_entry_and_no_proof_of_the_one_before(
    office: Office, gao: Person, begin: str
) -> None:
    if begin:
        gao.send(begin)
        gao.press_key(keys.pack("entries", UNIT, DEPARTMENTS, CLAUSE))
        gao.press_key(keys.pack("entry", UNIT, DEPARTMENTS, CLAUSE, 1))

    said = gao.send(SECOND)

    assert "登记了【省级荣誉】" in said
    assert held(office) == [("省质量先进单位", ""), ("省质量信用示范单位", "苏质〔2026〕5号")]
    assert [entry for entry, _, _ in named(office)] == [2]


def test_three_in_a_row_are_three(office: Office, gao: Person) -> None:
    gao.send(SECOND)
    gao.send("9月2日，省质量管理示范企业，苏质〔2026〕9号")

    assert len(held(office)) == 3


def test_the_number_an_entry_came_with_is_its_proof(office: Office, gao: Person) -> None:
    said = gao.send(SECOND)

    assert "材料齐了" in said
    assert "文号算作材料" in said
    assert "有材料 5 分（+5）" in said
    assert named(office) == [(2, "省质量信用示范单位", "苏质〔2026〕5号")]


def test_withdrawn_the_entry_takes_its_number_along(office: Office, gao: Person) -> None:
    gao.send(SECOND)

    gao.press_key(keys.pack("entry-take", UNIT, DEPARTMENTS, CLAUSE, 2))

    assert named(office) == []


@pytest.mark.parametrize(
    "words", ["省政府表彰决定 苏政发〔2026〕8号", "苏政发〔2026〕8号", "3月14日 省质量先进单位 苏政发〔2026〕8号"]
)
def test_its_document_proves_the_entry(office: Office, gao: Person, words: str) -> None:
    said = gao.send(words)

    assert "材料齐了" in said
    assert [(entry, number) for entry, _, number in named(office)] == [(1, "苏政发〔2026〕8号")]
    assert len(held(office)) == 1


def test_the_number_an_entry_came_with_need_not_be_said_again(office: Office, gao: Person) -> None:
    gao.send(SECOND)

    for words in ("苏质〔2026〕5号", "省质监局表彰文件 苏质[2026]5号"):
        assert "不用再报" in gao.send(words)
    assert len(named(office)) == 1


UNSURE = "省质量信用示范单位 苏质〔2026〕5号"


def test_a_line_without_a_day_is_asked_about(office: Office, gao: Person) -> None:
    said = gao.send(UNSURE)

    assert f"“{UNSURE}”是新的一项，还是刚才登记的这一项的材料？" in said
    assert "省质量先进单位" in said
    assert (len(held(office)), named(office)) == (1, [])


def test_asked_it_is_a_new_one(office: Office, gao: Person) -> None:
    gao.send(UNSURE)

    gao.press("新的一项")

    assert "确认" in gao.labels  # without a day it is said back first
    gao.press("确认")
    assert held(office) == [("省质量先进单位", ""), ("省质量信用示范单位", "苏质〔2026〕5号")]


def test_asked_it_is_the_document_of_the_one_before(office: Office, gao: Person) -> None:
    gao.send(UNSURE)
    proof = gao.key("这一项的材料")

    gao.press_key(proof)

    assert (len(held(office)), named(office)) == (1, [(1, "省质量信用示范单位", "苏质〔2026〕5号")])
    assert "内容已经变了" in gao.press_key(proof)


def test_an_answer_counts_what_was_registered(office: Office, gao: Person) -> None:
    gao.send(SECOND)

    assert facts(office, UNIT, DEPARTMENTS) == {CLAUSE: Decimal(2)}
