"""Numbers that count within a campaign and stand on receipts: 信息2026-0003, 线索2026-0003."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import NotFoundError
from storage.tables import UnitRow

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]


async def next_in(connection: AsyncConnection, table: Any, unit_id: int) -> tuple[int, int]:
    """The campaign of a unit and the next number in it; only one unit of work writes, so nobody else takes it.

    Args:
        table: has the columns ``campaign_id`` and ``number``, which starts at 1.

    Raises:
        NotFoundError: no such unit.
    """
    campaign_id = (await connection.execute(select(_unit.c.campaign_id).where(_unit.c.id == unit_id))).scalar()
    if campaign_id is None:
        raise NotFoundError("没有这个单位，请重新选择单位后再报")
    last = select(func.coalesce(func.max(table.c.number), 0)).where(table.c.campaign_id == campaign_id)
    return campaign_id, (await connection.execute(last)).scalar_one() + 1
