"""Where files go that come with no word about it: what invited them last, else the open question, else what was answered last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from handlers.turn import Place, Turn

KEPT_FOR = timedelta(hours=2)
"""Later than this a file waits in 待归类材料 rather than go to what nobody remembers."""


class Destination(NamedTuple):
    """A clause, or one entry of it; ``entry_id`` is 0 for the clause. ``chosen``: somebody opened its proof to send them."""

    place: Place
    entry_id: int = 0
    chosen: bool = False


def remember(turn: Turn, place: Place, entry_id: int = 0, *, invited: bool = False, chosen: bool = False) -> None:
    """Let the next files go to a clause or an entry of it.

    Args:
        invited: the person is being told to send them, so they go there although another question is open, until that
            one is asked again.
        chosen: the person opened the clause's proof: what is sent next is for it, whatever it is called.
    """
    unit, rubric, criterion = place.parts
    about = {"unit": unit, "rubric": rubric, "criterion": criterion}
    before = turn.state.get("files_to")
    if opened := turn.state.get("open"):
        same = before is not None and all(before[name] == value for name, value in about.items())
        opened["files_elsewhere"] = invited or (same and opened.get("files_elsewhere", False))
    turn.state["files_to"] = {**about, "entry": entry_id, "at": turn.now.isoformat(), "chosen": chosen}


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
    """Where files go now; an open question wins over what came before it, what has invited files since over both."""
    noted, asked = turn.state.get("files_to"), turn.state.get("open")
    opened = turn.place_of(asked) if asked else None
    chosen = turn.place_of(noted) if noted else None
    remembered = noted is not None and turn.now - datetime.fromisoformat(noted["at"]) <= KEPT_FOR
    invited = remembered and asked is not None and asked.get("files_elsewhere", False)
    if opened and (chosen is None or (chosen.parts != opened.parts and not invited)):
        return Destination(opened)
    if chosen is None or noted is None or (opened is None and not remembered):
        return None
    return Destination(chosen, noted["entry"], noted.get("chosen", False))
