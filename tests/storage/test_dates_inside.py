"""When a file says it was made: properties of office files and PDFs, EXIF of photos; nothing where it makes no sense."""

from __future__ import annotations

import asyncio
import io
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from dated_files import SLIDES, photo, slides
from made_files import a_pdf, zipped

from storage.file_text import FileDates, NoText, TextReader
from storage.file_types import KINDS
from storage.files import FileStore

NOTHING = FileDates("", "")


def dates_of(folder: Path, content: bytes, kind: str) -> FileDates | NoText:
    """As the worker reads them; the store's own check says that it is of the kind."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    async def main() -> FileDates | NoText:
        store = FileStore(folder / "evidence")
        ref = (await store.store(chunks(), "材料", 10_000_000))["ref"]
        assert (await store.type_of(ref)).kind == kind
        async with TextReader(store) as reader:
            return await reader.dates_of(ref, kind)

    return asyncio.run(main())


def test_a_docx_says_when_it_was_made_and_last_saved(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.created = datetime(2027, 1, 5, 2, tzinfo=UTC)
    made.core_properties.modified = datetime(2027, 1, 6, tzinfo=UTC)
    out = io.BytesIO()
    made.save(out)

    assert dates_of(tmp_path, out.getvalue(), "docx") == FileDates(
        "2027-01-05T02:00:00+00:00", "2027-01-06T00:00:00+00:00"
    )


def test_an_xlsx_and_slides_say_it_as_a_docx_does(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.created = datetime(2026, 3, 14, 8, tzinfo=UTC).replace(tzinfo=None)  # sheets know no zones
    out = io.BytesIO()
    book.save(out)

    found = dates_of(tmp_path, out.getvalue(), "xlsx")

    assert isinstance(found, FileDates)
    assert found.made == "2026-03-14T08:00:00+00:00"
    assert dates_of(tmp_path, slides("2026-03-14T08:00:00+08:00", "2026-03-15"), "pptx") == FileDates(
        "2026-03-14T08:00:00+08:00", "2026-03-15T00:00:00"
    )


def test_an_ofd_says_it_in_its_first_part(tmp_path: Path) -> None:
    about = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CreationDate>2026-03-14</ofd:CreationDate></ofd:OFD>'

    assert dates_of(tmp_path, zipped({"OFD.xml": about}), "ofd") == FileDates("2026-03-14T00:00:00", "")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("D:20270105103000+08'00'", "2027-01-05T10:30:00+08:00"),
        ("D:20270105103000Z", "2027-01-05T10:30:00+00:00"),
        ("D:20270105", "2027-01-05T00:00:00"),
        ("20270105103000", "2027-01-05T10:30:00"),
        ("D:20270231", ""),
        ("Thursday", ""),
    ],
)
def test_a_pdf_says_it_in_its_own_notation(tmp_path: Path, written: str, read: str) -> None:
    content = a_pdf("好", extra={50: f"<</CreationDate({written})>>".encode()}, trailer=b"/Info 50 0 R")

    assert dates_of(tmp_path, content, "pdf") == FileDates(read, "")


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_says_when_it_was_taken_and_changed(tmp_path: Path, order: str) -> None:
    content = photo("2026:11:05 09:12:33", "2026:11:06 10:00:00", order)

    assert dates_of(tmp_path, content, "jpeg") == FileDates("2026-11-05T09:12:33", "2026-11-06T10:00:00")
    assert dates_of(tmp_path, photo(digitized="2026:11:05 09:12:33"), "jpeg") == FileDates("2026-11-05T09:12:33", "")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (zipped(SLIDES), "pptx"),
        (slides("", "yesterday"), "pptx"),
        (slides("0000-00-00T00:00:00Z"), "pptx"),
        (zipped({**SLIDES, "docProps/core.xml": b" " * 1_100_000}), "pptx"),
        (a_pdf("好"), "pdf"),
        (b"\xff\xd8\xff\xe0\0\x07JFIF\0\xff\xda\0\0", "jpeg"),
        (b"\xff\xd8\xff\xe1\0\x0aExif\0\0xx", "jpeg"),
        (photo("0000:00:00 00:00:00", "    :  :     :  :  "), "jpeg"),
    ],
)
def test_a_file_that_does_not_say_it_is_not_guessed_about(tmp_path: Path, content: bytes, kind: str) -> None:
    assert dates_of(tmp_path, content, kind) == NOTHING


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (zipped({**SLIDES, "docProps/core.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "pptx"),
        (zipped({**SLIDES, "docProps/core.xml": "<a"}), "pptx"),
        (b"%PDF-1.7\n", "pdf"),
        (photo("2026:11:05 09:12:33")[:40], "jpeg"),
    ],
)
def test_a_broken_file_costs_its_dates_and_nothing_else(tmp_path: Path, content: bytes, kind: str) -> None:
    assert dates_of(tmp_path, content, kind) == NoText("broken")


def test_a_directory_of_exif_that_names_itself_ends(tmp_path: Path) -> None:
    around = bytearray(photo("2026:11:05 09:12:33"))
    at = around.index(struct.pack("<HHI", 0x8769, 4, 1)) + 8
    around[at : at + 4] = struct.pack("<I", 8)

    assert dates_of(tmp_path, bytes(around), "jpeg") == NOTHING


def test_other_kinds_start_no_process(tmp_path: Path) -> None:
    async def main() -> tuple[set[FileDates | NoText], int | None]:
        async with TextReader(FileStore(tmp_path / "evidence")) as reader:
            others = set(KINDS) - {"docx", "xlsx", "pptx", "ofd", "pdf", "jpeg"}
            return {await reader.dates_of("a" * 64, kind) for kind in others}, reader.worker_pid

    assert asyncio.run(main()) == ({NoText("kind")}, None)
