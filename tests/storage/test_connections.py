"""Statements reach SQLite the short way and mean the same; what was read once is forgotten when it may have changed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.connections import once
from storage.database import Database
from storage.prepared import often
from storage.tables import CampaignRow
from storage.tables_conversation import DialogueRow, MessageRow

NOW = datetime(2026, 11, 21, 8, 0, 0, 5, tzinfo=UTC)
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_dialogue: Any = DialogueRow.__table__  # type: ignore[attr-defined]
_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
DIALOGUE = insert(_dialogue)
CAMPAIGN = insert(_campaign)
AT = select(_dialogue.c.id, _dialogue.c.state, _dialogue.c.updated_at).where(_dialogue.c.address == bindparam("at"))


def dialogue(address: str = "a1", **words: Any) -> dict[str, Any]:
    return {"channel": "web", "address": address, "state": "{}", "updated_at": NOW, **words}


@pytest.mark.parametrize("short", [True, False])
def test_a_frequent_statement_gives_what_it_gives_the_long_way(run: Any, short: bool) -> None:
    add, find = (often(DIALOGUE), often(AT)) if short else (DIALOGUE, AT)

    async def scene(database: Database) -> list[Any]:
        async with database.write() as connection:
            added = await connection.execute(add, dialogue())
            key = tuple(added.inserted_primary_key or ())
            first: Any = (await connection.execute(find, {"at": "a1"})).first()
            nobody = (await connection.execute(find, {"at": "nobody"})).first()
        async with database.read() as connection:
            rows = await connection.execute(find, {"at": "a1"})
            return [key, tuple(first), first.updated_at, nobody, [row.state for row in rows]]

    assert run(scene) == [(1,), (1, "{}", NOW), NOW, None, ["{}"]]


@pytest.mark.parametrize("short", [True, False])
def test_a_frequent_statement_fails_as_it_fails_the_long_way(run: Any, short: bool) -> None:
    add = often(DIALOGUE) if short else DIALOGUE

    async def twice(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(add, dialogue())
            await connection.execute(add, dialogue())

    async def without_zone(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(add, dialogue(updated_at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(IntegrityError, match="UNIQUE"):
        run(twice)
    with pytest.raises(StatementError, match="without a time zone"):
        run(without_zone)


def test_a_column_s_default_is_filled_in_the_short_way_too(run: Any) -> None:
    row = {
        "channel": "web",
        "address": "a1",
        "at": NOW,
        "mine": False,
        "text": "",
        "options": "[]",
        "tries": 0,
        "why": "",
    }
    add = often(insert(_message))

    async def scene(database: Database) -> Any:
        async with database.write() as connection:
            await connection.execute(add, row)
            return (await connection.execute(select(_message.c.push))).scalar()

    assert run(scene) is False


def test_what_was_read_once_is_read_again_after_a_write_it_may_depend_on(run: Any) -> None:
    reads: list[int] = []

    async def campaigns(connection: AsyncConnection) -> int:
        async def read() -> int:
            reads.append(1)
            return len((await connection.execute(select(_campaign.c.id))).all())

        return await once(connection, ("campaigns",), read)

    async def scene(database: Database) -> list[int]:
        async with database.write() as connection:
            found = [await campaigns(connection), await campaigns(connection)]
            await connection.execute(DIALOGUE, dialogue())  # nothing remembered is read from there
            found.append(await campaigns(connection))
            await connection.execute(CAMPAIGN, {"code": "2026", "year": 2026, "created_at": NOW})
            found.append(await campaigns(connection))
            trial = await connection.begin_nested()
            await connection.execute(CAMPAIGN, {"code": "2027", "year": 2027, "created_at": NOW})
            found.append(await campaigns(connection))
            await trial.rollback()
            found.append(await campaigns(connection))
            await connection.execute(text("DELETE FROM campaign"))
            found.append(await campaigns(connection))
        return found

    assert run(scene) == [0, 0, 0, 1, 2, 1, 0]
    assert len(reads) == 5


def test_what_a_failed_unit_of_work_has_read_is_not_known_to_the_next(run: Any) -> None:
    async def campaigns(connection: AsyncConnection) -> int:
        async def read() -> int:
            return len((await connection.execute(select(_campaign.c.id))).all())

        return await once(connection, ("campaigns",), read)

    async def unit(database: Database, fail: bool) -> int:
        async with database.write() as connection:
            if fail:
                await connection.execute(CAMPAIGN, {"code": "2026", "year": 2026, "created_at": NOW})
            found = await campaigns(connection)
            if fail:
                raise RuntimeError(str(found))
        return found

    async def scene(database: Database) -> list[str]:
        units = [unit(database, False), unit(database, True), unit(database, False)]
        return [str(end) for end in await asyncio.gather(*units, return_exceptions=True)]

    assert run(scene) == ["0", "1", "0"]


def test_a_long_unit_of_work_lets_others_use_the_loop(run: Any) -> None:
    async def scene(database: Database) -> int:
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                beats += 1
                await asyncio.sleep(0)

        async with database.write() as connection:
            heart = asyncio.create_task(beat())
            for _ in range(5):
                await connection.execute(text(COUNTING))
            heart.cancel()
        return beats

    assert run(scene) >= 4


def test_a_reader_cancelled_in_a_statement_leaves_its_connection_to_the_next(run: Any) -> None:
    async def count(database: Database) -> Any:
        async with database.read() as connection:
            return (await connection.execute(text(COUNTING))).scalar()

    async def scene(database: Database) -> list[Any]:
        tasks = [asyncio.create_task(count(database)) for _ in range(8)]
        await asyncio.sleep(0.01)
        for task in tasks[:4]:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        return [end if isinstance(end, int) else type(end).__name__ for end in ends]

    assert run(scene) == ["CancelledError"] * 4 + [300_000] * 4


COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
