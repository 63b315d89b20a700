"""Evidence: whose file it is, which clauses it proves, and whether its bytes still are what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined, rows

from rubrics import loader
from rubrics.model import Rubric
from rubrics.proof import UNSAID, WHOLE
from storage import answers, entries, evidence, scorecards, unit_facts
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.evidence import Broken, Evidence, Filed
from storage.evidence_places import Place
from storage.files import FileStore, classified_word
from storage.scorecards import SummaryRow

LATER = NOW + timedelta(minutes=5)
PDF = b"%PDF-1.7\n"
NAME = "培训签到表.pdf"


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FileStore(folder / "evidence")


def kept(store: FileStore, content: bytes = PDF) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return asyncio.run(store.store(chunks(), NAME, 1000))["ref"]


def do(run: Any, use_case: Any, *given: Any, **words: Any) -> Any:
    async def work(database: Database) -> Any:
        async with database.write() as connection:
            return await use_case(connection, *given, **words)

    return run(work)


def receive(run: Any, ref: str, unit_id: int = 1, name: str = NAME, at: Any = NOW, **words: Any) -> Evidence:
    return do(run, evidence.receive_in, at, 1, unit_id, ref, name, 9, "pdf", **words)


def attach(
    run: Any, evidence_id: int, criterion_id: str = "8.2a", *, unit_id: int = 1, rubric: Rubric = TOWNS, **words: Any
) -> None:
    do(run, evidence.attach_in, NOW, 1, unit_id, evidence_id, rubric, criterion_id, **words)


def detach(run: Any, evidence_id: int, criterion_id: str = "8.2a", unit_id: int = 1) -> None:
    do(run, evidence.detach_in, LATER, 1, unit_id, evidence_id, TOWNS, criterion_id)


def withdraw(run: Any, evidence_id: int, unit_id: int = 1) -> None:
    do(run, evidence.withdraw_in, LATER, 1, unit_id, evidence_id)


def replace(run: Any, old_id: int, new_id: int, unit_id: int = 1) -> None:
    do(run, evidence.replace_in, LATER, 1, unit_id, old_id, new_id)


def claim(run: Any, criterion_id: str, fact: Any, rubric: Rubric = TOWNS) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, rubric, criterion_id, fact))


def proves(run: Any, criterion_id: str = "8.2a", unit_id: int = 1) -> list[int]:
    return [use.evidence.id for use in do(run, evidence.of_clause_in, unit_id, TOWNS.id, criterion_id)]


def parts(run: Any, criterion_id: str) -> list[tuple[int, int | None, int]]:
    found = do(run, evidence.of_clause_in, 1, TOWNS.id, criterion_id)
    return [(use.evidence.id, use.entry_id, use.part) for use in found]


def unsorted(run: Any, unit_id: int = 1) -> list[int]:
    return [one.id for one in do(run, evidence.unsorted_in, unit_id)]


def proven(run: Any, criterion_id: str, rubric: Rubric = TOWNS) -> Any:
    known = run(lambda database: unit_facts.read(database, 1, rubric))
    return known.proven.get(criterion_id)


def score(run: Any, rubric: Rubric = TOWNS) -> SummaryRow:
    """The stored scores of unit 1, after a check that they are what a recomputation says."""
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    return next(row for row in run(lambda database: scorecards.summary(database, 1)) if row.rubric_id == rubric.id)


def actions(run: Any) -> list[str]:
    return [row[0] for row in rows(run, "SELECT action FROM audit WHERE action LIKE 'evidence.%' ORDER BY id")]


def broken(run: Any, store: FileStore) -> list[Broken]:
    return run(lambda database: evidence.missing_or_changed(database, store))


def test_a_file_is_noted_with_whose_it_is_and_waits_to_be_sorted(run: Any, chen: int, store: FileStore) -> None:
    ref = kept(store)

    received = receive(run, ref, macro=True)

    assert received == Evidence(1, 1, 1, ref, NAME, 9, "pdf", True, chen, NOW, None, None, None, "", None)
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

    assert broken(run, store) == [
        Broken(2, changed, "文件内容被改过"),
        Broken(3, missing, "文件不见了"),
        Broken(4, changed, "文件内容被改过"),
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


# --- what follows -----------------------------------------------------------------------------------------


def test_a_clause_is_proven_with_its_last_part_and_no_longer_without(run: Any, chen: int, store: FileStore) -> None:
    for content in b"ab":
        receive(run, kept(store, PDF + bytes([content])))
    claim(run, "2.3", True)
    assert (score(run).claimed.total, score(run).proven.total, score(run).lacking) == (5, 0, 1)

    attach(run, 1, "2.3", part=0)
    assert (score(run).proven.total, score(run).lacking) == (0, 1)
    attach(run, 2, "2.3", part=1)
    assert (score(run).proven.total, score(run).lacking) == (5, 0)
    detach(run, 2, "2.3")

    assert (score(run).proven.total, score(run).lacking) == (0, 1)


def test_withdrawn_evidence_takes_its_points_from_every_rubric(run: Any, store: FileStore) -> None:
    joined(run, campaign(run, rubrics=(TOWNS, TASKS)))
    receive(run, kept(store))
    claim(run, "1.4", True)
    claim(run, "20.2", True, TASKS)
    attach(run, 1, "1.4")
    attach(run, 1, "20.2", rubric=TASKS, part=WHOLE)
    entry = do(run, entries.add_in, NOW, 1, 1, TASKS, "20.2", name="法规培训班").entry
    attach(run, 1, "20.2", rubric=TASKS, entry_id=entry.id, part=WHOLE)
    assert (proven(run, "1.4"), proven(run, "20.2", TASKS)) == (True, True)

    withdraw(run, 1)

    assert (proven(run, "1.4"), proven(run, "20.2", TASKS)) == (None, None)
    assert (score(run).lacking, score(run, TASKS).lacking) == (1, 1)


def test_a_newer_file_takes_over_all_an_older_one_proved(run: Any, chen: int, store: FileStore) -> None:
    for content in b"ab":
        receive(run, kept(store, PDF + bytes([content])))
    claim(run, "2.3", True)
    attach(run, 1, "2.3", part=0)
    attach(run, 1, "2.3", part=1)
    attach(run, 1, "8.2a")
    attach(run, 2, "2.3")

    replace(run, 1, 2)

    assert (parts(run, "2.3"), proves(run)) == ([(2, None, 0), (2, None, 1)], [2])
    assert (score(run).proven.total, score(run).lacking) == (5, 0)
    assert rows(run, "SELECT id, withdrawn_at IS NULL, replaced_by FROM evidence") == [(1, 0, 2), (2, 1, None)]
    assert actions(run)[-1] == "evidence.replaced"


def test_a_file_is_replaced_only_by_another_of_the_unit(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    receive(run, kept(store, PDF + b"b"), unit_id=2)

    with pytest.raises(StorageError, match="同一份"):
        replace(run, 1, 1)
    for old, new in ((1, 2), (2, 1), (1, 99)):
        with pytest.raises(NotFoundError):
            replace(run, old, new)

    assert unsorted(run) == [1]


def test_a_file_says_what_day_it_is_about_and_its_number(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store), dated_on=date(2026, 3, 5), number="孟政发〔2026〕7号")

    do(run, evidence.describe_in, LATER, 1, 1, 1, number="孟政发〔2026〕8号")
    do(run, evidence.describe_in, LATER, 1, 1, 1, dated_on=date(2026, 3, 6))

    found = do(run, evidence.find_in, 1, 1)
    assert (found.dated_on, found.number) == (date(2026, 3, 6), "孟政发〔2026〕8号")
    assert actions(run) == ["evidence.received", "evidence.described", "evidence.described"]
    assert all("孟政发" not in row[0] for row in rows(run, "SELECT subject FROM audit"))
    with pytest.raises(NotFoundError):
        do(run, evidence.describe_in, LATER, 1, 2, 1, number="x")


def test_a_unit_finds_its_own_files_also_withdrawn_ones(run: Any, chen: int, store: FileStore) -> None:
    receive(run, kept(store))
    withdraw(run, 1)

    assert do(run, evidence.find_in, 1, 1).withdrawn_at == LATER
    for unit_id, evidence_id in ((2, 1), (1, 2)):
        with pytest.raises(NotFoundError):
            do(run, evidence.find_in, unit_id, evidence_id)


def test_all_files_of_a_unit_stand_with_what_they_prove(run: Any, chen: int, store: FileStore) -> None:
    held = [receive(run, kept(store, PDF + bytes([letter]))) for letter in b"abc"]
    receive(run, kept(store), unit_id=2)
    attach(run, 1, "1.4")
    attach(run, 1, "2.3", part=WHOLE)
    withdraw(run, 3)

    places = (Place(TOWNS.id, "1.4", None, 0), Place(TOWNS.id, "2.3", None, WHOLE))
    assert do(run, evidence.of_unit_in, 1) == [Filed(held[0], places), Filed(held[1], ())]


# --- 涉密 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("秘密★10年", "秘密"), ("机密★", "机密"), ("绝 密", "绝密"), ("关于…的通知（机密）", "机密"), ("机密封存.pdf", "机密"),
        ("这是机密文件，手机密码另发", "机密"), ("国家秘密法培训和一份秘密文件", "秘密"), ("国家秘密清单", "秘密"),
    ],
)  # fmt: skip
def test_a_word_of_secrecy_is_seen(text: str, word: str) -> None:
    assert classified_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "保密工作总结", "手机密码忘了", "发动机密封件抽检", "杜绝密封不严", "保守国家秘密法宣传", "商业秘密保护示范点", "质量密度",
        "奥秘密码", "",
    ],
)  # fmt: skip
def test_letters_of_other_words_are_no_word_of_secrecy(text: str) -> None:
    assert classified_word(text) is None
