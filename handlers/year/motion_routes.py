"""The buttons of what takes two people: 提请, 读法, 重新开放 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.turn import Turn
from handlers.year import (
    motion_desk,
    reopening_scores,
    switching,
)

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "motions": motion_desk.show,
    "motion-yes": motion_desk.agree,
    "motion-no": motion_desk.ask_refusal,
    "motion-drop": motion_desk.withdraw,
    "reading": switching.options,
    "reading-try": switching.preview,
    "reading-ask": switching.ask_why,
    "reopen": reopening_scores.ask_why,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "motions": lambda turn, _: motion_desk.show(turn),
}

EXPECTED: dict[str, Handle] = {
    "motion-why": motion_desk.refused,
    "reading-why": switching.proposed,
    "reopen-why": reopening_scores.proposed,
}
