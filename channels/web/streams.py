"""Server-sent events: history, new rows and reconnection in one mechanism.

A stream reads the transcript from the last row its reader has. A wake only says "look again", so that one too many or
one too few does no harm; each round also runs every 20 seconds, unasked.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Any

from channels.port import Transcript

ROUND_SECONDS = 20.0
ROWS_AT_ONCE = 200


class Stream:
    """One open page."""

    def __init__(self) -> None:
        self.woken = asyncio.Event()
        self.notes: list[bytes] = []

    def wake(self) -> None:
        """Make the stream look again."""
        self.woken.set()


class Streams:
    """All open pages, by address."""

    def __init__(self, transcript: Transcript, round_seconds: float = ROUND_SECONDS) -> None:
        self._transcript = transcript
        self._round_seconds = round_seconds
        self._open: defaultdict[str, set[Stream]] = defaultdict(set)
        self._closed = False

    def wake(self, address: str) -> None:
        """Something may be new at an address."""
        for stream in self._open.get(address, ()):
            stream.wake()

    def note(self, address: str, kind: str, data: object) -> None:
        """Tell the open pages of an address something that is no row: an option settled, an event handled."""
        for stream in self._open.get(address, ()):
            stream.notes.append(frame(kind, data))
            stream.wake()

    def close(self) -> None:
        """End every stream: at shutdown nothing may wait for a page to go away."""
        self._closed = True
        for streams in self._open.values():
            for stream in streams:
                stream.wake()

    async def frames(
        self, address: str, after_id: int, still_valid: Callable[[], Awaitable[bool]]
    ) -> AsyncGenerator[bytes, None]:
        """Bytes for one page, until shutdown or until its session is not valid any more."""
        stream = Stream()
        self._open[address].add(stream)
        try:
            status = None
            while not self._closed and await still_valid():
                stream.woken.clear()  # before reading, so that what comes while reading wakes again
                notes, stream.notes = stream.notes, []
                while rows := await self._transcript.since(address, after_id, ROWS_AT_ONCE):
                    for row in rows:
                        after_id = row["id"]
                        yield frame("row", wire_row(row), after_id)
                for note in notes:  # after the rows they speak of
                    yield note
                if (now := await self._transcript.status(address)) != status:
                    status = now
                    yield frame("status", now)
                if not await _woken(stream.woken, self._round_seconds):
                    yield b": \n\n"  # a comment: proxies and phones keep the connection, a dead one is noticed
        finally:
            self._open[address].discard(stream)
            if not self._open[address]:
                del self._open[address]


def wire_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the page gets it; where a file lies stays here."""
    at, file = row["at"], row["file"]
    return {
        "id": row["id"],
        "at": at.isoformat() if isinstance(at, datetime) else at,
        "mine": row["mine"],
        "text": row["text"],
        "options": [{"key": option["key"], "label": option["label"]} for option in row["options"] or ()],
        "settled": row["settled"] or None,
        "file": wire_file(file) if file else None,
    }


def wire_file(file: dict[str, Any]) -> dict[str, Any]:
    """A row's file as the page gets it, which asks for it by the row's id; ``picture``: to be looked at."""
    return {"name": file["name"], "size_bytes": file["size_bytes"], "picture": bool(file.get("as_picture"))}


def frame(kind: str, data: object, row_id: int | None = None) -> bytes:
    """One server-sent event; only rows have an id, so that a note never moves the reader's place."""
    place = "" if row_id is None else f"id: {row_id}\n"
    return f"{place}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


async def _woken(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
