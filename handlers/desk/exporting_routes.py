"""The buttons and words of 导出 and of what departments say about their rows (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.desk import (
    exporting,
    row_notes,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "export": exporting.chosen,
    "export-of": exporting.of_unit,
    "export-go": exporting.go,
    "row-note": row_notes.ask,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "export": exporting.start,
    "bulletin": lambda turn, _: exporting.start(turn, exporting.NAMES["notice"]),
    "rows": lambda turn, _: row_notes.show(turn),
}

EXPECTED: dict[str, Handle] = {
    "export-day": exporting.day_said,
    "row-problem": row_notes.problem_said,
    "row-next": row_notes.next_said,
}
