"""What was sent back (退回) or changed (改分): what a unit still has to hear, and what it was told and has not mended.

A unit that was told of a verdict also hears what became of it: passed after all (通过), or taken back (撤销).
"""

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

_NEWS_AFTER = {"pass": ("return", "change", "open"), "open": ("return", "change", "pass")}
"""Verdicts that are only news to who was told of one of these before."""


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
    """The returns and changes each unit has still to hear of, oldest first, by unit; and what became of those it was told.

    What the unit has answered anew since is left out: it did by itself what it would be told to do.
    """
    waiting = [*await verdicts.untold_in(connection, campaign_id), *await _turned_in(connection, campaign_id)]
    found: dict[int, list[Verdict]] = {}
    held = await review_rows.of_campaign_in(connection, campaign_id) if waiting else {}
    for verdict in sorted(waiting, key=lambda one: one.id):
        known = held.get((verdict.unit_id, verdict.rubric_id), review_rows.NOTHING)
        if known.bases.of(verdict.criterion_id) == verdict.basis:
            found.setdefault(verdict.unit_id, []).append(verdict)
    return found


async def _turned_in(connection: AsyncConnection, campaign_id: int) -> list[Verdict]:
    """The newest verdicts nobody was told of that pass, or take back, what the unit was told of the same version."""
    told, later = _verdict.alias("told"), _verdict.alias("later")
    same = tuple(_verdict.c[name] for name in ("unit_id", "rubric_id", "criterion_id"))

    def alike(table: Any) -> list[Any]:
        return [table.c[column.name] == column for column in same]

    before = select(told.c.id).where(*alike(told), told.c.id < _verdict.c.id, told.c.told_at.is_not(None))
    newest = ~select(later.c.id).where(*alike(later), later.c.id > _verdict.c.id).exists()
    untold = (
        _verdict.c.campaign_id == campaign_id,
        _verdict.c.told_at.is_(None),
        _verdict.c.kind.in_(tuple(_NEWS_AFTER)),
    )
    query = select(*same).where(*untold, newest, before.where(told.c.basis == _verdict.c.basis).exists())
    found = []
    for clause in (await connection.execute(query)).all():
        *_, last = history = await verdicts.history_in(connection, *clause)
        heard = [one for one in history if one.told_at is not None][-1]
        if heard.basis == last.basis and heard.kind in _NEWS_AFTER[last.kind]:
            found.append(last)
    return found
