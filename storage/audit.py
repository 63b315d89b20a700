"""The audit trail: append-only rows chained by hash, written in the transaction of the change they record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from string import hexdigits
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.prepared import often
from storage.tables import AuditRow

GENESIS = "0" * 64
"""What the first row's hash covers in place of a row before it."""

WITNESS_CHARACTERS = 16
"""So much of a hash is said to people, who keep it."""

WALK_ROWS = 5_000  # read at a time: a trail of years must not lie in memory as a whole

_encode = msgspec.json.Encoder().encode
# Rows as they lie, without the tables' conversions: four fifths of the time a walk took went there.
_NEXT = text(
    "SELECT id, at, actor, action, campaign_id, subject, previous_hash, hash FROM audit"
    " WHERE id > :after ORDER BY id LIMIT :most"
)
_audit = AuditRow.__table__  # type: ignore[attr-defined]
_NEWEST = often(select(_audit.c.hash).order_by(_audit.c.id.desc()).limit(1))
_HEAD = select(_audit.c.id, _audit.c.hash).order_by(_audit.c.id.desc()).limit(1)
_INSERT = often(insert(_audit))


class Broken(NamedTuple):
    """A row whose hash does not follow from its content and the row before."""

    id: int
    why: str


class Chain(NamedTuple):
    """What a walk over the trail found: its length, its head, and the rows that do not fit."""

    rows: int
    head: str
    broken: tuple[Broken, ...]


class Head(NamedTuple):
    """The newest row's number and hash. Kept by people outside, it shows later that no tail was cut, none rebuilt."""

    row: int
    hash: str

    @property
    def words(self) -> str:
        """What is kept: enough of the hash that nobody finds another row with it."""
        return f"第 {self.row} 行 {self.hash[:WITNESS_CHARACTERS]}"


async def head_in(connection: AsyncConnection) -> Head:
    """The head as it is now; of an empty trail row 0."""
    found = (await connection.execute(_HEAD)).first()
    return Head(*found) if found else Head(0, GENESIS)


async def row_of_in(connection: AsyncConnection, witnessed: str) -> int | None:
    """The row whose hash begins as a witnessed one does; None where the trail has none."""
    beginning = witnessed.strip().lower()
    if len(beginning) < WITNESS_CHARACTERS or not set(beginning) <= set(hexdigits):
        return None
    same = func.substr(_audit.c.hash, 1, len(beginning)) == beginning
    return (await connection.execute(select(_audit.c.id).where(same))).scalar()


async def record(
    connection: AsyncConnection,
    at: datetime,
    actor: str,
    action: str,
    subject: Mapping[str, Any],
    campaign_id: int | None = None,
) -> None:
    """Append a row.

    Args:
        actor: who did it: ``cli``, or a person's id.
        subject: ids and hashes of what changed; no token, no personal words.
    """
    previous = (await connection.execute(_NEWEST)).scalar() or GENESIS
    content = canonical(subject)
    digest = row_hash(previous, at, actor, action, campaign_id, content)
    row = {"at": at, "actor": actor, "action": action, "campaign_id": campaign_id, "subject": content}
    await connection.execute(_INSERT, {**row, "previous_hash": previous, "hash": digest})


async def walk(connection: AsyncConnection) -> Chain:
    """Check every row against its content and the one before.

    A chain alone cannot show that its tail was cut or all of it rebuilt: compare ``head`` with one kept outside.
    """
    previous, rows, broken = GENESIS, 0, []
    after = -(2**63)
    while batch := (await connection.execute(_NEXT, {"after": after, "most": WALK_ROWS})).all():
        for ident, at, actor, action, campaign_id, subject, before, digest in batch:
            rows += 1
            if ident != rows:
                broken.append(Broken(ident, f"第 {rows} 行的编号应当是 {rows}"))
            if before != previous:
                broken.append(Broken(ident, "与上一行接不上"))
            if not _fits(digest, before, at, actor, action, campaign_id, subject):
                broken.append(Broken(ident, "内容被改过"))
            previous = digest
        after = batch[-1][0]
    return Chain(rows, previous, tuple(broken))


def _fits(
    digest: str, before: str, at_text: str, actor: str, action: str, campaign_id: int | None, subject: str
) -> bool:
    """Whether a row's hash is that of its content; the quick encoder first, the one that is the rule in doubt."""
    try:
        at = datetime.fromisoformat(at_text)
        quick = _encode([before, at.timestamp(), actor, action, campaign_id, subject])
        if hashlib.sha256(quick).hexdigest() == digest:
            return True
        return row_hash(before, at, actor, action, campaign_id, subject) == digest
    except (ValueError, TypeError):  # what lies there is no moment or no text any more
        return False


def row_hash(previous: str, at: datetime, actor: str, action: str, campaign_id: int | None, subject: str) -> str:
    """The hash of a row: sha256 over the canonical JSON of its content and the hash before."""
    content = [previous, at.timestamp(), actor, action, campaign_id, subject]
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON that is the same for the same content: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
