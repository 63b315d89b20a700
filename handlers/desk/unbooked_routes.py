"""The buttons and words of 都没发生 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.desk import nothing_happened
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "nh": nothing_happened.show,
    "nh-of": nothing_happened.ask,
    "nh-basis": nothing_happened.basis,
    "nh-go": nothing_happened.go,
    "nh-drop": nothing_happened.drop,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {}

EXPECTED: dict[str, Handle] = {"nh-basis": nothing_happened.basis}
