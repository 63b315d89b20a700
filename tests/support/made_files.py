"""Real small files for tests: a docx and an xlsx by their libraries, a PDF by hand, so that nothing else reads its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import docx
import openpyxl

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def a_docx(*paragraphs: str, table: Sequence[Sequence[str]] = ()) -> bytes:
    """Paragraphs, then a table."""
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def a_docx_of(body: str | bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A docx whose main part is this XML."""
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": body}, compression)


def an_xlsx(
    sheets: Mapping[str, Sequence[Sequence[Any]]], formats: Mapping[str, str] | None = None, hidden: str = ""
) -> bytes:
    """Sheets by name, one of them hidden; ``formats`` of cells of the first by their address."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    for address, shown in (formats or {}).items():
        book.worksheets[0][address].number_format = shown
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return out.getvalue()


def a_pdf(*pages: str, extra: Mapping[int, bytes] | None = None, trailer: bytes = b"") -> bytes:
    """One page a text, its characters as glyph numbers that only a ToUnicode map explains, as Chinese PDFs have them.

    Args:
        extra: objects by number, replacing or beside those made here (1 catalog, 2 pages, 3 font, from 6 page and
            content by turns).
        trailer: more entries of the trailer.
    """
    letters = sorted(set("".join(pages)) - {"\n"})
    glyphs = {letter: number for number, letter in enumerate(letters, 1)}
    kids = b" ".join(b"%d 0 R" % (6 + 2 * at) for at in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        3: b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        4: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        5: _stream(_to_unicode(glyphs)),
    }
    for at, page in enumerate(pages):
        objects[6 + 2 * at] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
            % (7 + 2 * at)
        )
        objects[7 + 2 * at] = _stream(_content(page, glyphs))
    return pdf_of(objects | dict(extra or {}), trailer)


def pdf_of(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """The objects with a table of where they lie; 1 is the catalog."""
    out = b"%PDF-1.7\n"
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start, size = len(out), max(objects) + 1
    lines = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size)]
    table = b"xref\n0 %d\n%s" % (size, b"".join(lines))
    return out + table + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def _content(page: str, glyphs: Mapping[str, int]) -> bytes:
    lines = ["".join(f"{glyphs[letter]:04x}" for letter in line) for line in page.split("\n")]
    shown = "".join(f"<{line}> Tj 0 -20 Td " for line in lines)
    return f"BT /F1 12 Tf 72 770 Td {shown}ET".encode()


def _to_unicode(glyphs: Mapping[str, int]) -> bytes:
    pairs = "\n".join(f"<{number:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, number in glyphs.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Ours def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(glyphs)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    ).encode()
