"""Where files go that come with no word about it: the open question, else what was answered or chosen just before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.turn import Place, Turn

KEPT_FOR = timedelta(hours=2)
"""Later than this a file waits in 待归类材料 rather than go to what nobody remembers."""


class Destination(NamedTuple):
    """A clause, or one entry of it; ``entry_id`` is 0 for the clause."""

    place: Place
    entry_id: int = 0


def remember(turn: Turn, place: Place, entry_id: int = 0) -> None:
    """Let the next files go to a clause or an entry of it."""
    unit, rubric, criterion = place.parts
    about = {"unit": unit, "rubric": rubric, "criterion": criterion}
    turn.state["files_to"] = {**about, "entry": entry_id, "at": turn.now.isoformat()}


def forget(turn: Turn) -> None:
    """Let the next files wait in 待归类材料, unless a question is open."""
    turn.state.pop("files_to", None)


def last(turn: Turn) -> Place | None:
    """The clause answered or chosen last, while people still remember it."""
    noted = turn.state.get("files_to")
    if noted is None or turn.now - datetime.fromisoformat(noted["at"]) > KEPT_FOR:
        return None
    return turn.place_of(noted)


def of(turn: Turn) -> Destination | None:
    """Where files go now; an open question is asked for again, so it wins over what came before it."""
    noted = turn.state.get("files_to")
    opened = turn.place_of(turn.state["open"]) if turn.state.get("open") else None
    chosen = turn.place_of(noted) if noted else None
    if opened and (chosen is None or chosen.parts != opened.parts):
        return Destination(opened)
    if chosen is None or noted is None:
        return None
    if opened is None and turn.now - datetime.fromisoformat(noted["at"]) > KEPT_FOR:
        return None
    return Destination(chosen, noted["entry"])
