"""From scores as they are stored to score tables: what is verified, and how far what has proof may still lift it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reports.score_table import CURRENT, Cell, Column, Done, Range, Row, Scores, ScoreTable, basis_line, is_range
from rubrics.breakdown import Breakdown, ItemScore
from rubrics.figures import plain, two_decimals
from rubrics.kinds import Bonus
from rubrics.model import Item, Rubric
from rubrics.tasks import asked
from storage.scorecards import Figures, SummaryRow


class Standing(NamedTuple):
    """A unit under a rubric as it is stored.

    ``proven`` and ``verified`` are the results behind it where they were worked out: only they tell which items are
    reviewed in full and what is 加分. Of hundreds of units the stored figures must do.
    """

    row: SummaryRow
    proven: Breakdown | None = None
    verified: Breakdown | None = None


def table(
    rubric: Rubric,
    standings: Sequence[Standing],
    campaign: str,
    at: datetime,
    zone: ZoneInfo,
    source: str = CURRENT,
    *,
    final: bool = False,
) -> ScoreTable:
    """The score table of one rubric, its units in the order they are given; ``at`` must be aware.

    Args:
        source: the snapshot the figures are from, as its readers call it.
        final: the scores were frozen (审定): what is verified stands alone, whatever was not reviewed.
    """
    tasks = any(item.role == "task" for item in rubric.items)
    of = sum(_bound(rubric, s.row) if tasks else s.row.of for s in standings)
    basis = basis_line(at, zone, sum(s.row.reviewed for s in standings), of, source)
    title = f"{campaign} · {rubric.title}"
    if tasks:
        rows = tuple(Row(s.row.unit, (), total=rows_done(rubric, s.row, final=final)) for s in standings)
        ranges = any(is_range(row.total) for row in rows)
        return ScoreTable(title, f"{basis} · 完成的行{'从已核到有材料' if ranges else '按已核算'}", (), rows)
    items = [item for item in rubric.items if item.role == "scored"]
    columns = tuple(Column(item.id, item.label, item.points) for item in items)
    whole = next((s.row.claimed.max for s in standings if s.row.claimed.max is not None), None)
    return ScoreTable(title, basis, columns, tuple(_row(rubric, items, s, final) for s in standings), whole)


def reach(verified: Decimal, proven: Decimal, *, settled: bool) -> Decimal | Range:
    """What a unit may still reach: from what is verified up to what has proof.

    The verified figure stands alone where that is no more, and where all is reviewed or frozen (``settled``).
    """
    return verified if settled or proven <= verified else Range(verified, proven)


def total_of(row: SummaryRow, *, final: bool = False) -> Decimal | Range | None:
    """A unit's total (see `reach`); None where the rubric has none."""
    verified, proven = row.verified.total, row.proven.total
    if verified is None or proven is None:
        return None
    return reach(verified, proven, settled=final or row.reviewed >= row.of)


def item_of(row: SummaryRow, item: Item, *, final: bool = False) -> Decimal | Range:
    """An item's points from the stored figures (see `reach`)."""
    verified, proven = (one.items.get(item.id) or Decimal(0) for one in (row.verified, row.proven))
    return reach(verified, proven, settled=final or row.reviewed >= row.of)


def rows_done(rubric: Rubric, row: SummaryRow, *, final: bool = False) -> Done:
    """The rows of a tasks table that bind a unit, and how many are complete; by the rule of `reach`."""
    verified, proven = rows_in(rubric, row, row.verified), rows_in(rubric, row, row.proven)
    if final or row.reviewed >= _bound(rubric, row) or proven.done <= verified.done:
        return verified
    return verified._replace(most=proven.done)


def rows_in(rubric: Rubric, row: SummaryRow, figures: Figures) -> Done:
    """The rows of a tasks table that bind a unit, and how many are complete by one of its three scores."""
    bound = asked(rubric, row.unit, row.category)
    done = figures.rows
    return Done(sum(done[ident][0] == done[ident][1] for ident in bound if ident in done), len(bound))


def _bound(rubric: Rubric, row: SummaryRow) -> int:
    """How many targets of a tasks table are the unit's; the other rows are not its own."""
    return sum(len(targets) for targets in asked(rubric, row.unit, row.category).values())


def _row(rubric: Rubric, items: Sequence[Item], standing: Standing, final: bool) -> Row:
    row = standing.row
    three = Scores(row.claimed.total, row.proven.total, row.verified.total)
    if standing.proven is None or standing.verified is None:
        cells = tuple(_stored_cell(row, item, final) for item in items)
        return Row(row.unit, cells, total=total_of(row, final=final), scores=three)
    proven, verified = _by_item(standing.proven), _by_item(standing.verified)
    cells = tuple(_cell(standing, proven[item.id], verified[item.id], final) for item in items)
    basic, bonus = _apart(rubric, standing, final)
    return Row(row.unit, cells, basic, bonus, total_of(row, final=final), three)


def _by_item(breakdown: Breakdown) -> dict[str, ItemScore]:
    return {score.plan.item.id: score for score in breakdown.items}


def _cell(standing: Standing, proven: ItemScore, verified: ItemScore, final: bool) -> Cell:
    assert standing.proven is not None
    assert standing.verified is not None
    low, high = _points(standing.verified, verified.points), _points(standing.proven, proven.points)
    settled = final or not verified.open_clauses
    return _told(reach(low, high, settled=settled), settled=settled)


def _stored_cell(row: SummaryRow, item: Item, final: bool) -> Cell:
    """Points alone do not tell a reviewed 0 from nothing."""
    return _told(item_of(row, item, final=final), settled=final or row.reviewed >= row.of)


def _told(figure: Decimal | Range, *, settled: bool) -> Cell:
    """Black where it is verified; a nought that is not reviewed is nothing yet."""
    return Cell(
        figure if figure or settled else None, verified=settled or (bool(figure) and not isinstance(figure, Range))
    )


def _apart(rubric: Rubric, standing: Standing, final: bool) -> tuple[Cell, Cell]:
    """基本分 and 加分, by the rule of `reach`; nothing where the rubric has no bonus."""
    settled = final or standing.row.reviewed >= standing.row.of
    if not any(isinstance(c.score, Bonus) for c in rubric.criteria.values()):
        return Cell(None), Cell(None)
    halves = [_halves(result) for result in (standing.verified, standing.proven) if result and result.total is not None]
    if len(halves) < 2:
        return Cell(None), Cell(None)
    basic, bonus = (reach(low, high, settled=settled) for low, high in zip(*halves, strict=True))
    return Cell(basic, not isinstance(basic, Range)), Cell(bonus, not isinstance(bonus, Range))


def _halves(result: Breakdown) -> tuple[Decimal, Decimal]:
    bonus = sum((_bonus(score) for score in result.items), Decimal(0))
    basic = sum((s.points for s in result.items if s.plan.item.role == "scored"), Decimal(0)) - _inside(result)
    return _points(result, basic), _points(result, bonus)


def _inside(result: Breakdown) -> Decimal:
    return sum((_bonus(score) for score in result.items if score.plan.item.role == "scored"), Decimal(0))


def _bonus(score: ItemScore) -> Decimal:
    """What of an item's points is 加分: none where a zero clause or a cap has taken it."""
    return min(score.bonus, score.points)


def _points(result: Breakdown, units: Decimal) -> Decimal:
    return Decimal(plain(two_decimals(result.points(units))))
