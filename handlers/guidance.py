"""What one can do here: help by role, and an answer to what nothing else understands."""

from __future__ import annotations

from typing import Any

from channels import keys
from channels.port import Option
from handlers import audiences
from handlers.turn import Turn

SHOWN_CHARACTERS = 20


async def help_with(turn: Turn) -> None:
    """What a person of this role can type."""
    turn.say("help", **_roles(turn), roles=audiences.roles_of(turn))


def unknown(turn: Turn, options: tuple[Option, ...] = ()) -> None:
    """Words that mean nothing here, with what would: two lines, the whole help is 帮助."""
    said = turn.event.text.strip()[:SHOWN_CHARACTERS]
    turn.say("unknown", options, said=said, **_roles(turn))


async def too_long(turn: Turn, characters: int) -> None:
    """More words than are read at once; nothing of them is kept."""
    turn.say("too-long", characters=characters)


def in_group(turn: Turn) -> None:
    """Nothing of a unit is said or taken in a group, and no code is used: everybody there could read it."""
    turn.say("not-in-group")


def edited(turn: Turn) -> None:
    """A message that was sent before reads differently now; what was kept of it does not change."""
    about = turn.state.get("files_to") or turn.state.get("open")
    place = turn.place_of(about) if about else None
    turn.say("edited", (Option(keys.pack("ask", *place.parts), "修改"),) if place else ())


def cannot_read(turn: Turn) -> None:
    """Something that is neither words nor a file: a voice message, a place, a sticker."""
    turn.say("other", what=turn.event.other, **_roles(turn))


def refused_files(turn: Turn) -> None:
    """Files that could not be taken, each with its reason."""
    turn.say("file-refused", refused=turn.event.refused)


def _roles(turn: Turn) -> dict[str, Any]:
    leader = next((m for m in turn.memberships if m.role == "leader" and m.unit_id is not None), None)
    return {"liaison": turn.liaison, "office": turn.office, "leader": leader}
