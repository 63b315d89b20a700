"""What files say about themselves, read before the turn that takes them, while the one writer is free."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from channels.port import FileRef
from handlers.free_text import matchers
from handlers.turn import Turn
from rubrics.dates import Day
from rubrics.documents import Document, read_document
from storage.file_text import FileText, TextReader

BEGINNING = 400
"""Characters of a document that tell what it is about; further on everything is mentioned."""

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
    files = [(file.ref, (await turn.files.type_of(file.ref)).kind) for file in turn.event.files]
    today = Day(*turn.today.timetuple()[:3])
    return partial(_read, turn.reader, files, today, await matchers.wanted(turn))


async def _read(
    reader: TextReader | None, files: Sequence[tuple[str, str]], today: Day, wanted: Sequence[matchers.Wanted]
) -> Insides:
    await matchers.build(wanted)
    if reader is None:
        return {ref: Inside() for ref, _ in files}
    return {ref: await _one(reader, ref, kind, today) for ref, kind in files}


async def _one(reader: TextReader, ref: str, kind: str, today: Day) -> Inside:
    found = await reader.text_of(ref, kind)
    if not isinstance(found, FileText):
        return Inside(problem=found.sentence if found.why in _WORTH_SAYING else "")
    document = await asyncio.to_thread(read_document, found.text, today, cut=found.cut)
    return Inside(document, " ".join(found.text[:BEGINNING].split()))


def days(files: Sequence[FileRef], caption: str, insides: Insides) -> list[tuple[str, date | None]]:
    """The name of each file with the caption, and the day it is about."""
    found = [(f"{file.name} {caption}", insides.get(file.ref, Inside()).document.day) for file in files]
    return [(words, date(*day) if day else None) for words, day in found]
