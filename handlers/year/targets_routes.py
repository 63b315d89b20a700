"""What the buttons and words of 目标任务 do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.turn import Turn
from handlers.year import targets_desk

PRESSES: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {
    "targets": targets_desk.shown,
    "tg-of": targets_desk.which,
    "tg-yes": targets_desk.confirmed,
    "tg-drop": targets_desk.dropped,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {"targets": targets_desk.show}

EXPECTED: dict[str, Callable[[Turn, Key], Awaitable[None]]] = {"targets": targets_desk.typed}
