"""A workbook of one ruled table: title, basis, heads, rows of texts and figures; no text is ever a formula or a link."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from reports.drawing import HEAD, QUIET, RULE
from reports.lettering import clean, width_ems

_CELL = 32_000  # characters; a cell holds 32,767, and the writer leaves out a longer text without a word
_SHEET_NAME = 31
_EMS_A_WIDTH = 0.47  # how much of a Chinese character fits into one unit of a column's width
_LINE, _TALLEST = 16.5, 409.0  # points; Excel refuses a higher row
_TEXT_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_PLAIN: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "quote_prefix": True}
_BOXED: dict[str, Any] = {**_PLAIN, "border": 1, "border_color": RULE, "text_wrap": True}


def workbook(
    title: str,
    basis: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str | int | Decimal]],
    made_at: datetime,
) -> bytes:
    """An xlsx file with one sheet; a text may have several lines. ``widths`` in characters, ``made_at`` aware."""
    import xlsxwriter  # type: ignore[import-untyped]

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **_TEXT_OPTIONS})
    book.set_properties({"title": clean(title), "created": made_at.astimezone(UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", clean(title))[:_SHEET_NAME].strip() or "表")
    text, head = book.add_format(_BOXED), book.add_format({**_BOXED, "bold": True, "bg_color": HEAD, "align": "center"})
    figure = book.add_format({**_BOXED, "align": "center", "quote_prefix": False})
    sheet.write_string(0, 0, clean(title)[:_CELL], book.add_format({**_PLAIN, "font_size": 16, "bold": True}))
    sheet.write_string(1, 0, clean(basis)[:_CELL], book.add_format({**_PLAIN, "font_color": QUIET}))
    for x, (words, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(x, x, width)
        sheet.write_string(2, x, words, head)
    for y, row in enumerate(rows, 3):
        _write(sheet, y, row, text, figure)
        sheet.set_row(y, _height(row, widths))
    _lay_out(sheet)
    book.close()
    return target.getvalue()


def _write(sheet: Any, y: int, row: Sequence[str | int | Decimal], text: Any, figure: Any) -> None:
    for x, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(y, x, lines_of(cell), text)
        else:
            sheet.write_number(y, x, cell, figure)


def _lay_out(sheet: Any) -> None:
    sheet.freeze_panes(3, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _height(row: Sequence[str | int | Decimal], widths: Sequence[int]) -> float:
    """How high a row must be for its fullest cell, in points: a sheet does not work it out for every reader."""
    texts = [(str(cell).split("\n"), width * _EMS_A_WIDTH) for cell, width in zip(row, widths, strict=True)]
    most = max(sum(max(1, math.ceil(width_ems(line) / room)) for line in lines) for lines, room in texts)
    return min(most * _LINE + 4, _TALLEST)


def lines_of(text: str) -> str:
    """A text of several lines, each cleaned, at most as long as a cell may be."""
    return "\n".join(clean(line) for line in text.split("\n"))[:_CELL]
