"""The checklist: what is open, item by item, and the best next thing."""

from __future__ import annotations

from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import asking
from handlers.turn import Place, Turn
from rubrics.model import Criterion, Item, Rubric
from rubrics.tasks import asked
from storage import answers
from storage.people import Membership


class ItemStand(NamedTuple):
    """How an item stands with a unit: points now and at most, clauses answered of those it answers itself."""

    item: Item
    points: str
    of: str
    answered: int
    clauses: int


async def show(turn: Turn, key: Key | None = None) -> None:
    """All items of the unit, one line each."""
    membership = _chosen(turn, key)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    for rubric in membership.rubrics:
        stands = await _stands(turn, membership, rubric)
        unit_id = membership.unit_id or 0
        options = [Option(keys.pack("next", unit_id), "下一项")]
        open_first = sorted(stands, key=lambda stand: stand.clauses == stand.answered)
        options += [Option(keys.pack("item", unit_id, rubric.id, s.item.id), s.item.label) for s in open_first]
        turn.say("list", tuple(options), unit=membership.unit_name, rubric=rubric, stands=stands)


async def item(turn: Turn, key: Key) -> None:
    """The first open clause of an item; the item's clauses where none is open."""
    membership = _chosen(turn, key)
    rubric = membership.rubric(key.parts[1]) if membership and len(key.parts) == 3 else None
    if membership is None or rubric is None:
        turn.say("stale")
        return
    known = await answers.current_in(turn.connection, membership.unit_id or 0, rubric.id)
    own = asked(rubric, membership.unit_name, membership.unit_category).get(key.parts[2], ())
    unanswered = [c for c in own if c.id not in known or known[c.id].state == "withdrawn"]
    if unanswered:
        await asking.ask(turn, Place(membership.unit_id or 0, rubric, unanswered[0]))
        return
    options = tuple(Option(keys.pack("ask", membership.unit_id or 0, rubric.id, c.id), c.label) for c in own)
    turn.say("item-done", options, clauses=own)


async def next_one(turn: Turn, key: Key | None = None) -> None:
    """The best next thing: the open clause that gains most, then any that is still silent."""
    membership = _chosen(turn, key)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    unit_id = membership.unit_id or 0
    skipped = {tuple(place) for place in turn.state.get("skipped", [])}
    for leave_out in (skipped, set()):
        for rubric in membership.rubrics:
            criterion = await _best(turn, membership, rubric, leave_out)
            if criterion is not None:
                await asking.ask(turn, Place(unit_id, rubric, criterion))
                return
        turn.state["skipped"] = []
    turn.say("all-answered", (Option(keys.pack("list", unit_id), "清单"),), unit=membership.unit_name)


async def _best(
    turn: Turn, membership: Membership, rubric: Rubric, leave_out: set[tuple[object, ...]]
) -> Criterion | None:
    unit_id = membership.unit_id or 0
    known = await answers.current_in(turn.connection, unit_id, rubric.id)
    silent = [
        c
        for own in asked(rubric, membership.unit_name, membership.unit_category).values()
        for c in own
        if (c.id not in known or known[c.id].state == "withdrawn") and (unit_id, rubric.id, c.id) not in leave_out
    ]
    gains = {g.criterion: g.gain for g in (await turn.scored(unit_id, rubric)).open if g.criterion}
    return max(silent, key=lambda c: gains.get(c.id, 0), default=None)


async def _stands(turn: Turn, membership: Membership, rubric: Rubric) -> list[ItemStand]:
    unit_id = membership.unit_id or 0
    known = await answers.current_in(turn.connection, unit_id, rubric.id)
    shown = (await turn.scored(unit_id, rubric)).as_json()
    worth = {row["item"]: (str(row["points"]), str(row["of"])) for row in shown["item_lines"]}
    stands = []
    by_item = asked(rubric, membership.unit_name, membership.unit_category)
    for one in rubric.items:
        own = by_item.get(one.id, ())
        done = sum(c.id in known and known[c.id].state != "withdrawn" for c in own)
        if own:
            stands.append(ItemStand(one, *worth.get(one.id, ("", "")), done, len(own)))
    return stands


def _chosen(turn: Turn, key: Key | None) -> Membership | None:
    if key is None or not key.parts or not key.parts[0].isdigit():
        return turn.liaison
    membership = turn.of_unit(int(key.parts[0]))
    if membership is not None:
        turn.state["unit"] = membership.unit_id
    return membership
