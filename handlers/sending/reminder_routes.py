"""What is pressed and typed about reminders (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.sending import (
    escalating,
    leaving,
    snoozing,
    unseen,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "later": snoozing.later,
    "reported": snoozing.reported,
    "leave": leaving.chosen,
    "leave-drop": leaving.drop,
    "unseen": unseen.show,
    "escalate": escalating.pressed,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "leave": leaving.said,
    "leave-end": lambda turn, _: leaving.back(turn),
    "unseen": lambda turn, _: unseen.show(turn),
    "escalate": lambda turn, _: escalating.start(turn),
}

EXPECTED: dict[str, Handle] = {"leave": leaving.typed}
