"""The JSON a page may send: an object of known fields, each checked; anything else is refused with a sentence."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

from channels.web import words
from channels.web.guard import RefusedError

MOST_TEXT = 4000
MOST_KEY_BYTES = 64
MOST_LABEL = 40
MOST_CODE = 64
_ID = re.compile(r"[0-9A-Za-z_-]{16,64}\Z")


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        RefusedError: another content type (415), no JSON object (400).
    """
    if request.content_type != "application/json":
        raise RefusedError(415, words.WRONG_TYPE)
    try:
        found = json.loads(await request.read())
    except (ValueError, RecursionError) as error:  # bad JSON, bad UTF-8, a number of 5,000 digits, 10,000 brackets
        raise RefusedError(400, words.NOT_JSON) from error
    if not isinstance(found, dict):
        raise RefusedError(400, words.NOT_JSON)
    return found


def only(data: dict[str, Any], required: set[str], optional: set[str] | None = None) -> None:
    """Refuse missing and unknown fields."""
    if not required <= data.keys() <= required | (optional or set()):
        raise RefusedError(400, words.UNKNOWN_FIELDS)


def client_id(value: object) -> str:
    """The id a client made: 16 to 64 letters, digits, hyphens; long enough not to meet another by chance."""
    if not isinstance(value, str) or not _ID.match(value):
        raise RefusedError(400, words.WRONG_FIELD.format(field="id"))
    return value


def said(value: object) -> str:
    """A person's text, its line breaks kept."""
    text = _storable(value, "text").strip()
    if not text:
        raise RefusedError(400, words.NO_TEXT)
    if len(text) > MOST_TEXT:
        raise RefusedError(400, words.LONG_TEXT.format(most=MOST_TEXT, found=len(text)))
    return text


def written(value: object, field: str, most: int, *, optional: bool) -> str:
    """A field of a form as a person filled it in, its line breaks kept."""
    text = _storable(value, field).strip()
    if not text and not optional:
        raise RefusedError(400, words.EMPTY_FIELD[field])
    if len(text) > most:
        raise RefusedError(400, words.LONG_FIELD.format(most=most))
    return text


def option_key(value: object) -> str:
    """A pressed option's key; what it means is the core's business."""
    key = _storable(value, "option")
    if not 1 <= len(key.encode()) <= MOST_KEY_BYTES:
        raise RefusedError(400, words.WRONG_FIELD.format(field="option"))
    return key


def label(value: object) -> str:
    """A pressed option's words."""
    return _short(value, "label", MOST_LABEL)


def row_id(value: object) -> int:
    """A row of the transcript."""
    if type(value) is not int or not 0 < value < 2**63:  # true is an int, too
        raise RefusedError(400, words.WRONG_FIELD.format(field="message_id"))
    return value


def code(value: object) -> str:
    """An invitation code as typed."""
    typed = _storable(value, "code").strip()
    if not typed:
        raise RefusedError(400, words.NO_CODE)
    return _short(typed, "code", MOST_CODE)


def _short(value: object, field: str, most: int) -> str:
    text = _storable(value, field)
    if not 1 <= len(text) <= most:
        raise RefusedError(400, words.WRONG_FIELD.format(field=field))
    return text


def _storable(value: object, field: str) -> str:
    """Text that a database takes: JSON can spell half a character and a NUL."""
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise RefusedError(400, words.WRONG_FIELD.format(field=field))
    return value
