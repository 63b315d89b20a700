"""What is pressed and typed about people and what passes between them: 转同事, 同去年, 交接, 误发 (see `routes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from channels.keys import Key
from handlers.answering import (
    colleague,
    drafting,
)
from handlers.people import (
    doings,
    erasing,
    handing_over,
    own_name,
)
from handlers.turn import Turn

Handle = Callable[[Turn, Key], Awaitable[None]]

PRESSES: dict[str, Handle] = {
    "colleague": colleague.forward,
    "colleague-off": colleague.revoke,
    "colleague-take": colleague.take,
    "colleague-leave": colleague.leave,
    "last-year": drafting.same,
    "handover-pick": handing_over.chosen,
    "handover-go": handing_over.go,
    "handover-yes": handing_over.agree,
    "handover-no": handing_over.drop,
    "doings": doings.show,
    "erase": erasing.pressed,
    "erase-drop": erasing.drop,
}

COMMANDS: dict[str, Callable[[Turn, str], Awaitable[None]]] = {
    "erase": erasing.start,
    "handover": handing_over.start,
    "own-name": own_name.said,
}

EXPECTED: dict[str, Handle] = {"erase-why": erasing.reason_said, "handover": handing_over.typed}
