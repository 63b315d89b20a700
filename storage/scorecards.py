"""Scorecards: the engine's result of each unit, kept beside its answers so that all units are one read.

A stored scorecard is a cache: `answers.record` rewrites it in the answer's own transaction, `recompute` checks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, bindparam, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.breakdown import Breakdown
from rubrics.engine import Plan
from rubrics.facts import Facts
from rubrics.figures import plain, two_decimals
from rubrics.model import Rubric
from storage import editions, kept_facts, unit_facts
from storage.connections import once
from storage.database import Database
from storage.prepared import often
from storage.tables import CampaignRubricRow, UnitRow
from storage.tables_answers import ScorecardRow
from storage.unit_facts import UnitFacts

_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_scorecard: Any = ScorecardRow.__table__  # type: ignore[attr-defined]

_plans: dict[int, Plan] = {}


class Figures(msgspec.Struct, frozen=True):
    """A score as it is printed: each figure rounded by itself, half up, to two decimals; ``max`` is without bonus.

    ``raw``, ``total`` and ``max`` are None and ``items`` is empty where the rubric has no total. ``rows`` holds
    the targets done and all targets of each row of a tasks table.
    """

    items: dict[str, Decimal]
    bonus: Decimal
    raw: Decimal | None
    total: Decimal | None
    max: Decimal | None
    grade: str | None
    rows: dict[str, tuple[int, int]] = {}


class SummaryRow(NamedTuple):
    """One unit under one rubric, with its three scores as they are stored.

    ``answered`` of ``of`` criteria have a fact of the unit's own, ``reviewed`` one of the office; ``lacking`` claim more than is proven.
    """

    unit_id: int
    unit: str
    category: str
    rubric_id: str
    cards: tuple[str, str, str]
    answered: int
    lacking: int
    reviewed: int
    of: int
    updated_at: datetime | None

    @property
    def claimed(self) -> Figures:
        """自报: what the unit's answers come to."""
        return _figures(self.cards[0])

    @property
    def proven(self) -> Figures:
        """有材料: what is left when every answer that needs proof must have it."""
        return _figures(self.cards[1])

    @property
    def verified(self) -> Figures:
        """已核: what the office has verified."""
        return _figures(self.cards[2])


@lru_cache(maxsize=4096)
def _figures(card: str) -> Figures:
    """A stored card; most of a large table are never looked at one by one, so they are read when they are."""
    return msgspec.json.decode(card, type=Figures)


async def summary(database: Database, campaign_id: int) -> list[SummaryRow]:
    """Every unit with each rubric that assesses it, in roster order, from the stored scorecards.

    Raises:
        NotFoundError: no such campaign.
    """
    async with database.read() as connection:
        return await summary_in(connection, campaign_id)


async def summary_in(connection: AsyncConnection, campaign_id: int, unit_id: int | None = None) -> list[SummaryRow]:
    """As `summary`, seeing what this unit of work has already changed; of one unit where it is given."""
    return await _stored(connection, campaign_id, await editions.of_campaign(connection, campaign_id), unit_id)


async def recompute(database: Database, at: datetime, campaign_id: int) -> list[SummaryRow]:
    """Score every unit afresh from its answers and rewrite what differs.

    Returns:
        The rows that were wrong in the cache, as they are now; empty while the cache is what it should be.

    Raises:
        NotFoundError: no such campaign.
    """
    async with database.write() as connection:
        return await _rescore(connection, at, campaign_id, await editions.of_campaign(connection, campaign_id))


async def follow_freezing_in(connection: AsyncConnection, at: datetime, campaign_id: int) -> None:
    """Rewrite what depends on whether the scores are frozen: a department's clauses on its tasks."""
    found = await editions.of_campaign(connection, campaign_id)
    await _rescore(connection, at, campaign_id, [rubric for rubric in found if follows_tasks(rubric)])


