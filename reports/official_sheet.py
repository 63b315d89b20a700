"""The official tables as xlsx: a sheet a unit in the printed layout, values only; 汇总, 事实 and 校核 beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from reports import check_sheet, score_sheet
from reports.check_sheet import Checked
from reports.drawing import HEAD, QUIET
from reports.lettering import clean, width_ems
from reports.official_layout import Column, Layout
from reports.official_merging import blocks
from reports.official_table import Line, OfficialTable, Words, cell
from reports.score_table import Cell, Done, Row, ScoreTable, shown
from reports.score_table import Column as Head
from rubrics.engine import Plan
from rubrics.figures import two_decimals

_CELL = 32_000  # characters; a cell holds 32,767
_MM_A_WIDTH = 1.9  # millimetres of one unit of a column's width
_EMS_A_WIDTH = 0.47  # how much of a Chinese character of 10 points fits there
_LINE, _TALLEST = 14.0, 409.0  # points; Excel refuses a higher row
_BODY = 4  # rows above the first line
_REMARKS = 20  # lines of remarks in one cell: more would not fit into the highest row
_PLAIN = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
_BOXED = {**_PLAIN, "border": 1}


class _Formats(NamedTuple):
    title: Any
    unit: Any
    basis: Any
    head: Any
    words: Any
    middle: Any
    figure: Any


def workbook(tables: Sequence[OfficialTable], plan: Plan | None = None, checked: Sequence[Checked] = ()) -> bytes:
    """The tables of units under one rubric as an xlsx file: 汇总 where there are several, then a sheet a unit.

    Args:
        plan, checked: with them 事实 and 校核 follow, for the same units and the same score.

    Raises:
        ValueError: no table.
    """
    if not tables:
        raise ValueError("a workbook needs a table")
    target = BytesIO()
    book = score_sheet.open_book(target, tables[0].title, tables[0].made_at)
    taken: set[str] = set()
    if len(tables) > 1:
        score_sheet.add(book, summary(tables), "汇总", taken)
    formats = _formats(book)
    for table in tables:
        _write(book.add_worksheet(score_sheet.sheet_name(table.unit, taken)), table, formats)
    if plan is not None:
        check_sheet.add(book, plan, checked, taken)
    book.close()
    return target.getvalue()


def summary(tables: Sequence[OfficialTable]) -> ScoreTable:
    """Units × items with the very figures of the official tables, in the order they are given."""
    first = tables[0]
    verified = first.score == "已核"
    columns = tuple(Head(line.item_id, line.label, line.points) for line in first.lines if line.scored is not None)
    counted = isinstance(first.total, Done)  # each unit has rows of its own there: no common columns
    rows = tuple(
        Row(
            table.unit,
            () if counted else tuple(Cell(line.scored, verified) for line in table.lines if line.scored is not None),
            total=table.total,
        )
        for table in tables
    )
    return ScoreTable(f"{first.title}　汇总", first.basis, () if counted else columns, rows, first.of)


def _formats(book: Any) -> _Formats:
    # a quote prefix keeps a text a text even after somebody has edited the cell
    return _Formats(
        title=book.add_format({**_PLAIN, "font_size": 16, "bold": True, "align": "center", "quote_prefix": True}),
        unit=book.add_format({**_PLAIN, "font_size": 12, "quote_prefix": True}),
        basis=book.add_format({**_PLAIN, "font_color": QUIET, "text_wrap": False, "quote_prefix": True}),
        head=book.add_format({**_BOXED, "bold": True, "align": "center", "bg_color": HEAD, "quote_prefix": True}),
        words=book.add_format({**_BOXED, "align": "left", "indent": 1, "quote_prefix": True}),
        middle=book.add_format({**_BOXED, "align": "center", "quote_prefix": True}),
        figure=book.add_format({**_BOXED, "align": "center"}),
    )


def _write(sheet: Any, table: OfficialTable, formats: _Formats) -> None:
    columns, last = table.layout.columns, len(table.layout.columns) - 1
    sheet.merge_range(0, 0, 0, last, clean(table.title)[:_CELL], formats.title)
    sheet.write_string(2, 0, clean(table.basis)[:_CELL], formats.basis)  # runs on over the empty cells beside it
    _heads(sheet, table.layout, formats)
    for y, line in enumerate(table.lines, _BODY):
        for x, column in enumerate(columns):
            _put(sheet, y, x, cell(line, column.field), formats, centred=_is_centred(column))
        sheet.set_row(y, _height(line, table.layout))
    below = _BODY + len(table.lines)
    _sums(sheet, below, table, formats)
    _merge(sheet, table, formats)
    y = below + 1
    for start in range(0, len(table.remarks), _REMARKS):
        block = table.remarks[start : start + _REMARKS]
        sheet.merge_range(y, 0, y, last, _words(block), formats.words)
        sheet.set_row(y, _tall(_filling(block, sum(column.width for column in columns))))
        y += 1
    unit = f"{table.layout.unit_head}：{clean(table.unit)}"[:_CELL]
    at = y if table.layout.unit_below else 1
    sheet.merge_range(at, 0, at, last, f"{unit}　　　{_scored(table)}", formats.unit)
    _lay_out(sheet, table.layout, unit)
    sheet.set_row(at, 20)


def _heads(sheet: Any, layout: Layout, formats: _Formats) -> None:
    for x, column in enumerate(layout.columns):
        sheet.set_column(x, x, column.width / _MM_A_WIDTH)
    for head, first, last in layout.heads:
        if first == last:
            sheet.write_string(_BODY - 1, first, head, formats.head)
        else:
            sheet.merge_range(_BODY - 1, first, _BODY - 1, last, head, formats.head)


def _scored(table: OfficialTable) -> str:
    if table.total is None:
        return "得分：—"
    if isinstance(table.total, Done):
        return f"完成 {shown(table.total)} 行"
    return f"得分：{shown(table.total)}"


def _sums(sheet: Any, y: int, table: OfficialTable, formats: _Formats) -> None:
    for x, column in enumerate(table.layout.columns):
        value = {"points": table.of, "scored": table.total}.get(column.field)
        if column.field in ("points", "scored"):
            _put(sheet, y, x, value, formats, centred=True)
        elif x == 0:
            sheet.write_string(y, x, "合计", formats.head)
        else:
            sheet.write_blank(y, x, None, formats.head)


def _put(sheet: Any, y: int, x: int, value: Any, formats: _Formats, *, centred: bool) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(y, x, float(two_decimals(value)), formats.figure)
    elif words := _words(value):
        sheet.write_string(y, x, words, formats.middle if centred else formats.words)
    else:
        sheet.write_blank(y, x, None, formats.words)


@lru_cache(maxsize=4096)
def _words(value: Words | Done | None) -> str:
    """What stands in a cell, its lines cleaned; units share most of it."""
    if value is None or isinstance(value, Done):
        return shown(value)
    return "\n".join(clean(words) for words in value)[:_CELL]


def _is_centred(column: Column) -> bool:
    return column.field in ("number", "points", "scored", "section", "group")


def _height(line: Line, layout: Layout) -> float:
    """How high a row must be for its fullest cell, in points; a sheet does not work it out for every reader."""
    values = ((cell(line, column.field), column.width) for column in layout.columns)
    most = max((_filling(value, width) for value, width in values if type(value) is tuple), default=1)
    return _tall(most)


def _tall(lines: int) -> float:
    return min(lines * _LINE + 4, _TALLEST)


@lru_cache(maxsize=4096)
def _filling(lines: Words, width: int) -> int:
    """How many lines the words of a cell take; units share most of them."""
    room = width / _MM_A_WIDTH * _EMS_A_WIDTH
    return sum(max(1, math.ceil(width_ems(clean(words)) / room)) for words in lines)


def _merge(sheet: Any, table: OfficialTable, formats: _Formats) -> None:
    """One cell for the items of a group, and for what belongs to none."""
    columns = table.layout.columns
    for block in blocks(table.lines, table.layout.fields):
        column = columns[block.right]  # of what has no section the title, else the block's own column
        form = formats.middle if _is_centred(column) else formats.words
        words = _words(cell(table.lines[block.top], column.field))
        sheet.merge_range(block.top + _BODY, block.left, block.bottom + _BODY, block.right, words, form)


def _lay_out(sheet: Any, layout: Layout, unit: str) -> None:
    sheet.set_row(0, 28)
    sheet.set_row(1, 4)  # where the unit does not stand there
    sheet.set_row(3, 22)
    sheet.freeze_panes(_BODY, 0)
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    if layout.landscape:
        sheet.set_landscape()
    # & starts a code of its own in a footer
    sheet.set_footer(f"&L{unit.replace('&', '&&')[:80]}&R第 &P 页 共 &N 页")
