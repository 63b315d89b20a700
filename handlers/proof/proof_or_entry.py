"""A line with a 文号 that comes after an entry: the document that proves it, the next entry, or asked which of the two."""

from __future__ import annotations

import re
import zlib
from datetime import date

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import entering
from handlers.proof import noting
from handlers.proof.proof_standing import at, standing, told
from handlers.turn import Place, Turn
from rubrics.entry_text import Written
from storage import entries
from storage.entries import Entry, same_name, same_number

_DOCUMENT = re.compile("文件|证书|决定|通知|通报|公告|公示|公布|批复|批文|批准|名单|复函|意见|办法|方案|纪要|奖状")
"""What a document is called rather than what was given or held."""


async def typed(turn: Turn, key: Key) -> None:
    """Words that name a document of themselves (see `noting.meant`)."""
    place = turn.place(key)
    entry = await _entry(turn, place, at(key, 3)) if place else None
    if place is None or entry is None:
        await noting.number_typed(turn, key)
        return
    if _is_proof(turn, place, entry):
        await _prove(turn, place, entry, key)
    elif _is_new(turn, place, entry):
        await entering.typed(turn, _entry_key(place))
    else:
        _ask(turn, place, entry)


async def _prove(turn: Turn, place: Place, entry: Entry, key: Key) -> None:
    """The document is noted, unless the 文号 the entry came with is its proof already."""
    said = entering.read(turn, place, turn.event.text)
    if _is_same(said.number, entry) and not (await standing(turn, place, entry.id)).lacking:
        back = Option(keys.pack("entries", *place.parts), "台账")
        turn.say("line-known", (back,), entry=entry, criterion=place.criterion)
    else:
        await noting.number_typed(turn, key)


def _is_proof(turn: Turn, place: Place, entry: Entry) -> bool:
    """Whether a line speaks of the document of that very entry: of no other name, day or 文号."""
    said = entering.read(turn, place, turn.event.text)
    on = date(*said.day) if said.day else None
    same_day = not said.days or (on is not None and on == entry.happened_on)
    return same_day and _number_fits(said, entry) and (not said.name or _is_about(said.name, place, entry))


def _is_new(turn: Turn, place: Place, entry: Entry) -> bool:
    """Whether a line has a name of its own, and a day or another 文号 with it."""
    said = entering.read(turn, place, turn.event.text)
    own = bool(said.name) and not _is_about(said.name, place, entry)
    return own and (bool(said.days) or not _number_fits(said, entry)) and not _is_same(said.number, entry)


def _is_about(name: str, place: Place, entry: Entry) -> bool:
    """Whether a name is that of the entry or of a document."""
    parts = () if place.criterion.proof == "none" else place.criterion.proof.parts
    plain, own = same_name(name), same_name(entry.name)
    names_it = plain in own or (bool(own) and own in plain)
    return names_it or bool(_DOCUMENT.search(name)) or any(part in name for part in parts)


def _number_fits(said: Written, entry: Entry) -> bool:
    return not same_number(entry.number) or _is_same(said.number, entry)


def _is_same(number: str, entry: Entry) -> bool:
    return bool(same_number(number)) and same_number(number) == same_number(entry.number)


def _ask(turn: Turn, place: Place, entry: Entry) -> None:
    assert place.criterion.entries is not None
    words = turn.event.text.strip()[:200]
    unit, rubric, criterion = place.parts
    turn.state["line"] = {"unit": unit, "rubric": rubric, "criterion": criterion, "entry": entry.id, "words": words}
    version = _version(words)
    options = (
        Option(keys.pack("line-new", *place.parts, version=version), f"新的一{place.criterion.entries.unit}"),
        Option(keys.pack("line-proof", *place.parts, version=version), f"这一{place.criterion.entries.unit}的材料"),
    )
    turn.say("line-which", options, said=words, entry=entry, criterion=place.criterion)


@told
async def new(turn: Turn, key: Key) -> None:
    """The line is an entry of its own."""
    found = _taken(turn, key)
    if found:
        place, words, _ = found
        await entering.typed(turn, _entry_key(place), words)


@told
async def proof(turn: Turn, key: Key) -> None:
    """The line names the document of the entry before it."""
    found = _taken(turn, key)
    if found:
        place, words, entry_id = found
        parts = tuple(str(part) for part in (*place.parts, entry_id))
        await noting.number_typed(turn, Key("by-number", parts, 0), words)


def _taken(turn: Turn, key: Key) -> tuple[Place, str, int] | None:
    """The line a button is about, which waits no more; says so where another came since or nothing waits."""
    place, line = turn.place(key), turn.state.get("line")
    if place is None or line is None or turn.place_of(line) != place or _version(line["words"]) != key.version:
        turn.say("stale")
        return None
    turn.state.pop("line")
    return place, line["words"], line["entry"]


async def _entry(turn: Turn, place: Place, entry_id: int) -> Entry | None:
    held = await entries.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    return next((one for one in held if one.id == entry_id), None)


def _entry_key(place: Place) -> Key:
    return Key("entry-new", tuple(str(part) for part in place.parts), 0)


def _version(words: str) -> int:
    return zlib.crc32(words.encode()) % 10**9
