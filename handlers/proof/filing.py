"""Files of proof just arrived: to the clause or entry they are sent for, else to 待归类材料."""

from __future__ import annotations

from channels import keys
from channels.port import FileRef, Option
from handlers.answering import (
    changing,
    collecting,
    late,
    recent,
    submitting,
)
from handlers.free_text import whose
from handlers.proof import (
    attaching,
    destination,
    guessing,
    inside,
    proposing,
    sorting,
)
from handlers.proof.destination import Destination
from handlers.proof.inside import Insides
from handlers.turn import Place, Turn
from rubrics.tasks import asked
from storage import evidence
from storage.evidence import Evidence
from storage.people import Membership


async def received(turn: Turn, insides: Insides | None = None) -> None:
    """All files of one event are one submission with one reply.

    Args:
        insides: what the files say about themselves; files that nobody asked for are read before they are taken.
    """
    to = destination.of(turn)
    membership = turn.of_unit(to.place.unit_id) if to else turn.liaison
    if membership is None or membership.unit_id is None:
        turn.say("no-unit", office=turn.office)
    elif await collecting.closed(turn, membership, to.place if to else None) and not await submitting.wants(turn):
        await late.received(turn, membership, to.place if to else None)
    elif insides is None and to is None and turn.expected is None and not await submitting.wants(turn):
        turn.prepare(await inside.reading(turn), received)
    else:
        if insides and to is None:
            membership = whose.of_files(turn, membership, inside.days(turn.event.files, turn.event.text, insides))
            turn.of_unit(membership.unit_id or 0)  # what is said is about this year
        await _take(turn, membership, to, insides or {})


async def _take(turn: Turn, membership: Membership, to: Destination | None, insides: Insides) -> None:
    expected = turn.expected
    kept = [await _keep(turn, membership, file) for file in turn.event.files]
    recent.received(turn, kept)
    if expected and expected.verb == "swap" and len(kept) == 1:
        await changing.replaced(turn, expected, kept[0])
        return
    if expected:  # words are still awaited
        turn.expect(keys.pack(expected.verb, *expected.parts, version=expected.version))
    if await submitting.wants(turn):
        await submitting.signed(turn, *kept)
    elif to is None:
        await _propose(turn, membership, kept, insides)
    else:
        await _attach(turn, membership, to, kept)


async def _attach(turn: Turn, membership: Membership, to: Destination, kept: list[Evidence]) -> None:
    """To the clause they are sent for; one whose name is clearly another clause's waits until that is said."""
    own = [] if to.entry_id else _places(membership)  # who chose an entry knows what it is for
    clauses = [place.criterion for place in own]
    astray: dict[int, Place] = {}
    for file in kept:
        other = guessing.elsewhere(f"{file.name} {turn.event.text}", to.place.criterion, clauses)
        if other is not None:
            astray[file.id] = next(place for place in own if place.criterion is other)
    here = [file for file in kept if file.id not in astray]
    if here:
        await attaching.attach(turn, to.place, here, to.entry_id)
    for file in kept:
        if file.id in astray:
            _ask_which(turn, file, to.place, astray[file.id])


def _places(membership: Membership) -> list[Place]:
    """All clauses the unit answers."""
    return [
        Place(membership.unit_id or 0, rubric, criterion)
        for rubric in membership.rubrics
        for clauses in asked(rubric, membership.unit_name, membership.unit_category).values()
        for criterion in clauses
    ]


def _ask_which(turn: Turn, file: Evidence, place: Place, other: Place) -> None:
    options = (
        Option(keys.pack("use", *place.parts, file.id), "这一条"),
        Option(keys.pack("use", *other.parts, file.id), other.criterion.label),
    )
    turn.say("file-which", options, name=file.name, criterion=place.criterion, other=other.criterion)


async def _propose(turn: Turn, membership: Membership, kept: list[Evidence], insides: Insides) -> None:
    proposals = await proposing.of_files(turn, membership, kept, insides)
    if any(one.places for one in proposals):
        proposing.show(turn, membership, proposals, kept)
    else:
        await sorting.waiting(turn, membership, kept, [one.problem for one in proposals if one.problem])


async def _keep(turn: Turn, membership: Membership, file: FileRef) -> Evidence:
    kind, macro = await turn.files.type_of(file.ref)
    given = (membership.person_id, membership.unit_id or 0, file.ref, file.name, file.size_bytes, kind)
    return await evidence.receive_in(turn.connection, turn.now, *given, macro=macro)
