"""What must never be read: tokens and secrets are taken out of every text and of every log record."""

from __future__ import annotations

import logging
import traceback
from typing import Any
from urllib.parse import quote

HIDDEN = "***"
_LEAST = 8  # shorter parts of a token would blank ordinary words
_hidden: set[str] = set()


def hide(secret: str) -> None:
    """From now on, take this secret out of every log record of the process, whichever library writes it.

    httpx logs each address it calls, and a bot's token is part of the address.
    """
    if not _hidden:
        logging.setLogRecordFactory(_scrubbing(logging.getLogRecordFactory()))
    after_colon = secret.partition(":")[2]
    _hidden.update(part for part in (secret, quote(secret, safe=""), after_colon) if len(part) >= _LEAST)


def scrub(found: object) -> str:
    """A text, or what an error says, without any hidden secret."""
    text = str(found)
    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _scrubbing(make: Any) -> Any:
    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = make(*args, **kwargs)
        _clean(record)
        return record

    return factory


def _clean(record: logging.LogRecord) -> None:
    try:
        said = record.getMessage()
    except (TypeError, ValueError, KeyError):  # a wrong call of somebody else's: the handler will complain about it
        said = f"{record.msg} {record.args}"
    if scrub(said) != said:
        record.msg, record.args = scrub(said), None
    if record.exc_info and record.exc_info[0] is not None:
        trace = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if scrub(trace) != trace:
            record.exc_text, record.exc_info = scrub(trace), None
