"""The database: one connection that writes, readers that cannot.

SQLite below 3.51.3 can corrupt a database when two connections write and checkpoint at once, so exactly one
writes. A unit of work is one `write()` block: it commits as a whole or leaves nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

BUSY_SECONDS = 5


class Database:
    """A SQLite database file, opened for a command or for as long as the bot runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = asyncio.Lock()
        self._writer = _engine(f"sqlite+aiosqlite:///{path}", _writer_pragmas, begin="BEGIN IMMEDIATE", pool_size=1)
        self._reader = _engine(f"sqlite+aiosqlite:///{path}", _reader_pragmas, begin="BEGIN", pool_size=4)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One unit of work: committed when the block ends, undone when it raises."""
        async with self._writing, self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view that cannot write."""
        async with self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Close every connection; the last one checkpoints."""
        await self._reader.dispose()
        await self._writer.dispose()


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

    return engine


def _writer_pragmas() -> tuple[str, ...]:
    # FULL: an acknowledged answer survives a power cut; NORMAL lost some in most simulated ones.
    return (f"busy_timeout = {BUSY_SECONDS * 1000}", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")


def _reader_pragmas() -> tuple[str, ...]:
    return (f"busy_timeout = {BUSY_SECONDS * 1000}", "foreign_keys = ON", "query_only = ON")
