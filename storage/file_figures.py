"""The numbers in files' text: read once a content, after the files came, so that a question about a figure needs no press.

What is kept goes when the file is erased. It follows from the bytes and from nothing anybody said; it has no row in the
audit trail, as scorecards have none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.doubts import figure_lines
from storage.database import Database
from storage.file_text import READ_KINDS, FileText, NoText, TextReader
from storage.tables_evidence import EvidenceRow, FileFiguresRow

MOST_FILES = 200
"""So many are read at a time; the others have their turn at the next."""

_LATER = frozenset({"busy"})  # to be asked again; any other reason stays what it is
_MORE = frozenset({"large", "slow"})  # there is text that was not read

_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_figures: Any = FileFiguresRow.__table__  # type: ignore[attr-defined]


async def read_new(database: Database, reader: TextReader, at: datetime) -> int:
    """Read and keep what has numbers in files that were not looked into yet; how many were. Harmless to repeat."""
    async with database.read() as connection:
        files = await _unread(connection)
    found = {}
    for ref, kind in files:
        said = await reader.text_of(ref, kind)
        if not (isinstance(said, NoText) and said.why in _LATER):
            found[ref] = _lines(said)
    if not found:
        return 0
    async with database.write() as connection:
        wanted = await _wanted(connection, found)
        if rows := [{"sha256": ref, "lines": found[ref], "read_at": at} for ref in wanted]:
            await connection.execute(insert(_figures), rows)
    return len(rows)


async def forget_in(connection: AsyncConnection, ref: str) -> None:
    """Let go what was read in an erased file, unless somebody still has the same content."""
    kept = select(_evidence.c.id).where(_evidence.c.sha256 == ref, _evidence.c.erased_at.is_(None))
    await connection.execute(delete(_figures).where(_figures.c.sha256 == ref, ~kept.exists()))


def _lines(said: FileText | NoText) -> str | None:
    """Nothing where the text goes on: what is not in its beginning may stand in the rest."""
    if isinstance(said, NoText):
        return None if said.why in _MORE else ""
    return None if said.cut else figure_lines(said.text)


async def _unread(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Contents and kinds, oldest first."""
    known = select(_figures.c.sha256).where(_figures.c.sha256 == _evidence.c.sha256)
    wanted = (_evidence.c.kind.in_(READ_KINDS), _evidence.c.withdrawn_at.is_(None), _evidence.c.erased_at.is_(None))
    query = select(_evidence.c.sha256, _evidence.c.kind).where(*wanted, ~known.exists()).order_by(_evidence.c.id)
    rows = await connection.execute(query.limit(MOST_FILES))
    return list(dict.fromkeys((row.sha256, row.kind) for row in rows))


async def _wanted(connection: AsyncConnection, refs: Collection[str]) -> list[str]:
    """Those that are not kept yet and were not erased while they were read."""
    known = select(_figures.c.sha256).where(_figures.c.sha256 == _evidence.c.sha256)
    where = (_evidence.c.sha256.in_(refs), _evidence.c.erased_at.is_(None), ~known.exists())
    return list((await connection.execute(select(_evidence.c.sha256).distinct().where(*where))).scalars())
