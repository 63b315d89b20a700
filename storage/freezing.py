"""Whether a campaign's scores are frozen: 审定 was made and nothing has been opened again since."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import StorageError
from storage.prepared import often
from storage.tables_closing import MotionRow, SnapshotRow

SCORES = "scores"
"""What the subject of a ``reopen`` motion names under ``what`` when it opens frozen scores again."""

_motion: Any = MotionRow.__table__  # type: ignore[attr-defined]
_snapshot: Any = SnapshotRow.__table__  # type: ignore[attr-defined]


_FINAL = often(
    select(_snapshot.c.number, _snapshot.c.at)
    .where(_snapshot.c.campaign_id == bindparam("campaign"), _snapshot.c.final.is_(True))
    .order_by(_snapshot.c.number.desc())
    .limit(1)
)
"""Every answer asks for it."""


class FrozenError(StorageError):
    """Something would change scores that are frozen."""


class Frozen(NamedTuple):
    """The snapshot in which the scores were frozen."""

    number: int
    at: datetime


async def frozen_in(connection: AsyncConnection, campaign_id: int) -> Frozen | None:
    """The final snapshot that holds now; None while scores may change."""
    newest = (await connection.execute(_FINAL, {"campaign": campaign_id})).first()
    if newest is None or await _opened_since(connection, campaign_id, newest.number):
        return None
    return Frozen(newest.number, newest.at)


async def refuse_frozen_in(connection: AsyncConnection, campaign_id: int) -> None:
    """See that the scores of a campaign may still change.

    Raises:
        FrozenError: they are frozen.
    """
    frozen = await frozen_in(connection, campaign_id)
    if frozen is not None:
        raise FrozenError(f"得分已在第 {frozen.number} 号快照审定冻结，不能再改；要改请先发 快照，提请重新开放")


async def _opened_since(connection: AsyncConnection, campaign_id: int, number: int) -> bool:
    """Whether two people opened again what this snapshot froze; its motion names the snapshot, not a moment."""
    agreed = (_motion.c.campaign_id == campaign_id, _motion.c.kind == "reopen", _motion.c.agreed.is_(True))
    subjects = (await connection.execute(select(_motion.c.subject).where(*agreed))).scalars()
    return any(json.loads(subject) == reopening(number) for subject in subjects)


def reopening(number: int) -> dict[str, Any]:
    """The subject of the motion that opens again what a snapshot froze."""
    return {"what": SCORES, "snapshot": number}
