"""A unit's three totals at each snapshot, and what changed since the newest one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from storage import snapshots
from storage.scorecards import SummaryRow
from storage.snapshots import Snapshot


class Then(NamedTuple):
    """A unit's totals under a rubric in a snapshot; None without a total."""

    snapshot: Snapshot
    rubric_id: str
    claimed: Decimal | None
    proven: Decimal | None
    verified: Decimal | None


class Change(NamedTuple):
    """How far a unit's totals moved; 0 where they did not."""

    unit: str
    claimed: Decimal
    proven: Decimal
    verified: Decimal


async def of_unit_in(connection: AsyncConnection, campaign_id: int, unit_id: int) -> list[Then]:
    """The unit's totals at each snapshot, oldest first."""
    found = []
    for snapshot in await snapshots.of_campaign_in(connection, campaign_id):
        for row in await snapshots.rows_in(connection, snapshot):
            if row.unit_id == unit_id:
                totals = (row.claimed.total, row.proven.total, row.verified.total)
                found.append(Then(snapshot, row.rubric_id, *totals))
    return found


def changes(before: Iterable[SummaryRow], now: Iterable[SummaryRow]) -> list[Change]:
    """The units whose totals moved between two readings of one rubric, in the order of the later one.

    A unit or a total that one of the two does not have is left out: there is nothing to compare.
    """
    earlier = {(row.unit_id, row.rubric_id): row for row in before}
    found = []
    for row in now:
        old = earlier.get((row.unit_id, row.rubric_id))
        if old is None:
            continue
        pairs = [(_totals(row)[n], _totals(old)[n]) for n in range(3)]
        moved = [Decimal(0) if new is None or was is None else new - was for new, was in pairs]
        if any(moved):
            found.append(Change(row.unit, *moved))
    return found


def _totals(row: SummaryRow) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return row.claimed.total, row.proven.total, row.verified.total
