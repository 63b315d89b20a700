"""A received file's bytes, fetched on receipt and streamed to the sink; what cannot be had becomes a sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter

from channels.port import Event, FileRef, FileSink
from channels.telegram import words
from channels.telegram.client import ERRORS, Client
from channels.telegram.secrecy import scrub

MOST_BYTES = 20_971_520
"""What getFile gives at most."""

PAUSES_SECONDS = (0.5, 2.0, 5.0)
TIMEOUT_SECONDS = 300.0
_MEBIBYTE = 1_048_576
_log = logging.getLogger(__name__)


class CutOffError(OSError):
    """A download that ended before its time."""


class Downloads:
    """Fetches the files of events."""

    def __init__(
        self, client: Client, files: FileSink, most_bytes: int, pauses_seconds: tuple[float, ...] = PAUSES_SECONDS
    ) -> None:
        """Keep files in ``files``; after a failure, try again after each of the pauses."""
        self._client, self._files, self._pauses = client, files, pauses_seconds
        self._most = min(most_bytes, MOST_BYTES)

    async def fetched(self, event: Event) -> Event:
        """The event with its files kept; a sentence in ``refused`` for each that could not be."""
        kept, refused = [], list(event.refused)
        for file in event.files:
            found = await self._fetch(file)
            if isinstance(found, FileRef):
                kept.append(found)
            else:
                refused.append(found)
        return event._replace(files=tuple(kept), refused=tuple(refused))

    async def _fetch(self, file: FileRef) -> FileRef | str:
        if file.size_bytes > self._most:
            size = round(file.size_bytes / _MEBIBYTE, 1)
            return words.LARGE.format(name=file.name, megabytes=size, most=self._shown)
        for pause in (*self._pauses, None):
            try:
                return await self._once(file)
            except TelegramBadRequest as error:
                if "too big" in error.message:
                    return words.LARGE_UNKNOWN.format(name=file.name, most=self._shown)
                _log.warning("a file could not be had from Telegram: %s", scrub(error))
            except ERRORS as error:
                _log.warning("a file was not fetched whole: %s: %s", type(error).__name__, scrub(error))
                if isinstance(error, TelegramRetryAfter) and pause is not None:
                    pause = max(pause, error.retry_after)
            if pause is not None:
                await asyncio.sleep(pause)
        return words.NOT_WHOLE.format(name=file.name)

    async def _once(self, file: FileRef) -> FileRef | str:
        found = await self._client.bot.get_file(file.ref)
        if found.file_path is None:
            raise CutOffError("Telegram names no path for the file")
        chunks = self._whole(found.file_path, found.file_size or file.size_bytes)
        stored: dict[str, Any] = await self._files.store(chunks, file.name, self._most)
        if "refused" in stored:
            return str(stored["refused"])
        return FileRef(stored["ref"], file.name, stored["size_bytes"])

    async def _whole(self, file_path: str, size_bytes: int) -> AsyncIterator[bytes]:
        """The chunks, and an error where they are fewer bytes than Telegram said: no half file may be kept."""
        received = 0
        async for chunk in self._client.chunks(file_path, TIMEOUT_SECONDS):
            received += len(chunk)
            yield chunk
        if size_bytes and received != size_bytes:
            raise CutOffError(f"{received} of {size_bytes} bytes")

    @property
    def _shown(self) -> float:
        return round(self._most / _MEBIBYTE, 1)
