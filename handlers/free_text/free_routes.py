"""The buttons about free text, and the words they ask for (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.free_text import (
    correcting,
    explaining,
    learning,
    meaning,
    searching,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "mean": meaning.picked,
    "mean-all": meaning.all_of_them,
    "mean-each": meaning.one_by_one,
    "mean-no": meaning.nothing,
    "mean-skip": meaning.skipped,
    "mean-set": meaning.instead,
    "mean-add": meaning.on_top,
    "mean-open": meaning.of_the_open,
    "mean-move": correcting.moved,
    "mean-for": meaning.of_unit,
    "mean-none": searching.none_of_them,
    "mean-list": searching.by_item,
    "mean-it": searching.chosen,
    "explain": explaining.pressed,
    "learnt": learning.show,
    "learnt-drop": learning.remove,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {"learnt": lambda turn, _: learning.show(turn)}

EXPECTED: dict[str, Handle] = {"mean-word": searching.typed}
