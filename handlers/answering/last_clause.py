"""撤回, 台账 and 材料 as typed words: about the clause answered or chosen last, as its buttons would be."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    keeping,
    ledger,
)
from handlers.proof import (
    destination,
    proving,
    sorting,
)
from handlers.turn import Place, Turn
from storage import answers


async def undo(turn: Turn) -> None:
    """Take the last answer back."""
    place = destination.last(turn)
    current = await answers.current_in(turn.connection, place.unit_id, place.rubric.id) if place else {}
    answer = current.get(place.criterion.id) if place else None
    if place is None or answer is None or answer.state == "withdrawn":
        _which(turn, "undo")
    else:
        await keeping.undo(turn, _key("undo", place, answer.version))


async def entries(turn: Turn) -> None:
    """The entries of the last clause."""
    place = _last(turn)
    if place is None or not place.criterion.entries:
        _which(turn, "entries")
    else:
        await ledger.show(turn, _key("entries", place))


async def proof(turn: Turn) -> None:
    """The proof of the last clause; with none, the files that wait to be sorted."""
    place = _last(turn)
    if place is None:
        await sorting.show(turn)
    else:
        await proving.of_clause(turn, _key("proof", place))


def _last(turn: Turn) -> Place | None:
    """The clause that is being asked, else the last one."""
    opened = turn.state.get("open")
    return turn.place_of(opened) if opened else destination.last(turn)


def _which(turn: Turn, what: str) -> None:
    unit_id = turn.liaison.unit_id if turn.liaison else None
    turn.say("which-clause", (Option(keys.pack("list", unit_id), "清单"),) if unit_id else (), what=what)


def _key(verb: str, place: Place, version: int = 0) -> Key:
    return Key(verb, tuple(str(part) for part in place.parts), version)
