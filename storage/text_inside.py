"""The text inside a file, by its kind. Only ever run in the worker process: a hostile file may eat all it is given.

Sheets and PDFs are read by their libraries; a docx needs none, for its text is one stream of XML that ends as soon as
enough was read, tracked insertions and text boxes included.
"""

from __future__ import annotations

import codecs
import logging
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

from storage.file_types import encodings

MOST_PAGES = 5
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 3, 1000, 40
PART_BYTES = 33_554_432  # of one part of a docx or xlsx, unpacked; a sheet is read row by row and may be larger
PROLOG_BYTES = 65_536  # before the first element
DEEPEST = 500  # elements within elements; Word itself stays below a hundred
BLOCK_BYTES = 65_536

_DOCX_MAIN = re.compile(r"word/document\d*\.xml")  # some programs number it
_WHOLE_PARTS = re.compile(r"xl/(?:sharedStrings|styles|workbook|theme/.*)\.xml|\[Content_Types\]\.xml|.*\.rels")
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], None) | {9: "\t", 10: "\n"}
# What the fonts of a PDF say for ordinary characters: radicals, doubles, ligatures. Of the later radicals Unicode knows
# no decomposition; these are the ones that look like a whole character.
_COMPATIBLE = re.compile("[\u2f00-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_RADICALS = str.maketrans(
    "⺟⺠⺬⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民示虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


class UnreadError(Exception):
    """A file whose text cannot be had; ``why`` is one of `storage.file_text.SENTENCES`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Inside(NamedTuple):
    """The text found; ``cut`` where the file has more."""

    text: str
    cut: bool


def read(path: Path, kind: str, characters: int) -> Inside:
    """The beginning of the text inside a file, at most so many characters.

    Raises:
        UnreadError: it has none, or none that can be read.
        Exception: whatever a library raises for a broken file; MemoryError where it wants too much.
    """
    found = _READERS[kind](path, characters)
    text = _clean(found.text)
    if not text:
        raise UnreadError("empty")
    return Inside(text[:characters], found.cut or len(text) > characters)


def _clean(text: str) -> str:
    """Without what no database and no reader can use: controls, lone surrogates, empty lines in a row."""
    shown = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS | _RADICALS)
    shown = _COMPATIBLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), shown)
    shown = shown.encode("utf-8", "replace").decode()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in shown.split("\n"))).strip()


# --- text -------------------------------------------------------------------------------------------------


def _plain(path: Path, characters: int) -> Inside:
    with path.open("rb") as file:
        head = file.read(characters * 4)  # the most bytes a character takes
        more = bool(file.read(1))
    for encoding in encodings(head):
        try:
            return Inside(codecs.getincrementaldecoder(encoding)().decode(head, final=not more), more)
        except UnicodeDecodeError:
            continue
    raise UnreadError("broken")


# --- docx -------------------------------------------------------------------------------------------------


class _EnoughError(Exception):
    """Stops the parser."""


class _Words:
    """Collects the text of a word-processing document, cells with tabs between them."""

    def __init__(self, characters: int) -> None:
        self.pieces: list[str] = []
        self._left = characters
        self._depth = self._cells = self._alternatives = 0
        self._taking = self._waiting = False  # waiting: a paragraph ended in a cell which may have another

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadError("large")
        name = tag.rpartition(" ")[2]
        self._cells += name == "tc"
        self._alternatives += name == "Fallback"  # says again what the choice before it says
        self._taking = name == "t" and not self._alternatives
        if name in _MARKS:
            self._add(_MARKS[name])

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._taking = False
        name = tag.rpartition(" ")[2]
        self._cells -= name == "tc"
        self._alternatives -= name == "Fallback"
        if name == "p" and self._cells:
            self._waiting = True
        elif name in _ENDS:
            self._waiting = False
            self._add(_ENDS[name])

    def text(self, words: str) -> None:
        if self._taking:
            self._add(f" {words}" if self._waiting else words)
            self._waiting = False

    def _add(self, words: str) -> None:
        if self._alternatives:
            return
        self.pieces.append(words)
        self._left -= len(words)
        if self._left < 0:
            raise _EnoughError


_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ENDS = {"p": "\n", "tc": "\t", "tr": "\n"}


def _docx(path: Path, characters: int) -> Inside:
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if _DOCX_MAIN.fullmatch(name)), None)
        if name is None:
            raise UnreadError("broken")
        words = _Words(characters * 2)  # marks at the ends of lines are taken off later
        try:
            _parse(archive, name, words)
        except _EnoughError:
            return Inside("".join(words.pieces), True)
    return Inside("".join(words.pieces), False)


def _parse(archive: zipfile.ZipFile, name: str, words: _Words) -> None:
    parser = _parser()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = words.start, words.end
    parser.CharacterDataHandler = words.text
    for block in _blocks(archive, name, PART_BYTES):
        parser.Parse(block, False)
    parser.Parse(b"", True)


def _blocks(archive: zipfile.ZipFile, name: str, most_bytes: int) -> Iterator[bytes]:
    """A part in blocks, unpacked as far as it is read."""
    with archive.open(name) as part:
        for _ in range(most_bytes // BLOCK_BYTES):
            if not (block := part.read(BLOCK_BYTES)):
                return
            yield block
        if part.read(1):
            raise UnreadError("large")


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: Any) -> None:
    """Office files have none; it only serves to declare entities that blow up or that read other files."""
    raise UnreadError("broken")


# --- xlsx -------------------------------------------------------------------------------------------------


def _xlsx(path: Path, characters: int) -> Inside:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if _WHOLE_PARTS.fullmatch(member.filename) and member.file_size > PART_BYTES:
                raise UnreadError("large")  # zipfile never unpacks more than the directory says
            if member.filename.endswith((".xml", ".rels")):
                _check_prolog(archive, member.filename)
    import openpyxl

    with warnings.catch_warnings(), path.open("rb") as file:  # a path must end in .xlsx for openpyxl
        warnings.simplefilter("ignore")  # about styles and drawings, of which nothing is read
        with closing(openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            found = [_sheet(sheet, characters) for sheet in visible[:MOST_SHEETS]]
    cut = len(visible) > MOST_SHEETS or any(one.cut for one in found)
    return Inside("\n".join(one.text for one in found if one.text), cut)


def _sheet(sheet: Any, characters: int) -> Inside:
    """A sheet's name and its rows, cells with tabs between them; a sheet without values has neither."""
    sheet.reset_dimensions()  # some programs state a range that is too small
    lines: list[str] = []
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)):
        if number == MOST_ROWS or characters < 0:
            return Inside("\n".join([sheet.title, *lines]), True)
        if line := "\t".join(_shown(cell) for cell in row).rstrip("\t"):
            lines.append(line)
            characters -= len(line)
    return Inside("\n".join([sheet.title, *lines] if lines else []), False)


