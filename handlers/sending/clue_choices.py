"""The taps between a clause that counts clues and a clue of its own: 报打假线索, 报这条线索, 只记条数, 都不是."""

from __future__ import annotations

from typing import Any

from channels.keys import Key
from handlers.free_text import taking
from handlers.proof.proof_standing import at
from handlers.sending import clues
from handlers.turn import Place, Turn


async def ask(turn: Turn, key: Key) -> None:
    """报打假线索: of the unit whose clause was asked."""
    membership = turn.of_unit(at(key, 0))
    if membership is None:
        turn.say("stale")
        return
    turn.state["unit"] = membership.unit_id
    await clues.start(turn, "")


async def give(turn: Turn, key: Key) -> None:
    """报这条线索: the words that were typed to the clause are a clue."""
    found = _taken(turn, key)
    if found is not None:
        place, held = found
        turn.close(place)
        turn.state["unit"] = place.unit_id
        await clues.start(turn, held["words"], sure=True)


async def count(turn: Turn, key: Key) -> None:
    """只记核实了 N 条: the figure is the answer, and the words go."""
    found = _taken(turn, key)
    if found is not None:
        place, held = found
        _without_files(turn)
        await taking.take(turn, place, held["count"], held["count"])


async def nothing(turn: Turn, key: Key) -> None:
    """都不是: nothing is written down."""
    if _taken(turn, key) is not None:
        turn.say("heard-dropped")
        _without_files(turn)


def _without_files(turn: Turn) -> None:
    """Say of files that waited for the clue that they are kept nowhere."""
    files = turn.state.pop("clue_files", ())
    if files:
        turn.say("clue-files-gone", files=files)


def _taken(turn: Turn, key: Key) -> tuple[Place, dict[str, Any]] | None:
    """The words a button is about, which are held no longer; says so where it is of other ones."""
    held = turn.held("clue_words", key)
    if held is None:
        return None
    turn.state.pop("clue_words")
    place = turn.place_of(held)
    if place is None:
        turn.say("gone")
        return None
    return place, held
