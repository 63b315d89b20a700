"""The webhook: an update is kept, then answered with 200, and only then worked on."""

from __future__ import annotations

import hmac
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from channels.telegram.secrecy import scrub

HEADER = "X-Telegram-Bot-Api-Secret-Token"
MOST_BYTES = 1_048_576
RETRY_SECONDS = 5
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
_log = logging.getLogger(__name__)

Keep = Callable[[object], Awaitable[Callable[[], Awaitable[None]]]]
"""Keeps a raw update durably and gives what is to be called once it is confirmed."""


class Webhook(NamedTuple):
    """Where Telegram delivers. A server of its own, so that neither the page's rules nor its load come in between.

    ``url`` is what Telegram calls (usually a reverse proxy); ``host`` and ``port`` are what is listened on (0 takes a
    free port); the path is the url's.
    """

    url: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 8081

    def check(self) -> None:
        """Refuse what Telegram would refuse later.

        Raises:
            ValueError: a sentence about the url or the secret, which shows neither.
        """
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname:
            raise ValueError("Telegram 的 webhook 地址不对，应以 https:// 开头")
        if not _SECRET.match(self.secret):
            raise ValueError("Telegram 的 webhook 密钥不对，应为 1–256 个字母、数字、_ 或 -")


@asynccontextmanager
async def serving(settings: Webhook, keep: Keep) -> AsyncIterator[int]:
    """Serve while inside; gives the port.

    Raises:
        OSError: the port is taken or not allowed.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        return await _take(request, settings.secret, keep)

    application = web.Application(client_max_size=MOST_BYTES)
    application.add_routes([web.post(urlsplit(settings.url).path or "/", handle)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _take(request: web.Request, secret: str, keep: Keep) -> web.StreamResponse:
    given = request.headers.get(HEADER, "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
        return web.Response(status=401)
    try:
        update = json.loads(await request.read())
    except (
        ValueError,
        RecursionError,
    ):  # kept as it is, and answered: what Telegram cannot put right it need not repeat
        update = (await request.read()).decode("utf-8", "replace")
    try:
        go_on = await keep(update)
    except Exception as error:  # noqa: BLE001 - whatever keeps it from being kept, Telegram shall bring it again
        _log.error("an update could not be kept, asking for it again: %s: %s", type(error).__name__, scrub(error))
        return web.Response(status=503, headers={"Retry-After": str(RETRY_SECONDS)})
    response = web.Response()
    await response.prepare(request)
    await response.write_eof()
    await go_on()
    return response
