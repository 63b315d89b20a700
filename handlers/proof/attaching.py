"""Files that prove a clause: attached as the part and to the entry they seem to be about, and what that did is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from channels import keys
from channels.port import Option
from handlers.answering import recent
from handlers.proof import (
    destination,
    guessing,
)
from handlers.proof.proof_standing import Standing, more, one_of, standing, year_of
from handlers.turn import Place, Turn
from rubrics.dates import Day
from rubrics.doubts import Paper, about_paper
from rubrics.proof import UNSAID, WHOLE
from storage import entries, evidence
from storage.evidence import Evidence

SMALL_PRINT = "图片_"
"""How a channel names a photo that was not sent as a file: its messenger has made it smaller."""


class Attached(NamedTuple):
    """A file that now proves a clause, and as what; no parts where that is still to be said."""

    file: Evidence
    parts: tuple[str, ...] = ()
    again: bool = False  # sent before
    odd: tuple[str, ...] = ()  # what a careful clerk would ask at once


async def attach(turn: Turn, place: Place, files: Sequence[Evidence], entry_id: int = 0) -> None:
    """Let files prove a clause or an entry of it, and say what that did."""
    before = await standing(turn, place, entry_id)
    attached, entry_id = await put(turn, place, files, entry_id)
    await say_filed(turn, place, attached, before, entry_id)


async def put(turn: Turn, place: Place, files: Sequence[Evidence], entry_id: int = 0) -> tuple[list[Attached], int]:
    """Let files prove a clause or an entry of it; returns as what, and the entry they are about."""
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    attached = []
    for file in files:
        entry = entry_id or await _entry(turn, place, f"{file.name} {turn.event.text}")
        attached.append(await _attach(turn, place, membership.person_id, file, entry))
        entry_id = entry_id or (entry if len(files) == 1 else 0)
    destination.remember(turn, place, entry_id)
    return attached, entry_id


async def _entry(turn: Turn, place: Place, words: str) -> int:
    """The entry a file is about: the one its name tells, or the only one; 0 where that must be asked."""
    held = await entries.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    lacking = (await turn.known(place.unit_id, place.rubric)).proofs.lacking
    guessed = guessing.entry_of(words, held, Day(*turn.today.timetuple()[:3]))
    if guessed is None and len(held) == 1 and lacking(place.criterion, held[0].id):
        guessed = held[0]
    return guessed.id if guessed else 0


async def _attach(turn: Turn, place: Place, person_id: int, file: Evidence, entry_id: int) -> Attached:
    names = () if place.criterion.proof == "none" else place.criterion.proof.parts
    guessed = guessing.parts_of(f"{file.name} {turn.event.text}", names) if len(names) > 1 else ()
    about = (turn.connection, turn.now, person_id, place.unit_id, file.id, place.rubric, place.criterion.id)
    for part in guessed or (UNSAID,):
        await evidence.attach_in(*about, entry_id=entry_id or None, part=part)
    again = bool(turn.event.files) and file.received_at < turn.now
    return Attached(file, tuple(names[part] for part in guessed), again, _odd(turn, place, file))


def _odd(turn: Turn, place: Place, file: Evidence) -> tuple[str, ...]:
    """That a file is of another year where this one's is wanted, while who sent it still has the right one at hand."""
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    day, today = file.dated_on, Day(*turn.today.timetuple()[:3])
    paper = Paper(file.name, Day(*day.timetuple()[:3]) if day else None, file.number, today)
    asked = about_paper(place.criterion, paper, year_of(membership), today)
    return tuple(one.to_unit for one in asked if one.kind == "day")


async def say_filed(
    turn: Turn, place: Place, attached: Sequence[Attached], before: Standing, entry_id: int = 0
) -> None:
    """One reply: what came, where it is now, what is lacking, and the next thing to be said about it."""
    after = await standing(turn, place, entry_id)
    asks = await next_question(turn, place)
    turn.say(
        "filed",
        (*asks.options, *_onward(turn, place, attached)),
        criterion=place.criterion,
        entry=await _named(turn, place, entry_id),
        attached=attached,
        standing=after,
        gained=more(before, after),
        asks=asks,
        small_print=any(one.file.name.startswith(SMALL_PRINT) for one in attached),
        received=bool(turn.event.files),
        refused=turn.event.refused,
    )


async def _named(turn: Turn, place: Place, entry_id: int) -> entries.Entry | None:
    held = await entries.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    return next((entry for entry in held if entry.id == entry_id), None)


def _onward(turn: Turn, place: Place, attached: Sequence[Attached]) -> tuple[Option, ...]:
    options = [] if turn.opened(place) else [Option(keys.pack("ask", *place.parts), "回答问题")]
    options.append(Option(keys.pack("proof", *place.parts), "这条的材料"))
    if which := selection([one.file for one in attached], turn.now):
        options.append(Option(keys.pack("move", *place.parts, which), "换一条"))
    options += recent.file_buttons(turn, [one.file for one in attached])
    return (*options, Option(keys.pack("next", place.unit_id), "下一项"))


def selection(files: Sequence[Evidence], now: datetime) -> str:
    """Files as a key names them: one by its id, those of one submission by the first and the last; else empty.

    One writer makes all rows of a submission, so nothing lies between them.
    """
    fresh = [file.id for file in files if file.received_at == now]
    if len(files) == 1:
        return str(files[0].id)
    return f"{min(fresh)}-{max(fresh)}" if fresh else ""


class Question(NamedTuple):
    """What still has to be said about the files of a clause.

    ``entry_of``: of how many files the entry, one of a ``unit`` (次); ``part_of``: of which file the part, with so many
    in the ``rest``.
    """

    options: tuple[Option, ...] = ()
    entry_of: int = 0
    unit: str = ""
    part_of: str = ""
    rest: int = 0


async def next_question(turn: Turn, place: Place) -> Question:
    """Ask first which entry the files are about, then file by file which part they are."""
    used = await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    held = await entries.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    loose = {use.evidence.id for use in used if use.entry_id is None}
    if held and loose and place.criterion.entries:
        options = [Option(keys.pack("of-entry", *place.parts, entry.id), entry_label(entry)) for entry in held]
        options.append(Option(keys.pack("entry-new", *place.parts), one_of(place.criterion.entries)))
        return Question(tuple(options), entry_of=len(loose), unit=place.criterion.entries.unit)
    unsaid = [use for use in used if use.part == UNSAID]
    if unsaid and place.criterion.proof != "none" and len(place.criterion.proof.parts) > 1:
        return Question(part_options(place, unsaid[0]), part_of=unsaid[0].evidence.name, rest=len(unsaid) - 1)
    return Question()


def part_options(place: Place, use: evidence.Use) -> tuple[Option, ...]:
    """Which part of the proof a file is: one of them, or 都在里面."""
    assert place.criterion.proof != "none"
    about = (*place.parts, use.entry_id or 0, use.evidence.id)
    names = (*enumerate(place.criterion.proof.parts), (WHOLE, "都在里面"))
    return tuple(Option(keys.pack("part", *about, part), name) for part, name in names)


def entry_label(entry: entries.Entry) -> str:
    """``3-14 质量专题会``."""
    on = f"{entry.happened_on.month}-{entry.happened_on.day} " if entry.happened_on else ""
    return f"{on}{entry.name or entry.number}"[:10]
