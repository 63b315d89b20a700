"""The audit trail: append-only rows chained by hash, written in the transaction of the change they record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import AuditRow

GENESIS = "0" * 64
"""What the first row's hash covers in place of a row before it."""

_audit = AuditRow.__table__  # type: ignore[attr-defined]


class Broken(NamedTuple):
    """A row whose hash does not follow from its content and the row before."""

    id: int
    why: str


class Chain(NamedTuple):
    """What a walk over the trail found: its length, its head, and the rows that do not fit."""

    rows: int
    head: str
    broken: tuple[Broken, ...]


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
    newest = select(_audit.c.hash).order_by(_audit.c.id.desc()).limit(1)
    previous = (await connection.execute(newest)).scalar() or GENESIS
    text = canonical(subject)
    digest = row_hash(previous, at, actor, action, campaign_id, text)
    row = {"at": at, "actor": actor, "action": action, "campaign_id": campaign_id, "subject": text}
    await connection.execute(insert(_audit).values(**row, previous_hash=previous, hash=digest))


async def walk(connection: AsyncConnection) -> Chain:
    """Check every row against its content and the one before.

    A chain alone cannot show that its tail was cut or all of it rebuilt: compare ``head`` with one kept outside.
    """
    previous, rows, broken = GENESIS, 0, []
    async for row in await connection.stream(select(_audit).order_by(_audit.c.id)):
        rows += 1
        if row.id != rows:
            broken.append(Broken(row.id, f"第 {rows} 行的编号应当是 {rows}"))
        if row.previous_hash != previous:
            broken.append(Broken(row.id, "与上一行接不上"))
        if row.hash != row_hash(row.previous_hash, row.at, row.actor, row.action, row.campaign_id, row.subject):
            broken.append(Broken(row.id, "内容被改过"))
        previous = row.hash
    return Chain(rows, previous, tuple(broken))


def row_hash(previous: str, at: datetime, actor: str, action: str, campaign_id: int | None, subject: str) -> str:
    """The hash of a row: sha256 over the canonical JSON of its content and the hash before."""
    content = [previous, at.timestamp(), actor, action, campaign_id, subject]
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON that is the same for the same content: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
