"""What the buttons of 印发日期 do, and where a typed day goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.turn import Turn
from handlers.year import issuing

PRESSES: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {
    "issued": issuing.ask,
    "issued-yes": issuing.set_day,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {}

EXPECTED: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {"issued-day": issuing.said}
