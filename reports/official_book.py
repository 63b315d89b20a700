"""The official tables filled into an xlsx template that an office can replace: a sheet a unit, values only.

The first sheet of a template is the model. Its table's head is the first row with printed heads
(`reports.official_layout`); the row beneath is the model of every row, and what stands further down moves down beneath
the table. ``{{标题}} {{单位}} {{单位栏}} {{得分}} {{满分}} {{等次}} {{依据}} {{附注}}`` are replaced anywhere else. All
other words, widths, fonts and the page stay as the office has made them; its other sheets are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reports.book_cells import copy_look, make_room, put
from reports.official_layout import Field, fields_of
from reports.official_merging import blocks
from reports.official_table import OfficialTable, cell, placeholders
from reports.placeholders import PLACEHOLDER
from reports.score_sheet import sheet_name
from reports.score_table import shown
from reports.templates import TemplateError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD_WITHIN = 30  # rows in which the head is looked for


def workbook_from(template: bytes, tables: Sequence[OfficialTable]) -> bytes:
    """The tables as an xlsx file made from the office's template.

    Raises:
        TemplateError: it is no xlsx, or its first sheet has no table with the printed heads.
        ValueError: no table.
    """
    import openpyxl

    if not tables:
        raise ValueError("a workbook needs a table")
    try:
        book = openpyxl.load_workbook(BytesIO(template))
    except Exception as error:  # openpyxl raises whatever zip and XML raise
        raise TemplateError("模板打不开：要用 Excel 存成的 xlsx 文件，请重新存一次") from error
    model, taken = book.worksheets[0], set[str]()
    head, fields = _head_of(model)
    made = [(book.copy_worksheet(model), table) for table in tables]
    for other in book.worksheets[: -len(made)]:
        book.remove(other)
    for sheet, table in made:
        sheet.title = sheet_name(table.unit, taken)
        sheet.print_title_rows = f"{head}:{head}"
        _fill(sheet, table, head, fields)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _head_of(sheet: Worksheet) -> tuple[int, list[Field | None]]:
    for row in sheet.iter_rows(max_row=_HEAD_WITHIN):
        fields = fields_of(_heads(sheet, row))
        if fields is not None:
            return int(row[0].row or 0), fields
    raise TemplateError("模板第一张表里没有考核表：要有一行「序号」「考核内容」「实得分」这样的表头，请加上")


def _heads(sheet: Worksheet, row: Sequence[Any]) -> list[str]:
    """The words of a row; a head that stands over several columns is the head of each."""
    over: dict[int, Any] = {}
    for one in sheet.merged_cells.ranges:
        if one.min_row <= (row[0].row or 0) <= one.max_row:
            over |= dict.fromkeys(range(one.min_col, one.max_col + 1), sheet.cell(one.min_row, one.min_col).value)
    return [str(over.get(one.column, one.value) or "") for one in row]


def _fill(sheet: Worksheet, table: OfficialTable, head: int, fields: Sequence[Field | None]) -> None:
    words = placeholders(table)
    for row in sheet.iter_rows():
        for one in row:
            if isinstance(one.value, str) and row[0].row != head:
                put(one, PLACEHOLDER.sub(lambda found: "\n".join(words.get(found[0], (found[0],))), one.value))
    make_room(sheet, head + 2, len(table.lines))
    for y, line in enumerate(table.lines, head + 1):
        for x, field in enumerate(fields, 1):
            copy_look(sheet, head + 1, y, x)
            value = None if field is None else cell(line, field)
            put(sheet.cell(y, x), shown(None) if value is None and field is not None else value)
    _merge(sheet, table, head, fields)
    below = head + 1 + len(table.lines)
    for x, field in enumerate(fields, 1):
        copy_look(sheet, head + 1, below, x)
        sums: dict[Field | None, Any] = {"points": table.of, "scored": table.total}
        value = sums.get(field, "合计" if x == 1 else "")
        put(sheet.cell(below, x), shown(None) if value is None else value)


def _merge(sheet: Worksheet, table: OfficialTable, head: int, fields: Sequence[Field | None]) -> None:
    for block in blocks(table.lines, fields):
        if block.right > block.left:  # the last column has the title, the first one's cell is what is left
            put(sheet.cell(head + 1 + block.top, block.left + 1), table.lines[block.top].content)
        rows, columns = (head + 1 + block.top, head + 1 + block.bottom), (block.left + 1, block.right + 1)
        sheet.merge_cells(start_row=rows[0], end_row=rows[1], start_column=columns[0], end_column=columns[1])
