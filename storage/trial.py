"""A change on trial: carried out to see what it would come to, then undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_BEGIN, _UNDO, _END = (text(words) for words in ("SAVEPOINT trial", "ROLLBACK TO trial", "RELEASE trial"))


@asynccontextmanager
async def on_trial(connection: AsyncConnection) -> AsyncIterator[None]:
    """Undo at its end everything the block changes; what the unit of work did before stays. Not inside another one."""
    await connection.execute(_BEGIN)
    try:
        yield
    finally:
        await connection.execute(_UNDO)
        await connection.execute(_END)
