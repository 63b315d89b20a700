"""Texts and JSON as the database can keep them, whatever was sent."""

from __future__ import annotations

import json
from typing import Any


def storable(text: str, most: int | None = None) -> str:
    """The text without what UTF-8 cannot say (half an emoji cut off by a messenger), and at most so many characters."""
    return text.encode("utf-8", "replace").decode("utf-8")[:most]


_TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that turn the direction of what follows them, over the end of a name and through the rest of a message."""


def unturned(text: str) -> str:
    """The text without marks that make it read backwards: a name must not turn the sentence it stands in."""
    return text.translate(_TURNING)


def to_json(value: Any) -> str:
    """JSON in ASCII, so that nothing a messenger sends can fail to be stored."""
    return json.dumps(value, separators=(",", ":"))
