"""Assembly: everything built from passed-in parts, and run together until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from bot.handover import Handover
from bot.importing import many_imports
from channels.port import Channel, Event, FileRef, Kept
from channels.web.limits import Limits
from channels.web.server import WebChannel
from reminders.delivery import Delivery, Unmarked
from reminders.runner import PLAN_EVERY
from storage import erased
from storage.clock import Clock
from storage.conversation import DIGEST, PUSH, Transcript
from storage.data_folder import EVIDENCE
from storage.database import Database
from storage.file_text import TextReader
from storage.files import FileStore
from storage.inbox import Inbox
from storage.sessions import Sessions

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.talking import Talking


class Page(NamedTuple):
    """Where the web page is served, and how people reach it (empty: only on this machine)."""

    host: str
    port: int
    public_url: str = ""
    messages_per_minute: int = Limits().messages


class Parts(NamedTuple):
    """What a further channel is built from."""

    inbox: Inbox
    files: FileStore
    clock: Clock
    zone: ZoneInfo
    max_file_bytes: int
    unmarked: Unmarked


class StartedChannel(Channel, Protocol):
    """A channel that tells when it has begun to receive."""

    started: asyncio.Event


Make = Callable[[Parts], StartedChannel]


def telegram(settings: Settings) -> Make:
    """Makes the Telegram channel that the settings ask for; its libraries are imported here and not before."""
    from channels.telegram.channel import TelegramChannel
    from channels.telegram.webhook import Webhook

    url, secret = settings.telegram_webhook_url, settings.telegram_webhook_secret.get_secret_value()
    webhook = Webhook(url, secret, settings.web_host, settings.telegram_webhook_port) if url else None

    def make(parts: Parts) -> StartedChannel:
        return TelegramChannel(
            settings.telegram_token.get_secret_value(),
            parts.inbox,
            parts.files,
            parts.clock,
            api_base=settings.telegram_api_base,
            webhook=webhook,
            zone=parts.zone,
            max_file_bytes=parts.max_file_bytes,
            unmarked=parts.unmarked,
            menu=menu(),
        )

    return make


MENU = (
    *("list", "next", "me", "report", "inbox", "submit", "feedback", "device"),
    *("scores", "unit", "missing", "remind", "notice", "review", "fact", "invite", "export", "campaign"),
    *("help", "cancel"),
)
"""What a messenger offers beside its keyboard, as far as it is understood."""


def menu() -> list[tuple[str, str]]:
    """The commands with what people type instead, which says what they do."""
    from handlers.words import COMMANDS, WITH_WORDS

    known = {**COMMANDS, **WITH_WORDS}
    return [(name, known[name][1]) for name in MENU if name in known]


class Service:
    """The bot with its channels, on one database."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        zone: ZoneInfo,
        page: Page,
        max_file_bytes: int,
        *,
        more: Sequence[Make] = (),
        plan_every: timedelta = PLAN_EVERY,
    ) -> None:
        """Nothing is opened.

        Args:
            more: each makes a channel beside the web page.
            plan_every: how often it is looked whether somebody is to be reminded.
        """
        self._clock, self._zone, self._plan_every = clock, zone, plan_every
        self._talk: asyncio.Task[Talking] | None = None
        self.database = Database(path)
        self.inbox = Inbox(self.database, clock)
        self.files = FileStore(path.parent / EVIDENCE)
        self.reader = TextReader(self.files)
        self._where = page
        self.handover = Handover(path.parent, self.database, clock, home=self._home)
        self.web = self._page(page, max_file_bytes)
        unmarked = Unmarked()
        parts = Parts(self.inbox, self.files, clock, zone, max_file_bytes, unmarked)
        self.channels: dict[str, StartedChannel] = {c.name: c for c in (self.web, *(make(parts) for make in more))}
        checks = {DIGEST: self._is_true, PUSH: self._is_open}
        self.delivery = Delivery(self.database, clock, self.channels, unmarked, checks)

    async def run(self) -> None:
        """Serve until cancelled: what waited from before first, then what comes."""
        try:
            self.files.sweep(self._clock())  # nobody uploads before the page is served
            await self._clean()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.handover.run())
                for channel in self.channels.values():
                    tasks.create_task(self._run(channel))
                tasks.create_task(self.delivery.run())
                tasks.create_task(self._run_talking())
        finally:
            await self.reader.close()
            await self.database.close()

    async def started(self, name: str) -> None:
        """Return when a channel has begun to receive."""
        await self.channels[name].started.wait()

    async def talking(self) -> Talking:
        """What the page can answer without; made by the first who asks."""
        if self._talk is None:
            self._talk = asyncio.create_task(self._make_talking())
        return await asyncio.shield(self._talk)

    async def _make_talking(self) -> Talking:
        await asyncio.to_thread(_import_talking)
        from bot.talking import Around, Talking

        said = self.delivery.wake
        around = Around(self.database, self.files, self._clock, self._zone, self.reader, self._home, said)
        return Talking(around, self._plan_every)

    async def _run_talking(self) -> None:
        """Import it once the page is there, so that nobody waits for either."""
        await self.started(self.web.name)
        await (await self.talking()).run()

    async def _clean(self) -> None:
        """Finish what a stop kept from being erased."""
        if await erased.ever(self.database):
            from storage.erasing import clean  # with tables that the page has no other use for

            await clean(self.database, self.files, self._clock)

    def _home(self) -> str:
        return self._where.public_url or local_url(self._where.host, self.web.port)

    async def _receive(self, event: Event) -> None:
        await (await self.talking()).conversation.receive(event)

    async def _is_true(self, message_id: int) -> bool:
        return await (await self.talking()).reminders.is_true(message_id)

    async def _is_open(self, message_id: int) -> bool:
        return await (await self.talking()).reminders.is_open(message_id)

    def _page(self, page: Page, max_file_bytes: int) -> WebChannel:
        async def status(address: str) -> str:
            return await (await self.talking()).status(WebChannel.name, address)

        transcript = Transcript(self.database, WebChannel.name, status)
        sessions = Sessions(self.database, self._clock)
        parts = (self.inbox, sessions, transcript, self.files, self._clock)
        return WebChannel(
            page.host,
            page.port,
            *parts,
            secure_cookie=page.public_url.startswith("https:"),
            max_file_bytes=max_file_bytes,
            limits=Limits(messages=page.messages_per_minute),
            colleagues=_Colleagues(self),
        )

    async def _run(self, channel: Channel) -> None:
        """Run a channel, with what was kept before the last end first."""
        waiting = await self.inbox.waiting(channel.name)
        await channel.run(self._receive, [Kept(raw.event_id, raw.address, raw.raw) for raw in waiting])


class _Colleagues:
    """Fulfils `channels.port.Colleagues` by what is made later."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def question(self, code: str) -> dict[str, Any]:
        return await (await self._service.talking()).colleagues.question(code)

    async def answer(self, code: str, name: str, said: str, files: Sequence[FileRef]) -> str:
        return await (await self._service.talking()).colleagues.answer(code, name, said, files)


def _import_talking() -> None:
    with many_imports():
        import bot.talking  # noqa: F401 - for who imports from it next


def local_url(host: str, port: int) -> str:
    """Where a browser on this machine finds the page."""
    return f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared, not bound


async def until_stopped(service: Service) -> None:
    """Run a service until Ctrl-C or SIGTERM.

    Raises:
        Exception: what ended it, where one thing alone did.
    """
    running = asyncio.ensure_future(service.run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, running.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await running
    except ExceptionGroup as several:
        if len(several.exceptions) == 1:
            raise several.exceptions[0] from None
        raise
