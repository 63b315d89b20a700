"""What a received file is: decided by its bytes, never by its name, and never by opening what it holds."""

from __future__ import annotations

import codecs
import mmap
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

HEAD_BYTES = 4096
"""What `type_of` looks at."""

KINDS = (
    "pdf",
    "png",
    "jpeg",
    "gif",
    "webp",
    "heic",
    "video",
    "ole",
    "docx",
    "xlsx",
    "pptx",
    "ofd",
    "ceb",
    "zip",
    "rar",
    "7z",
    "text",
)
"""What is kept. ``ole`` is the container of .doc .xls .ppt .wps .et .dps, ``video`` that of .mp4 and .mov."""

PROGRAM = "这是程序文件，系统不收，请发能看的材料：PDF、照片、Office 或 WPS 文档"
SCRIPT = "文件里有脚本，系统不收，请另存为 PDF 或截图后再发"
UNKNOWN = "认不出这是什么文件，可能没有传完整，请改发 PDF、照片、Office 或 WPS 文档"
BROKEN = "这个文件打不开，可能没有传完整，请检查后重新发送"
EMPTY_ZIP = "这个压缩包是空的，请检查后重新发送"
ENCRYPTED = "这个文件设了密码，核查时打不开，请去掉密码后再发"
CROWDED = f"压缩包里的文件超过 {10_000} 个，请分成几个再发"

MOST_MEMBERS = 10_000  # each costs memory just to be listed

_MACH_O = ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe")  # the last also begins Java classes
_PROGRAMS = (b"MZ", b"\x7fELF", *(bytes.fromhex(magic) for magic in _MACH_O))
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"Founder CEB", "ceb"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_VIDEO = re.compile(rb"isom|iso[2-9]|mp4[12]|M4V |M4VP|avc1|qt  |3g[p2].|MSNV|dash|XAVC")
_OLD_MOV = {b"moov", b"mdat", b"wide"}
_OFFICE = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
_SCRIPT_ENDINGS = {
    "bat",
    "cmd",
    "vbs",
    "vbe",
    "js",
    "jse",
    "mjs",
    "wsf",
    "wsh",
    "hta",
    "ps1",
    "psm1",
    "sh",
    "py",
    "reg",
}
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_SCRIPT_TAG = re.compile(rb"<\x00?s\x00?c\x00?r\x00?i\x00?p\x00?t", re.IGNORECASE)  # UTF-16 has zeros between
_NOT_WRITTEN = {"Cn", "Co"}  # what no text has: without this any bytes behind a UTF-16 mark would be one
# storages of an OLE container, named in UTF-16; the class ids of an installer and of its patch
_OLE_MACRO = "_VBA_PROJECT".encode("utf-16-le")
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_INSTALLER = re.compile(rb"[\x84\x86]\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46")


class FileType(NamedTuple):
    """What a file is: one of `KINDS`. ``macro`` marks 含宏: kept, and only ever sent back as a download."""

    kind: str
    macro: bool = False


class Refused(NamedTuple):
    """Why a file is not kept, said to a person."""

    sentence: str


class Member(NamedTuple):
    """An entry of a zip's directory."""

    name: str
    encrypted: bool


def inspect(path: Path, name: str = "") -> FileType | Refused:
    """The type of a file that is not empty; reads its head, and of a container the directory. Extracts nothing."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = type_of(content[:HEAD_BYTES], name)
        if isinstance(found, Refused):
            return found
        if found.kind == "ole":
            return _ole_type(content)
        if found.kind == "zip":
            members = _members(path, content)
            return members if isinstance(members, Refused) else zip_type(members)
        if found.kind == "text" and _SCRIPT_TAG.search(content):
            return Refused(SCRIPT)
    return found


def type_of(head: bytes, name: str = "") -> FileType | Refused:
    """The type by the first 4 KB. A zip's is only ``zip``: what kind, `zip_type` says.

    Args:
        name: the sender's; only makes a text a script (.bat, .vbs …), never a file something better.
    """
    if head.startswith(_PROGRAMS):
        return Refused(PROGRAM)
    for start, kind in _STARTS:
        if head.startswith(start):
            return FileType(kind)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileType("webp")
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"%PDF-"):
        return FileType("pdf")
    return _media_type(head) or _text_type(head, name)


def zip_type(members: Iterable[Member]) -> FileType | Refused:
    """What a zip is, by the names in its directory."""
    listed = tuple(members)
    names = {member.name for member in listed}
    if not names:
        return Refused(EMPTY_ZIP)
    if names & {"AndroidManifest.xml", "META-INF/MANIFEST.MF"} or any(_in_iphone_app(name) for name in names):
        return Refused(PROGRAM)
    if any(member.encrypted for member in listed):
        return Refused(ENCRYPTED)
    if "[Content_Types].xml" in names:
        folders = {name.split("/")[0] for name in names if "/" in name}
        for folder, kind in _OFFICE.items():
            if folder in folders:
                return FileType(kind, any(PurePosixPath(name).name.lower() == "vbaproject.bin" for name in names))
    return FileType("ofd" if "OFD.xml" in names else "zip")


def seen(name: str) -> str:
    """A name as it looks: full-width as usual, without spaces and what cannot be seen, so that neither hides a word."""
    shown = unicodedata.normalize("NFKC", name)
    return "".join(letter for letter in shown if letter.isprintable() and not letter.isspace())


def _in_iphone_app(name: str) -> bool:
    return re.match(r"Payload/[^/]+\.app/", name) is not None


def _media_type(head: bytes) -> FileType | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIC:
            return FileType("heic")
        return FileType("video") if _VIDEO.fullmatch(brand) else None
    return FileType("video") if head[4:8] in _OLD_MOV and head[0] == 0 else None


def _text_type(head: bytes, name: str) -> FileType | Refused:
    text = _decoded(head)
    if text is None or _NOT_IN_TEXT.search(text):
        return Refused(UNKNOWN)
    ending = seen(name).rstrip(".").rpartition(".")[2].lower()
    if text.lstrip("\ufeff \t\r\n").startswith("#!") or _SCRIPT_TAG.search(head) or ending in _SCRIPT_ENDINGS:
        return Refused(SCRIPT)
    return FileType("text")


def encodings(head: bytes) -> tuple[str, ...]:
    """What a text may be written in, by its first bytes; Notepad's Unicode begins with a mark."""
    return ("utf-16",) if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "gb18030")


def _decoded(head: bytes) -> str | None:
    for encoding in encodings(head):
        try:
            # a head cut from a longer file may end within a character
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD_BYTES)
        except UnicodeDecodeError:
            continue
        written = encoding != "utf-16" or not any(unicodedata.category(letter) in _NOT_WRITTEN for letter in text)
        return text if written else None
    return None


def _ole_type(content: mmap.mmap) -> FileType | Refused:
    if _INSTALLER.search(content):
        return Refused(PROGRAM)
    if content.find(_OLE_ENCRYPTED) >= 0:
        return Refused(ENCRYPTED)
    return FileType("ole", content.find(_OLE_MACRO) >= 0)


def _members(path: Path, content: mmap.mmap) -> tuple[Member, ...] | Refused:
    for count, _ in enumerate(re.finditer(rb"PK\x01\x02", content), 1):  # before zipfile builds an object of each
        if count > MOST_MEMBERS:
            return Refused(CROWDED)
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(Member(entry.filename, bool(entry.flag_bits & 1)) for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, OverflowError, struct.error):
        return Refused(BROKEN)  # all that zipfile raises for a damaged directory; OSError is a seek before the start
