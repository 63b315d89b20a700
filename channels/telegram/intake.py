"""From a raw update to the lines: kept durably first, then read, completed with its files and handed over in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from aiogram.types import Update
from pydantic import ValidationError

from channels.port import Inbox, Kept
from channels.telegram import words
from channels.telegram.albums import Albums
from channels.telegram.raw import CHANNEL, kept_of
from channels.telegram.secrecy import scrub
from channels.telegram.updates import Reader

_log = logging.getLogger(__name__)


class _NotYetError(Exception):
    """An update the inbox has not been asked to keep."""


class Intake:
    """Where polling, the webhook and what waited from before come together."""

    def __init__(
        self,
        inbox: Inbox,
        clock: Callable[[], datetime],
        reader: Reader,
        albums: Albums,
        notice: Callable[[Update], None],
    ) -> None:
        """Readable updates are shown to ``notice`` before anything else is done with them."""
        self._inbox, self._clock, self._reader, self._albums, self._notice = inbox, clock, reader, albums, notice

    async def keep(self, update: object) -> Kept | None:
        """Keep an update durably; None where it is there already, and so waits, is being handled, or was.

        Raises whatever the inbox raises: then the update must not be confirmed.
        """
        kept = kept_of(update, self._clock())
        return kept if await self._inbox.keep(CHANNEL, kept.id, kept.address, kept.raw) else None

    async def keep_all(self, updates: Sequence[object], first_pause: float, most_pause: float) -> list[Kept]:
        """Keep updates side by side, so that they share a commit, again and again until the inbox has taken each.

        Returns those that are new, in their order. What cannot be kept is not confirmed, so there is nothing to do
        but to wait.
        """
        results: list[Kept | BaseException | None] = [_NotYetError()] * len(updates)
        pause = first_pause
        while open_ := [n for n, result in enumerate(results) if isinstance(result, BaseException)]:
            tried = await asyncio.gather(*(self.keep(updates[n]) for n in open_), return_exceptions=True)
            for n, result in zip(open_, tried, strict=True):
                results[n] = result
            if error := next((result for result in tried if isinstance(result, BaseException)), None):
                why = f"{type(error).__name__}: {scrub(error)}"
                _log.error("updates could not be kept (%s), trying again in %.1f s", why, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, most_pause)
        return [result for result in results if isinstance(result, Kept)]

    async def hand_over(self, kept: Kept) -> None:
        """Line an event up, or end what is none: a poison goes to the dead letters and the next one is handled."""
        try:
            update = Update.model_validate(kept.raw["update"])
            self._notice(update)
            heard = self._reader.heard(kept, update)
        except ValidationError as error:
            found = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False))
            await self._end(kept, words.NOT_READABLE.format(what=found[:500]))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next update must be read
            _log.exception("update %s could not be read", kept.id)
            await self._end(kept, words.NOT_READABLE.format(what=type(error).__name__))
        else:
            if heard is None:
                await self._end(kept, "")
            else:
                self._albums.take(heard)

    async def _end(self, kept: Kept, why: str) -> None:
        if why:
            _log.warning("update %s: %s", kept.id, why)
        try:
            await self._inbox.drop(CHANNEL, kept.id, why)
        except Exception:  # noqa: BLE001 - a full disk must not stop the receiving
            _log.exception("update %s stays in the inbox until the next start", kept.id)
