"""Texts and JSON as the database can keep them, whatever was sent."""

from __future__ import annotations

import json
from typing import Any


def storable(text: str, most: int | None = None) -> str:
    """The text without what UTF-8 cannot say (half an emoji cut off by a messenger), and at most so many characters."""
    return text.encode("utf-8", "replace").decode("utf-8")[:most]


def to_json(value: Any) -> str:
    """JSON in ASCII, so that nothing a messenger sends can fail to be stored."""
    return json.dumps(value, separators=(",", ":"))
