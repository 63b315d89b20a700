"""返回, one step at a time: from a condition to the one before it, to the item, to the list; and 取消."""

from __future__ import annotations

from channels.keys import Key
from handlers.answering import (
    asking,
    checklist,
)
from handlers.proof import destination
from handlers.turn import Place, Turn


async def back(turn: Turn, key: Key | None = None) -> None:
    """One step back from where the person stands; nothing that was kept changes."""
    opened = turn.state.get("open")
    place = turn.place_of(opened) if opened else None
    if place is None or opened is None:
        await _to_list(turn)
    elif turn.expected or turn.state.pop("claim", None):
        await asking.ask(turn, place)  # from a further question about the answer to the question itself
    elif opened["parts"]:
        await _one_part_back(turn, place)
    else:
        turn.close(place)
        await checklist.clauses(turn, place.unit_id, place.rubric, place.rubric.item_of[place.criterion.id].id)


async def _one_part_back(turn: Turn, place: Place) -> None:
    opened = turn.state["open"]
    said = [m for m in place.criterion.measures if m.key in opened["parts"]]
    parts = {key: value for key, value in opened["parts"].items() if key != said[-1].key}
    opened["parts"] = parts
    await asking.ask(turn, place, said[-1], parts)


async def _to_list(turn: Turn) -> None:
    turn.state.pop("open", None)
    turn.state.pop("claim", None)
    await checklist.show(turn)


async def cancel(turn: Turn, key: Key | None = None) -> None:
    """Put the open question down, with all that was asked about it."""
    destination.forget(turn)
    was_open = [turn.state.pop(name, None) for name in ("open", "claim")]
    turn.say("cancelled" if any(was_open) or turn.expected else "nothing-open", office=turn.office)
