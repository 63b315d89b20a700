"""The proof (材料) of a clause: what is there and what is lacking; one file, sent back and seen; where else it serves."""

from __future__ import annotations

from pathlib import PurePath

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers.proof import (
    attaching,
    destination,
    noting,
)
from handlers.proof.proof_standing import at, one_of, standing, told
from handlers.turn import Place, Turn
from rubrics.proof import UNSAID, WHOLE
from rubrics.tasks import asked
from storage import entries, evidence, evidence_places, proof_notes
from storage.evidence import Evidence, Use
from storage.people import Membership

PICTURES = frozenset({"jpeg", "png", "gif", "webp"})


@told
async def of_clause(turn: Turn, key: Key) -> None:
    """All proof of a clause; the next files go there."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    destination.remember(turn, place, invited=True, chosen=True)
    about = (turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    used, notes, held = (
        await evidence.of_clause_in(*about),
        await proof_notes.of_clause_in(*about),
        await entries.of_clause_in(*about),
    )
    files = list({use.evidence.id: use.evidence for use in used}.values())
    numbered = {file.id: number for number, file in enumerate(files, 1)}
    turn.say(
        "proof",
        tuple(_clause_options(place, files, notes)),
        criterion=place.criterion,
        rows=[(numbered[use.evidence.id], use, _as_part(place, use.part), _entry_of(use, held)) for use in used],
        notes=[(note, noting.part_name(place.criterion, note.part)) for note in notes],
        standing=await standing(turn, place),
        gained=0,
    )


def _clause_options(place: Place, files: list[Evidence], notes: list[proof_notes.Note]) -> list[Option]:
    criterion = place.criterion
    options = [
        Option(keys.pack("file", place.unit_id, file.id), f"{n}. {PurePath(file.name).stem}"[:10])
        for n, file in enumerate(files, 1)
    ]
    options += [Option(keys.pack("note-take", *place.parts, note.id), f"撤回 {note.title}"[:10]) for note in notes]
    if criterion.entries:
        options.append(Option(keys.pack("entries", *place.parts), "台账"))
        options.append(Option(keys.pack("entry-new", *place.parts), one_of(criterion.entries)))
    if criterion.proof != "none":
        if criterion.proof.by_number:
            options.append(Option(keys.pack("by-number", *place.parts), "只报文号"))
        options.append(Option(keys.pack("offline", *place.parts), "线下核验"))
    return [*options, Option(keys.pack("ask", *place.parts), "返回")]


def _as_part(place: Place, part: int) -> str:
    """A part's name; all of them for a file with everything in it, empty where nobody has said."""
    names = () if place.criterion.proof == "none" else place.criterion.proof.parts
    if part == WHOLE:
        return "都在里面"
    return "" if part == UNSAID or part >= len(names) else names[part]


def _entry_of(use: Use, held: list[entries.Entry]) -> str:
    return next((attaching.entry_label(entry) for entry in held if entry.id == use.entry_id), "")


async def places_of(turn: Turn, membership: Membership, file: Evidence) -> list[Place]:
    """The clauses a file proves."""
    found = {}
    for place in await evidence_places.of_file(turn.connection, file.id):
        rubric = membership.rubric(place.rubric_id)
        if rubric and place.criterion_id in rubric.criteria:
            found[rubric.id, place.criterion_id] = Place(file.unit_id, rubric, rubric.criteria[place.criterion_id])
    return list(found.values())


async def own_file(turn: Turn, key: Key, *, there: bool = False) -> tuple[Membership, Evidence] | None:
    """The file a key names, where it is of a unit of the person's; else that is said.

    Args:
        there: only where it has not been withdrawn.

    Raises:
        NotFoundError: the unit has no such file.
    """
    membership = turn.of_unit(at(key, 0))
    file = await evidence.find_in(turn.connection, membership.unit_id or 0, at(key, 1)) if membership else None
    if membership is None or file is None or (there and file.withdrawn_at is not None):
        turn.say("stale")
        return None
    if file.erased_at is not None:
        turn.say("file-erased", file=file)
        return None
    return membership, file


@told
async def card(turn: Turn, key: Key) -> None:
    """One file: what is known about it, and what can be done with it."""
    found = await own_file(turn, key, there=True)
    if found is None:
        return
    membership, file = found
    places = await places_of(turn, membership, file)
    names = {
        "file-show": "看",
        "file-take": "撤回",
        "file-swap": "换一份",
        "file-about": "日期文号",
        "file-also": "也用于",
        "erase": "误发删除",
    }
    options = [Option(keys.pack(verb, file.unit_id, file.id), name) for verb, name in names.items()]
    several = [p for p in places if p.criterion.proof != "none" and len(p.criterion.proof.parts) > 1]
    options += [Option(keys.pack("file-part", *place.parts, file.id), "改是哪部分") for place in several]
    counting = [place for place in places if place.criterion.entries]
    options += [Option(keys.pack("file-entry", *place.parts, file.id), "改是哪次") for place in counting]
    options += [Option(keys.pack("proof", *place.parts), place.criterion.label) for place in places]
    turn.say("file", tuple(options), file=file, places=places)


@told
async def show(turn: Turn, key: Key) -> None:
    """Send a file back; one with macros is never shown as a picture, only downloaded."""
    found = await own_file(turn, key)
    if found is None:
        return
    _, file = found
    options = (Option(keys.pack("file", file.unit_id, file.id), "返回"),)
    text = turn.render("file-shown", file=file).strip()
    picture = file.kind in PICTURES and not file.macro
    turn.show(FileRef(file.ref, file.name, file.size_bytes), text, options, as_picture=picture)


@told
async def also(turn: Turn, key: Key) -> None:
    """The items of further clauses a file could prove."""
    found = await own_file(turn, key)
    if found is None:
        return
    membership, file = found
    options = tuple(
        Option(keys.pack("sort-item", file.unit_id, rubric.id, item.id, file.id), item.label)
        for rubric in membership.rubrics
        for item in rubric.items
        if item.id in asked(rubric, membership.unit_name, membership.unit_category)
    )
    turn.say("file-also", options, file=file)


@told
async def parts(turn: Turn, key: Key) -> None:
    """Ask again which part of the proof a file is."""
    place = turn.place(key)
    used = (
        await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
        if place and place.criterion.proof != "none"
        else []
    )
    use = next((use for use in used if use.evidence.id == at(key, 3)), None)
    if place is None or use is None:
        turn.say("stale")
        return
    turn.say("which-part", attaching.part_options(place, use), file=use.evidence, criterion=place.criterion)


@told
async def which_entry(turn: Turn, key: Key) -> None:
    """Ask again which entry a file is about."""
    place = turn.place(key)
    about = (turn.connection, place.unit_id, place.rubric.id, place.criterion.id) if place else None
    held = await entries.of_clause_in(*about) if about else []
    used = await evidence.of_clause_in(*about) if about else []
    file = next((use.evidence for use in used if use.evidence.id == at(key, 3)), None)
    if place is None or file is None or not held:
        turn.say("stale")
        return
    options = tuple(
        Option(keys.pack("of-entry", *place.parts, entry.id, file.id), attaching.entry_label(entry)) for entry in held
    )
    turn.say("which-entry", options, file=file, criterion=place.criterion)
