"""都没发生: what only the office can know and nobody has booked, by clause, and one tap that says it did not happen.

Units hear nothing of it one by one: that nothing happened takes nothing from them, and their own scores show it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk.fact_notes import is_basis
from handlers.proof.proof_standing import told
from handlers.turn import Turn
from storage import campaigns, office_facts, review_queue, unbooked
from storage.freezing import frozen_in
from storage.office_facts import Booking
from storage.people import Membership
from storage.unbooked import Unbooked

USUAL_BASIS = "年终核对"
MOST_NAMES = 12
MOST_BUTTONS = 10
MOST_AT_ONCE = 300
"""Bookings in one turn: some 0.2 s, in which nobody else can write."""


class Left(NamedTuple):
    """What is not booked yet, and the units of the person's own that somebody else has to look at (回避)."""

    clauses: list[Unbooked]
    own: tuple[str, ...]

    def sayable(self, key: Key) -> list[Unbooked]:
        """Those of a key's clause, of all clauses where it names none, for which 没发生 is an answer."""
        may = (one for one in self.clauses if one.nothing is not None)
        return [one for one in may if not key.parts or key.parts == (one.rubric.id, one.criterion.id)]


async def left(turn: Turn, membership: Membership) -> Left:
    """What is not booked yet in the person's campaign."""
    own = await review_queue.own_units_in(turn.connection, membership.person_id)
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    clauses = await unbooked.of_campaign_in(turn.connection, membership.campaign_id, own)
    return Left(clauses, tuple(unit.name for unit in known if unit.id in own))


async def show(turn: Turn, key: Key) -> None:
    """The clauses, each with the units it lacks for."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await left(turn, membership)
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    sayable = [] if frozen else found.sayable(Key("nh-of", (), 0))
    options = [
        Option(keys.pack("nh-of", one.rubric.id, one.criterion.id), one.criterion.label)
        for one in sayable[:MOST_BUTTONS]
    ]
    every = [Option(keys.pack("nh-of"), "都没发生")] if sayable else []
    turn.say("unbooked", (*every, *options, _back()), **_words(found.clauses), own=found.own, frozen=frozen)


@told
async def ask(turn: Turn, key: Key) -> None:
    """都没发生 of all clauses or of one: on what basis?"""
    membership = office.working(turn)
    if membership is None:
        return
    found = (await left(turn, membership)).sayable(key)
    if not found:
        turn.say("unbooked-none", (Option(keys.pack("nh"), "看没记的"),))
        return
    turn.state["unbooked_version"] = version = int(turn.state.get("unbooked_version", 0)) + 1
    shown = [[one.rubric.id, one.criterion.id, [unit.id for unit in one.units]] for one in _first(found)]
    turn.state["unbooked"] = {"version": version, "clauses": shown, "basis": ""}
    _ask_basis(turn, version)


async def basis(turn: Turn, key: Key) -> None:
    """The 依据, pressed or typed; then all of it is read back."""
    held = turn.held("unbooked", key)
    membership = office.working(turn) if held else None
    if held is None or membership is None:
        return
    words = USUAL_BASIS if turn.event.option is not None else turn.event.text.strip()
    if not is_basis(words):
        _ask_basis(turn, key.version, again=True)
        return
    held["basis"] = words[: office_facts.WORD_CHARACTERS]
    found = await left(turn, membership)
    options = (
        Option(keys.pack("nh-go", version=key.version), "确认"),
        Option(keys.pack("nh-drop", version=key.version), "取消"),
    )
    turn.say("unbooked-check", options, **_words(_still(found, held)), own=found.own, basis=held["basis"])


@told
async def go(turn: Turn, key: Key) -> None:
    """确认: booked for all that were shown and still lack it, in one unit of work."""
    held = turn.held("unbooked", key)
    membership = office.working(turn) if held else None
    if held is None or membership is None:
        return
    if not held["basis"]:
        turn.say("stale")
        return
    found = await left(turn, membership)
    still = _still(found, held)
    bookings = [Booking(unit.id, one.rubric, one.criterion.id, one.nothing) for one in still for unit in one.units]
    await office_facts.book_all_in(turn.connection, turn.now, membership.person_id, bookings, held["basis"])
    turn.state.pop("unbooked")
    remaining = (await left(turn, membership)).sayable(Key("nh-of", (), 0))
    booked = sum(len(one.units) for one in still)
    shown = sum(len(units) for _, _, units in held["clauses"])
    options = (Option(keys.pack("nh"), "看没记的"), Option(keys.pack("deliberate"), "综合审议"))
    turn.say("unbooked-done", options, clauses=len(still), booked=booked, since=shown - booked, more=bool(remaining))


async def drop(turn: Turn, key: Key) -> None:
    """取消."""
    if turn.held("unbooked", key) is not None:
        turn.state.pop("unbooked")
        turn.say("unbooked-dropped", (_back(),))


def _ask_basis(turn: Turn, version: int, *, again: bool = False) -> None:
    turn.expect(keys.pack("nh-basis", version=version))
    options = (
        Option(keys.pack("nh-basis", version=version), USUAL_BASIS),
        Option(keys.pack("nh-drop", version=version), "取消"),
    )
    turn.say("unbooked-basis", options, again=again)


def _first(found: Iterable[Unbooked]) -> list[Unbooked]:
    """As many as one turn may book."""
    room, first = MOST_AT_ONCE, []
    for one in found:
        if units := one.units[:room]:
            first.append(one._replace(units=units))
            room -= len(units)
    return first


def _still(found: Left, held: dict[str, Any]) -> list[Unbooked]:
    """Of what was shown that which nobody has booked in between."""
    shown = {(rubric, criterion): set(units) for rubric, criterion, units in held["clauses"]}
    those = []
    for one in found.sayable(Key("nh-of", (), 0)):
        wanted = shown.get((one.rubric.id, one.criterion.id), set())
        if units := tuple(unit for unit in one.units if unit.id in wanted):
            those.append(one._replace(units=units))
    return those


def _words(clauses: list[Unbooked]) -> dict[str, Any]:
    return {"clauses": clauses, "most": MOST_NAMES, "bookings": sum(len(one.units) for one in clauses)}


def _back() -> Option:
    return Option(keys.pack("deliberate"), "返回")
