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
from reports.unreviewed import Decided
from rubrics.facts import Facts
from rubrics.kinds import Bonus
from rubrics.model import Rubric
from storage import campaigns, editions, honours, scorecards, snapshots, unit_facts, verdicts
from storage.honours import Honour
from storage.scorecards import SummaryRow
from storage.snapshots import Snapshot


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
    verdicts: Mapping[str, int]  # the id of the one that counts, by clause


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
    name, final = "", False
    if snapshot is None:
        known = await _now(connection, campaign_id, score)
    else:
        found = await snapshots.find_in(connection, campaign_id, snapshot)
        name, final, known = named(found, zone), found.final, await _then(connection, score, found)
    (campaign,) = await campaigns.campaigns_in(connection, campaign_id)
    basis, made = basis_of(campaign.year, score, name, at, zone), []
    for one in known:
        rubric, row = one.rubric, one.row
        if unit_id in (None, row.unit_id) and rubric_id in (None, rubric.id):
            plan = scorecards.plan_of(rubric)
            scored, said = plan.score(one.facts), plan.score(one.claimed) if score == "verified" else None
            decided = await _decided(connection, campaign_id, one) if said else {}
            about = (row.unit, row.category, score, basis, at.astimezone(zone))
            table = official(scored, *about, one.honoured, said, decided, final=final)
            made.append(Filled(rubric, table, Checked(row.unit, scored)))
    return [filled for filled in made if filled.table.lines]  # no row of a tasks table may be a unit's own


async def _decided(connection: AsyncConnection, campaign_id: int, one: _Known) -> dict[str, Decided]:
    """The verdicts whose reason a table tells: what was sent back, and bonuses that were changed."""
    found = {}
    for ident, verdict_id in one.verdicts.items():
        if ident not in one.facts or isinstance(one.rubric.criteria[ident].score, Bonus):
            verdict = await verdicts.find_in(connection, campaign_id, verdict_id)
            if verdict.kind in {"return", "change"}:
                found[ident] = Decided(verdict.kind, verdict.reason)
    return found


async def _then(connection: AsyncConnection, score: str, found: Snapshot) -> Sequence[_Known]:
    """What was known when a snapshot was taken."""
    content = await snapshots.read_in(connection, found)
    known = []
    for card in content.cards:
        rubric, given = content.rubric(card.row.rubric_id), card.honours
        if given is None:
            given = await honours.of_unit_in(connection, card.row.unit_id, rubric, found.at)
        known.append(_Known(rubric, card.row, getattr(card, score), card.claimed, given, card.verdicts))
    return known


async def _now(connection: AsyncConnection, campaign_id: int, score: str) -> Sequence[_Known]:
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    known = []
    for row in await scorecards.summary_in(connection, campaign_id):
        rubric = rubrics[row.rubric_id]
        facts = await unit_facts.of_unit(connection, row.unit_id, rubric)
        given = await honours.of_unit_in(connection, row.unit_id, rubric)
        standing = {ident: verdict.id for ident, verdict in facts.verdicts.items() if verdict.current}
        known.append(_Known(rubric, row, getattr(facts, score), facts.claimed, given, standing))
    return known
