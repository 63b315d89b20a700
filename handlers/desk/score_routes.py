"""The buttons and commands about scores over time: 快照, 差在哪, 历次得分, 丢分最多 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.answering import gaps
from handlers.desk import (
    losses,
    snapshots,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "snapshots": snapshots.show,
    "snapshot": snapshots.one,
    "snapshot-take": snapshots.ask_name,
    "snapshot-again": snapshots.again,
    "snapshot-bare": snapshots.bare,
    "snapshot-final": snapshots.finish,
    "gap": gaps.show,
    "score-log": gaps.log,
    "lost": losses.show,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "snapshot": snapshots.start,
}

EXPECTED: dict[str, Handle] = {
    "snapshot-name": snapshots.named,
}
