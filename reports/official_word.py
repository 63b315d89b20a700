"""The official table as a Word document, filled into a template that an office can replace.

A template is a docx file with one table whose first row has the printed heads. The row beneath, where there is one, is
the model of every row: its borders, widths, fonts; what is further down in that table is dropped. A column belongs to
the head it has in the layout (`reports.official_layout`); a head that is none of them stays empty to write in.
Anywhere else, also in header and footer, these words are replaced: ``{{标题}} {{单位}} {{单位栏}} {{得分}} {{满分}}
{{等次}} {{依据}} {{附注}}``. All other words, margins, fonts and pictures stay as the office has made them.

A template is taken apart once; then a document is text, so that 21 of them cost little more than zipping.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reports import placeholders
from reports.lettering import clean
from reports.official_layout import ALL, Field, Layout, fields_of
from reports.official_merging import Block, blocks, span
from reports.official_table import Line, OfficialTable, cell
from reports.official_table import placeholders as words_of
from reports.placeholders import PLACEHOLDER
from reports.score_table import Done, shown
from reports.templates import TemplateError
from reports.word import Sheet

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table

_ROWS = "{{各行}}"  # where the rows go in a template that is taken apart
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
_MADE_WORDS = "2000-01-01T00:00:00Z"
_STYLE = re.compile(r"<w:pPr>(?:<w:pStyle [^>]*/>)?")
_NEW_LINE = '</w:t><w:br/><w:t xml:space="preserve">'
_UNIT = "{{单位栏}}：{{单位}}　　　　得分：{{得分}}"
_CENTRED = frozenset({"number", "points", "scored", "section", "group"})
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the same table is the same file


class _Column(NamedTuple):
    """The XML around the words of a cell: cell properties, four times; before and after the words of a paragraph.

    ``across``: of the cell of a title that belongs to no section, which takes the columns up to its own.
    """

    field: Field | None
    plain: str
    first_of_group: str
    further_of_group: str
    across: str
    before: str
    after: str


class _Template(NamedTuple):
    """A docx taken apart. ``parts`` are its files, those with words to replace as text."""

    parts: tuple[tuple[str, str | bytes], ...]
    row_start: str
    columns: tuple[_Column, ...]

    @property
    def fields(self) -> tuple[Field | None, ...]:
        """What its columns hold."""
        return tuple(column.field for column in self.columns)


def document(table: OfficialTable, template: bytes | None = None) -> bytes:
    """The table as a docx file.

    Args:
        template: the office's own instead of ours.

    Raises:
        TemplateError: it is no docx, or has no table with the printed heads.
        ValueError: a table without lines.
    """
    if not table.lines:
        raise ValueError("a table needs lines")
    made = _taken_apart(blank(table.layout) if template is None else template)
    words = {name: _NEW_LINE.join(_escaped(said)) for name, said in words_of(table).items()}
    words[_ROWS] = _rows(made, table)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, part in made.parts:
            content = part if isinstance(part, bytes) else _filled(part, words, table.made_at)
            archive.writestr(ZipInfo(name, _ZIP_DAY), content, ZIP_DEFLATED)
    return target.getvalue()


@lru_cache(maxsize=len(ALL))
def blank(layout: Layout) -> bytes:
    """Our own template of a layout, to be changed and kept as the office's."""
    sheet = Sheet("{{标题}}", _MADE, landscape=layout.landscape)
    sheet.paragraph("{{标题}}", size=18, bold=True, centred=True)
    if not layout.unit_below:
        sheet.paragraph(_UNIT, size=14)
    sheet.paragraph("{{依据}}", size=11)
    widths = _widths(layout, 257 if layout.landscape else 170)
    heads = sheet.table([column.head for column in layout.columns], widths)
    middle = [n for n, c in enumerate(layout.columns) if c.field in _CENTRED]
    sheet.row(heads, [[" "] for _ in layout.columns], middle)
    _pad(heads)
    _join_heads(heads, layout)
    sheet.paragraph("{{附注}}", size=11)
    if layout.unit_below:
        sheet.paragraph(_UNIT, size=14)
    sheet.footer("{{单位}}　{{依据}}")
    return sheet.saved()


