"""待归类材料: files nobody has said the use of yet, all at once or one by one: item → clause → part."""

from __future__ import annotations

from collections.abc import Sequence

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    collecting,
    recent,
)
from handlers.free_text import whose
from handlers.proof import (
    attaching,
    guessing,
    inside,
)
from handlers.proof.proof_standing import at, told
from handlers.turn import Place, Turn
from rubrics.tasks import asked
from storage import evidence
from storage.evidence import Evidence
from storage.people import Membership

MOST_SHOWN = 30
"""More files than this are counted, not named."""


async def waiting(turn: Turn, membership: Membership, files: Sequence[Evidence], problems: Sequence[str] = ()) -> None:
    """Files just arrived that nobody asked for and that say nothing of themselves: where they wait.

    Args:
        problems: a sentence for each that could not be looked into.
    """
    which = attaching.selection(files, turn.now)
    turn.say(
        "unsorted",
        sort_buttons(turn, membership, files, which),
        files=files,
        unit=membership.unit_name,
        refused=turn.event.refused,
        problems=problems,
        small_print=any(file.name.startswith(attaching.SMALL_PRINT) for file in files),
    )


def sort_buttons(turn: Turn, membership: Membership, files: Sequence[Evidence], which: str) -> tuple[Option, ...]:
    """The ways to sort files that just arrived: all to one clause, or one by one."""
    unit_id = membership.unit_id or 0
    options = [Option(keys.pack("sort", unit_id, which), "归类")]
    if len(files) > 1:
        options.append(Option(keys.pack("sort", unit_id, files[0].id), "逐份归类"))
    return (*options, *recent.file_buttons(turn, files), *whose.other_years(turn, membership, which))


def _proposed(turn: Turn, membership: Membership, files: Sequence[Evidence], which: str) -> tuple[Option, ...]:
    """The clauses that the names or the caption speak of."""
    words = " ".join([turn.event.text, *(file.name for file in files)])
    unit_id = membership.unit_id or 0
    own = [
        (rubric, criterion)
        for rubric in membership.rubrics
        for clauses in asked(rubric, membership.unit_name, membership.unit_category).values()
        for criterion in clauses
    ]
    fitting = guessing.clauses_of(words, [criterion for _, criterion in own])
    return tuple(
        Option(keys.pack("use", unit_id, rubric.id, criterion.id, which), criterion.label)
        for one in fitting
        for rubric, criterion in own
        if criterion is one
    )


async def show(turn: Turn, key: Key | None = None) -> None:
    """待归类材料, all or one of them, and the items they could belong to."""
    membership = turn.of_unit(at(key, 0)) if key else turn.liaison
    if membership is None or membership.unit_id is None:
        turn.say("no-unit", office=turn.office)
        return
    which = key.parts[1] if key and len(key.parts) > 1 else ""
    files = await _chosen(turn, membership.unit_id, which)
    if not files:
        turn.say("nothing-unsorted")
        return
    one = files[0] if len(files) == 1 else None
    options = [*_proposed(turn, membership, files, which), *_items(membership, which)]
    if one:
        options += await _for_one(turn, membership.unit_id, one)
    else:
        options.append(Option(keys.pack("sort", membership.unit_id, files[0].id), "逐份归类"))
    turn.say("sort", tuple(options), files=files[:MOST_SHOWN], more=len(files) - MOST_SHOWN)


def _items(membership: Membership, which: str) -> list[Option]:
    return [
        Option(keys.pack("sort-item", membership.unit_id or 0, rubric.id, item.id, which), item.label)
        for rubric in membership.rubrics
        for item in rubric.items
        if item.id in asked(rubric, membership.unit_name, membership.unit_category)
    ]


async def _for_one(turn: Turn, unit_id: int, file: Evidence) -> list[Option]:
    """What else can be done with one file."""
    options = [
        Option(keys.pack("file-show", unit_id, file.id), "看"),
        Option(keys.pack("file-take", unit_id, file.id), "撤回"),
    ]
    later = [other.id for other in await evidence.unsorted_in(turn.connection, unit_id) if other.id > file.id]
    return [*options, Option(keys.pack("sort", unit_id, later[0]), "下一份")] if later else options


@told
async def choose_clause(turn: Turn, key: Key) -> None:
    """The clauses of an item that files could prove."""
    membership = turn.of_unit(at(key, 0))
    rubric = membership.rubric(key.parts[1]) if membership and len(key.parts) in {3, 4} else None
    if membership is None or rubric is None:
        turn.say("stale")
        return
    clauses = asked(rubric, membership.unit_name, membership.unit_category).get(key.parts[2], ())
    which = key.parts[3:]
    options = tuple(
        Option(keys.pack("use", membership.unit_id or 0, rubric.id, c.id, *which), c.label)
        for c in clauses
        if c.proof != "none"
    )
    turn.say("sort-clause", options)


@told
async def use(turn: Turn, key: Key) -> None:
    """Attach files to a clause: all unsorted ones, those of one submission, or one (also for 也用于)."""
    found = await collecting.changeable(turn, turn.place(key) if len(key.parts) <= 4 else None)
    if found is None:
        return
    place, membership = found
    chosen = await _chosen(turn, place.unit_id, key.parts[3] if len(key.parts) > 3 else "")
    files = [await inside.as_proposed(turn, membership.person_id, file) for file in chosen]
    if files:
        await attaching.attach(turn, place, files)
        await _go_on(turn, place)
    else:
        turn.say("nothing-unsorted")


async def _go_on(turn: Turn, place: Place) -> None:
    """While there are more to sort, say so."""
    left = await evidence.unsorted_in(turn.connection, place.unit_id)
    if left:
        turn.say("sort-more", (Option(keys.pack("sort", place.unit_id, left[0].id), "下一份"),), left=len(left))


@told
async def move(turn: Turn, key: Key) -> None:
    """Files that went to the wrong clause: let go there, and to be sorted."""
    first, last = ends(key.parts[3]) if len(key.parts) == 4 else (0, 0)
    found = await collecting.changeable(turn, turn.place(key) if last else None)
    if found is None:
        return
    place, membership = found
    used = await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    for file_id in sorted({use.evidence.id for use in used if first <= use.evidence.id <= last}):
        about = (membership.person_id, place.unit_id, file_id, place.rubric, place.criterion.id)
        await evidence.detach_in(turn.connection, turn.now, *about)
    await show(turn, Key("sort", (str(place.unit_id), key.parts[3]), 0))


async def _chosen(turn: Turn, unit_id: int, which: str) -> list[Evidence]:
    """The files a key speaks of: one, sorted or not; the unsorted ones of a submission; all unsorted ones."""
    if which.isdigit():
        held = await evidence.of_unit_in(turn.connection, unit_id)
        return [filed.evidence for filed in held if filed.evidence.id == int(which)]
    first, last = ends(which)
    unsorted = await evidence.unsorted_in(turn.connection, unit_id)
    return [file for file in unsorted if not which or first <= file.id <= last]


def ends(which: str) -> tuple[int, int]:
    """The first and the last id of files as `attaching.selection` names them."""
    first, _, last = which.partition("-")
    return (int(first), int(last or first)) if first.isdigit() and (last or first).isdigit() else (0, 0)
