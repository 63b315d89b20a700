"""A4 sheets for Chinese offices on python-docx: named Chinese fonts, tables whose head repeats, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

BODY, HEADING, LATIN = "仿宋", "宋体", "Times New Roman"
_TABLE_POINTS = 11
_EMU_A_MM = 36_000


class Sheet:
    """A document in the making."""

    def __init__(
        self,
        title: str,
        made_at: datetime,
        *,
        landscape: bool = False,
        margin_mm: int = 22,
        table_points: int = _TABLE_POINTS,
    ) -> None:
        """An empty sheet; ``margin_mm`` is that above and below, ``table_points`` the size of words in tables."""
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        self._model: Paragraph | None = None
        self._room_mm: float | None = None
        self._document = docx.Document()
        section = self._document.sections[0]
        short, long = Mm(210), Mm(297)
        section.page_width, section.page_height = (long, short) if landscape else (short, long)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin = section.bottom_margin = Mm(margin_mm)
        self._table_points = table_points
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""
        properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
        normal: ParagraphStyle = self._document.styles["Normal"]
        normal.paragraph_format.space_after = 0
        _name_fonts(normal.element.get_or_add_rPr(), BODY)

    @classmethod
    def within(cls, opened: Document, model: Paragraph, table_points: int = _TABLE_POINTS) -> Sheet:
        """A sheet that writes at the end of somebody's document.

        Args:
            model: running text looks like this paragraph; tables are as wide as the page has room.
        """
        made = cls.__new__(cls)
        made._document, made._model, made._table_points = opened, model, table_points
        section = opened.sections[0]
        width, left, right = (section.page_width or 0, section.left_margin or 0, section.right_margin or 0)
        made._room_mm = (width - left - right) / _EMU_A_MM
        return made

    def paragraph(self, words: str, *, size: int = 12, bold: bool = False, centred: bool = False) -> None:
        """A paragraph; ``size`` in points. Bold ones are headings and set in 宋体."""
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        if self._model is not None and not centred and (not bold or _points(self._model) > size):
            _alike(paragraph, words, self._model, bold)
            return
        paragraph.paragraph_format.space_after = Pt(6)
        paragraph.paragraph_format.keep_with_next = bold  # no heading alone at the foot of a page
        _run(paragraph, words, size, bold)
        _align(paragraph, centred)

    def gap(self, points: int) -> None:
        """Room below a table, so high and no higher."""
        from docx.enum.text import WD_LINE_SPACING
        from docx.shared import Pt

        layout = self._document.add_paragraph().paragraph_format
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)

    def table(self, heads: Sequence[str], widths_mm: Sequence[int], *, whole_rows: bool = True) -> Table:
        """A ruled table with a head that is repeated on every page.

        Args:
            whole_rows: rows are not torn apart. Not for a table of short rows that may begin at the foot of a page:
                LibreOffice 7 drops all rows of one whose second row misses the page by no more than its rule.
        """
        from docx.shared import Mm

        ruled = "Table Grid" in self._document.styles
        table: Table = self._document.add_table(1, len(heads), "Table Grid" if ruled else None)
        table.autofit = False
        if not ruled:
            _rule(table)
        scale = 1 if self._room_mm is None else self._room_mm / sum(widths_mm)
        widths = [Mm(width * scale) for width in widths_mm]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for cell, words, width in zip(table.rows[0].cells, heads, widths, strict=True):
            cell.width = width
            self.fill(cell, [words], centred=True, bold=True)
        _mark(table.rows[0]._tr.get_or_add_trPr(), *(["w:cantSplit"] if whole_rows else []), "w:tblHeader")
        return table

    def row(
        self, table: Table, columns: Sequence[Sequence[str]], centred: Sequence[int], *, bold: bool = False
    ) -> None:
        """A further row: the lines of each cell, those of the columns named ``centred`` in the middle."""
        row = table.add_row()  # type: ignore[no-untyped-call]
        if _is_whole(row._tr.getprevious()):
            _mark(row._tr.get_or_add_trPr(), "w:cantSplit")
        for n, (cell, lines) in enumerate(zip(row.cells, columns, strict=True)):
            self.fill(cell, lines, centred=n in centred, bold=bold)

    def fill(self, cell: _Cell, lines: Sequence[str], *, centred: bool = False, bold: bool = False) -> None:
        """Words into an empty cell, a paragraph a line."""
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for n, words in enumerate(lines):
            paragraph = cell.add_paragraph() if n else cell.paragraphs[0]
            if self._model is not None:
                _tighten(paragraph)
            _run(paragraph, words, self._table_points, bold)
            _align(paragraph, centred)

    def keep_together(self, rows: Sequence[Sequence[str]]) -> None:
        """Lines in columns without rules, with room to write, never torn over two pages."""
        from docx.enum.table import WD_ROW_HEIGHT_RULE
        from docx.shared import Mm

        table = self._document.add_table(len(rows), max(map(len, rows)))
        for row, lines in zip(table.rows, rows, strict=True):
            row.height, row.height_rule = Mm(15), WD_ROW_HEIGHT_RULE.AT_LEAST
            for cell, words in zip(row.cells, lines, strict=False):
                self.fill(cell, [words])
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def footer(self, words: str) -> None:
        """Words and 第 n 页 共 m 页 at the foot of every page."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        _run(paragraph, f"{words}　第 ", 9, False)
        _field(paragraph, "PAGE")
        _run(paragraph, " 页 共 ", 9, False)
        _field(paragraph, "NUMPAGES")
        _run(paragraph, " 页", 9, False)
        _align(paragraph, True)

    def saved(self) -> bytes:
        """The document's bytes."""
        target = BytesIO()
        self._document.save(target)
        return target.getvalue()


