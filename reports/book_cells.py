"""Cells of an office's own xlsx: room for rows, the look of a model, figures and words put into them."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from reports.lettering import clean
from reports.score_table import Done, shown
from rubrics.figures import two_decimals

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CELL = 32_000
"""Characters; a cell holds 32,767."""


def make_room(sheet: Worksheet, start: int, rows: int) -> None:
    """Move what stands from a row on further down; merged cells and heights are not moved by openpyxl itself."""
    merged = [one for one in sheet.merged_cells.ranges if one.min_row >= start]
    heights = {y: sheet.row_dimensions[y].height for y in range(start, sheet.max_row + 1)}
    for one in merged:
        sheet.unmerge_cells(one.coord)
    sheet.insert_rows(start, rows)
    for y in heights:
        sheet.row_dimensions[y].height = None
    for y, height in heights.items():
        sheet.row_dimensions[y + rows].height = height
    for one in merged:
        one.shift(row_shift=rows)
        sheet.merge_cells(one.coord)


def copy_look(sheet: Any, model: int, y: int, x: int) -> None:
    """Have a cell look like the one of its column in the model row."""
    if y != model:
        sheet.cell(y, x)._style = copy(sheet.cell(model, x)._style)


def put(one: Any, value: Any) -> None:
    """A figure as a number; words as words, whatever they begin with, also after somebody has edited the cell."""
    if isinstance(value, Decimal):
        one.value = float(two_decimals(value))
        return
    lines = value if isinstance(value, tuple) and not isinstance(value, Done) else [value]
    words = "\n".join(clean(x) for line in lines for x in _text(line).split("\n"))[:CELL]
    one.value = words or None
    if words:
        one.data_type = "s"
        one.quotePrefix = True


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else shown(value)
