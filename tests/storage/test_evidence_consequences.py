"""Evidence that comes, goes or takes the place of another changes what is proven and the scores with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filed import (
    LATER,
    PDF,
    actions,
    attach,
    claim,
    detach,
    do,
    kept,
    parts,
    proven,
    proves,
    receive,
    replace,
    score,
    unsorted,
    withdraw,
)
from stored import NOW, TASKS, TOWNS, campaign, joined, rows

from rubrics.proof import WHOLE
from storage import entries, evidence
from storage.errors import NotFoundError, StorageError
from storage.evidence import Filed
from storage.evidence_places import Place
from storage.files import FileStore


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FileStore(folder / "evidence")


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
