"""Which cells of an official table are one, as printed: groups over their rows, and what belongs to no group over its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reports.official_layout import Field
from reports.official_table import Line, cell

_GROUPS = frozenset({"number", "section", "group", "content"})
_TITLES = frozenset({"section", "group", "content"})


class Block(NamedTuple):
    """Cells that are one: lines and columns counted from 0, both ends within."""

    top: int
    left: int
    bottom: int
    right: int


def blocks(lines: Sequence[Line], fields: Sequence[Field | None]) -> tuple[Block, ...]:
    """The blocks of a table whose columns hold these fields; none touches another."""
    across = span(fields)
    wide = [n for n, line in enumerate(lines) if across is not None and not line.section]
    found = [] if across is None else [Block(n, *across[:1], n, *across[1:]) for n in wide]
    return (*found, *_down(lines, fields, frozenset(wide)))


def span(fields: Sequence[Field | None]) -> tuple[int, int] | None:
    """The first and the last column of a title that belongs to no section; None where it has its one column."""
    if "section" not in fields or "content" not in fields:
        return None
    first, last = fields.index("section"), fields.index("content")
    return (first, last) if first < last and _TITLES.issuperset(fields[first : last + 1]) else None


def _down(lines: Sequence[Line], fields: Sequence[Field | None], wide: frozenset[int]) -> Iterator[Block]:
    """Cells that say the same as the one above, within what is one further left."""
    parts = [(0, len(lines) - 1)]
    for x, field in enumerate(fields):
        if field in _GROUPS:
            parts = [part for whole in parts for part in _runs(lines, field, wide, *whole)]
            yield from (Block(top, x, bottom, x) for top, bottom in parts)


def _runs(
    lines: Sequence[Line], field: Field, wide: frozenset[int], top: int, bottom: int
) -> Iterator[tuple[int, int]]:
    """The runs of several lines that say the same in a column."""
    start = top
    for y in range(top + 1, bottom + 2):
        same = y <= bottom and not wide & {y, y - 1} and cell(lines[y], field) == cell(lines[start], field)
        if not same:
            if y - 1 > start:
                yield start, y - 1
            start = y
