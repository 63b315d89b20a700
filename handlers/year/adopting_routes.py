"""What the buttons of 换用今年细则 do, and where its files go (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.turn import Turn
from handlers.year import adopting

PRESSES: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {
    "adopt": adopting.start,
    "adopt-pick": adopting.picked,
    "adopt-for": adopting.instead_of,
    "adopt-yes": adopting.confirmed,
    "adopt-no": adopting.put_down,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {}

EXPECTED: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {"adopt-files": adopting.words}
