"""Evidence: whose file it is, which clauses it proves, and whether its bytes still are what was sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filed import (
    LATER,
    NAME,
    PDF,
    actions,
    attach,
    broken,
    detach,
    do,
    kept,
    parts,
    proves,
    receive,
    unsorted,
    withdraw,
)
from sqlalchemy.exc import IntegrityError
from stored import DEPARTMENTS, NOW, TOWNS, campaign, chain, joined, rows

from rubrics import loader
from rubrics.proof import UNSAID, WHOLE
from storage import entries, evidence
from storage.database import Database
from storage.errors import NotFoundError
from storage.evidence import Evidence
from storage.files import FileStore


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FileStore(folder / "evidence")


def test_a_file_is_noted_with_whose_it_is_and_waits_to_be_sorted(run: Any, chen: int, store: FileStore) -> None:
    ref = kept(store)

    received = receive(run, ref, macro=True)

    assert received == Evidence(1, 1, 1, ref, NAME, 9, "pdf", True, chen, NOW, None, None, None, "", None, None, "")
    assert unsorted(run) == [1]
    assert unsorted(run, 2) == []


@pytest.mark.parametrize(
    "name", ["../../x", "长" * 300, "\u202efdp.exe", "a\x00b", "\ud83d", "", "'; DROP TABLE evidence"]
)
def test_a_hostile_name_is_kept_as_data(run: Any, chen: int, store: FileStore, name: str) -> None:
    received = receive(run, kept(store), name=name)

    assert received.name == name[:255].replace("\ud83d", "?")


def test_the_same_content_again_is_the_same_evidence(run: Any, chen: int, store: FileStore) -> None:
    first = receive(run, kept(store))

    assert receive(run, kept(store), name="b.pdf", at=LATER) == first
    assert actions(run) == ["evidence.received"]


def test_content_withdrawn_and_sent_again_is_new_evidence(run: Any, chen: int, store: FileStore) -> None:
    withdraw(run, receive(run, kept(store)).id)

    assert receive(run, kept(store)).id == 2
    assert unsorted(run) == [2]


def test_two_units_with_the_same_file_have_it_each_for_itself(run: Any, chen: int, store: FileStore) -> None:
    ref = kept(store)
    mine, theirs = receive(run, ref), receive(run, ref, unit_id=2)
    attach(run, mine.id)

    withdraw(run, mine.id)

    assert (unsorted(run), proves(run), unsorted(run, 2)) == ([], [], [theirs.id])
    assert store.path_of(ref).read_bytes() == PDF


def test_one_file_proves_several_clauses_and_each_once(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))

    for criterion_id in ("8.2a", "1.1", "8.2a"):
        attach(run, 1, criterion_id)

    assert (proves(run), proves(run, "1.1"), proves(run, "1.2"), proves(run, unit_id=2)) == ([1], [1], [], [])
    assert unsorted(run) == []
    assert rows(run, "SELECT count(*) FROM evidence_use") == [(2,)]
    assert actions(run) == ["evidence.received", "evidence.attached", "evidence.attached"]


def test_a_detached_file_waits_to_be_sorted_and_can_be_attached_again(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    attach(run, 1)
    detach(run, 1)

    assert (proves(run), unsorted(run)) == ([], [1])

    attach(run, 1)

    assert (proves(run), unsorted(run)) == ([1], [])
    with pytest.raises(NotFoundError, match="没有归到这一条"):
        detach(run, 1, "1.1")


def test_withdrawn_evidence_proves_nothing_and_stays(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    attach(run, 1)

    withdraw(run, 1)

    assert (proves(run), unsorted(run)) == ([], [])
    assert rows(run, "SELECT withdrawn_at FROM evidence") == [("2026-11-21T08:05:00.000000Z",)]
    for again in (withdraw, attach, detach):
        with pytest.raises(NotFoundError):
            again(run, 1)


def test_another_units_evidence_cannot_be_touched(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    attach(run, 1)

    for touch in (
        lambda: withdraw(run, 1, unit_id=2),
        lambda: attach(run, 1, "1.1", unit_id=2),
        lambda: detach(run, 1, unit_id=2),
        lambda: withdraw(run, 99),
    ):
        with pytest.raises(NotFoundError):
            touch()

    assert proves(run) == [1]
    assert actions(run) == ["evidence.received", "evidence.attached"]


def test_an_unknown_unit_or_rubric_is_refused(run: Any, chen: int, store: FileStore) -> None:
    with pytest.raises(NotFoundError, match="单位"):
        receive(run, kept(store), unit_id=99)
    receive(run, kept(store))

    with pytest.raises(NotFoundError, match="hunan"):
        attach(run, 1, rubric=loader.load("hunan"))
    with pytest.raises(NotFoundError, match="不考核这个单位"):
        attach(run, 1, "1.1", rubric=DEPARTMENTS)
    with pytest.raises(NotFoundError, match="没有编号「99」"):
        attach(run, 1, "99")


def test_an_unknown_kind_is_not_stored(run: Any, chen: int) -> None:
    with pytest.raises(IntegrityError, match="evidence_kind"):
        do(run, evidence.receive_in, NOW, 1, 1, "0" * 64, NAME, 9, "exe")


def test_every_change_is_in_the_trail_without_the_name(run: Any, chen: int, store: FileStore) -> None:
    ref = receive(run, kept(store)).ref
    attach(run, 1)
    detach(run, 1)
    withdraw(run, 1)

    trail = rows(run, "SELECT actor, action, campaign_id, subject FROM audit WHERE action LIKE 'evidence.%'")

    plain = f'{{"evidence":1,"sha256":"{ref}","unit":1}}'
    clause = f'{{"criterion":"8.2a","evidence":1,"rubric":"{TOWNS.id}","sha256":"{ref}","unit":1}}'
    placed = (
        f'{{"criterion":"8.2a","entry":null,"evidence":1,"part":0,"rubric":"{TOWNS.id}","sha256":"{ref}","unit":1}}'
    )
    assert trail == [
        ("1", "evidence.received", 1, plain),
        ("1", "evidence.attached", 1, placed),
        ("1", "evidence.detached", 1, clause),
        ("1", "evidence.withdrawn", 1, plain),
    ]
    assert chain(run).broken == ()


def test_a_kill_between_file_and_row_leaves_a_file_without_a_row(run: Any, chen: int, store: FileStore) -> None:
    ref = kept(store)

    async def killed(database: Database) -> None:
        async with database.write() as connection:
            await evidence.receive_in(connection, NOW, 1, 1, ref, NAME, 9, "pdf")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(killed)

    assert rows(run, "SELECT count(*) FROM evidence") == [(0,)]
    assert actions(run) == []
    assert (store.path_of(ref).is_file(), broken(run, store)) == (True, [])
    assert receive(run, kept(store)).id == 1


def test_a_changed_byte_and_a_missing_file_are_found_for_every_row(run: Any, chen: int, store: FileStore) -> None:
    whole, changed, missing = (kept(store, PDF + bytes([letter])) for letter in b"abc")
    for ref in (whole, changed, missing):
        receive(run, ref)
    receive(run, changed, unit_id=2)
    withdraw(run, 3)

    store.path_of(changed).write_bytes(PDF + b"B")
    store.path_of(missing).unlink()

    assert [(file.evidence_id, file.ref, why) for file, why in broken(run, store)] == [
        (2, changed, "文件内容被改过"),
        (3, missing, "文件不见了"),
        (4, changed, "文件内容被改过"),
    ]


# --- parts and entries ------------------------------------------------------------------------------------


def test_a_file_nobody_has_named_a_part_for_waits_and_a_named_part_takes_its_place(
    run: Any, chen: int, store: FileStore
) -> None:
    receive(run, kept(store))
    attach(run, 1, "2.3")  # 名牌申报材料, 申报回执
    assert parts(run, "2.3") == [(1, None, UNSAID)]

    attach(run, 1, "2.3", part=1)
    attach(run, 1, "2.3", part=0)
    attach(run, 1, "2.3")

    assert parts(run, "2.3") == [(1, None, 1), (1, None, 0)]


def test_the_only_part_of_a_proof_is_the_part_whatever_is_said(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))

    for said in (UNSAID, WHOLE, 0):
        attach(run, 1, part=said)

    assert parts(run, "8.2a") == [(1, None, 0)]


def test_an_entry_takes_the_place_of_the_clause_as_a_whole(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    added = do(run, entries.add_in, NOW, 1, 1, TOWNS, "10.2", name="质量月简报")
    attach(run, 1, "10.2")

    attach(run, 1, "10.2", entry_id=added.entry.id)
    attach(run, 1, "10.2")

    assert parts(run, "10.2") == [(1, added.entry.id, 0)]


@pytest.mark.parametrize("part", [2, -3])
def test_a_part_that_is_not_there_is_refused(run: Any, chen: int, store: FileStore, part: int) -> None:
    receive(run, kept(store))

    with pytest.raises(NotFoundError, match=r"名牌申报.*没有这一部分"):
        attach(run, 1, "2.3", part=part)

    assert unsorted(run) == [1]


def test_an_entry_of_another_clause_unit_or_time_is_refused(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    report = do(run, entries.add_in, NOW, 1, 1, TOWNS, "10.2", name="简报").entry.id
    theirs = do(run, entries.add_in, NOW, 1, 2, TOWNS, "10.2", name="简报").entry.id
    gone = do(run, entries.add_in, NOW, 1, 1, TOWNS, "10.2", name="信息").entry.id
    do(run, entries.withdraw_in, NOW, 1, 1, TOWNS, gone)

    for criterion_id, entry_id in (("1.2", report), ("10.2", theirs), ("10.2", gone), ("10.2", 99)):
        with pytest.raises(NotFoundError, match="没有这条记录"):
            attach(run, 1, criterion_id, entry_id=entry_id)

    assert unsorted(run) == [1]


def test_all_parts_of_a_file_are_detached_at_once(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    attach(run, 1, "2.3", part=0)
    attach(run, 1, "2.3", part=1)

    detach(run, 1, "2.3")

    assert (parts(run, "2.3"), unsorted(run)) == ([], [1])
