"""Erasing as rows and bytes: what shares the bytes keeps them, what is foreign is not found, nothing is done twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filed import attach, broken, do, kept, proves, receive
from sqlalchemy import text
from stored import NOW, campaign, chain, joined, rows

from storage import erasing
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.files import FileStore


@pytest.fixture
def store(folder: Path, run: Any) -> FileStore:
    joined(run, campaign(run))
    return FileStore(folder / "evidence")


def erase(run: Any, ident: int = 1, campaign_id: int = 1) -> Any:
    return do(run, erasing.erase_in, NOW, 1, campaign_id, ident, "发错了")


def clean(run: Any, store: FileStore) -> int:
    return run(lambda database: erasing.clean(database, store))  # type: ignore[no-any-return]


def insert(run: Any, query: str) -> None:
    async def work(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text(query))

    run(work)


def test_the_row_the_hash_and_the_reason_stay(run: Any, store: FileStore) -> None:
    ref = kept(store)
    attach(run, receive(run, ref).id)

    (gone,) = erase(run)

    assert (gone.ref, gone.erased_at, gone.withdrawn_at, gone.erased_why) == (ref, NOW, NOW, "发错了")
    assert proves(run) == []
    assert rows(run, "SELECT COUNT(*) FROM evidence_use WHERE detached_at IS NULL") == [(0,)]
    assert (clean(run, store), store.path_of(ref).exists(), broken(run, store)) == (1, False, [])
    assert chain(run).broken == ()


def test_bytes_another_unit_keeps_stay_until_it_erases_them_too(run: Any, store: FileStore) -> None:
    ref = kept(store)
    receive(run, ref), receive(run, ref, 2)
    erase(run)
    assert (clean(run, store), store.path_of(ref).exists()) == (0, True)

    erase(run, 2)

    assert (clean(run, store), store.path_of(ref).exists()) == (1, False)


def test_a_photo_of_a_finding_keeps_its_bytes(run: Any, store: FileStore) -> None:
    ref = kept(store)
    receive(run, ref)
    insert(
        run,
        "INSERT INTO finding (campaign_id, unit_id, rubric_id, criterion_id, outcome, words, files, person_id, at) "
        f"VALUES (1, 1, 'xinbei-2011-towns', '1.1', 'fine', '', '[[\"{ref}\", \"a.jpg\"]]', 1, '2026-11-21T08:00:00.000000Z')",
    )

    erase(run)

    assert (clean(run, store), store.path_of(ref).exists()) == (0, True)
    assert run(lambda database: erasing.left_over(database, store)) == []


def test_another_campaigns_file_is_not_found_and_nothing_is_erased_twice(run: Any, store: FileStore) -> None:
    receive(run, kept(store))
    other = campaign(run, 2027)

    with pytest.raises(NotFoundError):
        erase(run, campaign_id=other.id)
    erase(run)
    with pytest.raises(StorageError, match="已经删除过了"):
        erase(run)


def test_the_reason_stands_in_no_audit_row(run: Any, store: FileStore) -> None:
    receive(run, kept(store))
    erase(run)

    assert "发错了" not in str(rows(run, "SELECT * FROM audit"))
    assert [row[0] for row in rows(run, "SELECT action FROM audit ORDER BY id DESC LIMIT 2")] == [
        "evidence.erased",
        "evidence.withdrawn",
    ]
