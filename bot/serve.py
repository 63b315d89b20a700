"""Assembly: everything built from passed-in parts, and run together until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.port import Channel, Kept
from channels.web.server import WebChannel
from handlers.conversation import Conversation
from handlers.status import status_line
from reminders.delivery import Delivery
from storage.clock import Clock
from storage.conversation import Transcript
from storage.data_folder import EVIDENCE
from storage.database import Database
from storage.files import FileStore
from storage.inbox import Inbox
from storage.sessions import Sessions


class Service:
    """The bot with its channels, on one database."""

    def __init__(self, path: Path, clock: Clock, zone: ZoneInfo, host: str, port: int, max_file_bytes: int) -> None:
        self._clock = clock
        self.database = Database(path)
        self.inbox = Inbox(self.database, clock)
        self.files = FileStore(path.parent / EVIDENCE)

        async def status(address: str) -> str:
            return await status_line(self.database, WebChannel.name, address)

        transcript = Transcript(self.database, WebChannel.name, status)
        sessions = Sessions(self.database, clock)
        self.web = WebChannel(
            host, port, self.inbox, sessions, transcript, self.files, clock, max_file_bytes=max_file_bytes
        )
        self.delivery = Delivery(self.database, clock, {self.web.name: self.web})
        self.conversation = Conversation(self.database, self.files, clock, zone, self.delivery.wake)

    async def run(self) -> None:
        """Serve until cancelled: what waited from before first, then what comes."""
        try:
            self.files.sweep(self._clock())  # nobody uploads before the page is served
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._run(self.web))
                tasks.create_task(self.delivery.run())
        finally:
            await self.database.close()

    async def _run(self, channel: Channel) -> None:
        """Run a channel, with what was kept before the last end first."""
        waiting = await self.inbox.waiting(channel.name)
        await channel.run(self.conversation.receive, [Kept(raw.event_id, raw.address, raw.raw) for raw in waiting])


def local_url(host: str, port: int) -> str:
    """Where a browser on this machine finds the page."""
    return f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared, not bound


async def until_stopped(service: Service) -> None:
    """Run a service until Ctrl-C or SIGTERM."""
    running = asyncio.ensure_future(service.run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
