"""What a file is, said after it came: which part of a clause's proof, and which entry it is about."""

from __future__ import annotations

from channels.keys import Key
from handlers.answering import collecting
from handlers.proof import destination
from handlers.proof.attaching import Attached, say_filed
from handlers.proof.proof_standing import at, standing, told
from handlers.turn import Place, Turn
from rubrics.proof import UNSAID, WHOLE
from storage import evidence, evidence_places


@told
async def said_part(turn: Turn, key: Key) -> None:
    """Which part of the proof a file is; said once more, the newer word counts."""
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    names = () if place is None or place.criterion.proof == "none" else place.criterion.proof.parts
    entry_id, file_id, part = at(key, 3), at(key, 4), at(key, 5)
    if place is None or membership is None or len(key.parts) != 6 or not (part == WHOLE or 0 <= part < len(names)):
        turn.say("stale")
        return
    if await collecting.over(turn, membership, place):
        return
    before = await standing(turn, place, entry_id)
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, file_id, place.rubric, place.criterion.id)
    others = await _let_go(turn, place, file_id, entry_id)
    await evidence.attach_in(*about, entry_id=entry_id or None, part=part)
    for other in others:
        await evidence.attach_in(*about, entry_id=other.entry_id, part=other.part)
    name = names[part] if part != WHOLE else "、".join(names)
    file = await evidence.find_in(turn.connection, place.unit_id, file_id)
    await say_filed(turn, place, [Attached(file, (name,))], before, entry_id)


async def _let_go(turn: Turn, place: Place, file_id: int, entry_id: int) -> list[evidence.Use]:
    """Take back what was said of a file about an entry (or the clause); what it is for others is given back."""
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    used = await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    mine = [use for use in used if use.evidence.id == file_id]
    if all(use.part == UNSAID or (use.entry_id or 0) != entry_id for use in mine):
        return []
    about = (turn.connection, turn.now, membership.person_id, place.unit_id, file_id, place.rubric, place.criterion.id)
    await evidence.detach_in(*about)
    return [use for use in mine if (use.entry_id or 0) != entry_id]


@told
async def said_entry(turn: Turn, key: Key) -> None:
    """Which entry the files are about that were sent for the clause as a whole, or one file sent for another entry."""
    found = await collecting.changeable(turn, turn.place(key) if len(key.parts) in {4, 5} else None)
    if found is None:
        return
    place, membership = found
    held = evidence_places.Place(place.rubric.id, place.criterion.id, at(key, 3), WHOLE)
    await evidence_places.check_entry(turn.connection, place.unit_id, held)
    before = await standing(turn, place, at(key, 3))
    used = await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    of_file = at(key, 4)
    loose = [use for use in used if (use.evidence.id == of_file if of_file else use.entry_id is None)]
    if not loose:
        turn.say("stale")
        return
    if of_file:
        await evidence.detach_in(
            turn.connection, turn.now, membership.person_id, place.unit_id, of_file, place.rubric, place.criterion.id
        )
    for use in loose:
        about = (membership.person_id, place.unit_id, use.evidence.id, place.rubric, place.criterion.id)
        await evidence.attach_in(turn.connection, turn.now, *about, entry_id=at(key, 3), part=use.part)
    destination.remember(turn, place, at(key, 3))
    names = () if place.criterion.proof == "none" else place.criterion.proof.parts
    attached = [Attached(use.evidence, (names[use.part],) if 0 <= use.part < len(names) else ()) for use in loose]
    await say_filed(turn, place, attached, before, at(key, 3))