def _check_prolog(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses a part that declares a document type, before a parser that would heed it sees it."""

    def begun(*_: Any) -> None:
        raise _EnoughError

    parser = _parser()
    parser.StartElementHandler = begun
    try:
        for block in _blocks(archive, name, PROLOG_BYTES):
            parser.Parse(block, False)
    except _EnoughError:
        return


def _shown(cell: Any) -> str:
    """A value as the sheet shows it, nearly: days without a midnight, shares in percent, whole numbers without .0."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool):
        if cell.number_format.endswith("%"):
            return f"{round(value * 100, 6):.15g}%"
        return f"{value:.15g}"
    shown = str(value).removesuffix(" 00:00:00")
    return re.sub(r"[\t\n]+", " ", shown)


# --- pdf --------------------------------------------------------------------------------------------------


def _pdf(path: Path, characters: int) -> Inside:
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a line for each slip of each PDF in the world
    try:
        with pypdf.PdfReader(path) as reader:
            pages = len(reader.pages)
            found = _pages(islice(reader.pages, MOST_PAGES), characters)
    except (DependencyError, FileNotDecryptedError, WrongPasswordError):
        raise UnreadError("locked") from None
    return Inside(found.text, found.cut or pages > MOST_PAGES)


def _pages(pages: Iterator[Any], characters: int) -> Inside:
    """A page that cannot be read ends the reading; what stands before it counts."""
    pieces: list[str] = []
    for page in pages:
        try:
            pieces.append(page.extract_text())
        except Exception:
            if any(pieces):
                return Inside("\n".join(pieces), True)
            raise
        if sum(map(len, pieces)) > characters:
            return Inside("\n".join(pieces), True)
    return Inside("\n".join(pieces), False)


_READERS = {"text": _plain, "docx": _docx, "xlsx": _xlsx, "pdf": _pdf}
