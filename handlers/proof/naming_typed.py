"""只报文号 and 线下核验 as typed words: about the clause that is being asked, answered or chosen last, as the buttons would be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.proof import destination, noting
from handlers.turn import Turn


async def by_number(turn: Turn) -> None:
    """只报文号."""
    await _ask(turn, noting.ask_number)


async def offline(turn: Turn) -> None:
    """线下核验."""
    await _ask(turn, noting.ask_offline)


async def _ask(turn: Turn, ask: Callable[[Turn, Key], Awaitable[None]]) -> None:
    to = destination.of(turn)
    if to is None or to.place.criterion.proof == "none":
        unit_id = turn.liaison.unit_id if turn.liaison else None
        options = (Option(keys.pack("list", unit_id), "清单"),) if unit_id else ()
        turn.say("name-which", options, criterion=to.place.criterion if to else None)
        return
    parts = (*to.place.parts, to.entry_id) if to.entry_id else to.place.parts
    await ask(turn, Key("named", tuple(str(part) for part in parts), 0))
