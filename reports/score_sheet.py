"""Score tables as an xlsx workbook: one sheet a rubric, values only, no text ever taken for a formula or a link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from reports.drawing import GREY, HEAD, QUIET, RULE
from reports.lettering import clean, width_ems
from reports.score_table import Cell, Column, Done, Range, Row, ScoreTable, shown

_SHEET_NAME = 31  # characters a sheet's name may have
_CELL = 32_000  # characters; a cell holds 32,767, and the writer leaves out a longer text without a word
_HEADINGS = 2  # the row they stand in, beneath title and basis
_TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_PLAIN = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_BOXED = {**_PLAIN, "border": 1, "border_color": RULE, "align": "center"}


class _Formats(NamedTuple):
    title: Any
    basis: Any
    head: Any
    unit: Any
    verified: Any
    proven: Any


def workbook(tables: Sequence[ScoreTable], made_at: datetime) -> bytes:
    """The tables as an xlsx file; ``made_at`` (aware) is noted in its properties.

    Verified figures are black, ranges grey (as a text), — stands for nothing. Where rows carry `Scores` the three
    totals stand beside, as figures.

    Raises:
        ValueError: no table, or a row whose cells are not one a column.
    """
    if not tables:
        raise ValueError("a workbook needs a sheet")
    target = BytesIO()
    book = open_book(target, tables[0].title, made_at)
    taken: set[str] = set()
    for table in tables:
        add(book, table, table.title, taken)
    book.close()
    return target.getvalue()


def open_book(target: BytesIO, title: str, made_at: datetime) -> Any:
    """A workbook that takes no text for a formula, a link or a number; ``made_at`` (aware) is noted in it."""
    import xlsxwriter  # type: ignore[import-untyped]

    book = xlsxwriter.Workbook(target, {"in_memory": True, **_TEXT_OPTIONS})
    book.set_properties({"title": clean(title), "created": made_at.astimezone(UTC).replace(tzinfo=None)})
    return book


def add(book: Any, table: ScoreTable, name: str, taken: set[str]) -> None:
    """A further sheet with a table; its name is made fit and added to those ``taken``."""
    _write(book.add_worksheet(sheet_name(name, taken)), table, _formats(book))


def _formats(book: Any) -> _Formats:
    # a quote prefix keeps a text a text even after somebody has edited the cell
    return _Formats(
        title=book.add_format({**_PLAIN, "font_size": 16, "bold": True, "quote_prefix": True}),
        basis=book.add_format({**_PLAIN, "font_color": QUIET, "quote_prefix": True}),
        head=book.add_format({**_BOXED, "bold": True, "text_wrap": True, "bg_color": HEAD, "quote_prefix": True}),
        unit=book.add_format({**_BOXED, "align": "left", "quote_prefix": True}),
        verified=book.add_format(_BOXED),
        proven=book.add_format({**_BOXED, "font_color": GREY}),
    )


def sheet_name(title: str, taken: set[str]) -> str:
    """A name Excel accepts: without ``[]:*?/\\`` or quotes at its ends, at most 31 characters, each once.

    Args:
        taken: the names so far, folded; the new one is added.
    """
    base = re.sub(r"[\[\]:*?/\\]", " ", clean(title)).strip(" '")
    if not base or base.casefold() == "history":  # Excel keeps that name for itself
        base = f"得分表 {base}".strip()
    name, n = base[:_SHEET_NAME].rstrip(" '"), 1
    while name.casefold() in taken:
        n += 1
        name = f"{base[: _SHEET_NAME - 1 - len(str(n))]} {n}"
    taken.add(name.casefold())
    return name


def _write(sheet: Any, table: ScoreTable, formats: _Formats) -> None:
    extra = _extra(table)
    sheet.write_string(0, 0, clean(table.title)[:_CELL], formats.title)
    sheet.write_string(1, 0, clean(table.basis)[:_CELL], formats.basis)
    heads = [("单位", None), *((_head(c), c.points) for c in table.columns)]
    heads += [(words, table.of if words == "合计" else None) for words in extra]
    for n, (words, _) in enumerate(heads):
        sheet.write_string(_HEADINGS, n, words[:_CELL], formats.head)
    body = _HEADINGS + 1
    if any(points is not None for _, points in heads):
        _write_points(sheet, [points for _, points in heads], formats)
        body += 1
    for y, row in enumerate(table.rows, body):
        sheet.write_string(y, 0, clean(row.unit)[:_CELL], formats.unit)
        if len(row.cells) != len(table.columns):
            raise ValueError("a row needs one cell a column")
        for x, cell in enumerate((*row.cells, *(_extra_cell(row, words) for words in extra)), 1):
            _figure(sheet, y, x, cell, formats.verified if cell.verified else formats.proven)
    _lay_out(sheet, table, len(heads), body)


def _write_points(sheet: Any, points: Sequence[Decimal | None], formats: _Formats) -> None:
    """标准分 beneath the headings; for a rubric that has none the row is left out."""
    y = _HEADINGS + 1
    for n, figure in enumerate(points):
        if figure is None:
            sheet.write_blank(y, n, None, formats.head)
        else:
            _figure(sheet, y, n, Cell(figure, True), formats.head)
    sheet.write_string(y, 0, "标准分", formats.head)


def _head(column: Column) -> str:
    return clean(f"{column.id} {column.label}")


def _extra(table: ScoreTable) -> list[str]:
    """The headings after the items: only what some unit has."""
    rows = table.rows
    heads = ["基本分", "加分"] if any(row.bonus.figure is not None for row in rows) else []
    if any(isinstance(row.total, Done) for row in rows):
        heads.append("完成行数")
    elif any(row.total is not None for row in rows):
        heads.append("合计")
    return heads + (["自报", "有材料", "已核"] if any(row.scores for row in rows) else [])


def _extra_cell(row: Row, head: str) -> Cell:
    if head in ("基本分", "加分"):
        return row.basic if head == "基本分" else row.bonus
    if head in ("自报", "有材料", "已核"):
        scores = row.scores
        figures = {"自报": scores.claimed, "有材料": scores.proven, "已核": scores.verified} if scores else {}
        return Cell(figures.get(head), head == "已核")
    return Cell(row.total, row.total is not None and not isinstance(row.total, Range))


def _figure(sheet: Any, y: int, x: int, cell: Cell, form: Any) -> None:
    if isinstance(cell.figure, Decimal):
        # through the printed figure, so that the sheet and the picture cannot differ by a rounding
        sheet.write_number(y, x, float(shown(cell.figure)), form)
    else:
        sheet.write_string(y, x, shown(cell.figure), form)


def _lay_out(sheet: Any, table: ScoreTable, columns: int, body: int) -> None:
    widest = max((width_ems(clean(row.unit)) for row in table.rows), default=4.0)
    sheet.set_column(0, 0, min(max(2 * widest + 2, 10), 40))
    sheet.set_column(1, columns - 1, 10)
    sheet.set_row(0, 28)
    sheet.set_row(_HEADINGS, 34)
    sheet.freeze_panes(body, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADINGS, body - 1)
