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

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.connections import Readers, Writer

BUSY_SECONDS = 5.0  # how long a statement waits for another process
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
        self._writer, self._readers = Writer(path, BUSY_SECONDS), Readers(path, BUSY_SECONDS)

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
        async with self._readers.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection once the line is through; the last one checkpoints."""
        if self._work is not None:
            await asyncio.wait({self._work})
        await self._readers.close()
        await self._writer.close()

    async def _work_line(self) -> None:
        """Give each unit its turn, group by group. A task of its own, so that no caller's end can tear a group."""
        while self._line:
            group = [self._line.popleft()]
            try:
                await self._commit(await self._writer.begin(), group)
            except Exception as error:  # noqa: BLE001 - each of the group raises it
                for unit in group:
                    unit.end(error)
            else:
                for unit in group:
                    unit.end()

    async def _commit(self, connection: AsyncConnection, group: list[_Unit]) -> None:
        """Make a group durable, or nothing of it."""
        try:
            await self._take_turns(connection, group)
            if group:
                await self._writer.commit()
        except BaseException:
            await self._writer.rollback()
            raise
        if not group:
            await self._writer.rollback()

    async def _take_turns(self, connection: AsyncConnection, group: list[_Unit]) -> None:
        """Let the group's first unit run and after it those that wait, each undone by itself where it fails."""
        until = time.monotonic() + GROUP_SECONDS
        if not await group[0].run(connection):
            del group[0]
            return  # alone until now, it needed no savepoint
        while self._line and time.monotonic() < until:
            unit = self._line.popleft()
            self._writer.run("SAVEPOINT unit")
            if await unit.run(connection):
                group.append(unit)
            else:
                self._writer.run("ROLLBACK TO unit")
            self._writer.run("RELEASE unit")


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
