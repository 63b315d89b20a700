"""What files say about themselves, read before the turn that takes them, while the one writer is free."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import NamedTuple

from channels.port import FileRef
from handlers.free_text import matchers
from handlers.turn import Turn
from rubrics.dates import Day, find_days
from rubrics.documents import Document, read_document
from rubrics.entry_text import take_number
from storage import evidence
from storage.evidence import Evidence
from storage.file_text import READ_KINDS, FileText, TextReader

BEGINNING = 400
"""Characters of a document that tell what it is about; further on everything is mentioned."""

_OFFICIAL = re.compile(r"[〔\[［【（(]\s*(?:19|20)[0-9]{2}\s*[〕\]］】）)].*号")
"""A 文号 as a name has it; other codes of a name are those of a camera or a scanner."""

_WORTH_SAYING = frozenset({"broken", "locked", "large", "slow", "busy", "missing"})


class Inside(NamedTuple):
    """A document's own words about itself, its beginning, and a sentence where it could not be read."""

    document: Document = Document()
    beginning: str = ""
    problem: str = ""


Insides = dict[str, Inside]
"""By the file's reference."""


async def reading(turn: Turn) -> Callable[[], Awaitable[Insides]]:
    """The slow work for the files of this turn: their texts, and what finds clauses in them."""
    return partial(_read, turn.reader, await _files(turn), _today(turn), await matchers.wanted(turn))


async def texts(
    turn: Turn, files: Sequence[FileRef | Evidence] | None = None
) -> Callable[[], Awaitable[Insides]] | None:
    """The slow work where the clause is known: the texts of files alone; None where none of them has one.

    Args:
        files: kept ones; else those of this turn.
    """
    found = await _files(turn, files)
    if turn.reader is None or not any(file.kind in READ_KINDS for file in found):
        return None
    return partial(_read, turn.reader, found, _today(turn), ())


def named(turn: Turn, files: Sequence[FileRef | Evidence] | None = None) -> Insides:
    """What the names of files say about them; of this turn's where none are given."""
    of = turn.event.files if files is None else files
    return {file.ref: Inside(_of_name(file.name, _today(turn))) for file in of}


class _File(NamedTuple):
    ref: str
    name: str
    kind: str


async def _files(turn: Turn, files: Sequence[FileRef | Evidence] | None = None) -> list[_File]:
    of = turn.event.files if files is None else files
    return [_File(file.ref, file.name, (await turn.files.type_of(file.ref)).kind) for file in of]


def _today(turn: Turn) -> Day:
    return Day(*turn.today.timetuple()[:3])


async def _read(
    reader: TextReader | None, files: Sequence[_File], today: Day, wanted: Sequence[matchers.Wanted]
) -> Insides:
    await matchers.build(wanted)
    return {file.ref: await _one(reader, file, today) for file in files}


async def _one(reader: TextReader | None, file: _File, today: Day) -> Inside:
    by_name = _of_name(file.name, today)
    if reader is None:
        return Inside(by_name)
    found = await reader.text_of(file.ref, file.kind)
    if not isinstance(found, FileText):
        return Inside(by_name, problem=found.sentence if found.why in _WORTH_SAYING else "")
    document = await asyncio.to_thread(read_document, found.text, today, cut=found.cut)
    known = document._replace(day=document.day or by_name.day, number=document.number or by_name.number)
    return Inside(known, " ".join(found.text[:BEGINNING].split()))


def _of_name(name: str, today: Day) -> Document:
    """The 文号 and the day in a file's name; only a day written out (2025年2月6日), for scanners put the day of the scan."""
    stem = PurePath(name).stem
    number, rest = take_number(stem)
    if not _OFFICIAL.search(number):
        number, rest = "", stem
    written = [one.day for one in find_days(rest, today) if one.day and one.text.find("年") >= 4]
    return Document(number=number, day=next((day for day in written if day <= today), None))


async def as_proposed(turn: Turn, person_id: int, file: Evidence) -> Evidence:
    """A file sorted by hand, with the day and 文号 that were shown with the clauses it was not used for."""
    shown = turn.state.get("proposed") or {"files": ()}
    for one in shown["files"]:
        if one["id"] == file.id:
            on = date.fromisoformat(one["day"]) if one["day"] else None
            known = Document(number=one["number"], day=Day(*on.timetuple()[:3]) if on else None)
            return await noted(turn, person_id, file, known)
    return file


async def noted(turn: Turn, person_id: int, file: Evidence, document: Document) -> Evidence:
    """A file with the day and the 文号 it says of itself, kept where it had none."""
    day = None if file.dated_on or document.day is None else date(*document.day)
    number = None if file.number or not document.number else document.number
    if day is None and number is None:
        return file
    about = (person_id, file.unit_id, file.id)
    return await evidence.describe_in(turn.connection, turn.now, *about, dated_on=day, number=number)


def days(files: Sequence[FileRef], caption: str, insides: Insides) -> list[tuple[str, date | None]]:
    """The name of each file with the caption, and the day it is about."""
    found = [(f"{file.name} {caption}", insides.get(file.ref, Inside()).document.day) for file in files]
    return [(words, date(*day) if day else None) for words, day in found]
