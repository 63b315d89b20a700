"""Assembly: everything built from passed-in parts, and run together until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from pathlib import Path
from zoneinfo import ZoneInfo

from channels.web.intake import event_of
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

log = logging.getLogger(__name__)

BATCH = 100


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
            await self._catch_up()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.web.run(self.conversation.receive))
                tasks.create_task(self.delivery.run())
        finally:
            await self.database.close()

    async def _catch_up(self) -> None:
        """Handle what was kept before the last end; what fails is counted and does not stop the start."""
        while waiting := await self.inbox.waiting(BATCH):
            for raw in waiting:
                try:
                    await self.conversation.receive(event_of(raw.event_id, raw.address, raw.raw))
                except Exception as error:
                    log.exception("the kept event %s could not be handled", raw.id)
                    await self.inbox.failed(raw.id, type(error).__name__)


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
