"""Who may see and who may do the office's work, and how those it concerns are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from channels.port import Option
from handlers.turn import Turn
from storage import conversation, dialogues, review_queue
from storage.campaigns import Unit
from storage.people import Membership
from storage.reaching import Reached


def seeing(turn: Turn) -> Membership | None:
    """The membership of who sees all units (the office, the office's leader); says why where there is none."""
    return _of(turn, ("office", "leader"))


def working(turn: Turn) -> Membership | None:
    """The membership of who does the office's work; says why where there is none."""
    return _of(turn, ("office",))


def campaigns_of(turn: Turn) -> tuple[Membership, ...]:
    """What a person is in each campaign's office, newest campaign first."""
    return tuple(m for m in turn.memberships if m.role in {"office", "leader"} and m.unit_id is None)


async def own_units(turn: Turn) -> frozenset[int]:
    """The person's own units, for whom they book and decide nothing (回避): theirs now, those they stand in for, and
    those they have belonged to."""
    found = {m.unit_id for m in turn.memberships if m.unit_id is not None}
    for person in {m.person_id for m in turn.memberships}:
        found |= await review_queue.own_units_in(turn.connection, person)
    return frozenset(found)


async def own_unit(turn: Turn, unit_id: int) -> bool:
    """Whether a unit is one of the person's own: nobody books or decides for the own unit."""
    return unit_id in await own_units(turn)


async def refuse_own(turn: Turn, units: Iterable[Unit]) -> bool:
    """Say so where one of the units is the person's own."""
    mine = await own_units(turn)
    own = [unit.name for unit in units if unit.id in mine]
    if own:
        turn.say("own-unit", units=own)
    return bool(own)


async def tell(
    turn: Turn, reached: Iterable[Reached], template: str, options: tuple[Option, ...] = (), **words: Any
) -> int:
    """Say something unasked to others, in this turn's unit of work; returns how many people it goes to."""
    text = turn.render(template, **words).strip()
    people = set()
    for one in reached:
        packed = [(option.key, option.label) for option in options]
        await conversation.say(turn.connection, turn.now, one.channel, one.address, text, packed, push=True)
        people.add(one.person_id)
        if options and (one.channel, one.address) != (turn.event.channel, turn.event.address):
            state = await dialogues.state_in(turn.connection, one.channel, one.address)
            state["labels"] = {**state.get("labels", {}), **{option.label: option.key for option in options}}
            await dialogues.set_state(turn.connection, turn.now, one.channel, one.address, state)
    return len(people)


def _of(turn: Turn, roles: tuple[str, ...]) -> Membership | None:
    if turn.event.in_group:
        turn.say("not-in-group")
        return None
    chosen = turn.state.get("campaign")
    held = [m for m in campaigns_of(turn) if m.role in roles]
    found = next((m for m in held if m.campaign_id == chosen), next(iter(held), None))
    if found is None:
        turn.say("office-only" if "leader" in roles else "office-work", leader=campaigns_of(turn))
        return None
    turn.look_at(found)
    return found
