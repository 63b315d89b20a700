"""Browser sessions: who holds which cookie, kept as hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.clock import Clock
from storage.database import Database
from storage.tables_conversation import SessionRow

_session: Any = SessionRow.__table__  # type: ignore[attr-defined]


class Sessions:
    """Fulfils `channels.port.Sessions`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self, token_sha256: str, address: str, expires_at: datetime) -> None:
        """Bind a token to an address."""
        row = {"token_sha256": token_sha256, "address": address, "created_at": self._clock(), "expires_at": expires_at}
        async with self._database.write() as connection:
            await connection.execute(insert(_session).values(**row))

    async def address_of(self, token_sha256: str, now: datetime) -> str | None:
        """The address of a token that is neither ended nor expired."""
        valid = (_session.c.token_sha256 == token_sha256, _session.c.ended_at.is_(None), _session.c.expires_at > now)
        async with self._database.read() as connection:
            return (await connection.execute(select(_session.c.address).where(*valid))).scalar()

    async def end(self, token_sha256: str) -> None:
        """Forget a token; ending it again changes nothing."""
        open_one = (_session.c.token_sha256 == token_sha256, _session.c.ended_at.is_(None))
        async with self._database.write() as connection:
            await connection.execute(update(_session).where(*open_one).values(ended_at=self._clock()))
