"""The list of a clause's entries (台账) and one of them: with its files, what they lack, and 撤回."""

from __future__ import annotations

from pathlib import PurePath

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    collecting,
    honouring,
    keeping,
    recent,
)
from handlers.proof import (
    attaching,
    destination,
)
from handlers.proof.proof_standing import at, more, one_of, standing, told
from handlers.turn import Place, Turn
from storage import entries, evidence
from storage.entries import Entry


def _own(turn: Turn, key: Key) -> Place | None:
    place = turn.place(key)
    return place if place and place.criterion.entries else None


async def _held(turn: Turn, place: Place) -> list[Entry]:
    return await entries.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)


async def _files(turn: Turn, place: Place, entry_id: int) -> list[evidence.Evidence]:
    used = await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    return list({use.evidence.id: use.evidence for use in used if use.entry_id == entry_id}.values())


@told
async def show(turn: Turn, key: Key) -> None:
    """All entries of a clause."""
    place = _own(turn, key)
    if place is None or place.criterion.entries is None:
        turn.say("stale")
        return
    held = await _held(turn, place)
    lacking = (await turn.known(place.unit_id, place.rubric)).proofs.lacking
    rows = [(e, len(await _files(turn, place, e.id)), lacking(place.criterion, e.id)) for e in held]
    options = [Option(keys.pack("entry", *place.parts, entry.id), attaching.entry_label(entry)) for entry in held]
    options.append(Option(keys.pack("entry-new", *place.parts), one_of(place.criterion.entries)))
    options.append(Option(keys.pack("ask", *place.parts), "返回"))
    stand = await standing(turn, place)
    turn.say("entries", tuple(options), criterion=place.criterion, rows=rows, standing=stand, gained=0)


@told
async def card(turn: Turn, key: Key) -> None:
    """One entry; the next files go to it."""
    place = _own(turn, key)
    entry = next((e for e in await _held(turn, place) if e.id == at(key, 3)), None) if place else None
    if place is None or entry is None:
        turn.say("stale")
        return
    destination.remember(turn, place, entry.id, invited=True)
    files = await _files(turn, place, entry.id)
    options = [Option(keys.pack("file", place.unit_id, file.id), PurePath(file.name).stem[:10]) for file in files]
    options += honouring.button(place, entry)
    options.append(Option(keys.pack("entry-take", *place.parts, entry.id), "撤回这条"))
    if place.criterion.proof != "none":
        if place.criterion.proof.by_number:
            options.append(Option(keys.pack("by-number", *place.parts, entry.id), "只报文号"))
        options.append(Option(keys.pack("offline", *place.parts, entry.id), "线下核验"))
    options.append(Option(keys.pack("entries", *place.parts), "返回"))
    stand = await standing(turn, place, entry.id)
    turn.say("entry", tuple(options), criterion=place.criterion, entry=entry, files=files, standing=stand, gained=0)


@told
async def take_back(turn: Turn, key: Key) -> None:
    """Withdraw an entry; its files wait in 待归类材料 again."""
    found = await collecting.changeable(turn, _own(turn, key))
    if found is None:
        return
    place, membership = found
    before = await standing(turn, place)
    files = await _files(turn, place, at(key, 3))
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric, at(key, 3))
    changed = await entries.withdraw_in(*about)
    recent.forget(turn, keys.pack("entry-take", *place.parts, at(key, 3)))
    destination.forget(turn)
    if opened := turn.opened(place):
        opened["version"] += place.criterion.id in changed
    stale = await keeping.ended_submission(turn, place) if changed else ""
    after = await standing(turn, place)
    options = [Option(keys.pack("entries", *place.parts), "台账")]
    if files:
        options.append(Option(keys.pack("sort", place.unit_id), "待归类材料"))
    words = {"criterion": place.criterion, "standing": after, "gained": more(before, after), "stale": stale}
    turn.say("entry-taken", tuple(options), files=files, changed=changed, **words)