def follows_tasks(rubric: Rubric) -> bool:
    """Whether clauses of a rubric follow from a tasks table."""
    return any(criterion.derived for criterion in rubric.criteria.values())


def scored_as(row: SummaryRow, rubric: Rubric, known: UnitFacts) -> SummaryRow:
    """A row as it is with these facts."""
    return row._replace(**_scored(rubric, known))


async def _rescore(
    connection: AsyncConnection, at: datetime, campaign_id: int, rubrics: Sequence[Rubric]
) -> list[SummaryRow]:
    """Rewrite the rows that differ from their facts; returns these."""
    by_id = {rubric.id: rubric for rubric in rubrics}
    wrong = []
    for row in await _stored(connection, campaign_id, rubrics) if rubrics else []:
        rubric = by_id[row.rubric_id]
        fresh = scored_as(row, rubric, await unit_facts.of_unit(connection, row.unit_id, rubric))
        if fresh != row:
            await _write(connection, at, fresh)
            wrong.append(fresh)
    return wrong


async def rewrite(connection: AsyncConnection, at: datetime, unit_id: int, rubric: Rubric) -> None:
    """Score a unit and keep the result, inside the transaction of what changed it.

    What follows from this rubric in another one (a department's clauses on its tasks) is scored again too.
    """
    for changed in (rubric, *await _following(connection, unit_id, rubric)):
        claimed = await claimed_in(connection, unit_id, changed)
        scored = _scored(changed, await unit_facts.of_unit(connection, unit_id, changed), claimed)
        nobody = SummaryRow(unit_id, "", "", changed.id, ("", "", ""), 0, 0, 0, 0, None)
        await _write(connection, at, nobody._replace(**scored))


