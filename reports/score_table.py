"""What a score table is: units × items in roster order, plain figures in, never sorted by score and without ranks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from channels.text import points

PICTURE_UNITS = 40
"""Up to so many units a table can be read as a picture; above them a distribution picture and a sheet say more."""

NOTHING = "—"
CURRENT = "当前（未冻结）"
"""What a table is of that no snapshot holds."""


class Done(NamedTuple):
    """How much is complete, where a rubric counts targets instead of points: targets of a row, or rows of a unit.

    ``most``: what it may still come to, where more has proof than is verified.
    """

    done: int
    of: int
    most: int | None = None


class Range(NamedTuple):
    """What a unit may still reach: what is verified, and the more that what has proof would give."""

    low: Decimal
    high: Decimal


class Cell(NamedTuple):
    """A verified figure (black), a range up to what has proof (grey), or None where there is neither."""

    figure: Decimal | Range | Done | None
    verified: bool = False


class Column(NamedTuple):
    """An item: its number, a short label, and its points (None where the item has none)."""

    id: str
    label: str
    points: Decimal | None = None


class Scores(NamedTuple):
    """A unit's three totals; None where the rubric has no total."""

    claimed: Decimal | None
    proven: Decimal | None
    verified: Decimal | None


class Row(NamedTuple):
    """A unit with a cell for each column of its table.

    ``bonus`` stands apart from ``basic``; both stay empty where a rubric has no bonus. ``total`` is a `Range` while
    more has proof than is verified, the rows done where the rubric has no total. ``scores`` for sheets.
    """

    unit: str
    cells: tuple[Cell, ...]
    basic: Cell = Cell(None)
    bonus: Cell = Cell(None)
    total: Decimal | Range | Done | None = None
    scores: Scores | None = None


class ScoreTable(NamedTuple):
    """A rubric's units in roster order. ``basis`` says as of when, and how much of it is reviewed (`basis_line`).

    ``of``: the points of the whole; None where the rubric has no total.
    """

    title: str
    basis: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    of: Decimal | None = None


def basis_line(at: datetime, zone: ZoneInfo, reviewed: int, of: int, source: str = "") -> str:
    """``截至 11-21 15:00 · 已核 312/396 · 当前（未冻结）``; ``at`` must be aware, ``source`` names a snapshot."""
    line = f"截至 {at.astimezone(zone):%m-%d %H:%M} · 已核 {reviewed}/{of}"
    return f"{line} · {source}" if source else line


def is_range(figure: Decimal | Range | Done | None) -> bool:
    """Whether more has proof than is verified."""
    return isinstance(figure, Range) or (isinstance(figure, Done) and figure.most is not None)


def shown(figure: Decimal | Range | Done | None) -> str:
    """A figure as it is printed, two decimals at most."""
    if figure is None:
        return NOTHING
    if isinstance(figure, Done):
        return f"{figure.done}/{figure.of}" if figure.most is None else f"{figure.done}–{figure.most}/{figure.of}"
    if isinstance(figure, Range):
        low, high = points(figure.low), points(figure.high)
        return low if low == high else f"{low}–{high}"
    return points(figure)
