"""How statements reach SQLite: those of the writer in the loop's own thread, those of readers in threads.

A statement of a turn takes some 20 µs, its way to another thread and back many times that. So only what may wait for
the disk, for a lock or for many rows goes there: the writer's commit, its begin where another process keeps the lock,
and what is read beside it, unless it is marked as a small statement that is run `often`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Engine, Transaction, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import QueuePool

from storage.prepared import Prepared, Rows, prepare

READERS = 4
TURN_SECONDS = 0.01  # then a long unit of work lets others use the loop

APART = frozenset({"audit", "dialogue", "inbox", "message", "scorecard"})
"""Tables that nothing remembered by `once` is read from; any other write ends it."""

_T = TypeVar("_T")


async def once(connection: AsyncConnection, key: tuple[Hashable, ...], read: Callable[[], Awaitable[_T]]) -> _T:
    """What ``read`` gives; in a unit of work it is read once until something is written that it may depend on.

    Args:
        key: what is read, and of what; the value must not be changed.
    """
    if not isinstance(connection, _Here):
        return await read()
    if key not in connection.known:
        connection.known[key] = await read()
    found: _T = connection.known[key]
    return found


class Writer:
    """The one connection that writes, opened by its first use."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._engine = _engine(path, WRITER, busy_seconds, begin="BEGIN IMMEDIATE", size=1)
        self._thread = ThreadPoolExecutor(1, "storage-writer")
        self._patience = _patience(busy_seconds)
        self._connection: Connection | None = None
        self._transaction: Transaction | None = None
        self._here: _Here | None = None

    async def begin(self) -> AsyncConnection:
        """Begin a transaction; gives what its statements are run with."""
        self._transaction = self._begin_at_once() or await self._there(self._begin)
        assert self._connection is not None
        if self._here is None:
            self._here = _Here(self._connection)
        self._here.refresh()
        return self._here

    async def commit(self) -> None:
        """Make it durable. It is still open where that fails."""
        assert self._transaction is not None
        await self._there(self._transaction.commit)

    async def rollback(self) -> None:
        """Undo it, also after a commit that failed."""
        await self._there(self._rollback)

    def run(self, statement: str) -> None:
        """Run a statement of the transaction's own, such as a savepoint's, by the shortest way."""
        assert self._connection is not None
        assert self._here is not None
        self._here.known.clear()
        driver_of(self._connection).execute(statement)

    async def close(self) -> None:
        """Close the connection; the last one of a file checkpoints."""
        await self._there(self._close)
        self._thread.shutdown()

    def _begin_at_once(self) -> Transaction | None:
        """A transaction where nobody else keeps the lock, as nearly always; None where it has to be waited for."""
        try:
            return self._connection.begin() if self._connection else None
        except OperationalError:
            return None  # the long way meets whatever it is again

    def _begin(self) -> Transaction:
        """A transaction, waited for; what follows in it has the lock, so that only its begin has to be patient."""
        if self._connection is None:
            self._connection = self._engine.connect()
        driver = driver_of(self._connection)
        driver.execute(self._patience)
        try:
            return self._connection.begin()
        finally:
            driver.execute(_patience(0))

    def _rollback(self) -> None:
        assert self._connection is not None
        assert self._transaction is not None
        self._transaction.rollback()
        # SQLAlchemy holds that a commit ends a transaction; one that fails leaves it open.
        driver_of(self._connection).rollback()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()

    async def _there(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class Readers:
    """Connections that cannot write, each for one at a time."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._engine = _engine(path, _READER, busy_seconds, begin="BEGIN", size=READERS)
        self._threads = ThreadPoolExecutor(READERS, "storage-reader")
        self._free = asyncio.Semaphore(READERS)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view."""
        async with self._free:
            connection = self._engine.connect()
            try:
                yield _There(connection, self._threads)
            finally:
                connection.close()

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._engine.dispose)
        self._threads.shutdown()


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


_prepared: dict[tuple[Hashable, ...], tuple[Any, Prepared | None]] = {}  # with it, so that its id stays its own


class _Plain(AsyncConnection):
    """An `AsyncConnection` on a driver that is not asynchronous."""

    def __init__(self, connection: Connection) -> None:
        self.sync_engine = connection.engine
        self.sync_connection = self._assign_proxied(connection)

    def _at_once(self, statement: Any, parameters: dict[str, Any]) -> Rows | None:
        """Run a statement that is marked as frequent by the short way; None where that does not go."""
        key = (id(statement), *parameters)
        if key not in _prepared:
            _prepared[key] = (statement, prepare(statement, tuple(parameters), self._proxied.dialect))
        _, prepared = _prepared[key]
        with suppress(Exception):  # whatever is wrong: the long way meets it again and says it as it should be said
            return prepared and prepared.run(driver_of(self._proxied), parameters)
        return None


class _Here(_Plain):
    """The writer's: its statements run where they are awaited."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._since = 0.0
        self.known: dict[tuple[Hashable, ...], Any] = {}
        event.listen(connection, "rollback_savepoint", lambda *_: self.known.clear())

    def refresh(self) -> None:
        """A transaction begins."""
        self._since = time.monotonic()
        self.known.clear()

    async def execute(
        self, statement: Any, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[Any]:
        if time.monotonic() - self._since > TURN_SECONDS:
            await asyncio.sleep(0)
            self._since = time.monotonic()
        if not (statement.is_select or (statement.is_dml and statement.table.name in APART)):
            self.known.clear()
        if statement.get_execution_options().get("often"):
            rows = self._at_once(statement, parameters or {})
            if rows is not None:
                return cast("CursorResult[Any]", rows)
        return self._proxied.execute(statement, parameters, execution_options=execution_options)


class _There(_Plain):
    """A reader's: each result is fetched whole in the thread where its statement runs."""

    def __init__(self, connection: Connection, threads: ThreadPoolExecutor) -> None:
        super().__init__(connection)
        self._threads = threads

    async def execute(
        self, statement: Any, parameters: Any = None, *, execution_options: Any = None
    ) -> CursorResult[Any]:
        if statement.get_execution_options().get("often"):
            if not self._proxied.in_transaction():
                self._proxied.begin()
            rows = self._at_once(statement, parameters or {})
            if rows is not None:
                return cast("CursorResult[Any]", rows)
        work = partial(self._fetched, statement, parameters, execution_options)
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait({running})  # the connection is somebody else's next
            raise

    def _fetched(self, statement: Any, parameters: Any, options: Any) -> Any:
        return self._proxied.execute(statement, parameters, execution_options=options).freeze()()


# FULL: an acknowledged answer survives a power cut; NORMAL lost some in most simulated ones.
WRITER = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
_READER = ("foreign_keys = ON", "query_only = ON")


def _patience(seconds: float) -> str:
    """How long a statement waits for another process."""
    return f"PRAGMA busy_timeout = {int(seconds * 1000)}"


def _engine(path: Path, pragmas: Sequence[str], busy_seconds: float, *, begin: str, size: int) -> Engine:
    """An engine whose connections may change threads, never used by two at once."""
    here = {"check_same_thread": False}
    engine = create_engine(f"sqlite:///{path}", connect_args=here, poolclass=QueuePool, pool_size=size, max_overflow=0)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        connection.execute(_patience(busy_seconds)).close()
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