def _run(paragraph: Paragraph, words: str, size: int, bold: bool) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(words)
    run.font.size, run.font.bold = Pt(size), bold
    _name_fonts(run._r.get_or_add_rPr(), HEADING if bold else BODY)


def _name_fonts(properties: BaseOxmlElement, chinese: str) -> None:
    """Name both fonts: a font named only for Latin leaves Chinese characters to whatever the reader has."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for kind, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", chinese), ("cs", LATIN)):
        fonts.set(qn(f"w:{kind}"), font)


def _align(paragraph: Paragraph, centred: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT


def _mark(properties: BaseOxmlElement, *names: str) -> None:
    from docx.oxml import OxmlElement

    for name in names:
        properties.append(OxmlElement(name))


def _alike(paragraph: Paragraph, words: str, model: Paragraph, bold: bool) -> None:
    """Words that look like those of a model: its indents and spacing, the font and size of its first run."""
    if model._p.pPr is not None:
        paragraph._p.insert(0, deepcopy(model._p.pPr))
    run = paragraph.add_run(words)
    letters = next((one._r.rPr for one in model.runs), None)
    if letters is not None:
        run._r.insert(0, deepcopy(letters))
    if bold:
        run.font.bold = paragraph.paragraph_format.keep_with_next = True


def _points(model: Paragraph) -> float:
    """The size of a model's words; 0 where only its style says it."""
    return next((run.font.size.pt for run in model.runs if run.font.size is not None), 0)


def _tighten(paragraph: Paragraph) -> None:
    """Nothing around the words of a cell, whatever the document's own text has."""
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = layout.first_line_indent = 0
    layout.line_spacing = 1.0


def _rule(table: Table) -> None:
    """Rules around every cell, in the table itself: where the document has no style for that."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    rules = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        rule = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            rule.set(qn(f"w:{name}"), value)
        rules.append(rule)
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(rules)  # the schema has an order


def _is_whole(row: Any) -> bool:
    from docx.oxml.ns import qn

    return row.trPr is not None and row.trPr.find(qn("w:cantSplit")) is not None


def _field(paragraph: Paragraph, name: str) -> None:
    """A field that the word processor computes, with a figure to show until it does."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    _run(paragraph, "1", 9, False)
    field.append(paragraph.runs[-1]._r)
    paragraph._p.append(field)
