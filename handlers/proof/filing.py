"""Files of proof just arrived: to the clause or entry they are sent for, else to 待归类材料."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

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
from handlers.proof.proposing import Proposal
from handlers.turn import Place, Turn
from rubrics.tasks import asked
from storage import evidence
from storage.evidence import Evidence
from storage.people import Membership


async def received(turn: Turn, insides: Insides | None = None) -> None:
    """All files of one event are one submission with one reply.

    Args:
        insides: what the files say about themselves; they are read before they are taken.
    """
    to = destination.of(turn)
    membership = turn.of_unit(to.place.unit_id) if to else turn.liaison
    if membership is None or membership.unit_id is None:
        turn.say("no-unit", office=turn.office)
    elif insides is None and (slow := await _to_be_read(turn, membership, to)):
        turn.prepare(slow, _read)
    elif await _is_late(turn, membership, to):
        await late.received(turn, membership, to.place if to else None, insides or inside.named(turn))
    else:
        await _take(turn, membership, to, insides or inside.named(turn))


async def _is_late(turn: Turn, membership: Membership, to: Destination | None) -> bool:
    closed = await collecting.closed(turn, membership, to.place if to else None)
    return closed and not await submitting.wants(turn)


async def _to_be_read(
    turn: Turn, membership: Membership, to: Destination | None
) -> Callable[[], Awaitable[Insides]] | None:
    """The slow work before files are taken; none for a signed page, or where nothing can be read and nothing asked."""
    if await submitting.wants(turn):
        return None
    asked = turn.expected if to is None else not _follows(turn, to)
    if not asked and not await _is_late(turn, membership, to):
        return await inside.reading(turn)  # and which clauses they speak of
    return await inside.texts(turn)


def _follows(turn: Turn, to: Destination) -> bool:
    """Whether files only go to a clause because it was the last one: nothing is asked, and nothing was chosen."""
    return not ("open" in turn.state or to.entry_id or to.chosen)


async def _read(turn: Turn, insides: Insides) -> None:
    """The files once they are read, in a turn of its own: what was awaited before is awaited still."""
    turn.expected = keys.parse(turn.state.pop("expects", ""))
    await received(turn, insides)


async def _take(turn: Turn, membership: Membership, to: Destination | None, insides: Insides) -> None:
    expected = turn.expected
    stays = to is not None or (expected is not None and expected.verb == "swap")
    years = whose.of_files(turn, membership, inside.days(turn.event.files, turn.event.text, insides))
    owners = [membership] * len(years) if stays else years
    kept = [await _keep(turn, owner, file) for owner, file in zip(owners, turn.event.files, strict=True)]
    if stays:
        kept = [await inside.noted(turn, membership.person_id, file, insides[file.ref].document) for file in kept]
    for unit_id in dict.fromkeys(file.unit_id for file in kept):
        recent.received(turn, [file for file in kept if file.unit_id == unit_id])
    if expected and expected.verb == "swap" and len(kept) == 1:
        await changing.replaced(turn, expected, kept[0])
        return
    if expected:  # words are still awaited
        turn.expect(keys.pack(expected.verb, *expected.parts, version=expected.version))
    if await submitting.wants(turn):
        await submitting.signed(turn, *kept)
    elif to is None:
        await _propose(turn, owners, kept, insides)
    else:
        turn.of_unit(to.place.unit_id)  # what is said is about its year
        others = {file.id: year for file, year in zip(kept, years, strict=True) if year.unit_id != membership.unit_id}
        for file in kept:
            if file.id in others:
                _ask_which_year(turn, membership, to.place, file, others[file.id])
        here = [file for file in kept if file.id not in others]
        if here:
            await _attach(turn, membership, to, here, insides)


async def _attach(turn: Turn, membership: Membership, to: Destination, kept: list[Evidence], insides: Insides) -> None:
    """To the clause they are sent for; one that is clearly another clause's waits until that is said."""
    astray = await _astray(turn, membership, to, kept, insides)
    here = [file for file in kept if file.id not in astray]
    if here:
        await attaching.attach(turn, to.place, here, to.entry_id)
    if len(astray) > 1:
        away = [file for file in kept if file.id in astray]
        proposing.show(turn, [membership] * len(away), [astray[file.id] for file in away], away)
        return
    for file in kept:
        if file.id in astray:
            _ask_which(turn, file, to.place, astray[file.id].places[0])


async def _astray(
    turn: Turn, membership: Membership, to: Destination, kept: list[Evidence], insides: Insides
) -> dict[int, Proposal]:
    """File id → the other clauses it is for: by its name; where nothing is asked, by all that it says of itself."""
    if to.entry_id:
        return {}  # who chose an entry knows what it is for
    own = _places(membership)
    clauses = [place.criterion for place in own]
    found: dict[int, Proposal] = {}
    proposals = await proposing.of_files(turn, membership, kept, insides) if _follows(turn, to) else []
    for one in proposals:
        named = guessing.is_of(f"{one.name} {turn.event.text}", to.place.criterion)
        if one.places and to.place not in one.places and not named:
            found[one.file_id] = one
    for file in kept:
        other = guessing.elsewhere(f"{file.name} {turn.event.text}", to.place.criterion, clauses)
        if other is not None and file.id not in found:
            place = next(place for place in own if place.criterion is other)
            found[file.id] = Proposal(file.id, file.name, (place,))
    return found


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


def _ask_which_year(turn: Turn, membership: Membership, place: Place, file: Evidence, year: Membership) -> None:
    here = Option(keys.pack("use", *place.parts, file.id), "这一条")
    options = (here, *whose.other_years(turn, membership, str(file.id)))
    turn.say("file-which-year", options, name=file.name, criterion=place.criterion, year=year.campaign_code)


async def _propose(turn: Turn, owners: list[Membership], kept: list[Evidence], insides: Insides) -> None:
    proposals = [
        one
        for owner, file in zip(owners, kept, strict=True)
        for one in await proposing.of_files(turn, owner, [file], insides)
    ]
    for file, one in zip(kept, proposals, strict=True):
        if not one.places:  # nothing will be confirmed, and once it is sorted by hand nobody reads it again
            owner = next(m for m in owners if m.unit_id == file.unit_id)
            await inside.noted(turn, owner.person_id, file, insides[file.ref].document)
    if any(one.places for one in proposals):
        proposing.show(turn, owners, proposals, kept)
        return
    for owner in {one.unit_id: one for one in owners}.values():
        turn.of_unit(owner.unit_id or 0)  # what is said is about this year
        theirs = [n for n, one in enumerate(owners) if one == owner]
        problems = [proposals[n].problem for n in theirs if proposals[n].problem]
        await sorting.waiting(turn, owner, [kept[n] for n in theirs], problems)


async def _keep(turn: Turn, membership: Membership, file: FileRef) -> Evidence:
    kind, macro = await turn.files.type_of(file.ref)
    given = (membership.person_id, membership.unit_id or 0, file.ref, file.name, file.size_bytes, kind)
    return await evidence.receive_in(turn.connection, turn.now, *given, macro=macro)
