"""A person's side of each channel, for load and kills: each call returns once the bot has confirmed it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Protocol
from uuid import uuid4

import aiohttp
from telegram_server import Message, TelegramServer

REPLY_SECONDS = 3.0  # then a person writes again, answered or not


class Messenger(Protocol):
    """A person's side of a channel. Each call returns once the bot has confirmed it, however often that takes."""

    confirmed: list[str]

    async def join(self, code: str) -> None:
        """Use an invitation."""

    async def say(self, words: str) -> None:
        """Type something."""

    async def press(self, key: str) -> None:
        """Press an option."""

    async def send_file(self, content: bytes) -> None:
        """Send a document."""

    async def heard(self) -> list[dict[str, Any]]:
        """The whole conversation as it is shown now, own words included."""


class Web:
    """The page, over HTTP."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.confirmed: list[str] = []
        self._url, self._http = url, http

    async def join(self, code: str) -> None:
        await self._send("/enter", code=code)
        self.confirmed.pop()  # the event's id is a hash of this one

    async def say(self, words: str) -> None:
        await self._send("/say", text=words)

    async def press(self, key: str) -> None:
        await self._send("/say", option=key, message_id=1, label="是")

    async def send_file(self, content: bytes) -> None:
        await self._send("/files", content)

    async def heard(self) -> list[dict[str, Any]]:
        rows = []
        async with self._http.get(f"{self._url}/events", params={"after": "0"}) as response:
            with contextlib.suppress(TimeoutError):  # silence: that was all
                while line := await asyncio.wait_for(response.content.readline(), 0.5):
                    if line.startswith(b'data: {"id"') and b'"mine"' in line:
                        rows.append(json.loads(line[5:]))
        return rows

    async def _send(self, path: str, content: bytes | None = None, **fields: Any) -> None:
        ident = uuid4().hex
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                if await self._post(path, ident, content, fields):
                    self.confirmed.append(ident)
                    return
            await asyncio.sleep(0.05)

    async def _post(self, path: str, ident: str, content: bytes | None, fields: dict[str, Any]) -> bool:
        body: dict[str, Any] = {"json": {"id": ident, **fields}}
        if content is not None:
            form = aiohttp.FormData({"id": ident}, default_to_multipart=True)
            form.add_field("file", content, filename="会议纪要.pdf")
            body = {"data": form}
        async with self._http.post(self._url + path, **body) as response:
            if response.status in {429, 503}:
                return False
            if response.status != 202:
                raise RuntimeError(f"{path}: {response.status} {await response.text()}")
            return True


class Chat:
    """A private chat on the loopback Telegram; most people wait a little for an answer."""

    def __init__(self, server: TelegramServer, chat: int, *, patient: bool = True) -> None:
        self.confirmed: list[str] = []
        self._server, self._chat = server, server.person(chat)
        self._said: list[str] = []
        self._wait = REPLY_SECONDS if patient else 0.0

    async def join(self, code: str) -> None:
        await self._send(self._server.say(self._chat.id, f"/start {code}"))

    async def say(self, words: str) -> None:
        self._said.append(words)
        await self._send(self._server.say(self._chat.id, words))

    async def press(self, key: str) -> None:
        query = uuid4().hex
        old = Message(1, self._chat, "很久以前", "sendMessage")
        await self._send(self._server.press(old, key, query), f"c{query}")

    async def send_file(self, content: bytes) -> None:
        await self._send(self._server.send_file(self._chat.id, "会议纪要.pdf", content))

    async def heard(self) -> list[dict[str, Any]]:
        told = [{"mine": False, "text": message.text} for message in self._messages()]
        return [{"mine": True, "text": words} for words in self._said] + told

    def _messages(self) -> list[Message]:
        return [message for message in self._server.messages if message.chat is self._chat]

    async def _send(self, number: int, ident: str = "") -> None:
        """Wait until the bot has asked for what comes after it, and then for something new to read."""
        before = len(self._messages())
        while self._server.confirmed < number:
            await asyncio.sleep(0.01)
        self.confirmed.append(ident or f"u{number}")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._wait):
                while len(self._messages()) == before:
                    await asyncio.sleep(0.01)
