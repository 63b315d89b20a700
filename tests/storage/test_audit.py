"""A walk over the trail names each row that does not fit, whatever lies there."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import NOW, chain

from storage import audit
from storage.audit import _encode, canonical
from storage.data_folder import DATABASE
from storage.database import Database


def fill(run: Any, rows: int) -> None:
    async def record(database: Database) -> None:
        async with database.write() as connection:
            for number in range(rows):
                at = NOW + timedelta(microseconds=number * 333_333)
                await audit.record(connection, at, "cli", "test", {"单位": f"第{number}“个”\n\\", "n": number})

    run(record)


def tamper(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute(statement)
    connection.close()


def test_a_trail_longer_than_is_read_at_a_time_is_walked_to_its_end(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "WALK_ROWS", 3)
    fill(run, 10)

    walked = chain(run)

    assert (walked.rows, walked.broken) == (10, ())


@pytest.mark.parametrize(
    "change",
    [
        "at = 'yesterday'",
        "at = x'ff'",
        "subject = x'00'",
        "hash = ''",
        "action = 'tesT'",
        "campaign_id = NULL, actor = 3",
    ],
)
def test_a_row_changed_to_anything_at_all_is_named(run: Any, folder: Path, change: str) -> None:
    fill(run, 3)
    tamper(folder, f"UPDATE audit SET {change} WHERE id = 2")

    assert 2 in {broken.id for broken in chain(run).broken}


@given(st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.none(), st.integers(-(2**53), 2**53))))
def test_the_quick_encoder_writes_what_the_rule_says(content: list[Any]) -> None:
    assert _encode([*content, NOW.timestamp()]).decode() == canonical([*content, NOW.timestamp()])


def test_a_head_that_was_kept_is_found_again_until_the_tail_is_cut(run: Any, folder: Path) -> None:
    fill(run, 3)
    head = run(_head)
    fill(run, 1)

    assert head.row == 3
    assert run(_row_of(head.words.split()[-1])) == 3

    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute("DELETE FROM audit WHERE id > 2")
    connection.close()

    assert run(_row_of(head.hash)) is None


@pytest.mark.parametrize("words", ["", "%", "abc", "第 3 行", "_" * 16, "0" * 16])
def test_words_that_are_no_head_are_found_nowhere(run: Any, words: str) -> None:
    fill(run, 2)

    assert run(_row_of(words)) is None


async def _head(database: Database) -> audit.Head:
    async with database.read() as connection:
        return await audit.head_in(connection)


def _row_of(words: str) -> Any:
    async def read(database: Database) -> int | None:
        async with database.read() as connection:
            return await audit.row_of_in(connection, words)

    return read
