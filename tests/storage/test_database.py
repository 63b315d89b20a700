"""The schema is what the tables say; one connection writes, and a unit of work is whole or nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import without_disk
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import SQLModel

import storage.tables
import storage.tables_answers
import storage.tables_closing
import storage.tables_conversation
import storage.tables_evidence
import storage.tables_learnt
import storage.tables_ledger
import storage.tables_push
import storage.tables_reminding
import storage.tables_review  # noqa: F401 - fills the metadata
from storage import audit, connections
from storage.data_folder import DATABASE, LOCK, database_path, initialise, newest_revision
from storage.database import Database
from storage.errors import StorageError

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def test_the_migrated_schema_is_what_the_tables_say(folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / DATABASE}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    engine.dispose()

    assert differences == []


def test_init_again_changes_nothing(folder: Path) -> None:
    before = (folder / DATABASE).read_bytes()

    assert initialise(folder) == newest_revision()

    assert (folder / DATABASE).read_bytes() == before


def test_a_folder_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="kaoping init"):
        database_path(tmp_path)


def test_a_database_of_another_version_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'm999'")
    connection.close()

    with pytest.raises(StorageError, match="m999"):
        database_path(folder)


def test_a_unit_of_work_that_fails_leaves_nothing(run: Any) -> None:
    async def fail(database: Database) -> None:
        async with database.write() as connection:
            await audit.record(connection, NOW, "cli", "test", {})
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        run(fail)

    assert run(chain).rows == 0


def test_readers_cannot_write(run: Any) -> None:
    async def write(database: Database) -> None:
        async with database.read() as connection:
            await connection.execute(text("INSERT INTO campaign (code, year, created_at) VALUES ('x', 1, 'y')"))

    with pytest.raises(DBAPIError, match="readonly"):
        run(write)


def test_the_writer_is_durable_and_keeps_references(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WRITER", without_disk.SHIPPED)

    async def pragmas(database: Database) -> list[Any]:
        async with database.write() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys")
            return [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names]

    assert run(pragmas) == ["wal", 2, 1]


def test_fifty_writers_at_once_lose_nothing(run: Any) -> None:
    async def many(database: Database) -> None:
        async def one(number: int) -> None:
            async with database.write() as connection:
                await audit.record(connection, NOW, "cli", "test", {"n": number})

        await asyncio.gather(*(one(number) for number in range(50)))

    run(many)

    assert (run(chain).rows, run(chain).broken) == (50, ())


def test_a_reader_beside_an_open_writer_sees_only_what_is_committed(run: Any) -> None:
    async def both(database: Database) -> tuple[int, int]:
        async with database.write() as writer:
            await audit.record(writer, NOW, "cli", "test", {})
            before = await chain(database)
        return before.rows, (await chain(database)).rows

    assert run(both) == (0, 1)


def test_a_moment_without_a_zone_is_refused_and_another_zone_becomes_utc(run: Any) -> None:
    async def record(database: Database, at: datetime) -> Any:
        async with database.write() as connection:
            await audit.record(connection, at, "cli", "test", {})
        async with database.read() as connection:
            return (await connection.execute(text("SELECT at FROM audit"))).scalar()

    with pytest.raises(StatementError, match="without a time zone"):
        run(lambda database: record(database, datetime(2026, 1, 1)))  # noqa: DTZ001
    eight = timezone(timedelta(hours=8))
    assert (
        run(lambda database: record(database, datetime(2026, 1, 1, 7, tzinfo=eight))) == "2025-12-31T23:00:00.000000Z"
    )


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_audit_trail_cannot_be_changed_by_a_statement(run: Any, statement: str) -> None:
    async def tamper(database: Database) -> None:
        async with database.write() as connection:
            await audit.record(connection, NOW, "cli", "test", {})
            await connection.execute(text(statement))

    with pytest.raises(DBAPIError, match="append only"):
        run(tamper)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET actor = 'x' WHERE id = 2", 2),
        ("UPDATE audit SET at = '2026-11-21T08:00:00.000001Z' WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 2", 3),
        ("UPDATE audit SET previous_hash = hash WHERE id = 3", 3),
    ],
)
def test_verify_catches_a_row_changed_behind_its_back(folder: Path, run: Any, statement: str, row: int) -> None:
    async def three(database: Database) -> None:
        for number in range(3):
            async with database.write() as connection:
                await audit.record(connection, NOW, "cli", "test", {"n": number})

    run(three)
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute(statement)
    connection.close()

    assert row in {broken.id for broken in run(chain).broken}


def test_one_process_at_a_time_may_write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr("storage.data_folder.LOCK_SECONDS", 0)
    with FileLock(folder / LOCK), pytest.raises(StorageError, match="正被另一个 kaoping 使用"):
        initialise(folder)


async def chain(database: Database) -> audit.Chain:
    async with database.read() as connection:
        return await audit.walk(connection)
