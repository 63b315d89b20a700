"""Files that serve something else than a clause: the signed page of a 自评, the proof of a line of 整改."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables_closing import RectificationRow
from storage.tables_ledger import SubmissionRow

SIGNED, RECTIFIED = "自评签字页", "整改材料"

_submission: Any = SubmissionRow.__table__  # type: ignore[attr-defined]
_rectification: Any = RectificationRow.__table__  # type: ignore[attr-defined]


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> dict[int, str]:
    """What each such file of a unit serves, by its evidence id."""
    return await _found(connection, _submission.c.unit_id == unit_id, _rectification.c.unit_id == unit_id)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> dict[int, str]:
    """As `of_unit_in`, of all units."""
    same = (_submission.c.campaign_id == campaign_id, _rectification.c.campaign_id == campaign_id)
    return await _found(connection, *same)


async def _found(connection: AsyncConnection, submitted: Any, rectified: Any) -> dict[int, str]:
    signed = select(_submission.c.signed_id).where(submitted, _submission.c.signed_id.is_not(None))
    found = {ident: SIGNED for (ident,) in await connection.execute(signed)}
    for (files,) in await connection.execute(select(_rectification.c.files).where(rectified)):
        found.update(dict.fromkeys(json.loads(files), RECTIFIED))
    return found
