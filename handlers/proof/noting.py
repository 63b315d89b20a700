"""Proof that is named, not sent: title and 文号 where they suffice, or 线下核验 for what may not be sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import collecting, late
from handlers.proof import (
    destination,
    guessing,
)
from handlers.proof.proof_standing import at, more, standing, told
from handlers.turn import Place, Turn
from rubrics.entry_text import fields, take_number
from rubrics.errors import KaopingError
from rubrics.model import Criterion
from rubrics.numerals import normalise
from rubrics.proof import WHOLE
from rubrics.wording import verdict
from storage import late_named, proof_notes

ALL = "全部都在"
_TELLS = re.compile("[了已我]")
"""A sentence about a document rather than its title."""


class Named(NamedTuple):
    """What a line names; empty where it does not say."""

    title: str
    number: str
    place: str = ""


async def ask_number(turn: Turn, key: Key) -> None:
    """Ask for title and 文号."""
    await _ask(turn, key, "by-number")


async def ask_offline(turn: Turn, key: Key) -> None:
    """Ask for title, 文号 and where it lies."""
    await _ask(turn, key, "offline")


async def _ask(turn: Turn, key: Key, verb: str) -> None:
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None or place.criterion.proof == "none":
        turn.say("stale")
    elif verb == "by-number" and not place.criterion.proof.by_number:
        offline = Option(keys.pack("offline", *place.parts, at(key, 3)), "线下核验")
        turn.say("number-not-enough", (offline,), criterion=place.criterion)
    elif not await collecting.over(turn, membership, place):
        await _ask_words(turn, place, verb, at(key, 3), _part(key))


async def _ask_words(turn: Turn, place: Place, verb: str, entry_id: int, part: int | None) -> None:
    """Ask for the words; before that for the part they are about, where several are lacking."""
    assert place.criterion.proof != "none"
    names = place.criterion.proof.parts
    lacks = [names.index(name) for name in (await standing(turn, place, entry_id)).lacking]
    if part is None and len(names) > 1 and len(lacks) != 1:
        offered = [(n, names[n]) for n in lacks or range(len(names))]
        options = [Option(keys.pack(verb, *place.parts, entry_id, n), name) for n, name in (*offered, (WHOLE, ALL))]
        turn.say("which-part-named", (*options, _back(place)), criterion=place.criterion, verb=verb)
        return
    chosen = part if part is not None else lacks[0] if len(names) > 1 else WHOLE
    turn.expect(keys.pack(verb, *place.parts, entry_id, chosen))
    turn.say(f"{verb}-ask", (_back(place),), criterion=place.criterion, part=part_name(place.criterion, chosen))


def part_name(criterion: Criterion, part: int) -> str:
    """What a named document proves of a clause: one of its parts, or 全部都在; empty where there is only one."""
    names = () if criterion.proof == "none" else criterion.proof.parts
    return "" if len(names) < 2 else names[part] if 0 <= part < len(names) else ALL


def _part(key: Key) -> int | None:
    """The part a key names; None where that is still to be said."""
    return at(key, 4) if len(key.parts) > 4 else None


async def number_typed(turn: Turn, key: Key, words: str | None = None) -> None:
    """``标题，文号``.

    Args:
        words: where they were typed before; else those of this event.
    """
    await _typed(turn, key, "number", _titled(turn.event.text if words is None else words))


async def offline_typed(turn: Turn, key: Key) -> None:
    """``标题，文号，存放地点``; the 文号 may be missing."""
    await _typed(turn, key, "offline", _placed(turn.event.text))


def meant(turn: Turn) -> Key | None:
    """The document that words name of themselves, for the clause asked, answered or chosen last.

    None where they are rather an answer, or about another clause. Where the clause has entries, they may be the next
    one all the same (see `proof_or_entry`).
    """
    to = destination.of(turn)
    criterion = to.place.criterion if to else None
    if to is None or criterion is None or criterion.proof == "none" or not criterion.proof.by_number:
        return None
    number, rest = take_number(turn.event.text)
    said = fields(rest)
    if not number or (criterion.entries and not to.entry_id) or (len(said) > 1 and not to.entry_id):
        return None
    title = " ".join(said)
    if _TELLS.search(title) or verdict(normalise(title)) is not None:
        return None
    if guessing.elsewhere(title, criterion, to.place.rubric.criteria.values()):
        return None
    return Key("by-number", tuple(str(part) for part in (*to.place.parts, to.entry_id)), 0)


async def _typed(turn: Turn, key: Key, kind: proof_notes.Kind, named: Named) -> None:
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        turn.say("gone")
        return
    entry_id, part = at(key, 3), _part(key)
    part = WHOLE if part is None else part
    if kind == "number" and named.number and not named.title and place.criterion.proof != "none":
        names = place.criterion.proof.parts
        named = named._replace(title=names[part] if 0 <= part < len(names) else "、".join(names))
    before = await standing(turn, place, entry_id)
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric, place.criterion.id)
    words: dict[str, Any] = {"kind": kind, **named._asdict(), "entry_id": entry_id or None, "part": part}
    try:
        if await collecting.closed(turn, membership, place):
            await late.named(turn, place, late_named.Named("note", words))
            return
        note = await proof_notes.add_in(*about, **words)
    except KaopingError as error:
        turn.expect(keys.pack(key.verb, *key.parts))  # the next words may bring what is missing
        turn.say("refused", (_back(place),), said=str(error))
        return
    destination.remember(turn, place, entry_id)
    after = await standing(turn, place, entry_id)
    said = {"note": note, "criterion": place.criterion, "standing": after, "gained": more(before, after)}
    turn.say("noted", _options(turn, place, note), part=part_name(place.criterion, note.part), **said)


def _options(turn: Turn, place: Place, note: proof_notes.Note) -> tuple[Option, ...]:
    again = () if turn.opened(place) else (Option(keys.pack("ask", *place.parts), "回答问题"),)
    return (
        *again,
        Option(keys.pack("note-take", *place.parts, note.id), "撤回"),
        Option(keys.pack("proof", *place.parts), "这条的材料"),
        Option(keys.pack("next", place.unit_id), "下一项"),
    )


@told
async def take_back(turn: Turn, key: Key) -> None:
    """Withdraw proof by name."""
    found = await collecting.changeable(turn, turn.place(key))
    if found is None:
        return
    place, membership = found
    before = await standing(turn, place)
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric, at(key, 3))
    await proof_notes.withdraw_in(*about)
    after = await standing(turn, place)
    words = {"criterion": place.criterion, "standing": after, "gained": more(before, after)}
    turn.say("note-taken", (Option(keys.pack("proof", *place.parts), "这条的材料"),), **words)


def _titled(text: str) -> Named:
    number, rest = take_number(text)
    return Named("，".join(fields(rest)), number)


def _placed(text: str) -> Named:
    number, rest = take_number(text)
    said: Sequence[str] = fields(rest)
    if len(said) == 1:  # 责任书 镇档案室: blanks keep apart where nothing else does
        said = said[0].split()
    return Named("，".join(said[:-1]), number, said[-1]) if len(said) > 1 else Named("，".join(said), number)


def _back(place: Place) -> Option:
    return Option(keys.pack("proof", *place.parts), "返回")
