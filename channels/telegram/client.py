"""aiogram's client: one session, raw updates, errors waited out. No error it logs or raises on shows the token."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, ClassVar, TypeVar

import aiohttp
from aiogram.client.bot import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import GetUpdates
from aiogram.types import BotCommand

from channels.telegram.secrecy import scrub

ALLOWED = ["message", "edited_message", "callback_query"]
ERRORS = (AiogramError, aiohttp.ClientError, TimeoutError, OSError)
"""What a call can end with: aiogram lets the errors of a download through as aiohttp raises them."""

CHUNK_BYTES = 65_536
_SSL_LINGER_SECONDS = 0.25  # as aiogram's own close() waits for TLS to end; without TLS there is nothing to wait for
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class RawUpdates(GetUpdates):
    """getUpdates without validation: one update that aiogram cannot read must not hold up all behind it."""

    __returning__: ClassVar[Any] = list[Any]


class Client:
    """The receiving half of a bot."""

    def __init__(self, token: str, api_base: str, first_pause_seconds: float, most_pause_seconds: float) -> None:
        """Nothing is opened.

        Raises:
            aiogram.utils.token.TokenValidationError: not the form of a token; the text does not show it.
        """
        self._server = TelegramAPIServer.from_base(api_base)
        self._session = AiohttpSession(api=self._server)
        self._token = token
        self._pauses = (first_pause_seconds, most_pause_seconds)
        self.bot = Bot(token, self._session)

    async def close(self) -> None:
        """End the session."""
        await (await self._session.create_session()).close()
        if self._server.base.startswith("https:"):
            await asyncio.sleep(_SSL_LINGER_SECONDS)

    async def insist(self, what: str, call: Callable[[], Awaitable[_T]]) -> _T:
        """Call until it succeeds, with growing pauses: after a wrong token, too, for it may be put right."""
        first, most = self._pauses
        for attempt in itertools.count():
            try:
                return await call()
            except TelegramRetryAfter as error:
                seconds, why = float(error.retry_after), "too many requests"
            except ERRORS as error:
                seconds, why = min(first * 2 ** min(attempt, 20), most), f"{type(error).__name__}: {scrub(error)[:300]}"
            _log.warning("Telegram %s failed (%s), trying again in %.1f s", what, why, seconds)
            await asyncio.sleep(seconds)
        raise AssertionError("unreachable")

    async def offer(self, menu: Sequence[tuple[str, str]]) -> None:
        """Have Telegram offer these commands with what each does; without success the bot works as well."""
        try:
            await self.bot.set_my_commands([BotCommand(command=name, description=does) for name, does in menu])
        except ERRORS as error:
            _log.warning("Telegram was not told the commands: %s: %s", type(error).__name__, scrub(error))

    async def updates(self, offset: int | None, poll_seconds: int) -> list[Any]:
        """Raw updates from an offset on, which confirms those before; waits for some as long as Telegram is asked to."""
        ask = RawUpdates(offset=offset, timeout=poll_seconds, limit=100, allowed_updates=ALLOWED)
        found: list[Any] = await self.bot(ask, request_timeout=poll_seconds + 15)
        return found

    async def chunks(self, file_path: str, timeout_seconds: float) -> AsyncIterator[bytes]:
        """The bytes of a file. Its address holds the token, so it is made here and shown to nobody."""
        session = await self._session.create_session()
        url = self._server.file_url(self._token, file_path)
        limit = aiohttp.ClientTimeout(total=timeout_seconds)
        async with session.get(url, timeout=limit, raise_for_status=True) as response:
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                yield chunk
