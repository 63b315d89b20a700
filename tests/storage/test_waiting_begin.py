"""A unit of work that waits for another process holds nobody else up, and gets its turn."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any

from sqlalchemy import text

from storage.database import Database

HELD_SECONDS = 0.3


def test_who_waits_for_the_lock_of_another_process_holds_nobody_up(run: Any) -> None:
    async def work(database: Database) -> tuple[bool, list[Any]]:
        async with database.write() as connection:
            await connection.execute(text("CREATE TABLE note (words TEXT)"))
        other = sqlite3.connect(database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        async def write() -> None:
            async with database.write() as connection:
                await connection.execute(text("INSERT INTO note VALUES ('kept')"))

        waiting = asyncio.create_task(write())
        ticks = 0
        for _ in range(30):
            await asyncio.sleep(HELD_SECONDS / 30)
            ticks += not waiting.done()
        other.execute("COMMIT")
        other.close()
        await asyncio.wait_for(waiting, 10)
        async with database.read() as connection:
            return ticks == 30, list((await connection.execute(text("SELECT words FROM note"))).scalars())

    assert run(work) == (True, ["kept"])
