"""When the files of units say they were made: read once a content, after they came, so that nobody waits for it.

What is kept follows from the bytes and from nothing anybody said; it has no row in the audit trail, as scorecards have none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.file_text import DATED_KINDS, FileDates, NoText, TextReader
from storage.tables_evidence import EvidenceRow, FileDatesRow

EARLIEST_YEAR = 1990
"""A file that says it is older has a clock that was never set."""

MOST_FILES = 200
"""So many are read at a time; the others have their turn at the next."""

_LATER = frozenset({"busy"})  # to be asked again; any other reason stays what it is

_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_dates: Any = FileDatesRow.__table__  # type: ignore[attr-defined]


async def read_new(database: Database, reader: TextReader, at: datetime, zone: ZoneInfo) -> int:
    """Read and keep the dates of files that were not looked into yet; how many were. Harmless to repeat.

    Args:
        zone: the office's, in which a moment is a day.
    """
    async with database.read() as connection:
        files = await _unread(connection)
    found = {ref: await reader.dates_of(ref, kind) for ref, kind in files}
    rows = [_row(ref, said, at, zone) for ref, said in found.items() if not _comes_later(said)]
    if rows:
        async with database.write() as connection:
            known = (await connection.execute(select(_dates.c.sha256).where(_dates.c.sha256.in_(found)))).scalars()
            held = set(known)
            if fresh := [row for row in rows if row["sha256"] not in held]:
                await connection.execute(insert(_dates), fresh)
    return len(rows)


async def _unread(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Contents and kinds, oldest first."""
    known = select(_dates.c.sha256).where(_dates.c.sha256 == _evidence.c.sha256)
    wanted = (_evidence.c.kind.in_(DATED_KINDS), _evidence.c.withdrawn_at.is_(None), _evidence.c.erased_at.is_(None))
    query = select(_evidence.c.sha256, _evidence.c.kind).where(*wanted, ~known.exists()).order_by(_evidence.c.id)
    return [(row.sha256, row.kind) for row in await connection.execute(query.limit(MOST_FILES))]


def _comes_later(said: FileDates | NoText) -> bool:
    return isinstance(said, NoText) and said.why in _LATER


def _row(ref: str, said: FileDates | NoText, at: datetime, zone: ZoneInfo) -> Mapping[str, Any]:
    made, saved = (None, None) if isinstance(said, NoText) else (_day(one, at, zone) for one in said)
    return {"sha256": ref, "made_on": made, "saved_on": saved, "read_at": at}


def _day(said: str, at: datetime, zone: ZoneInfo) -> date | None:
    """The day in the office's zone; None for what is said to be before 1990 or still to come."""
    if not said:
        return None
    moment = datetime.fromisoformat(said)
    if not EARLIEST_YEAR <= moment.year <= at.year + 1:  # before any zone: the year 1 has none before it
        return None
    day = moment.astimezone(zone).date() if moment.tzinfo else moment.date()
    return day if day.year >= EARLIEST_YEAR and day <= at.astimezone(zone).date() else None
