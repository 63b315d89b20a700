"""How statements reach SQLite: those of the writer in the loop's own thread, those of readers in threads.

A statement of a turn takes some 20 µs, its way to another thread and back many times that. So only what may wait for
the disk, for a lock or for many rows goes there: the writer's begin and commit, and all that is read beside it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Transaction, create_engine, event
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 5
READERS = 4
TURN_SECONDS = 0.01  # then a long unit of work lets others use the loop

_T = TypeVar("_T")


class Writer:
    """The one connection that writes, opened by its first use."""

    def __init__(self, path: Path) -> None:
        self._engine = _engine(path, _writer_pragmas, begin="BEGIN IMMEDIATE", size=1)
        self._thread = ThreadPoolExecutor(1, "storage-writer")
        self._connection: Connection | None = None
        self._transaction: Transaction | None = None
        self._here: _Here | None = None

    async def begin(self) -> AsyncConnection:
        """Begin a transaction; gives what its statements are run with."""
        self._transaction = await self._there(self._begin)
        assert self._connection is not None
        if self._here is None:
            self._here = _Here(self._connection)
        self._here.start()
        return cast("AsyncConnection", self._here)

    async def commit(self) -> None:
        """Make it durable. It is still open where that fails."""
        assert self._transaction is not None
        await self._there(self._transaction.commit)

    async def rollback(self) -> None:
        """Undo it, also after a commit that failed."""
        await self._there(self._rollback)

    def run(self, statement: str) -> None:
        """Run a statement of the transaction's own, such as a savepoint's, by the shortest way."""
        self._driver().execute(statement)

    async def close(self) -> None:
        """Close the connection; the last one of a file checkpoints."""
        await self._there(self._close)
        self._thread.shutdown()

    def _begin(self) -> Transaction:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection.begin()

    def _rollback(self) -> None:
        assert self._connection is not None
        assert self._transaction is not None
        self._transaction.rollback()
        self._driver().rollback()  # SQLAlchemy holds that a commit ends a transaction; one that fails leaves it open

    def _driver(self) -> Any:
        assert self._connection is not None
        return self._connection.connection.driver_connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    async def _there(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class Readers:
    """Connections that cannot write, each for one at a time."""

    def __init__(self, path: Path) -> None:
        self._engine = _engine(path, _reader_pragmas, begin="BEGIN", size=READERS)
        self._threads = ThreadPoolExecutor(READERS, "storage-reader")
        self._free = asyncio.Semaphore(READERS)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view."""
        async with self._free:
            connection = self._engine.connect()
            try:
                yield cast("AsyncConnection", _There(connection, self._threads))
            finally:
                connection.close()

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._engine.dispose)
        self._threads.shutdown()


class _Here:
    """As much of an `AsyncConnection` as a unit of work needs, in the loop's own thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._since = 0.0

    def start(self) -> None:
        self._since = time.monotonic()

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        if time.monotonic() - self._since > TURN_SECONDS:
            await asyncio.sleep(0)
            self._since = time.monotonic()
        return self._connection.execute(statement, parameters)


class _There:
    """As much of an `AsyncConnection` as readers need; each result is fetched whole where it was run."""

    def __init__(self, connection: Connection, threads: ThreadPoolExecutor) -> None:
        self._connection, self._threads = connection, threads

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, self._fetched, statement, parameters)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait({running})  # the connection is somebody else's next
            raise

    def _fetched(self, statement: Any, parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).freeze()()


def _engine(path: Path, pragmas: Callable[[], tuple[str, ...]], *, begin: str, size: int) -> Engine:
    """An engine whose connections may change threads, never used by two at once."""
    here = {"check_same_thread": False}
    engine = create_engine(f"sqlite:///{path}", connect_args=here, poolclass=QueuePool, pool_size=size, max_overflow=0)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        for pragma in pragmas():
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _writer_pragmas() -> tuple[str, ...]:
    # FULL: an acknowledged answer survives a power cut; NORMAL lost some in most simulated ones.
    return (
        f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    )


def _reader_pragmas() -> tuple[str, ...]:
    return (f"busy_timeout = {int(BUSY_SECONDS * 1000)}", "foreign_keys = ON", "query_only = ON")
