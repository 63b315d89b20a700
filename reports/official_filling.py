"""The official tables of a campaign's units, filled from what is stored: as it is now, or as a snapshot has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.check_sheet import Checked
from reports.official_table import OfficialTable, basis_of, official
from reports.snapshot_words import named
from rubrics.facts import Facts
from rubrics.model import Rubric
from storage import editions, honours, scorecards, snapshots, unit_facts
from storage.honours import Honour
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
    claimed: Facts
    honoured: Mapping[str, Sequence[Honour]]


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
        snapshot: the number of one; nothing that happened after it changes a word. Only where it holds no honours (it
            is older than that) those of today are taken that were registered by then.

    Raises:
        NotFoundError: no such campaign or snapshot.
    """
    if snapshot is None:
        name, known = "", await _now(connection, campaign_id, score)
    else:
        name, known = await _then(connection, campaign_id, score, snapshot, zone)
    basis, made = basis_of(score, name, at, zone), []
    for rubric, row, facts, claimed, honoured in known:
        if unit_id in (None, row.unit_id) and rubric_id in (None, rubric.id):
            plan = scorecards.plan_of(rubric)
            scored, said = plan.score(facts), plan.score(claimed) if score == "verified" else None
            about = (row.unit, row.category, score, basis, at.astimezone(zone))
            table = official(scored, *about, honoured, said)
            made.append(Filled(rubric, table, Checked(row.unit, scored)))
    return [filled for filled in made if filled.table.lines]  # no row of a tasks table may be a unit's own


async def _then(
    connection: AsyncConnection, campaign_id: int, score: str, number: int, zone: ZoneInfo
) -> tuple[str, Sequence[_Known]]:
    """A snapshot's name as tables print it, and what was known then."""
    found = await snapshots.find_in(connection, campaign_id, number)
    content = await snapshots.read_in(connection, found)
    known = []
    for card in content.cards:
        rubric, given = content.rubric(card.row.rubric_id), card.honours
        if given is None:
            given = await honours.of_unit_in(connection, card.row.unit_id, rubric, found.at)
        known.append(_Known(rubric, card.row, getattr(card, score), card.claimed, given))
    return named(found, zone), known


async def _now(connection: AsyncConnection, campaign_id: int, score: str) -> Sequence[_Known]:
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    known = []
    for row in await scorecards.summary_in(connection, campaign_id):
        rubric = rubrics[row.rubric_id]
        facts = await unit_facts.of_unit(connection, row.unit_id, rubric)
        given = await honours.of_unit_in(connection, row.unit_id, rubric)
        known.append(_Known(rubric, row, getattr(facts, score), facts.claimed, given))
    return known
