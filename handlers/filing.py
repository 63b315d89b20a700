"""Files of proof: to the clause that is being asked, or to 待归类材料 until somebody says what they prove."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.turn import Place, Turn
from rubrics.tasks import asked
from storage import evidence

MOST_OPTIONS = 12


async def received(turn: Turn) -> None:
    """Files just arrived: all of one event are one submission with one reply."""
    membership = turn.liaison
    if membership is None or membership.unit_id is None:
        turn.say("no-unit", office=turn.office)
        return
    opened = turn.state.get("open")
    place = None
    if opened:
        place = turn.place(Key("open", (str(opened["unit"]), opened["rubric"], opened["criterion"]), 0))
    unit_id = place.unit_id if place else membership.unit_id
    kept = []
    for file in turn.event.files:
        kind, macro = await turn.files.type_of(file.ref)
        given = (membership.person_id, unit_id, file.ref, file.name, file.size_bytes, kind)
        kept.append(await evidence.receive_in(turn.connection, turn.now, *given, macro=macro))
    if place is None:
        choose = Option(keys.pack("sort", unit_id), "归类")
        turn.say("unsorted", (choose,), files=kept, unit=membership.unit_name)
        return
    await _attach(turn, membership.person_id, place, kept)


async def show_unsorted(turn: Turn, key: Key | None = None) -> None:
    """待归类材料, and the items they could belong to."""
    membership = turn.of_unit(int(key.parts[0])) if key and key.parts and key.parts[0].isdigit() else turn.liaison
    if membership is None or membership.unit_id is None:
        turn.say("no-unit", office=turn.office)
        return
    files = await evidence.unsorted_in(turn.connection, membership.unit_id)
    if not files:
        turn.say("nothing-unsorted")
        return
    options = [
        Option(keys.pack("sort-item", membership.unit_id, rubric.id, item.id), item.label)
        for rubric in membership.rubrics
        for item in rubric.items
        if item.id in asked(rubric, membership.unit_name, membership.unit_category)
    ]
    turn.say("sort", tuple(options[:MOST_OPTIONS]), files=files)


async def choose_clause(turn: Turn, key: Key) -> None:
    """The clauses of an item the unsorted files could prove."""
    membership = turn.of_unit(int(key.parts[0])) if key.parts and key.parts[0].isdigit() else None
    rubric = membership.rubric(key.parts[1]) if membership and len(key.parts) == 3 else None
    if membership is None or rubric is None:
        turn.say("stale")
        return
    clauses = asked(rubric, membership.unit_name, membership.unit_category).get(key.parts[2], ())
    options = tuple(Option(keys.pack("use", membership.unit_id or 0, rubric.id, c.id), c.label) for c in clauses)
    turn.say("sort-clause", options[:MOST_OPTIONS])


async def use(turn: Turn, key: Key) -> None:
    """Attach all unsorted files of the unit to a clause."""
    place = turn.place(key)
    if place is None:
        turn.say("stale")
        return
    files = await evidence.unsorted_in(turn.connection, place.unit_id)
    membership = turn.of_unit(place.unit_id)
    if not files or membership is None:
        turn.say("nothing-unsorted")
        return
    await _attach(turn, membership.person_id, place, files)


async def _attach(turn: Turn, person_id: int, place: Place, files: list[evidence.Evidence]) -> None:
    for file in files:
        await evidence.attach_in(
            turn.connection, turn.now, person_id, place.unit_id, file.id, place.rubric, place.criterion.id
        )
    held = await evidence.of_clause_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    options = (
        Option(keys.pack("ask", *place.parts), "回答问题"),
        Option(keys.pack("next", place.unit_id), "下一项"),
    )
    turn.say("filed", options, criterion=place.criterion, files=files, held=len({use.evidence.id for use in held}))
