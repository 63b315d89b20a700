"""Hostile, broken and locked files cost a reason: no exception, no lasting process, never the next file."""

from __future__ import annotations

import asyncio
import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from made_files import W, a_docx, a_docx_of, a_pdf, an_xlsx, zipped

from storage.file_text import FileText, NoText, TextReader
from storage.files import FileStore
from storage.text_process import Limits

MB = 1_048_576
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>"  # fmt: skip
READS_A_FILE = '<!DOCTYPE a [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
PARAGRAPH = f"<w:document {W}><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:document>"


def text_of(folder: Path, content: bytes, kind: str, **limits: Any) -> FileText | NoText:
    """Of a file put into the store as it is, as if it had changed there; afterwards a good one is read."""

    async def main() -> FileText | NoText:
        store = FileStore(folder)
        async with TextReader(store, Limits(**limits)) as reader:
            refs = [kept(store, words) for words in (content, "好".encode())]
            found, after = [await reader.text_of(ref, its) for ref, its in zip(refs, (kind, "text"), strict=True)]
            assert after == FileText("好")
            return found

    return asyncio.run(main())


def kept(store: FileStore, content: bytes) -> str:
    ref = hashlib.sha256(content).hexdigest()
    store.path_of(ref).parent.mkdir(parents=True, exist_ok=True)
    store.path_of(ref).write_bytes(content)
    return ref


def book(changes: Mapping[str, str | bytes]) -> bytes:
    """A workbook with parts replaced."""
    with zipfile.ZipFile(io.BytesIO(an_xlsx({"表": [["值"]]}))) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | dict(changes))


def sheet(rows: str) -> dict[str, str | bytes]:
    return {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'}


def packed(content: bytes) -> bytes:
    body = zlib.compress(content)
    return b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(body), body)


LOCK = b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (b"00" * 32, b"11" * 32)
FORM_IN_ITSELF = {
    6: b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 10 0 R>>>>/Contents 7 0 R>>",
    7: b"<</Length 5>>stream\n/X Do\nendstream",
    10: b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 10 0 R>>>>/Length 5>>stream\n/X Do\nendstream",
}
REFUSED = {
    "docx with entities in entities": ("docx", a_docx_of(LAUGHS + PARAGRAPH % "&j;"), "broken"),
    "the same in utf-16": ("docx", a_docx_of((LAUGHS + PARAGRAPH % "&j;").encode("utf-16")), "broken"),
    "docx that reads another file": ("docx", a_docx_of(READS_A_FILE + PARAGRAPH % "&j;"), "broken"),
    "docx that unpacks to 200 MB": ("docx", a_docx_of(f"<w:document {W}><w:r>{' ' * 200 * MB}"), "large"),
    "docx nested a million deep": ("docx", a_docx_of("<a>" * 1_000_000), "large"),
    "docx cut off": ("docx", a_docx("质量")[:-400], "broken"),
    "docx with its XML cut off": ("docx", a_docx_of(f"<w:document {W}><w:p>"), "broken"),
    "docx without a document": ("docx", zipped({"word/other.xml": "<a/>"}), "broken"),
    "docx of no words": ("docx", a_docx(""), "empty"),
    "xlsx with entities in entities": ("xlsx", book({"xl/sharedStrings.xml": f"{LAUGHS}<sst>&j;</sst>"}), "broken"),
    "sheet with entities in entities": ("xlsx", book({"xl/worksheets/sheet1.xml": f"{LAUGHS}<a>&j;</a>"}), "broken"),
    "xlsx whose strings unpack to 200 MB": ("xlsx", book({"xl/sharedStrings.xml": b" " * 200 * MB}), "large"),
    "xlsx that begins with a million blanks": ("xlsx", book({"xl/worksheets/sheet1.xml": b" " * MB}), "large"),
    "docx called a sheet": ("xlsx", a_docx("质量"), "broken"),
    "pdf whose pages hold themselves": (
        "pdf",
        a_pdf("质", extra={2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"}),
        "broken",
    ),
    "pdf with a form in itself": ("pdf", a_pdf("质", extra=FORM_IN_ITSELF), "empty"),
    "pdf that unpacks to 200 MB": ("pdf", a_pdf("质", extra={7: packed(b" " * 200 * MB)}), "broken"),
    "pdf under a password": (
        "pdf",
        a_pdf("质", extra={20: LOCK}, trailer=b"/Encrypt 20 0 R/ID[<00><00>]"),
        "locked",
    ),
    "pdf cut off": ("pdf", a_pdf("质量")[:600], "broken"),
    "pdf of noise": ("pdf", b"%PDF-1.7\n" + bytes(range(256)) * 100, "broken"),
    "pdf of a scan": ("pdf", a_pdf(""), "empty"),
    "text of no encoding": ("text", "质".encode() + b"\xff\xff", "broken"),
    "text of empty lines": ("text", b"\r\n\t" * 100, "empty"),
}


@pytest.mark.parametrize(("kind", "content", "why"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_read_costs_a_reason(tmp_path: Path, kind: str, content: bytes, why: str) -> None:
    assert text_of(tmp_path, content, kind) == NoText(why)


def test_a_value_in_the_last_cell_of_a_sheet_is_not_gone_after(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'

    assert text_of(tmp_path, book(sheet(far)), "xlsx") == FileText("表\n1", cut=True)


def test_a_huge_sheet_is_read_from_its_top(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 20_000))

    found = text_of(tmp_path, book(sheet(rows)), "xlsx")

    assert found == FileText("\n".join(["表", *map(str, range(1, 1001))]), cut=True)


def test_a_later_page_that_is_broken_costs_only_itself(tmp_path: Path) -> None:
    content = a_pdf("好", "坏", extra={9: packed(b" " * 200 * MB)})

    assert text_of(tmp_path, content, "pdf") == FileText("好", cut=True)


def test_a_page_of_endless_instructions_ends_by_the_processor_time(tmp_path: Path) -> None:
    content = a_pdf("质", extra={7: packed(b"BT " + b"(a) Tj " * 3_000_000 + b"ET")})

    assert text_of(tmp_path, content, "pdf", cpu_seconds=1, wall_seconds=60) == NoText("slow")


def test_a_row_without_an_end_ends_by_the_clock(tmp_path: Path) -> None:
    content = book(sheet('<row r="1">' + "<c><v>1</v></c>" * 3_000_000 + "</row>"))

    assert text_of(tmp_path, content, "xlsx", wall_seconds=1.5) == NoText("slow")


def test_memory_is_limited(tmp_path: Path) -> None:
    content = book(sheet('<row r="1">' + "<c><v>1</v></c>" * 3_000_000 + "</row>"))

    found = text_of(tmp_path, content, "xlsx", memory_bytes=128 * MB, cpu_seconds=60, wall_seconds=60)

    assert found == NoText("large")


def test_nobody_waits_while_a_file_is_read(tmp_path: Path) -> None:
    """The event loop turns all the while."""

    async def main() -> tuple[FileText | NoText, int]:
        store, turns = FileStore(tmp_path), 0
        async with TextReader(store, Limits(wall_seconds=2)) as reader:
            content = book(sheet('<row r="1">' + "<c><v>1</v></c>" * 3_000_000 + "</row>"))
            reading = asyncio.create_task(reader.text_of(kept(store, content), "xlsx"))
            while not reading.done():
                await asyncio.sleep(0.01)
                turns += 1
        return reading.result(), turns

    found, turns = asyncio.run(main())

    assert found == NoText("slow")
    assert turns > 20
