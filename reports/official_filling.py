"""The official tables of a campaign's units, filled from what is stored: as it is now, or as a snapshot has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.check_sheet import Checked
from reports.official_table import Honour, OfficialTable, basis_of, honours, official
from reports.snapshot_words import named
from rubrics.facts import Facts
from rubrics.kinds import Bonus
from rubrics.model import Rubric
from storage import editions, entries, scorecards, snapshots, unit_facts
from storage.scorecards import SummaryRow


class Filled(NamedTuple):
    """A unit's table under a rubric, and the scoring that its 校核 sheet checks."""

    rubric: Rubric
    table: OfficialTable
    checked: Checked


class _Known(NamedTuple):
    rubric: Rubric
    row: SummaryRow
    facts: Facts


async def tables_in(
    connection: AsyncConnection,
    campaign_id: int,
    score: str,
    at: datetime,
    zone: ZoneInfo,
    *,
    unit_id: int | None = None,
    rubric_id: str | None = None,
    snapshot: int | None = None,
) -> list[Filled]:
    """The tables of all units, in roster order, or of one unit, one rubric.

    Args:
        score: claimed, proven or verified.
        at: aware; the moment the tables name where no snapshot is given.
        snapshot: the number of one; honours registered after it are left out, those withdrawn since are not known.

    Raises:
        NotFoundError: no such campaign or snapshot.
    """
    if snapshot is None:
        name, until, known = "", at, await _now(connection, campaign_id, score)
    else:
        name, until, known = await _then(connection, campaign_id, score, snapshot, zone)
    basis, made = basis_of(score, name, at, zone), []
    for rubric, row, facts in known:
        if unit_id in (None, row.unit_id) and rubric_id in (None, rubric.id):
            scored = scorecards.plan_of(rubric).score(facts)
            honoured = await _honours(connection, row.unit_id, rubric, until)
            table = official(scored, row.unit, row.category, score, basis, at.astimezone(zone), honoured)
            made.append(Filled(rubric, table, Checked(row.unit, scored)))
    return [filled for filled in made if filled.table.lines]  # no row of a tasks table may be a unit's own


async def _then(
    connection: AsyncConnection, campaign_id: int, score: str, number: int, zone: ZoneInfo
) -> tuple[str, datetime, Sequence[_Known]]:
    """A snapshot's name as tables print it, its moment, and what was known then."""
    found = await snapshots.find_in(connection, campaign_id, number)
    content = await snapshots.read_in(connection, found)
    cards = ((content.rubric(card.row.rubric_id), card) for card in content.cards)
    return named(found, zone), found.at, [_Known(rubric, card.row, getattr(card, score)) for rubric, card in cards]


async def _now(connection: AsyncConnection, campaign_id: int, score: str) -> Sequence[_Known]:
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    known = []
    for row in await scorecards.summary_in(connection, campaign_id):
        rubric = rubrics[row.rubric_id]
        known.append(_Known(rubric, row, getattr(await unit_facts.of_unit(connection, row.unit_id, rubric), score)))
    return known


async def _honours(
    connection: AsyncConnection, unit_id: int, rubric: Rubric, until: datetime
) -> dict[str, list[Honour]]:
    found: dict[str, list[Honour]] = {}
    for criterion in rubric.criteria.values():
        if isinstance(criterion.score, Bonus) and criterion.entries is not None:
            kept = await entries.of_clause_in(connection, unit_id, rubric.id, criterion.id)
            found |= honours(entry for entry in kept if entry.at <= until)
    return found
