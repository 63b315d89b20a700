"""A list filled into an xlsx template that an office can replace.

The first sheet has the table: its head is the first row with two or more of the list's own heads, in any order; the row
beneath is the model of every row, and what stands further down moves down beneath the last. A column with another head
stays empty to write in. ``{{words}}`` are replaced anywhere else; all else stays as the office has made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from reports.book_cells import copy_look, make_room, put
from reports.lettering import clean
from reports.placeholders import PLACEHOLDER
from reports.templates import TemplateError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD_WITHIN = 30  # rows in which the head is looked for

Cell = str | int | Decimal


def filled(template: bytes, words: Mapping[str, str], heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The list as an xlsx file, values only.

    Raises:
        TemplateError: no xlsx, or its first sheet has no row with the heads.
    """
    import openpyxl

    try:
        book = openpyxl.load_workbook(BytesIO(template))
    except Exception as error:  # openpyxl raises whatever zip and XML raise
        raise TemplateError("模板打不开：要用 Excel 存成的 xlsx 文件，请重新存一次") from error
    sheet = book.worksheets[0]
    head, columns = _head_of(sheet, heads)
    for page in book.worksheets:
        _fill_words(page, words, head if page is sheet else 0)
    sheet.row_dimensions[head + 1].height = None  # each row as high as its words need
    if len(rows) > 1:
        make_room(sheet, head + 2, len(rows) - 1)
    for y, row in enumerate(rows, head + 1):
        for x, place in enumerate(columns, 1):
            copy_look(sheet, head + 1, y, x)
            put(sheet.cell(y, x), "" if place is None else _value(row[place]))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _head_of(sheet: Worksheet, heads: Sequence[str]) -> tuple[int, list[int | None]]:
    """The row of the heads, and which of ours stands in each column."""
    for row in sheet.iter_rows(max_row=_HEAD_WITHIN):
        said = ["".join(str(cell.value or "").split()) for cell in row]
        columns = [heads.index(words) if words in heads else None for words in said]
        if sum(place is not None for place in columns) > 1:
            return int(row[0].row or 0), columns
    raise TemplateError(f"模板第一张表里没有表头：要有一行「{'」「'.join(heads[:3])}」这样的表头，请加上")


def _fill_words(sheet: Worksheet, words: Mapping[str, str], head: int) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "{{" in cell.value and cell.row != head:
                cell.value = PLACEHOLDER.sub(lambda found: clean(words.get(found[0], found[0])), cell.value)
                cell.data_type = "s"


def _value(cell: Cell) -> str | Decimal:
    return cell if isinstance(cell, str) else Decimal(cell)
