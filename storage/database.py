"""The database: one connection that writes, readers that cannot.

SQLite below 3.51.3 can corrupt a database when two connections write and checkpoint at once, so exactly one
writes. A unit of work is one `write()` block: it is kept as a whole or leaves nothing. Units that wait at the same
time share one durable commit, and the end of each waits for it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

BUSY_SECONDS = 5
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
GROUP_SECONDS = 0.02  # then a group takes in no more units: its first must not wait for a long line to pass


class Database:
    """A SQLite database file, opened for a command or for as long as the bot runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._line: deque[_Unit] = deque()
        self._work: asyncio.Task[None] | None = None
        self._writer = _engine(f"sqlite+aiosqlite:///{path}", _writer_pragmas, begin="BEGIN IMMEDIATE", pool_size=1)
        self._reader = _engine(f"sqlite+aiosqlite:///{path}", _reader_pragmas, begin="BEGIN", pool_size=4)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One unit of work: durable when the block has ended, undone when it raises.

        Raises whatever kept the commit from succeeding; nothing of the block is kept then. A caller who is cancelled
        while the block ends cannot know whether it is.
        """
        unit = _Unit()
        self._line.append(unit)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._work_line())
        try:
            yield await unit.turn
        except BaseException:
            unit.over.set_result(False)
            raise
        unit.over.set_result(True)
        await asyncio.shield(unit.kept)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view that cannot write."""
        async with self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection once the line is through; the last one checkpoints."""
        if self._work is not None:
            await asyncio.wait({self._work})
        await self._reader.dispose()
        await self._writer.dispose()

    async def _work_line(self) -> None:
        """Give each unit its turn, group by group. A task of its own, so that no caller's end can tear a group."""
        while self._line:
            group = [self._line.popleft()]
            try:
                async with self._writer.begin() as connection:
                    await self._take_turns(connection, group)
            except Exception as error:  # noqa: BLE001 - each of the group raises it
                for unit in group:
                    unit.end(error)
            else:
                for unit in group:
                    unit.end()

    async def _take_turns(self, connection: AsyncConnection, group: list[_Unit]) -> None:
        """Let the group's first unit run and after it those that wait, each undone by itself where it fails."""
        until = time.monotonic() + GROUP_SECONDS
        if not await group[0].run(connection):
            del group[0]
            await connection.rollback()  # alone until now, it needed no savepoint
            return
        driver: Any = (await connection.get_raw_connection()).driver_connection  # a third of SQLAlchemy's way there
        while self._line and time.monotonic() < until:
            unit = self._line.popleft()
            await driver.execute("SAVEPOINT unit")
            if await unit.run(connection):
                group.append(unit)
            else:
                await driver.execute("ROLLBACK TO unit")
            await driver.execute("RELEASE unit")


class _Unit:
    """A `write()` block in the line."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[AsyncConnection] = loop.create_future()  # cancelled with a caller who waits for it
        self.over: asyncio.Future[bool] = loop.create_future()  # whether the block ended well
        self.kept: asyncio.Future[None] = loop.create_future()  # the group's commit

    async def run(self, connection: AsyncConnection) -> bool:
        """Let the block run; whether it ended well."""
        if not self.turn.cancelled():
            self.turn.set_result(connection)
        return await self.over

    def end(self, error: Exception | None = None) -> None:
        """Tell the caller, wherever it waits, how the commit went."""
        if error is None:
            self.kept.set_result(None)
        elif self.turn.done():
            self.kept.set_exception(error)
        else:
            self.turn.set_exception(error)


def may_pass(error: BaseException) -> bool:
    """Whether waiting may mend it: a locked or unreachable database, a full or failing disk, no memory."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _PASSING  # the rest of an extended code says where


def _engine(url: str, pragmas: Any, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, pool_size=pool_size, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        for pragma in pragmas():
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine.sync_engine, "handle_error")
    def on_error(context: Any) -> None:
        # A cancelled caller is no lost connection: the statement at hand ends in the driver's thread before the
        # next one begins. SQLAlchemy would close the connection, and with it undo the others of the group.
        if isinstance(context.original_exception, asyncio.CancelledError):
            context.is_disconnect = False

    return engine


def _writer_pragmas() -> tuple[str, ...]:
    # FULL: an acknowledged answer survives a power cut; NORMAL lost some in most simulated ones.
    return (f"busy_timeout = {BUSY_SECONDS * 1000}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")


def _reader_pragmas() -> tuple[str, ...]:
    return (f"busy_timeout = {BUSY_SECONDS * 1000}", "foreign_keys = ON", "query_only = ON")
