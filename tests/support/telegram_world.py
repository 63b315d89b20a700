"""A Telegram channel on a strict loopback server, with memory behind it."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from fakes import EchoCore, FixedClock, MemoryFiles, MemoryInbox, MemoryTranscript
from telegram_server import TOKEN, Message, TelegramServer

from channels.port import Event, Kept, Option, Outcome, Reply
from channels.telegram.channel import TelegramChannel, Timings
from channels.telegram.windows import Limits, Rate

SECONDS = 10.0
UNLIMITED = Limits(Rate(10_000, 1.0), Rate(10_000, 1.0), Rate(10_000, 1.0))
QUICK = Timings(poll=5, first_pause=0.02, most_pause=0.1, album_quiet=0.1, download_pauses=(0.01, 0.01), grace=2.0)
CHEN = 7001
"""A person the server knows from the start."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Listener(EchoCore):
    """The core, with a room for sentences about files that were refused; answers nothing by itself."""

    async def receive(self, event: Event) -> None:
        if self.before:
            await self.before(event)
        if event.text == "fail":
            raise RuntimeError("the handler failed")
        self.heard.append(event)


class TelegramWorld:
    """What lies on both sides of a channel; outlives a restart of it."""

    def __init__(self, **settings: Any) -> None:
        self.clock = FixedClock()
        self.inbox, self.files = MemoryInbox(), settings.pop("files", None) or MemoryFiles()
        self.transcript = MemoryTranscript(self.clock)
        self.core = Listener(self.transcript)
        self.server = TelegramServer()
        self.server.person(CHEN)
        self.channel: TelegramChannel
        self.settings: dict[str, Any] = {"limits": UNLIMITED, "timings": QUICK, **settings}
        self._rows = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[TelegramWorld]:
        """The server; `running` starts the channel on it."""
        async with self.server.serving():
            yield self
        assert self.server.faults == []

    @asynccontextmanager
    async def running(self, waiting: Sequence[Kept] = (), ready: bool = True) -> AsyncIterator[TelegramChannel]:
        channel = TelegramChannel(
            self.settings.pop("token", TOKEN),
            self.inbox,
            self.files,
            self.clock,
            api_base=self.server.base,
            **self.settings,
        )
        self.channel = self.core.channel = channel
        running = asyncio.create_task(channel.run(self.core.receive, waiting))
        try:
            if ready:
                async with asyncio.timeout(SECONDS):
                    await channel.started.wait()
            yield channel
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(SECONDS):
            while not true():
                await asyncio.sleep(0.005)

    async def heard(self, count: int) -> list[Event]:
        await self.until(lambda: len(self.core.heard) >= count)
        return self.core.heard

    async def send(self, text: str, *options: tuple[str, str], to: int | str = CHEN, **words: Any) -> Outcome:
        self._rows += 1
        reply = Reply(text, tuple(Option(key, label) for key, label in options), **words)
        return await self.channel.send(str(to), self._rows, reply)

    def rewind(self) -> None:
        """Send the last row once more."""
        self._rows -= 1

    def start(self, act: Callable[[TelegramWorld], Awaitable[None]]) -> TelegramWorld:
        """Play a scene with the channel running, and give the world afterwards."""

        async def main() -> None:
            async with self.serving(), self.running():
                await act(self)

        asyncio.run(main())
        return self

    def rows(self) -> str:
        """All that the inbox holds, as it would stand in a database."""
        return json.dumps([[key, *row] for key, row in self.inbox.rows.items()], ensure_ascii=False)

    def kept(self) -> list[Kept]:
        """What a restart would find waiting."""
        rows = [Kept(ident, *row) for (_, ident), row in self.inbox.rows.items()]
        done = {ident for event in self.core.heard for ident in (event.id, *event.parts)} | self.inbox.dropped.keys()
        return [kept for kept in rows if kept.id not in done]

    def last(self) -> Message:
        return self.server.messages[-1]
