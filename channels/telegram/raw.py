"""What must be known of a raw update before anything can go wrong with it: its id, its chat, a start code."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from channels.port import Kept

CHANNEL = "telegram"
_START = re.compile(r"/start(?:@\w+)?\s+(\S+)\s*\Z")


def kept_of(update: object, now: datetime) -> Kept:
    """A raw update as the inbox shall have it.

    Ids: a press has Telegram's id of the press, an edit the message with date and content (two edits may share a
    second), all else the id of the update; a thing without any has the hash of its content.
    """
    raw: dict[str, Any] = {"at": now.isoformat(), "update": update}
    if (code := _start_code(update)) is not None:
        raw["start_code"] = code  # the inbox blanks what holds this key once it is handled
    return Kept(_ident(update), _address(update), raw)


def update_number(update: object) -> int | None:
    """The id that confirms an update."""
    number = _at(update, "update_id")
    return number if type(number) is int else None


def _ident(update: object) -> str:
    press = _at(update, "callback_query", "id")
    if isinstance(press, str) and press:
        return f"c{press[:100]}"
    edited = _at(update, "edited_message")
    if isinstance(edited, dict):
        chat, message, date = _at(edited, "chat", "id"), edited.get("message_id"), edited.get("edit_date")
        if all(type(part) is int for part in (chat, message, date)):
            return f"e{chat}:{message}:{date}:{_hash(edited)[:16]}"
    number = update_number(update)
    return f"u{number}" if number is not None else f"x{_hash(update)[:32]}"


def _address(update: object) -> str:
    for path in (("message",), ("edited_message",), ("callback_query", "message")):
        chat = _at(update, *path, "chat", "id")
        if type(chat) is int:
            return str(chat)
    return ""


def _start_code(update: object) -> str | None:
    for kind in ("message", "edited_message"):
        text = _at(update, kind, "text")
        if isinstance(text, str) and (found := _START.match(text)):
            return found[1]
    return None


def _at(found: object, *path: str) -> object:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _hash(found: object) -> str:
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
