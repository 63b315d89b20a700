"""From scores as they are stored to score tables: one figure a cell, a range for who is not fully reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reports.score_table import CURRENT, Cell, Column, Done, Range, Row, Scores, ScoreTable, basis_line
from rubrics.breakdown import Breakdown, ItemScore
from rubrics.figures import plain, two_decimals
from rubrics.kinds import Bonus
from rubrics.model import Item, Rubric
from rubrics.tasks import asked
from storage.scorecards import SummaryRow


class Standing(NamedTuple):
    """A unit under a rubric as it is stored.

    ``proven`` and ``verified`` are the results behind it where they were worked out: only they tell which items are
    reviewed in full and what is 加分. Of hundreds of units the stored figures must do.
    """

    row: SummaryRow
    proven: Breakdown | None = None
    verified: Breakdown | None = None


def table(
    rubric: Rubric, standings: Sequence[Standing], campaign: str, at: datetime, zone: ZoneInfo, source: str = CURRENT
) -> ScoreTable:
    """The score table of one rubric, its units in the order they are given; ``at`` must be aware.

    Args:
        source: the snapshot the figures are from, as its readers call it.
    """
    tasks = any(item.role == "task" for item in rubric.items)
    of = sum(_bound(rubric, s.row) if tasks else s.row.of for s in standings)
    basis = basis_line(at, zone, sum(s.row.reviewed for s in standings), of, source)
    title = f"{campaign} · {rubric.title}"
    if tasks:
        return ScoreTable(
            title, f"{basis} · 完成的行按有材料算", (), tuple(_of_tasks(rubric, s.row) for s in standings)
        )
    items = [item for item in rubric.items if item.role == "scored"]
    columns = tuple(Column(item.id, item.label, item.points) for item in items)
    return ScoreTable(title, basis, columns, tuple(_row(rubric, items, s) for s in standings))


def total_of(row: SummaryRow) -> Decimal | Range | None:
    """A unit's total: one figure once all is reviewed, until then from what is verified to what has proof."""
    verified, proven = row.verified.total, row.proven.total
    if verified is None or proven is None:
        return None
    return verified if row.reviewed >= row.of else Range(min(verified, proven), max(verified, proven))


def rows_done(rubric: Rubric, row: SummaryRow) -> Done:
    """The rows of a tasks table that bind a unit, and how many are complete: as verified once all is, else with proof."""
    bound = asked(rubric, row.unit, row.category)
    done = (row.verified if row.reviewed >= _bound(rubric, row) else row.proven).rows
    return Done(sum(done[ident][0] == done[ident][1] for ident in bound if ident in done), len(bound))


def _bound(rubric: Rubric, row: SummaryRow) -> int:
    """How many targets of a tasks table are the unit's; the other rows are not its own."""
    return sum(len(targets) for targets in asked(rubric, row.unit, row.category).values())


def _of_tasks(rubric: Rubric, row: SummaryRow) -> Row:
    return Row(row.unit, (), total=rows_done(rubric, row))


def _row(rubric: Rubric, items: Sequence[Item], standing: Standing) -> Row:
    row = standing.row
    three = Scores(row.claimed.total, row.proven.total, row.verified.total)
    if standing.proven is None or standing.verified is None:
        cells = tuple(_stored_cell(row, item.id) for item in items)
        return Row(row.unit, cells, total=total_of(row), scores=three)
    proven, verified = _by_item(standing.proven), _by_item(standing.verified)
    cells = tuple(_cell(standing, proven[item.id], verified[item.id]) for item in items)
    basic, bonus = _apart(rubric, standing)
    return Row(row.unit, cells, basic, bonus, total_of(row), three)


def _by_item(breakdown: Breakdown) -> dict[str, ItemScore]:
    return {score.plan.item.id: score for score in breakdown.items}


def _cell(standing: Standing, proven: ItemScore, verified: ItemScore) -> Cell:
    assert standing.proven is not None
    assert standing.verified is not None
    if not verified.open_clauses:
        return Cell(_points(standing.verified, verified.points), verified=True)
    return Cell(_points(standing.proven, proven.points) or None)  # a nought that is not reviewed is nothing yet


def _stored_cell(row: SummaryRow, item_id: str) -> Cell:
    """Points alone do not tell a reviewed 0 from nothing; what the office confirmed in full is black."""
    verified, proven = row.verified.items.get(item_id), row.proven.items.get(item_id)
    if verified and verified == proven:
        return Cell(verified, verified=True)
    return Cell(proven or verified or None)


def _apart(rubric: Rubric, standing: Standing) -> tuple[Cell, Cell]:
    """基本分 and 加分, of the verified result once all is reviewed; nothing where the rubric has no bonus."""
    reviewed = standing.row.reviewed >= standing.row.of
    result = standing.verified if reviewed else standing.proven
    assert result is not None
    if result.total is None or not any(isinstance(c.score, Bonus) for c in rubric.criteria.values()):
        return Cell(None), Cell(None)
    bonus = sum((_bonus(score) for score in result.items), Decimal(0))
    basic = sum((s.points for s in result.items if s.plan.item.role == "scored"), Decimal(0)) - _inside(result)
    return Cell(_points(result, basic), reviewed), Cell(_points(result, bonus), reviewed)


def _inside(result: Breakdown) -> Decimal:
    return sum((_bonus(score) for score in result.items if score.plan.item.role == "scored"), Decimal(0))


def _bonus(score: ItemScore) -> Decimal:
    """What of an item's points is 加分: none where a zero clause or a cap has taken it."""
    return min(score.bonus, score.points)


def _points(result: Breakdown, units: Decimal) -> Decimal:
    return Decimal(plain(two_decimals(result.points(units))))
