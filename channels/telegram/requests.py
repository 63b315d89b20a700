"""How python-telegram-bot's calls travel: over aiohttp, which the receiving half has loaded anyway.

A call costs a fraction of what it does over httpx. Uploads, which httpx streams, still go there.
"""

from __future__ import annotations

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
UPLOAD_SECONDS = 300.0
_TIMEOUT = aiohttp.ClientTimeout(connect=CONNECT_SECONDS, sock_read=ANSWER_SECONDS)


class Requests(HTTPXRequest):
    """The connections of all that a token sends. No error raised here shows an address: it holds the token."""

    def __init__(self) -> None:
        super().__init__(
            read_timeout=ANSWER_SECONDS,
            connect_timeout=CONNECT_SECONDS,
            write_timeout=ANSWER_SECONDS,
            pool_timeout=CONNECT_SECONDS,
            media_write_timeout=UPLOAD_SECONDS,
        )
        self._session: aiohttp.ClientSession | None = None

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
        await super().shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a call; gives its status and body. Timeouts of a single call count for uploads only."""
        if request_data and request_data.contains_files:
            timeouts = (read_timeout, write_timeout, connect_timeout, pool_timeout)
            return await super().do_request(url, method, request_data, *timeouts)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT, headers={"User-Agent": self.USER_AGENT})
        fields = request_data.json_parameters if request_data else None
        try:
            async with self._session.request(method, url, data=fields) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
