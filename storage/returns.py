"""What was sent back (退回) or changed (改分): what a unit still has to hear, and what it was told and has not mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import review_rows, verdicts
from storage.tables_review import VerdictRow
from storage.unit_facts import UnitFacts
from storage.verdicts import Verdict

_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


class Returned(NamedTuple):
    """Why and when a clause was sent back."""

    reason: str
    at: datetime


async def standing_in(connection: AsyncConnection, known: UnitFacts) -> dict[str, Returned]:
    """The clauses of a unit that were sent back, that it was told of, and about which nothing has been done; by id.

    Before the unit is told, the reviewer may still take a return back: until then it is nobody's business.
    """
    sent_back = {found.id: ident for ident, found in known.verdicts.items() if found.returned}
    if not sent_back:
        return {}
    query = select(_verdict.c.id, _verdict.c.reason, _verdict.c.at).where(_verdict.c.id.in_(sent_back))
    rows = await connection.execute(query.where(_verdict.c.told_at.is_not(None)))
    return {sent_back[row.id]: Returned(row.reason, row.at) for row in rows}


async def untold_in(connection: AsyncConnection, campaign_id: int) -> Mapping[int, list[Verdict]]:
    """The returns and changes each unit has still to hear of, oldest first, by unit.

    What the unit has answered anew since is left out: it did by itself what it would be told to do.
    """
    waiting = await verdicts.untold_in(connection, campaign_id)
    found: dict[int, list[Verdict]] = {}
    held = await review_rows.of_campaign_in(connection, campaign_id) if waiting else {}
    for verdict in waiting:
        known = held.get((verdict.unit_id, verdict.rubric_id), review_rows.NOTHING)
        standing = known.verdicts.get(verdict.criterion_id)
        if standing is not None and standing.id == verdict.id and standing.current:
            found.setdefault(verdict.unit_id, []).append(verdict)
    return found
