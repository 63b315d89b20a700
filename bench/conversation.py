"""How many answers a second go over Telegram through the whole bot, beside an echo that keeps nothing?

The echo receives with aiogram's own polling and sends with python-telegram-bot, the bot does the same by its adapter
with the pacer's limits lifted; both have at most two sends out at a time. Each runs as a process of its own against one
strict loopback server, in turns; many people wait for the reply to one message before they write the next. An answer
is kept raw, confirmed, understood, scored, audited and committed durably before its receipt is sent.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from telegram_server import TOKEN, Message, TelegramServer

from reminders.delivery import MOST_UNMARKED
from rubrics import loader
from storage import campaigns, invitations
from storage.data_folder import database_path, initialise
from storage.database import Database
from storage.roster import RosterUnit

PEOPLE = 40
ROUNDS = 3  # of the echo and the bot in turns
MESSAGES = 15  # of each person in a round
NOW = datetime(2026, 11, 21, tzinfo=UTC)
RUBRIC = "xinbei-2011-towns"
ASKED = "3.1"
READY_SECONDS = 60.0
TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


class Round(NamedTuple):
    """What one kind of program did in one round."""

    messages: int
    seconds: float
    waits: list[float]
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.messages / self.seconds


class Town(TelegramServer):
    """A server whose people wait for what they are told."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[int, asyncio.Future[str]] = {}

    def _sent(self, message: Message) -> object:
        told = self._told.get(message.chat.id)
        if told and not told.done():
            told.set_result(message.text)
        sent: object = super()._sent(message)
        self.calls.clear()
        self.messages.clear()
        return sent

    async def talk(self, chat: int, text: str, expected: str) -> float:
        """Say something and wait for what the bot says to it; gives the seconds."""
        start = time.perf_counter()
        told = self._listen(chat)
        self.say(chat, text)
        if expected not in (reply := await told):
            raise RuntimeError(f"{text}: {reply}")
        return time.perf_counter() - start

    async def ask(self, chat: int) -> None:
        """Press a button of long ago, which opens the question."""
        told = self._listen(chat)
        self.press(Message(1, self.person(chat), "很久以前", "sendMessage"), f"ask:{chat},{RUBRIC},{ASKED}:0")
        await told

    def _listen(self, chat: int) -> asyncio.Future[str]:
        self.person(chat)
        told = self._told[chat] = asyncio.get_running_loop().create_future()
        return told


class Program:
    """The echo or the bot as a process."""

    def __init__(self, role: str, url: str, folder: Path) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "bench.conversation", role, url, str(folder)])

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_SECONDS

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()


async def everybody(town: Town, program: Program, texts: list[str], expected: str) -> Round:
    """Each person says one thing at the same moment."""
    cpu, start = program.cpu_seconds(), time.perf_counter()
    waits = await asyncio.gather(*(town.talk(n + 1, text, expected) for n, text in enumerate(texts)))
    return Round(len(texts), time.perf_counter() - start, list(waits), program.cpu_seconds() - cpu)


async def played(town: Town, program: Program, numbers: Iterator[int], *, asks: bool) -> Round:
    """Messages of everybody; where they are answers, each has its question put before, which is not counted."""
    rounds = []
    for _ in range(MESSAGES):
        if asks:
            await asyncio.gather(*(town.ask(n + 1) for n in range(PEOPLE)))
        texts = [f"9{next(numbers) / 100_000:.5f}%" for _ in range(PEOPLE)]
        rounds.append(await everybody(town, program, texts, "记下了" if asks else "%"))
    return total(rounds)


def total(rounds: Iterable[Round]) -> Round:
    counts, seconds, waits, cpu = zip(*rounds, strict=True)
    return Round(sum(counts), sum(seconds), [wait for some in waits for wait in some], sum(cpu))


async def measure(folder: Path) -> dict[str, Round]:
    codes, numbers = await campaign(folder), itertools.count(1)
    found: dict[str, list[Round]] = {"echo": [], "bot": []}
    town = Town()
    async with town.serving():
        for number, role in itertools.product(range(ROUNDS), found):
            program = Program(role, town.base, folder)
            first = [f"/start {code}" if role == "bot" and not number else "/me" for code in codes]
            try:
                await everybody(town, program, first, "")  # it is there, and warm
                found[role].append(await played(town, program, numbers, asks=role == "bot"))
            finally:
                program.stop()
    if town.faults:
        raise RuntimeError(town.faults)
    return {role: total(rounds) for role, rounds in found.items()}


async def campaign(folder: Path) -> list[str]:
    """So many towns, each with a liaison to be; gives a code for each."""
    initialise(folder)
    database = Database(database_path(folder))
    units = [RosterUnit(f"第{n}镇", "镇", (), (), ()) for n in range(PEOPLE)]
    made = await campaigns.create(database, NOW, "bench", 2026, [loader.load(RUBRIC)], units)
    codes = [(await invitations.invite(database, NOW, "bench", made, "liaison", unit=u.name)).code for u in units]
    await database.close()
    return codes


async def echo(url: str) -> None:
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from telegram.ext import ExtBot

    receiver = Bot(TOKEN, AiohttpSession(api=TelegramAPIServer.from_base(url)))
    sender, out, dispatcher = (
        ExtBot(TOKEN, f"{url}/bot", f"{url}/file/bot"),
        asyncio.Semaphore(MOST_UNMARKED),
        Dispatcher(),
    )

    @dispatcher.message()
    async def answer(message: Message) -> None:
        async with out:
            await sender.send_message(message.chat.id, message.text or "")

    async with sender:
        await dispatcher.start_polling(receiver)


async def bot(url: str, folder: Path) -> None:
    from bot.importing import many_imports

    with many_imports():  # as `kaoping serve` does
        from bot.serve import Page, Parts, Service, StartedChannel, until_stopped
        from channels.telegram.channel import TelegramChannel
        from channels.telegram.windows import Limits, Rate
        from storage.clock import utc_now

    lifted = Limits(Rate(10**6, 1.0), Rate(10**6, 1.0), Rate(10**6, 1.0))

    def make(parts: Parts) -> StartedChannel:
        parts_of = (parts.inbox, parts.files, parts.clock)
        return TelegramChannel(TOKEN, *parts_of, api_base=url, limits=lifted, unmarked=parts.unmarked)

    page = Page("127.0.0.1", 0)
    await until_stopped(Service(database_path(folder), utc_now, ZoneInfo("Asia/Shanghai"), page, 1 << 20, more=[make]))


def main() -> None:
    if len(sys.argv) > 1:
        role, url, folder = sys.argv[1:]
        asyncio.run(echo(url) if role == "echo" else bot(url, Path(folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(measure(Path(name)))
    for role, round_ in found.items():
        p99 = statistics.quantiles(round_.waits, n=100)[98]
        print(
            f"{role:>4}: {round_.rate:.0f}/s, {round_.cpu_seconds / round_.messages * 1e3:.1f} ms of processor each,"
            f" p99 {p99 * 1e3:.0f} ms with {PEOPLE} people at once"
        )
    print(f"answers beside the echo: {found['bot'].rate / found['echo'].rate:.2f} (asked: at least 0.6)")


if __name__ == "__main__":
    main()
