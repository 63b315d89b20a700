"""When a file says it was made and last saved: properties of office files and PDFs, EXIF of photos.

Only ever run in the worker process, as `text_inside`. What a file says of itself is a hint and no more: clocks are
wrong, templates are old, and many programs write nothing.
"""

from __future__ import annotations

import logging
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from xml.parsers import expat

MOST_BYTES = 1_048_576  # of a part with properties; they take a few hundred
MOST_SEGMENTS = 40  # of a photo before its picture
MOST_TAGS = 500  # of one directory of EXIF

_OFFICE_PART = re.compile(r"docProps/core\d*\.xml")
_OFFICE_TAGS = {"created": "made", "modified": "saved"}
_OFD_TAGS = {"CreationDate": "made", "ModDate": "saved"}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(?:(Z)|([+-])(\d\d):?(\d\d))?)?")
_PDF = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?)?")
_EXIF = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)()()()()")

_EXIF_START = b"Exif\0\0"
_DIRECTORY, _TAKEN, _DIGITIZED, _CHANGED = 0x8769, 0x9003, 0x9004, 0x0132
_TEXT_TYPE, _NUMBER_TYPE = 2, 4


class Said(NamedTuple):
    """What a file says, as ISO times, with an offset where it has one; empty where it says nothing."""

    made: str = ""
    saved: str = ""


def read(path: Path, kind: str) -> Said:
    """When a file says it was made and last saved.

    Raises:
        Exception: whatever a library raises for a broken file.
    """
    return _READERS[kind](path)


def _moment(said: str, shape: re.Pattern[str]) -> str:
    """A time as ISO; empty for what is none (the 31st of June, 0000:00:00)."""
    found = shape.match(said.strip())
    if found is None:
        return ""
    year, month, day, hour, minute, second, zulu, sign, hours, minutes = found.groups()
    zone: tzinfo | None = UTC if zulu else None
    try:
        if sign:
            zone = timezone((1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes or 0)))
        day_of = (int(year), int(month), int(day))
        return datetime(*day_of, int(hour or 0), int(minute or 0), int(second or 0), tzinfo=zone).isoformat()
    except ValueError:
        return ""


# --- office files -----------------------------------------------------------------------------------------


def _office(path: Path) -> Said:
    return _of_part(path, _OFFICE_PART, _OFFICE_TAGS)


def _ofd(path: Path) -> Said:
    return _of_part(path, re.compile(r"OFD\.xml"), _OFD_TAGS)


def _of_part(path: Path, named: re.Pattern[str], tags: dict[str, str]) -> Said:
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if named.fullmatch(name)), None)
        if name is None:
            return Said()
        with archive.open(name) as part:
            content = part.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return Said()
    found = _texts(content, tags)
    return Said(**{field: _moment(text, _ISO) for field, text in found.items()})


def _texts(content: bytes, tags: dict[str, str]) -> dict[str, str]:
    """The text of the first element of each tag, by what it is called here."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    found: dict[str, str] = {}
    inside: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        inside[:] = [tags[name]] if (name := tag.rpartition(" ")[2]) in tags and tags[name] not in found else []

    def text(words: str) -> None:
        if inside:
            found[inside[0]] = found.get(inside[0], "") + words

    def end(_tag: str) -> None:
        inside.clear()

    def refuse(*_: Any) -> None:
        raise ValueError("a document type, which only serves to declare entities")

    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    parser.EndElementHandler, parser.StartDoctypeDeclHandler = end, refuse
    parser.Parse(content, True)
    return found


# --- pdf --------------------------------------------------------------------------------------------------


def _pdf(path: Path) -> Said:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with pypdf.PdfReader(path) as reader:
        about: Any = reader.metadata or {}
        made, saved = (str(about[name]) if name in about else "" for name in ("/CreationDate", "/ModDate"))
    return Said(_moment(made, _PDF), _moment(saved, _PDF))


# --- jpeg -------------------------------------------------------------------------------------------------


def _jpeg(path: Path) -> Said:
    with path.open("rb") as file:
        exif = next((part for part in _segments(file) if part.startswith(_EXIF_START)), None)
    if exif is None:
        return Said()
    content = exif[len(_EXIF_START) :]
    order = {b"II": "<", b"MM": ">"}.get(content[:2])
    if order is None:
        return Said()
    first = _tags(content, order, struct.unpack_from(f"{order}I", content, 4)[0])
    further = _tags(content, order, first[_DIRECTORY]) if isinstance(first.get(_DIRECTORY), int) else {}
    taken = further.get(_TAKEN) or further.get(_DIGITIZED) or ""
    return Said(_moment(str(taken), _EXIF), _moment(str(first.get(_CHANGED, "")), _EXIF))


def _segments(file: BinaryIO) -> Iterator[bytes]:
    """What lies before the picture, each part without its mark and length."""
    file.seek(2)
    for _ in range(MOST_SEGMENTS):
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] == 0xDA:  # the picture begins
            return
        yield file.read(max(int.from_bytes(head[2:], "big") - 2, 0))


def _tags(content: bytes, order: str, at: Any) -> dict[int, str | int]:
    """The texts and numbers of a directory of EXIF, by tag."""
    (count,) = struct.unpack_from(f"{order}H", content, at)
    found: dict[int, str | int] = {}
    for number in range(min(count, MOST_TAGS)):
        tag, kind, several, value = struct.unpack_from(f"{order}HHII", content, at + 2 + 12 * number)
        if kind == _TEXT_TYPE and several > 4:  # a shorter one would lie in the value's own place: no date does
            found[tag] = content[value : value + several].rstrip(b"\0 ").decode("ascii", "replace")
        elif kind == _NUMBER_TYPE and several == 1:
            found[tag] = value
    return found


_READERS: dict[str, Callable[[Path], Said]] = {
    **dict.fromkeys(("docx", "xlsx", "pptx"), _office),
    "ofd": _ofd,
    "pdf": _pdf,
    "jpeg": _jpeg,
}
