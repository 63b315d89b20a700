"""A file is what its bytes say; programs and scripts are refused with the reason."""

from __future__ import annotations

import codecs
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import file_types
from storage.file_types import BROKEN, CROWDED, EMPTY_ZIP, ENCRYPTED, PROGRAM, SCRIPT, UNKNOWN, FileType, Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
CLASS_ID = bytes.fromhex("84100c0000000000c000000000000046")


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(
                zipfile.ZipInfo(name), "x"
            )  # without the hour: a case must have the same id in every worker
    return made.getvalue()


def locked() -> bytes:
    content = bytearray(zipped("a.txt"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def inspect(folder: Path, content: bytes, name: str = "") -> FileType | Refused:
    path = folder / "file"
    path.write_bytes(content)
    return file_types.inspect(path, name)


ACCEPTED = [
    (b"%PDF-1.7\n", FileType("pdf")),
    (b"\xef\xbb\xbf\r\n%PDF-1.4", FileType("pdf")),
    (b"\x89PNG\r\n\x1a\n\x00", FileType("png")),
    (b"\xff\xd8\xff\xe0", FileType("jpeg")),
    (b"GIF89a\x01\x00", FileType("gif")),
    (b"GIF87a\x01\x00", FileType("gif")),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", FileType("webp")),
    (b"\x00\x00\x00\x18ftypheic\x00", FileType("heic")),
    (b"\x00\x00\x00\x18ftypmif1\x00", FileType("heic")),
    (b"\x00\x00\x00\x18ftypisom\x00", FileType("video")),
    (b"\x00\x00\x00\x14ftypqt  \x00", FileType("video")),
    (b"\x00\x00\x00\x08wide\x00", FileType("video")),
    (OLE, FileType("ole")),
    (OLE + "_VBA_PROJECT".encode("utf-16-le"), FileType("ole", True)),
    (zipped("[Content_Types].xml", "word/document.xml"), FileType("docx")),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), FileType("xlsx")),
    (zipped("[Content_Types].xml", "ppt/presentation.xml"), FileType("pptx")),
    (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), FileType("docx", True)),
    (zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), FileType("xlsx", True)),
    (zipped("OFD.xml", "Doc_0/Document.xml"), FileType("ofd")),
    (zipped("签到表.jpg"), FileType("zip")),
    (b"Founder CEB\x00\x00\x01", FileType("ceb")),
    (b"Rar!\x1a\x07\x01\x00", FileType("rar")),
    (b"7z\xbc\xaf\x27\x1c\x00\x04", FileType("7z")),
    ("培训率,95%\r\n".encode(), FileType("text")),
    ("培训率,95%\r\n".encode("gb18030"), FileType("text")),
    ("培训率,95%\r\n".encode("utf-16"), FileType("text")),
    (codecs.BOM_UTF16_BE + ("a" + "培" * 4000).encode("utf-16-be"), FileType("text")),
    (("a" + "培" * 4000).encode(), FileType("text")),
    (("a" + "培" * 4000).encode("gb18030"), FileType("text")),
]
REFUSED = [
    (b"MZ\x90\x00\x03", "通知.pdf", PROGRAM),
    (b"\x7fELF\x02\x01", "", PROGRAM),
    (b"\xcf\xfa\xed\xfe\x07", "", PROGRAM),
    (b"\xca\xfe\xba\xbe\x00", "", PROGRAM),
    (OLE + CLASS_ID, "a.doc", PROGRAM),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", ENCRYPTED),
    (zipped("AndroidManifest.xml", "classes.dex"), "a.zip", PROGRAM),
    (zipped("META-INF/MANIFEST.MF"), "a.docx", PROGRAM),
    (zipped("Payload/a.app/Info.plist"), "", PROGRAM),
    (locked(), "", ENCRYPTED),
    (zipped(), "", EMPTY_ZIP),
    (zipped("a.txt")[:-10], "", BROKEN),
    (b"PK\x03\x04" + b"PK\x01\x02" * 10_001, "", CROWDED),
    (b"#!/bin/sh\nrm -rf /", "材料.txt", SCRIPT),
    (b"<html><SCRIPT>x</script>", "材料.html", SCRIPT),
    (b"<html>" + b" " * 9000 + b"<script>", "材料.html", SCRIPT),
    (b"echo off", "a.bat", SCRIPT),
    (b"MsgBox 1", "a.VBS", SCRIPT),
    (b"alert(1)", "a.js . ", SCRIPT),
    (b"Get-Item", "a.p\u202es1", SCRIPT),
    (b"Get-Item", "a.ｐｓ１", SCRIPT),
    (b"\x00\x01\x02\x03", "a.pdf", UNKNOWN),
    (b"\x00\x00\x00\x18ftypM4A \x00", "", UNKNOWN),
    (b"RIFF\x10\x00\x00\x00WAVE\x00", "", UNKNOWN),
    (b"abc\xff\xff", "a.txt", UNKNOWN),
    (b"\xff\xfe\x00\x00\x00\x01", "a.txt", UNKNOWN),
    (b"\xff\xfe" + "\ue000\uffff".encode("utf-16-le"), "a.txt", UNKNOWN),
    ("<ScripT>x</script>".encode("utf-16"), "材料.html", SCRIPT),
    ("echo off".encode("utf-16"), "a.bat", SCRIPT),
]


@pytest.mark.parametrize(("content", "expected"), ACCEPTED)
def test_what_the_office_can_read_is_known_by_its_bytes(tmp_path: Path, content: bytes, expected: FileType) -> None:
    assert inspect(tmp_path, content, "a.exe") == expected
    assert expected.kind in file_types.KINDS


@pytest.mark.parametrize(("content", "name", "why"), REFUSED)
def test_programs_scripts_and_what_nobody_can_open_get_a_reason(
    tmp_path: Path, content: bytes, name: str, why: str
) -> None:
    assert inspect(tmp_path, content, name) == Refused(why)


def test_every_kind_has_a_file_here() -> None:
    assert {expected.kind for _, expected in ACCEPTED} == set(file_types.KINDS)


@given(st.binary(max_size=200), st.sampled_from(range(len(ACCEPTED))), st.integers(0, 300), st.text())
def test_damaged_files_never_raise(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, which: int, place: int, name: str
) -> None:
    content = ACCEPTED[which][0]

    found = inspect(
        tmp_path_factory.getbasetemp(), content[:place] + noise + content[place + len(noise) :] or b"x", name
    )

    assert isinstance(found, FileType | Refused)