def _pad(table: Table) -> None:
    """Room between words and rules, in twentieths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side, room in (("top", 50), ("left", 90), ("bottom", 50), ("right", 90)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(room))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)  # the schema has an order


def _join_heads(table: Table, layout: Layout) -> None:
    """One cell for a head that stands over several columns."""
    cells = list(table.rows[0].cells)
    for _, first, last in layout.heads:
        if last > first:
            whole = cells[first : last + 1]
            _widen(whole[0]._tc.get_or_add_tcPr(), sum(cell.width or 0 for cell in whole), len(whole))
            for cell in cells[first + 1 : last + 1]:
                table.rows[0]._tr.remove(cell._tc)


def _widths(layout: Layout, room_mm: int) -> list[int]:
    """The layout's widths made to fill the page; what rounding leaves goes to the widest."""
    whole = sum(column.width for column in layout.columns)
    widths = [column.width * room_mm // whole for column in layout.columns]
    widths[widths.index(max(widths))] += room_mm - sum(widths)
    return widths


def _filled(part: str, words: dict[str, str], made_at: datetime) -> str:
    """A part with its words; one pass, so that a name that looks like a placeholder stays a name."""
    filled = PLACEHOLDER.sub(lambda found: words.get(found[0], found[0]), part)
    return filled.replace(_MADE_WORDS, f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _escaped(lines: Iterable[str]) -> list[str]:
    return [escape(clean(line), {'"': "&quot;"}) for line in lines]


# --- rows -------------------------------------------------------------------------------------------------


def _rows(made: _Template, table: OfficialTable) -> str:
    inside = {(y, x): b for b in blocks(table.lines, made.fields) for y, x in _places(b)}
    rows, kept = [], tuple(_kept(column) for column in made.columns)
    for y, line in enumerate(table.lines):
        columns = kept if line is table.lines[-1] else made.columns
        cells = (_cell(column, line, y, inside.get((y, x)), x) for x, column in enumerate(columns))
        rows.append(f"{made.row_start}{''.join(cells)}</w:tr>")
    sums: dict[Field | None, str] = {"points": shown(table.of), "scored": shown(table.total)}
    last = [_written(c, c.plain, [sums.get(c.field, "合计" if n == 0 else "")]) for n, c in enumerate(kept)]
    return "".join([*rows, made.row_start, *last, "</w:tr>"])


def _kept(column: _Column) -> _Column:
    """A column whose words stay on the page of what follows: 合计 is never alone on the last one."""
    if "<w:keepNext/>" in column.before:
        return column
    if "<w:pPr>" not in column.before:
        return column._replace(before=column.before.replace("<w:p>", "<w:p><w:pPr><w:keepNext/></w:pPr>", 1))
    kept = _STYLE.sub(r"\g<0><w:keepNext/>", column.before, count=1)  # the schema has an order
    return column._replace(before=kept)


def _places(block: Block) -> Iterable[tuple[int, int]]:
    return product(range(block.top, block.bottom + 1), range(block.left, block.right + 1))


def _cell(column: _Column, line: Line, y: int, block: Block | None, x: int) -> str:
    """A cell by itself, or what is left of it as a part of a block."""
    lines = _lines(cell(line, column.field)) if column.field else [""]
    if block is None:
        return _written(column, column.plain, lines)
    if block.right > block.left:  # the last column has the title, the others give it their room
        return _written(column, column.across, lines) if x == block.right else ""
    if y > block.top:
        return _written(column, column.further_of_group, [""])
    return _written(column, column.first_of_group, lines)


def _written(column: _Column, properties: str, lines: Sequence[str]) -> str:
    words = (f"{column.before}{words}{column.after}" for words in _escaped(lines or [""]))
    return f"<w:tc>{properties}{''.join(words)}</w:tc>"


def _lines(value: Any) -> Sequence[str]:
    return value if isinstance(value, tuple) and not isinstance(value, Done) else [shown(value)]


# --- templates --------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _taken_apart(template: bytes) -> _Template:
    import docx

    try:
        opened = docx.Document(BytesIO(template))
    except Exception as error:  # python-docx raises whatever zip and XML raise
        raise TemplateError("模板打不开：要用 Word 存成的 docx 文件，请重新存一次") from error
    table, fields = _table_of(opened)
    model = deepcopy(table.rows[min(1, len(table.rows) - 1)]._tr)
    columns, start = _columns(model, fields), _row_start(model)
    _mark(table)
    opened.core_properties.created = opened.core_properties.modified = _MADE.replace(tzinfo=None)
    opened.core_properties.title = "{{标题}}"
    placeholders.join(opened)
    saved = BytesIO()
    opened.save(saved)
    with ZipFile(saved) as archive:
        parts = tuple((name, _part(archive.read(name))) for name in archive.namelist())
    return _Template(parts, start, columns)


def _part(content: bytes) -> str | bytes:
    worded = b"{{" in content or _MADE_WORDS.encode() in content
    return content.decode("utf-8") if worded and content.lstrip().startswith(b"<?xml") else content


def _table_of(opened: Document) -> tuple[Table, list[Field | None]]:
    """The first table with printed heads, and what its columns hold."""
    for table in opened.tables:
        fields = fields_of([cell.text for cell in table.rows[0].cells])
        if fields is not None:
            return table, fields
    raise TemplateError("模板里没有考核表：表格第一行要有「序号」「考核内容」「实得分」这样的表头，请加上")


def _columns(model: Any, fields: Sequence[Field | None]) -> tuple[_Column, ...]:
    from docx.oxml.ns import qn

    cells = model.findall(qn("w:tc"))
    if len(cells) != len(fields):
        raise TemplateError("模板表格第二行的格数和表头不一样，请不要合并单元格")
    across, wide = span(fields), ""
    if across is not None:
        whole = cells[across[0] : across[1] + 1]
        properties = _grouped(whole[-1], None)
        _widen(properties, sum(one.width or 0 for one in whole), len(whole))
        wide = _xml(properties)
    return tuple(_column(cell, field, wide) for cell, field in zip(cells, fields, strict=True))


def _column(cell: Any, field: Field | None, across: str) -> _Column:
    from docx.oxml.ns import qn

    paragraph = cell.find(qn("w:p"))
    style, run = paragraph.find(qn("w:pPr")), paragraph.find(qn("w:r"))
    letters = _xml(None if run is None else run.find(qn("w:rPr")))
    before = f'<w:p>{_xml(style)}<w:r>{letters}<w:t xml:space="preserve">'
    plain, first, further = (_xml(_grouped(cell, merge)) for merge in (None, "restart", "continue"))
    return _Column(field, plain, first, further, across, before, "</w:t></w:r></w:p>")


def _grouped(cell: Any, merge: str | None) -> Any:
    """The properties of a cell, as the first or a further one of a group that is one cell to the eye."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = deepcopy(cell.get_or_add_tcPr())
    for old in properties.findall(qn("w:vMerge")):
        properties.remove(old)
    if merge is not None:
        mark = OxmlElement("w:vMerge")
        mark.set(qn("w:val"), merge)
        before = {qn("w:cnfStyle"), qn("w:tcW"), qn("w:gridSpan"), qn("w:hMerge")}  # the schema has an order
        properties.insert(sum(child.tag in before for child in properties), mark)
    return properties


def _widen(properties: Any, width: int, columns: int) -> None:
    """Make a cell with these properties so wide, over so many columns; without a width it keeps to its columns'."""
    properties.grid_span = columns
    if width:
        properties.width = width


def _row_start(model: Any) -> str:
    from docx.oxml.ns import qn

    properties = model.find(qn("w:trPr"))
    if properties is not None:
        for head in properties.findall(qn("w:tblHeader")):
            properties.remove(head)  # where the head itself had to be the model
    return f"<w:tr>{_xml(properties)}"


def _mark(table: Table) -> None:
    """Leave the head alone in a table, and after it a row that says where the others go."""
    for row in list(table.rows)[1:]:
        table._tbl.remove(row._tr)
    table.rows[0]._tr.tail = _ROWS


def _xml(element: Any) -> str:
    """An element as text. Its namespaces are those of the document it came from, which every part declares."""
    if element is None:
        return ""
    from lxml import etree  # type: ignore[import-untyped]

    return re.sub(r' xmlns(?::\w+)?="[^"]*"', "", etree.tostring(element, encoding="unicode", with_tail=False))
