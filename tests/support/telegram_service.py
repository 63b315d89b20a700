"""The whole bot, web page and Telegram, on a strict loopback server, as `kaoping serve` assembles it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from telegram_server import TOKEN, Message, TelegramServer
from telegram_world import QUICK, UNLIMITED

from bot.serve import Page, Parts, Service, StartedChannel, local_url, menu
from channels.telegram.channel import TelegramChannel
from rubrics import loader
from storage import campaigns, invitations
from storage.clock import utc_now
from storage.data_folder import database_path, initialise
from storage.database import Database
from storage.roster import RosterUnit

SECONDS = 20.0
RUBRIC = "xinbei-2011-towns"
TOWNS = ("孟河镇", "西夏墅镇")


class Bot:
    """One data folder with its campaign; ends and starts again as often as a test wants."""

    def __init__(self, folder: Path, server: TelegramServer | None = None) -> None:
        self.server = server or TelegramServer()
        self.service: Service
        self.codes: dict[str, str] = {}
        initialise(folder)
        self.path = database_path(folder)

    async def begin(self) -> None:
        """A campaign of two towns, with a code for each liaison and two more people."""
        database, now = Database(self.path), utc_now()
        units = [RosterUnit(town, "镇", (), (), ()) for town in TOWNS]
        campaign = await campaigns.create(database, now, "test", now.year, [loader.load(RUBRIC)], units)
        wanted = {
            **{town: ("liaison", town) for town in TOWNS},
            "colleague": ("liaison", TOWNS[0]),
            "office": ("office", None),
        }
        for name, (role, unit) in wanted.items():
            self.codes[name] = (
                await invitations.invite(database, now, "test", campaign, role, unit=unit, name=name)
            ).code
        await database.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Service]:
        self.service = Service(
            self.path, utc_now, ZoneInfo("Asia/Shanghai"), Page("127.0.0.1", 0), 20 << 20, more=[self._channel]
        )
        task = asyncio.create_task(self.service.run())
        try:
            async with asyncio.timeout(SECONDS):
                for name in self.service.channels:
                    await self.service.started(name)
            yield self.service
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def url(self) -> str:
        return local_url("127.0.0.1", self.service.web.port)

    def _channel(self, parts: Parts) -> StartedChannel:
        base, words = self.server.base, {"limits": UNLIMITED, "timings": QUICK, "menu": menu()}
        kept = (parts.inbox, parts.files, parts.clock)
        return TelegramChannel(TOKEN, *kept, api_base=base, unmarked=parts.unmarked, **words)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(SECONDS):
            while not true():
                await asyncio.sleep(0.01)

    async def rest(self) -> None:
        """Until all that was said is handled, and all that is answered is sent."""
        await self.until(lambda: not self.server.pending and not self._open())

    def _open(self) -> int:
        waiting = "SELECT count(*) FROM inbox WHERE handled_at IS NULL AND dead_at IS NULL"
        unsent = "SELECT count(*) FROM message WHERE outcome IS NULL AND NOT mine"
        return int(self.rows(f"SELECT ({waiting}) + ({unsent})")[0][0])


class Person:
    """Somebody on Telegram."""

    def __init__(self, bot: Bot, chat: int) -> None:
        self.bot, self.chat = bot, chat
        bot.server.person(chat)

    async def say(self, text: str) -> str:
        return await self._then(lambda: self.bot.server.say(self.chat, text))

    async def press(self, label: str) -> str:
        """Press the newest button of that label."""
        message, key = next(
            (m, button["callback_data"])
            for m in reversed(self.told)
            for row in m.keyboard or []
            for button in row
            if button["text"] == label
        )
        return await self._then(lambda: self.bot.server.press(message, key))

    async def press_key(self, key: str) -> str:
        """Press a button of a message that nobody can read any more."""
        old = Message(1, self.bot.server.person(self.chat), "很久以前", "sendMessage")
        return await self._then(lambda: self.bot.server.press(old, key))

    async def send_file(self, name: str, content: bytes) -> str:
        return await self._then(lambda: self.bot.server.send_file(self.chat, name, content))

    async def send_album(self, *photos: bytes, caption: str = "") -> str:
        def send() -> None:
            for n, photo in enumerate(photos):
                words = {"caption": caption} if caption and not n else {}
                self.bot.server.send_photo(self.chat, photo, media_group_id="album", **words)

        return await self._then(send)

    @property
    def told(self) -> list[Message]:
        return [message for message in self.bot.server.messages if message.chat.id == self.chat]

    async def _then(self, act: Callable[[], object]) -> str:
        before = len(self.told)
        act()
        await self.bot.until(lambda: len(self.told) > before)
        await self.bot.rest()
        return "\n".join(message.text for message in self.told[before:])


class Browser:
    """Somebody on the page."""

    def __init__(self, bot: Bot, http: aiohttp.ClientSession) -> None:
        self.bot, self.http, self._ids = bot, http, 0

    async def post(self, path: str, **fields: str) -> None:
        self._ids += 1
        body = {"id": f"browser-request-{self._ids:04d}", **fields}
        async with self.http.post(self.bot.url + path, json=body) as response:
            assert response.status == 202, await response.text()
        await self.bot.rest()

    def told(self) -> list[str]:
        return [text for (text,) in self.bot.rows("SELECT text FROM message WHERE channel = 'web' AND NOT mine")]
