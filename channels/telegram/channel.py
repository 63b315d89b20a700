"""The Telegram channel: kept first, confirmed, then handed over in order; sent through one pacer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from aiogram.types import Update

from channels.lines import Lines
from channels.port import Capabilities, Event, FileSink, Inbox, Kept, Outcome, Receive, Reply
from channels.telegram.albums import QUIET_SECONDS, Albums
from channels.telegram.client import ALLOWED, Client
from channels.telegram.downloads import MOST_BYTES, PAUSES_SECONDS, Downloads
from channels.telegram.intake import Intake
from channels.telegram.presses import pressed
from channels.telegram.raw import CHANNEL, update_number
from channels.telegram.secrecy import hide
from channels.telegram.updates import Reader
from channels.telegram.webhook import Webhook, serving
from channels.telegram.windows import Limits

if TYPE_CHECKING:
    from channels.telegram.pacer import Unmarked
    from channels.telegram.sender import Sender

PUBLIC_API = "https://api.telegram.org"
_log = logging.getLogger(__name__)


class Timings(NamedTuple):
    """Every wait of the channel, in seconds."""

    poll: int = 30
    first_pause: float = 1.0
    most_pause: float = 60.0
    album_quiet: float = QUIET_SECONDS
    download_pauses: tuple[float, ...] = PAUSES_SECONDS
    grace: float = 5.0


class TelegramChannel:
    """A Telegram bot behind the port."""

    name = CHANNEL

    def __init__(
        self,
        token: str,
        inbox: Inbox,
        files: FileSink,
        clock: Callable[[], datetime],
        *,
        api_base: str = PUBLIC_API,
        webhook: Webhook | None = None,
        zone: tzinfo | None = None,
        max_file_bytes: int = MOST_BYTES,
        limits: Limits | None = None,
        unmarked: Unmarked | None = None,
        menu: Sequence[tuple[str, str]] = (),
        timings: Timings | None = None,
    ) -> None:
        """Nothing is opened before ``run`` or the first ``send``; the token is hidden from all logs from here on.

        Args:
            clock: gives the present moment, aware.
            webhook: polling without one.
            zone: dates the names of photos; Asia/Shanghai by default.
            limits: Telegram's own by default.
            unmarked: bounds what a crash would send twice; no bound without it.
            menu: the commands that Telegram offers beside the keyboard, with what each does.

        Raises:
            aiogram.utils.token.TokenValidationError: the token has not the form of one; ValueError: the webhook.
        """
        hide(token)
        if webhook:
            hide(webhook.secret)
            webhook.check()
        self.capabilities = Capabilities(options=12, file_bytes=min(max_file_bytes, MOST_BYTES))
        self.started = asyncio.Event()
        self.webhook_port = 0
        self._token, self._api_base, self._webhook, self._limits = token, api_base, webhook, limits
        self._unmarked, self._menu = unmarked, menu
        self._inbox, self._files, self._clock = inbox, files, clock
        self._zone = zone or ZoneInfo("Asia/Shanghai")
        self._timings = timings or Timings()
        self._client = Client(token, api_base, self._timings.first_pause, self._timings.most_pause)
        self._downloads = Downloads(self._client, files, max_file_bytes, self._timings.download_pauses)
        self._sender: Sender | None = None
        self._beside: set[asyncio.Task[None]] = set()

    async def run(self, receive: Receive, waiting: Sequence[Kept] = ()) -> None:
        """Receive until cancelled; then let the events at hand be worked through.

        Raises:
            OSError: the webhook's port is taken or not allowed.
        """

        async def complete(event: Event) -> None:
            await receive(await self._downloads.fetched(event))

        lines = Lines(complete, lambda event: _log.debug("event %s was handled", event.id))
        albums = Albums(lines.put, self._timings.album_quiet)
        try:
            me = await self._client.insist("getMe", self._client.bot.get_me)
            reader = Reader(me.username or "", self._zone)
            intake = Intake(self._inbox, self._clock, reader, albums, self._notice)
            if self._menu:
                self._do_beside(self._client.offer(self._menu))
            for kept in waiting:
                await intake.hand_over(kept)
            await (self._listen(intake, self._webhook) if self._webhook else self._poll(intake))
        finally:
            albums.close()
            await lines.close(self._timings.grace)
            await self._close()

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        """Say something; Telegram's limits are kept by waiting."""
        return await self._sending().send(address, message_id, reply)

    async def _poll(self, intake: Intake) -> None:
        """One after another, as they came: an update is confirmed by asking for the next, when all are kept."""
        await self._client.insist("deleteWebhook", self._client.bot.delete_webhook)
        self.started.set()
        offset: int | None = None
        while True:
            ask = partial(self._client.updates, offset, self._timings.poll)
            updates = await self._client.insist("getUpdates", ask)
            for kept in await intake.keep_all(updates, self._timings.first_pause, self._timings.most_pause):
                await intake.hand_over(kept)
            numbers = [number for update in updates if (number := update_number(update)) is not None]
            if numbers:
                offset = max(numbers) + 1
            elif updates:  # nothing that can be confirmed: they will come again, but not in a rush
                await asyncio.sleep(self._timings.first_pause)

    async def _listen(self, intake: Intake, webhook: Webhook) -> None:
        async def keep(update: object) -> Callable[[], Awaitable[None]]:
            kept = await intake.keep(update)

            async def go_on() -> None:
                if kept:
                    await intake.hand_over(kept)

            return go_on

        async with serving(webhook, keep) as self.webhook_port:
            ask = partial(
                self._client.bot.set_webhook, webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED
            )
            await self._client.insist("setWebhook", ask)
            self.started.set()
            await asyncio.Event().wait()

    def _notice(self, update: Update) -> None:
        """What the channel itself does about an update: settle a press, follow a group that moved."""
        if query := update.callback_query:
            self._do_beside(self._sending().settle(pressed(query)))
        if (message := update.message) and message.migrate_to_chat_id:
            self._sending().moved(message.chat.id, message.migrate_to_chat_id)

    def _do_beside(self, work: Coroutine[None, None, None]) -> None:
        """Do something that nothing else waits for, except the end."""
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _sending(self) -> Sender:
        """The sending half, made at its first use: its library's import need not hold up the first poll."""
        if self._sender is None:
            from channels.telegram.pacer import Pacer
            from channels.telegram.sender import Sender

            options = self.capabilities.options
            self._sender = Sender(
                self._token, self._api_base, Pacer(self._limits, self._unmarked), self._files, options
            )
        return self._sender

    async def _close(self) -> None:
        if self._beside:
            await asyncio.wait(self._beside, timeout=self._timings.grace)
        if self._sender:
            await self._sender.close()
        await self._client.close()
