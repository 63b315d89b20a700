"""Packs the bot made that hold what was erased since: found by their content, noted in the trail, deleted.

Where a pack went after it was sent nobody here knows; the copy the bot keeps to send it again goes with the file.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.database import Database
from storage.files import BLOCK_BYTES, FileStore, sha256_of
from storage.made_files import EXPORTS
from storage.tables import AuditRow
from storage.tables_evidence import EvidenceRow

MADE, ERASED = "export.made", "export.erased"
PACK = "pack"
"""What `export.made` says of an evidence pack."""

_KEPT = 1_000  # packs whose sizes are remembered; what lies under a hash never changes


_audit: Any = AuditRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]


class Holding(NamedTuple):
    """A pack that holds erased contents. ``ref`` is empty for one that was too large to be sent."""

    path: Path
    ref: str
    campaign_id: int | None
    erased: tuple[str, ...]


async def holding_in(connection: AsyncConnection, store: FileStore, gone: Collection[str]) -> list[Holding]:
    """The kept packs that hold contents which are to be nowhere any more.

    Args:
        gone: as `erasing.gone_in` gives them.
    """
    if not gone:
        return []
    query = select(_evidence.c.sha256, _evidence.c.size_bytes).where(_evidence.c.sha256.in_(gone))
    sizes: dict[str, int] = {row.sha256: row.size_bytes for row in await connection.execute(query)}
    sent = {ref: campaign_id for campaign_id, ref in await _made_in(connection)}
    places = [(store.path_of(ref), ref, campaign_id) for ref, campaign_id in sent.items()]
    places += [(path, "", None) for path in sorted((store.folder.parent / EXPORTS).glob("*.zip"))]
    return await asyncio.to_thread(_look, places, sizes)


async def erase(database: Database, at: datetime, found: Iterable[Holding]) -> int:
    """Delete packs, each noted first: a crash between leaves bytes that are found again, never a loss unsaid."""
    count = 0
    for one in found:
        ref = one.ref or await asyncio.to_thread(sha256_of, one.path)
        subject = {"sha256": ref, "held": list(one.erased)}
        async with database.write() as connection:
            await audit.record(connection, at, "bot", ERASED, subject, one.campaign_id)
        one.path.unlink(missing_ok=True)
        count += 1
    return count


async def erased_in(connection: AsyncConnection) -> set[str]:
    """The references of packs that went, so that nobody misses them in the messages they were sent by."""
    query = select(_audit.c.subject).where(_audit.c.action == ERASED)
    return {json.loads(subject)["sha256"] for (subject,) in await connection.execute(query)}


async def _made_in(connection: AsyncConnection) -> list[tuple[int | None, str]]:
    """Campaign and reference of each pack that was sent; not one that somebody has sent in as evidence since."""
    query = select(_audit.c.campaign_id, _audit.c.subject).where(_audit.c.action == MADE).order_by(_audit.c.id)
    made = [(row.campaign_id, json.loads(row.subject)) for row in await connection.execute(query)]
    found = [(campaign_id, ref) for campaign_id, one in made if one["what"] == PACK for ref in one["sha256"]]
    sent_in = (_evidence.c.sha256.in_([ref for _, ref in found]), _evidence.c.erased_at.is_(None))
    kept = set((await connection.execute(select(_evidence.c.sha256).where(*sent_in))).scalars())
    return [(campaign_id, ref) for campaign_id, ref in found if ref not in kept]


def _look(places: Iterable[tuple[Path, str, int | None]], sizes: Mapping[str, int]) -> list[Holding]:
    found = []
    for path, ref, campaign_id in places:
        if path.is_file():
            stamp = path.stat().st_mtime_ns
            within = {sha for sha, size in sizes.items() if size in _sizes(path, stamp)}
            erased = tuple(sorted(sha for sha in within if sha in _hashes(path, stamp, sizes[sha])))
            found += [Holding(path, ref, campaign_id, erased)] if erased else []
    return found


@lru_cache(_KEPT)
def _sizes(path: Path, stamp: int) -> frozenset[int]:
    """The sizes of what a pack holds; none of what is no pack any more, which `file_check` says."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        return frozenset()


@lru_cache(_KEPT)
def _hashes(path: Path, stamp: int, size_bytes: int) -> frozenset[str]:
    """The hashes of what a pack holds of one size."""
    found = set()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size == size_bytes:
                digest = hashlib.sha256()
                with archive.open(member) as file:
                    while block := file.read(BLOCK_BYTES):
                        digest.update(block)
                found.add(digest.hexdigest())
    return frozenset(found)
