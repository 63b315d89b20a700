"""Proof that is named, not sent: a title and 文号 where they suffice, or what the office looks at on the spot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import DEPARTMENTS, NOW, TOWNS, campaign, chain, joined, rows

from storage import answers, entries, proof_notes, scorecards
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.proof_notes import Note

LATER = NOW + timedelta(minutes=5)
TITLE, NUMBER, PLACE = "2026年质量工作计划", "孟政发〔2026〕7号", "镇档案室3号柜"


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def do(run: Any, use_case: Any, *given: Any, **words: Any) -> Any:
    async def work(database: Database) -> Any:
        async with database.write() as connection:
            return await use_case(connection, *given, **words)

    return run(work)


def add(run: Any, criterion_id: str, kind: str = "number", unit_id: int = 1, **words: Any) -> Note:
    given = {"title": TITLE, "number": NUMBER, "place": PLACE, **words}
    return do(run, proof_notes.add_in, NOW, 1, unit_id, TOWNS, criterion_id, kind=kind, **given)


def withdraw(run: Any, note_id: int, unit_id: int = 1) -> None:
    do(run, proof_notes.withdraw_in, LATER, 1, unit_id, TOWNS, note_id)


def of_clause(run: Any, criterion_id: str, unit_id: int = 1) -> list[Note]:
    return do(run, proof_notes.of_clause_in, unit_id, TOWNS.id, criterion_id)


def claim(run: Any, criterion_id: str, fact: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, criterion_id, fact))


def proven(run: Any) -> Any:
    """The stored proven total of unit 1, after a check that it is what a recomputation says."""
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    return run(lambda database: scorecards.summary(database, 1))[0].proven.total


def test_a_number_proves_a_clause_whose_document_is_published(run: Any, chen: int) -> None:
    claim(run, "2.1", True)
    assert proven(run) == 0

    note = add(run, "2.1")

    assert note == Note(1, "2.1", None, "number", TITLE, NUMBER, "", chen, NOW)
    assert (of_clause(run, "2.1"), of_clause(run, "2.2"), of_clause(run, "2.1", 2)) == ([note], [], [])
    assert proven(run) == 2


def test_what_is_looked_at_on_the_spot_proves_all_parts(run: Any, chen: int) -> None:
    claim(run, "2.3", True)

    note = add(run, "2.3", "offline", number="")

    assert (note.number, note.place) == ("", PLACE)
    assert proven(run) == 5


def test_a_number_is_refused_where_the_document_itself_is_wanted(run: Any, chen: int) -> None:
    with pytest.raises(StorageError, match="「名牌申报」只报文号不够，请发名牌申报材料、申报回执"):
        add(run, "2.3")

    assert of_clause(run, "2.3") == []


@pytest.mark.parametrize(
    ("kind", "words", "missing"),
    [
        ("number", {"title": " "}, "标题"),
        ("number", {"number": ""}, "文号"),
        ("number", {"title": "", "number": ""}, "标题和文号"),
        ("offline", {"place": "\n"}, "存放地点"),
    ],
)
def test_a_missing_word_is_named(run: Any, chen: int, kind: str, words: Any, missing: str) -> None:
    with pytest.raises(StorageError, match=f"还缺{missing}，"):
        add(run, "2.1", kind, **words)


def test_a_clause_that_needs_no_proof_or_is_not_there_is_refused(run: Any, chen: int) -> None:
    with pytest.raises(StorageError, match="不用材料"):
        add(run, "6.3", "offline")
    with pytest.raises(NotFoundError, match="没有编号「99」"):
        add(run, "99")
    with pytest.raises(NotFoundError, match="不考核这个单位"):
        do(run, proof_notes.add_in, NOW, 1, 1, DEPARTMENTS, "6.1a", kind="number", title=TITLE, number=NUMBER)


def test_the_same_note_again_is_the_same(run: Any, chen: int) -> None:
    first = add(run, "2.1")

    assert add(run, "2.1", title=f" {TITLE} ") == first
    assert add(run, "2.1", "offline") != first
    assert [note.id for note in of_clause(run, "2.1")] == [1, 2]


def test_a_note_of_an_entry_proves_that_entry(run: Any, chen: int) -> None:
    added = [do(run, entries.add_in, NOW, 1, 1, TOWNS, "4.3", name=name).entry.id for name in ("甲厂", "乙厂")]

    add(run, "4.3", entry_id=added[1])

    assert proven(run) == 1  # one of two pilots
    for criterion_id, entry_id in (("2.4", added[0]), ("4.3", 99)):
        with pytest.raises(NotFoundError, match="没有这条记录"):
            add(run, criterion_id, entry_id=entry_id)
    with pytest.raises(NotFoundError, match="没有这条记录"):
        add(run, "4.3", unit_id=2, entry_id=added[0])


def test_a_note_withdrawn_proves_nothing_and_stays(run: Any, chen: int) -> None:
    claim(run, "2.1", True)
    add(run, "2.1")

    withdraw(run, 1)

    assert (of_clause(run, "2.1"), proven(run)) == ([], 0)
    assert rows(run, "SELECT withdrawn_at FROM proof_note") == [("2026-11-21T08:05:00.000000Z",)]
    with pytest.raises(NotFoundError, match="已经撤回"):
        withdraw(run, 1)


def test_another_units_note_cannot_be_withdrawn(run: Any, chen: int) -> None:
    note = add(run, "2.1")

    with pytest.raises(NotFoundError):
        withdraw(run, note.id, unit_id=2)

    assert of_clause(run, "2.1") == [note]


def test_every_change_is_in_the_trail_without_a_word(run: Any, chen: int) -> None:
    add(run, "2.1", "offline")
    withdraw(run, 1)

    trail = rows(run, "SELECT action, subject FROM audit WHERE action LIKE 'proof_note.%' ORDER BY id")

    assert [action for action, _ in trail] == ["proof_note.added", "proof_note.withdrawn"]
    assert all(word not in subject for _, subject in trail for word in (TITLE, NUMBER, PLACE))
    assert chain(run).broken == ()
