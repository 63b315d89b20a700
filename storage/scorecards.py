"""Scorecards: the engine's result of each unit, kept beside its answers so that all units are one read.

A stored scorecard is a cache: `answers.record` rewrites it in the answer's own transaction, `recompute` checks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import loader
from rubrics.breakdown import Breakdown
from rubrics.engine import Plan
from rubrics.facts import Fact, Facts
from rubrics.figures import plain, two_decimals
from rubrics.model import Rubric
from storage import kept_facts
from storage.database import Database
from storage.errors import NotFoundError
from storage.tables import CampaignRow, CampaignRubricRow, UnitRow
from storage.tables_answers import AnswerRow, ScorecardRow

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_scorecard: Any = ScorecardRow.__table__  # type: ignore[attr-defined]

_plans: dict[str, Plan] = {}


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
    """One unit under one rubric. ``answered`` of ``of`` criteria have a fact; ``updated_at`` is the last change."""

    unit_id: int
    unit: str
    category: str
    rubric_id: str
    claimed: Figures
    answered: int
    of: int
    updated_at: datetime | None


_figures = msgspec.json.Decoder(Figures)


async def summary(database: Database, campaign_id: int) -> list[SummaryRow]:
    """Every unit with each rubric that assesses it, in roster order, from the stored scorecards.

    Raises:
        NotFoundError: no such campaign.
    """
    async with database.read() as connection:
        return await summary_in(connection, campaign_id)


async def summary_in(connection: AsyncConnection, campaign_id: int) -> list[SummaryRow]:
    """As `summary`, seeing what this unit of work has already changed."""
    return await _stored(connection, campaign_id, await campaign_rubrics(connection, campaign_id))


async def recompute(database: Database, campaign_id: int) -> list[SummaryRow]:
    """Score every unit afresh from its answers and rewrite what differs.

    Returns:
        The rows that were wrong in the cache, as they are now; empty while the cache is what it should be.

    Raises:
        NotFoundError: no such campaign.
    """
    async with database.write() as connection:
        rubrics = await campaign_rubrics(connection, campaign_id)
        stored = await _stored(connection, campaign_id, rubrics)
        answered = await _answers_of_all(connection, campaign_id)
        wrong = []
        for row in stored:
            rows = answered.get((row.unit_id, row.rubric_id), ())
            fresh = _scored(row, next(r for r in rubrics if r.id == row.rubric_id), rows)
            if fresh != row:
                await _write(connection, fresh)
                wrong.append(fresh)
    return wrong


async def rewrite(connection: AsyncConnection, at: datetime, unit_id: int, rubric: Rubric, facts: Facts) -> None:
    """Score a unit and keep the result, inside the transaction of the answer that changed it."""
    answered = kept_facts.known(facts, rubric.criteria)
    figures = figures_of(plan_of(rubric).score(facts))
    await _write(connection, SummaryRow(unit_id, "", "", rubric.id, figures, answered, len(rubric.criteria), at))


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


def plan_of(rubric: Rubric) -> Plan:
    """The rubric compiled for scoring; kept, because an answer is scored in the time of a few statements."""
    plan = _plans.get(rubric.id)
    if plan is None or plan.rubric is not rubric:  # the same id with other readings is another rubric
        plan = _plans[rubric.id] = Plan(rubric)
    return plan


async def campaign_rubrics(connection: AsyncConnection, campaign_id: int) -> list[Rubric]:
    """The rubrics a campaign runs, in its order.

    Raises:
        NotFoundError: no such campaign.
    """
    query = select(_rubric.c.rubric_id).where(_rubric.c.campaign_id == campaign_id).order_by(_rubric.c.position)
    found = (await connection.execute(query)).scalars().all()
    if not found:
        raise NotFoundError(f"没有内部编号为 {campaign_id} 的考核，请用 kaoping campaign list 查看现有的考核")
    return [loader.load(rubric_id) for rubric_id in found]


async def _stored(connection: AsyncConnection, campaign_id: int, rubrics: Sequence[Rubric]) -> list[SummaryRow]:
    kept = and_(_scorecard.c.unit_id == _unit.c.id, _scorecard.c.rubric_id == _rubric.c.rubric_id)
    card = (_scorecard.c.claimed, _scorecard.c.answered, _scorecard.c.updated_at)
    query = (
        select(_unit.c.id, _unit.c.name, _unit.c.category, _rubric.c.rubric_id, *card)
        .join(_rubric, _rubric.c.campaign_id == _unit.c.campaign_id)
        .join(_scorecard, kept, isouter=True)
        .where(_unit.c.campaign_id == campaign_id)
        .where(or_(*(and_(_rubric.c.rubric_id == r.id, _unit.c.category.in_(r.categories)) for r in rubrics)))
        .order_by(_unit.c.position, _rubric.c.position)
    )
    of = {rubric.id: len(rubric.criteria) for rubric in rubrics}
    nothing = {rubric.id: figures_of(plan_of(rubric).score({})) for rubric in rubrics}
    return [
        SummaryRow(
            unit_id,
            unit,
            category,
            rubric_id,
            nothing[rubric_id] if claimed is None else _figures.decode(claimed),
            answered or 0,
            of[rubric_id],
            updated_at,
        )
        for unit_id, unit, category, rubric_id, claimed, answered, updated_at in await connection.execute(query)
    ]


async def _answers_of_all(connection: AsyncConnection, campaign_id: int) -> Mapping[tuple[int, str], list[Any]]:
    found: dict[tuple[int, str], list[Any]] = {}
    for row in await connection.execute(kept_facts.NEWEST.where(_answer.c.campaign_id == campaign_id)):
        found.setdefault((row.unit_id, row.rubric_id), []).append(row)
    return found


def _scored(row: SummaryRow, rubric: Rubric, rows: Iterable[Any]) -> SummaryRow:
    newest = list(rows)
    facts: dict[str, Fact] = kept_facts.facts_of(newest)
    return row._replace(
        claimed=figures_of(plan_of(rubric).score(facts)),
        answered=kept_facts.known(facts, rubric.criteria),
        updated_at=newest[-1].at if newest else None,
    )


async def _write(connection: AsyncConnection, row: SummaryRow) -> None:
    values = {
        "claimed": msgspec.json.encode(row.claimed).decode(),
        "answered": row.answered,
        "open": row.of - row.answered,
        "updated_at": row.updated_at,
    }
    same = (_scorecard.c.unit_id == row.unit_id, _scorecard.c.rubric_id == row.rubric_id)
    if not (await connection.execute(update(_scorecard).where(*same).values(**values))).rowcount:
        await connection.execute(insert(_scorecard).values(unit_id=row.unit_id, rubric_id=row.rubric_id, **values))


def _rounded(points: Decimal | Fraction) -> Decimal:
    return Decimal(plain(two_decimals(points)))