async def _following(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> list[Rubric]:
    if not any(item.role == "task" for item in rubric.items):
        return []
    unit = (await connection.execute(select(_unit).where(_unit.c.id == unit_id))).one()
    found = await editions.of_campaign(connection, unit.campaign_id)
    follows = [r for r in found if any(c.derived and c.derived.rubric == rubric.id for c in r.criteria.values())]
    return [r for r in follows if unit.category in r.categories]


def figures_of(breakdown: Breakdown) -> Figures:
    """The printed figures of a scoring."""
    scored = [] if breakdown.total is None else [s for s in breakdown.items if s.plan.item.role == "scored"]

    def printed(units: Decimal | None) -> Decimal | None:
        return None if units is None else _rounded(breakdown.points(units))

    return Figures(
        items={s.plan.item.id: _rounded(breakdown.points(s.points)) for s in scored},
        bonus=_rounded(breakdown.points(breakdown.bonus or Decimal(0))),
        raw=printed(breakdown.raw),
        total=None if breakdown.total is None else _rounded(breakdown.total),
        max=printed(breakdown.in_force),
        grade=breakdown.grade,
        rows={row.id: (row.done, row.of) for row in breakdown.rows},
    )


async def claimed_in(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> Breakdown:
    """The unit's claimed score with its reasons; in a unit of work it is worked out once until something changes."""

    async def score() -> Breakdown:
        return plan_of(rubric).score((await unit_facts.of_unit(connection, unit_id, rubric)).claimed)

    return await once(connection, ("claimed", unit_id, id(rubric)), score)  # it has the rubric, whose id stays its own


def plan_of(rubric: Rubric) -> Plan:
    """The rubric compiled for scoring; kept, because an answer is scored in the time of a few statements."""
    plan = _plans.get(id(rubric))
    if plan is None or plan.rubric is not rubric:  # an id can come again once its rubric is gone
        plan = _plans[id(rubric)] = Plan(rubric)
    return plan


async def _stored(
    connection: AsyncConnection, campaign_id: int, rubrics: Sequence[Rubric], unit_id: int | None = None
) -> list[SummaryRow]:
    kept = and_(_scorecard.c.unit_id == _unit.c.id, _scorecard.c.rubric_id == _rubric.c.rubric_id)
    cards = (_scorecard.c.claimed, _scorecard.c.proven, _scorecard.c.verified)
    counts = (_scorecard.c.answered, _scorecard.c.lacking, _scorecard.c.reviewed)
    query = (
        select(
            _unit.c.id, _unit.c.name, _unit.c.category, _rubric.c.rubric_id, *cards, *counts, _scorecard.c.updated_at
        )
        .join(_rubric, _rubric.c.campaign_id == _unit.c.campaign_id)
        .join(_scorecard, kept, isouter=True)
        .where(_unit.c.campaign_id == campaign_id)
        .where(or_(*(and_(_rubric.c.rubric_id == r.id, _unit.c.category.in_(r.categories)) for r in rubrics)))
        .where(true() if unit_id is None else _unit.c.id == unit_id)
        .order_by(_unit.c.position, _rubric.c.position)
    )
    of = {rubric.id: len(rubric.criteria) for rubric in rubrics}
    nothing = {rubric.id: _of_nobody(rubric) for rubric in rubrics}
    return [
        SummaryRow(
            *row[:4],
            cards=(nothing[row[3]],) * 3 if row[4] is None else row[4:7],
            answered=row[7] or 0,
            lacking=row[8] or 0,
            reviewed=row[9] or 0,
            of=of[row[3]],
            updated_at=row[10],
        )
        for row in await connection.execute(query)
    ]


_nothing: dict[int, tuple[Rubric, str]] = {}


def _of_nobody(rubric: Rubric) -> str:
    """The card of a unit of which nothing is known."""
    kept = _nothing.get(id(rubric))
    if kept is None or kept[0] is not rubric:  # an id can come again once its rubric is gone
        kept = _nothing[id(rubric)] = (rubric, _card_of(plan_of(rubric).score({})))
    return kept[1]


def _card_of(breakdown: Breakdown) -> str:
    return msgspec.json.encode(figures_of(breakdown)).decode()


def _scored(rubric: Rubric, known: UnitFacts, claimed: Breakdown | None = None) -> dict[str, Any]:
    """What a scorecard says.

    Args:
        claimed: the scoring of the claimed facts, where there is one already.
    """
    plan = plan_of(rubric)
    different: list[tuple[Facts, str]] = [({}, _of_nobody(rubric))]
    cards = []
    for facts in (known.claimed, known.proven, known.verified):
        card = next((card for same, card in different if same == facts), None)
        if card is None:
            scored = claimed if claimed is not None and facts is known.claimed else plan.score(facts)
            card = _card_of(scored)
            different.append((facts, card))
        cards.append(card)
    return {
        "cards": tuple(cards),
        "answered": kept_facts.known(known.own, rubric.criteria),
        "lacking": len(known.lacking),
        "reviewed": kept_facts.known(known.reviewed, rubric.criteria),
    }


_REWRITE = often(
    update(_scorecard)
    .where(_scorecard.c.unit_id == bindparam("of_unit"), _scorecard.c.rubric_id == bindparam("of_rubric"))
    .values(
        {
            name: bindparam(name)
            for name in ("claimed", "proven", "verified", "answered", "lacking", "reviewed", "updated_at")
        }
    )
)


async def _write(connection: AsyncConnection, at: datetime, row: SummaryRow) -> None:
    claimed, proven, verified = row.cards
    cards = {"claimed": claimed, "proven": proven, "verified": verified}
    counts = {"answered": row.answered, "lacking": row.lacking, "reviewed": row.reviewed}
    values = {**cards, **counts, "updated_at": at}
    same = {"of_unit": row.unit_id, "of_rubric": row.rubric_id}
    if not (await connection.execute(_REWRITE, {**same, **values})).rowcount:
        await connection.execute(insert(_scorecard), {"unit_id": row.unit_id, "rubric_id": row.rubric_id, **values})


def _rounded(points: Decimal | Fraction) -> Decimal:
    return Decimal(plain(two_decimals(points)))
