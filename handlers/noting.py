"""Proof that is named, not sent: title and 文号 where they suffice, or 线下核验 for what may not be sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import collecting, destination
from handlers.proof_standing import at, more, standing, told
from handlers.turn import Place, Turn
from rubrics.entry_text import fields, take_number
from rubrics.errors import KaopingError
from storage import proof_notes


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
    elif not await collecting.over(turn, membership):
        turn.expect(keys.pack(verb, *place.parts, at(key, 3)))
        turn.say(f"{verb}-ask", (_back(place),), criterion=place.criterion)


async def number_typed(turn: Turn, key: Key) -> None:
    """``标题，文号``."""
    await _typed(turn, key, "number", _titled)


async def offline_typed(turn: Turn, key: Key) -> None:
    """``标题，文号，存放地点``; the 文号 may be missing."""
    await _typed(turn, key, "offline", _placed)


async def _typed(turn: Turn, key: Key, kind: proof_notes.Kind, read: Callable[[str], Named]) -> None:
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        turn.say("gone")
        return
    if await collecting.over(turn, membership):
        return
    named, entry_id = read(turn.event.text), at(key, 3)
    before = await standing(turn, place, entry_id)
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric, place.criterion.id)
    try:
        note = await proof_notes.add_in(*about, kind=kind, **named._asdict(), entry_id=entry_id or None)
    except KaopingError as error:
        turn.expect(keys.pack(key.verb, *key.parts))  # the next words may bring what is missing
        turn.say("refused", (_back(place),), said=str(error))
        return
    destination.remember(turn, place, entry_id)
    after = await standing(turn, place, entry_id)
    words = {"note": note, "criterion": place.criterion, "standing": after, "gained": more(before, after)}
    turn.say("noted", _options(turn, place, note), **words)


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
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        turn.say("stale")
        return
    if await collecting.over(turn, membership):
        return
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
    return Named("，".join(said[:-1]), number, said[-1]) if len(said) > 1 else Named("，".join(said), number)


def _back(place: Place) -> Option:
    return Option(keys.pack("proof", *place.parts), "返回")
