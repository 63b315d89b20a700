"""Assembly: everything built from passed-in parts, and run together until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from bot.handover import Handover
from channels.port import Channel, Kept
from channels.web.limits import Limits
from channels.web.server import WebChannel
from handlers.answering import colleague
from handlers.conversation import Conversation
from handlers.free_text import matchers
from handlers.people import handing_over_day
from handlers.review import reviewing_news
from handlers.sending import weekly
from handlers.status import status_line
from handlers.words import COMMANDS, WITH_WORDS
from reminders.delivery import Delivery, Unmarked
from reminders.runner import PLAN_EVERY, RETURNS_EVERY, WAKE_EVERY, WEEK_EVERY, Runner
from reminders.saying import Reminders
from storage.clock import Clock
from storage.colleague_pages import ColleaguePages
from storage.conversation import Transcript
from storage.data_folder import EVIDENCE
from storage.database import Database
from storage.erasing import clean
from storage.file_text import TextReader
from storage.files import FileStore
from storage.inbox import Inbox
from storage.reminding import DIGEST, PUSH
from storage.sessions import Sessions

if TYPE_CHECKING:
    from bot.settings import Settings


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
        self._clock = clock
        self.database = Database(path)
        self.inbox = Inbox(self.database, clock)
        self.files = FileStore(path.parent / EVIDENCE)
        self.reader = TextReader(self.files)
        self.handover = Handover(
            path.parent, self.database, clock, home=lambda: page.public_url or local_url(page.host, self.web.port)
        )
        self.web = self._page(page, zone, max_file_bytes)
        unmarked = Unmarked()
        parts = Parts(self.inbox, self.files, clock, zone, max_file_bytes, unmarked)
        self.channels: dict[str, StartedChannel] = {c.name: c for c in (self.web, *(make(parts) for make in more))}
        self.reminders = Reminders(self.database, clock, zone, self._wake)
        checks = {DIGEST: self.reminders.is_true, PUSH: self.reminders.is_open}
        self.delivery = Delivery(self.database, clock, self.channels, unmarked, checks)
        jobs = {"plan": (self.reminders.tick, plan_every), "wake": (self._look, WAKE_EVERY)}
        jobs["handover"] = (partial(self._hand_over, zone), WAKE_EVERY)
        jobs["returns"] = (partial(self._returns, zone), RETURNS_EVERY)
        jobs["erase"] = (partial(clean, self.database, self.files), WAKE_EVERY)
        self.runner = Runner({**jobs, "week": (partial(self._week, zone), WEEK_EVERY)})
        self.conversation = Conversation(
            self.database,
            self.files,
            clock,
            zone,
            self.delivery.wake,
            reader=self.reader,
            home=lambda: page.public_url or local_url(page.host, self.web.port),
        )

    async def run(self) -> None:
        """Serve until cancelled: what waited from before first, then what comes."""
        try:
            self.files.sweep(self._clock())  # nobody uploads before the page is served
            await clean(self.database, self.files)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.handover.run())
                for channel in self.channels.values():
                    tasks.create_task(self._run(channel))
                tasks.create_task(self.delivery.run())
                tasks.create_task(self.runner.run())
                tasks.create_task(self._warm())
        finally:
            await self.reader.close()
            await self.database.close()

    async def _warm(self) -> None:
        """Build what free text needs once the page is there, so that nobody waits for either."""
        await self.started(self.web.name)
        await matchers.warm(self.database)

    def _wake(self) -> None:
        self.delivery.wake()

    async def _week(self, zone: ZoneInfo) -> None:
        """Tell the office of its week, once on its first working day."""
        if await weekly.tick(self.database, self._clock(), zone):
            self.delivery.wake()

    async def _returns(self, zone: ZoneInfo) -> None:
        """Tell units what was sent back half an hour ago and not told yet."""
        if await reviewing_news.tick(self.database, self._clock(), zone):
            self.delivery.wake()

    async def _hand_over(self, zone: ZoneInfo) -> None:
        """Carry out the handovers whose day has come; also the office that was only warned is told at once."""
        await handing_over_day.tick(self.database, self._clock(), zone)
        self.delivery.wake()

    async def _look(self) -> None:
        """Have the outbox looked at, whatever was missed."""
        self.delivery.wake()

    async def started(self, name: str) -> None:
        """Return when a channel has begun to receive."""
        await self.channels[name].started.wait()

    def _page(self, page: Page, zone: ZoneInfo, max_file_bytes: int) -> WebChannel:
        async def status(address: str) -> str:
            return await status_line(self.database, WebChannel.name, address, self._clock(), zone)

        transcript = Transcript(self.database, WebChannel.name, status)
        sessions = Sessions(self.database, self._clock)
        parts = (self.inbox, sessions, transcript, self.files, self._clock)
        about = (self.database, self.files, self._clock, zone)
        return WebChannel(
            page.host,
            page.port,
            *parts,
            secure_cookie=page.public_url.startswith("https:"),
            max_file_bytes=max_file_bytes,
            limits=Limits(messages=page.messages_per_minute),
            colleagues=ColleaguePages(*about, colleague.teller(self._clock, zone), self._wake),
        )

    async def _run(self, channel: Channel) -> None:
        """Run a channel, with what was kept before the last end first."""
        waiting = await self.inbox.waiting(channel.name)
        await channel.run(self.conversation.receive, [Kept(raw.event_id, raw.address, raw.raw) for raw in waiting])


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
