"""Option keys: a verb, short ids and the version the button was made for, in at most 64 bytes.

A key carries its whole meaning, so a button from last month still works or says kindly what has changed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LIMIT_BYTES = 64
_PART = re.compile(r"[0-9A-Za-z.\-]*\Z")
_VERB = re.compile(r"[a-z][a-z0-9-]*\Z")


class Key(NamedTuple):
    """A parsed key."""

    verb: str
    parts: tuple[str, ...]
    version: int


def pack(verb: str, *parts: str | int, version: int = 0) -> str:
    """The key's text.

    Raises:
        ValueError: a part with other characters than digits, letters, dots and hyphens, or more than 64 bytes.
    """
    words = [str(part) for part in parts]
    if not _VERB.match(verb) or not all(_PART.match(word) for word in words) or version < 0:
        raise ValueError(f"no option key can be made of {verb!r}, {parts!r}, {version!r}")
    key = f"{verb}:{','.join(words)}:{version}"
    if len(key.encode()) > LIMIT_BYTES:
        raise ValueError(f"an option key has at most {LIMIT_BYTES} bytes: {key!r}")
    return key


def parse(text: str) -> Key | None:
    """The key of a text; None for anything that is none (a forged or damaged button)."""
    verb, _, rest = text.partition(":")
    parts, colon, version = rest.rpartition(":")
    if (
        len(text.encode()) > LIMIT_BYTES
        or not colon
        or not _VERB.match(verb)
        or not re.fullmatch(r"[0-9]{1,9}", version)
    ):
        return None
    words = tuple(parts.split(",")) if parts else ()
    if not all(_PART.match(word) for word in words):
        return None
    return Key(verb, words, int(version))
