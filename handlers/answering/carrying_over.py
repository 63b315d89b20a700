"""沿用去年: rules and papers still in force that a unit sent last year, taken over in one tap and reviewed again."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import collecting
from handlers.proof import attaching
from handlers.proof.proof_standing import standing, told
from handlers.turn import Place, Turn
from storage import earlier_proof
from storage.earlier_proof import Earlier
from storage.people import Membership

MOST_BUTTONS = 24


async def show(turn: Turn) -> None:
    """沿用去年: all clauses that still lack proof and had one in force last year."""
    membership = turn.liaison
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    found = await _offered(turn, membership)
    options = tuple(
        Option(keys.pack("carry", membership.unit_id or 0, one.rubric.id, one.criterion.id), one.criterion.label)
        for one in found[:MOST_BUTTONS]
    )
    turn.say("carry-list", options, unit=membership.unit_name, found=found)


async def options(turn: Turn, place: Place) -> tuple[Option, ...]:
    """The button of a question or a clause's proof; none where there is nothing to take over."""
    if place.criterion.proof == "none" or place.criterion.proof.valid != "in_force":
        return ()  # asked before anything is read: most clauses want proof of the year
    membership = turn.of_unit(place.unit_id)
    found = await _of(turn, membership, place) if membership else None
    return (
        (Option(keys.pack("carry", *place.parts), f"沿用{_when(found, membership)}"),) if found and membership else ()
    )


@told
async def carry(turn: Turn, key: Key) -> None:
    """One tap: the files and 文号 of last year prove the clause now."""
    changeable = await collecting.changeable(turn, turn.place(key) if len(key.parts) == 3 else None)
    if changeable is None:
        return
    place, membership = changeable
    earlier = await _of(turn, membership, place)
    if earlier is None:
        turn.say("carry-nothing", (Option(keys.pack("proof", *place.parts), "交材料"),), criterion=place.criterion)
        return
    files = await earlier_proof.carry_in(turn.connection, turn.now, membership.person_id, place.unit_id, earlier)
    asks = await attaching.next_question(turn, place)
    onward = (
        Option(keys.pack("ask", *place.parts), "回答问题"),
        Option(keys.pack("proof", *place.parts), "这条的材料"),
        Option(keys.pack("next", place.unit_id), "下一项"),
    )
    after = await standing(turn, place)
    turn.say("carried", (*asks.options, *onward), earlier=earlier, files=files, asks=asks, lacking=after.lacking)


async def _of(turn: Turn, membership: Membership, place: Place) -> Earlier | None:
    found = await _offered(turn, membership)
    return next((one for one in found if (one.rubric.id, one.criterion.id) == place.parts[1:]), None)


async def _offered(turn: Turn, membership: Membership) -> list[Earlier]:
    """What may be taken over of clauses that still lack proof."""
    unit_id = membership.unit_id or 0
    found = []
    for one in await earlier_proof.of_unit_in(turn.connection, membership.campaign_id, unit_id):
        known = await turn.known(unit_id, one.rubric)
        if one.rubric.id in membership.rubric_ids and known.proofs.lacking(one.criterion):
            found.append(one)
    return found


def _when(earlier: Earlier | None, membership: Membership | None) -> str:
    code = membership.campaign_code[:4] if membership else ""
    return "去年" if earlier and code.isdigit() and int(code) == earlier.year + 1 else "以前的"
