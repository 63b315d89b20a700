"""Units of work that wait at the same time share one commit, and none of them can hurt another."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.connections import driver_of
from storage.data_folder import DATABASE
from storage.database import Database

INSERT = text("INSERT INTO dialogue (channel, address, state, updated_at) VALUES (:writer, :part, '{}', 'now')")


async def write(database: Database, writer: object, then: Callable[[], Awaitable[Any]] | None = None) -> None:
    """Two rows in one unit of work, with something between them."""
    async with database.write() as connection:
        await connection.execute(INSERT, {"writer": str(writer), "part": "1"})
        if then:
            await then()
        await connection.execute(INSERT, {"writer": str(writer), "part": "2"})


async def kept(database: Database) -> dict[str, int]:
    """Rows of each writer that were committed."""
    async with database.read() as connection:
        rows = await connection.execute(text("SELECT channel, count(*) FROM dialogue GROUP BY channel"))
        return {row[0]: row[1] for row in rows}


async def traced(database: Database) -> list[str]:
    """What the writing connection runs from now on."""
    seen: list[str] = []
    async with database.write() as connection:
        driver_of(connection.sync_connection).set_trace_callback(seen.append)
    seen.clear()
    return seen


async def fail() -> None:
    raise RuntimeError("stop")


def test_fifty_writers_at_once_share_commits_and_lose_nothing(run: Any) -> None:
    async def many(database: Database) -> tuple[list[str], dict[str, int]]:
        seen = await traced(database)
        await asyncio.gather(*(write(database, n) for n in range(50)))
        return seen, await kept(database)

    seen, rows = run(many)

    assert rows == {str(n): 2 for n in range(50)}
    assert 1 <= seen.count("COMMIT") <= 25


def test_a_lone_writer_pays_no_savepoint(run: Any) -> None:
    async def alone(database: Database) -> list[str]:
        seen = await traced(database)
        await write(database, "a")
        return [statement.split()[0] for statement in seen]

    assert run(alone) == ["BEGIN", "INSERT", "INSERT", "COMMIT"]


@pytest.mark.parametrize("failing", range(4))
def test_a_unit_that_fails_is_undone_alone(run: Any, failing: int) -> None:
    async def four(database: Database) -> tuple[list[Any], dict[str, int]]:
        units = [write(database, n, fail if n == failing else None) for n in range(4)]
        return await asyncio.gather(*units, return_exceptions=True), await kept(database)

    ends, rows = run(four)

    assert [str(end) for end in ends] == ["stop" if n == failing else "None" for n in range(4)]
    assert rows == {str(n): 2 for n in range(4) if n != failing}


def test_a_commit_that_fails_fails_the_whole_group_and_the_next_one_works(run: Any) -> None:
    async def orphan(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # found out by COMMIT, not before
            await connection.execute(
                text("INSERT INTO unit (campaign_id, name, category, position) VALUES (9,'','',1)")
            )

    async def group(database: Database) -> tuple[list[Any], dict[str, int]]:
        units = (write(database, "a"), orphan(database), write(database, "b"))
        ends = await asyncio.gather(*units, return_exceptions=True)
        await write(database, "later")
        return ends, await kept(database)

    ends, rows = run(group)

    assert ["FOREIGN KEY" in str(end) for end in ends] == [True, True, True]
    assert rows == {"later": 2}


def test_a_database_that_is_locked_fails_who_begins_and_not_who_comes_after(
    folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(folder / DATABASE, isolation_level=None)

    async def beside(database: Database) -> dict[str, int]:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DBAPIError, match="locked"):
            await write(database, "a")
        other.execute("ROLLBACK")
        await write(database, "b")
        return await kept(database)

    assert run(beside) == {"b": 2}
    other.close()


def test_who_is_cancelled_in_line_or_in_a_statement_takes_nobody_along(run: Any) -> None:
    async def scene(database: Database) -> tuple[list[Any], dict[str, int]]:
        tasks = [asyncio.create_task(write(database, n)) for n in range(6)]
        tasks[3].cancel()  # still in line
        async with asyncio.timeout(5):
            while not database._line:
                await asyncio.sleep(0)
        async with database.write() as connection:
            first = asyncio.create_task(write(database, "last"))
            statement = asyncio.create_task(_slow(connection))
            await asyncio.sleep(0.01)
            statement.cancel()  # at work in the driver's thread
            await asyncio.gather(statement, return_exceptions=True)
            await connection.execute(INSERT, {"writer": "same unit", "part": "1"})
        await first
        return await asyncio.gather(*tasks, return_exceptions=True), await kept(database)

    ends, rows = run(scene)

    assert [type(end).__name__ for end in ends] == ["NoneType"] * 3 + ["CancelledError"] + ["NoneType"] * 2
    assert rows == {"same unit": 1, "last": 2} | {str(n): 2 for n in (0, 1, 2, 4, 5)}


async def _slow(connection: Any) -> None:
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
    await connection.execute(text(counting))


def test_close_waits_for_what_is_being_written(folder: Path) -> None:
    async def main() -> dict[str, int]:
        database = Database(folder / DATABASE)
        tasks = [asyncio.create_task(write(database, n)) for n in range(3)]
        await asyncio.sleep(0)
        for task in tasks[1:]:
            task.cancel()
        await database.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        again = Database(folder / DATABASE)
        rows = await kept(again)
        await again.close()
        return rows

    assert asyncio.run(main()) == {"0": 2}


ENDS = st.lists(
    st.tuples(st.sampled_from(["well", "raises", "cancelled"]), st.integers(0, 60)), min_size=1, max_size=12
)


@given(ends=ENDS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_becomes_of_each_writer_its_work_is_whole_or_absent(folder: Path, ends: list[tuple[str, int]]) -> None:
    async def main() -> tuple[list[Any], dict[str, int]]:
        database = Database(folder / DATABASE)
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM dialogue"))

        async def steps(count: int) -> None:
            for _ in range(count):
                await asyncio.sleep(0)

        tasks = [
            asyncio.create_task(write(database, n, fail if end == "raises" else None))
            for n, (end, _) in enumerate(ends)
        ]
        for task, (end, count) in zip(tasks, ends, strict=True):
            if end == "cancelled":
                await steps(count)
                task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        rows = await kept(database)
        await database.close()
        return done, rows

    done, rows = asyncio.run(main())

    for n, end in enumerate(done):
        allowed = {0} if isinstance(end, RuntimeError) else {2} if end is None else {0, 2}
        assert rows.get(str(n), 0) in allowed, (n, end)
