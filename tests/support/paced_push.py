"""A push to many chats on a virtual clock: the real outbox, sender and pacer; only the messenger is made up.

Telegram refuses what breaks its limits and, at random, some that do not, as it does. What it took is looked at by
sliding windows over the moments of arrival.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from folders import fresh
from telegram.error import RetryAfter
from virtual_time import VirtualLoop

from channels.port import Capabilities, Kept, Outcome, Receive, Reply
from channels.telegram.outcomes import outcome_of
from channels.telegram.pacer import Asked, Pacer
from channels.telegram.windows import Limits, Rate
from reminders.delivery import Delivery, Unmarked
from storage import conversation
from storage.data_folder import database_path
from storage.database import Database

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WAY_SECONDS = 0.02  # to Telegram, and as long back
RETRY_SECONDS = (1, 2, 3)
LOOKED_AT_SECONDS = 0.25


class Pushed(NamedTuple):
    """What came of a push.

    ``first_seconds``: until each message had been tried once; ``floor_seconds``: no sender within the limits can have
    made as many calls sooner, where a call counts until a span after its answer is back. ``late_seconds``: the longest
    that a refused one waited beyond what it was asked to.
    """

    seconds: float
    first_seconds: float
    floor_seconds: float
    late_seconds: float
    refused: int
    lost: int
    double: int
    most_overall: int
    most_private: int
    most_group: int

    @property
    def breaches(self) -> bool:
        """Whether a window was overfull."""
        limits = Limits()
        mosts = (limits.overall.most, limits.private.most, limits.group.most)
        return any(found > most for found, most in zip(self[-3:], mosts, strict=True))


class Telegram:
    """Takes messages as they arrive and refuses some."""

    name = "test"
    capabilities = Capabilities()

    def __init__(self, seed: int, refused: float, unmarked: Unmarked) -> None:
        loop = asyncio.get_running_loop()
        self._dice, self._share = random.Random(seed), refused
        self._loop = loop
        self._pacer = Pacer(unmarked=unmarked, clock=loop.time)
        self.arrived: dict[int, list[float]] = defaultdict(list)  # by chat, refused ones too
        self.taken: Counter[int] = Counter()
        self.tried: dict[int, float] = {}  # when each row first arrived
        self.refused = 0
        self.late_seconds = 0.0
        self._again_at: dict[int, float] = {}

    async def run(self, receive: Receive, waiting: Sequence[Kept] = ()) -> None:
        raise AssertionError("not run here")

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        call = partial(self._arrives, int(address), message_id)
        asked = Asked(message_id, reply.push)
        try:
            await self._pacer.process_request(call, (), {}, "sendMessage", {"chat_id": address}, asked)
        except RetryAfter as error:
            return outcome_of(error)
        return Outcome("sent")

    async def _arrives(self, chat: int, message_id: int) -> None:
        await asyncio.sleep(WAY_SECONDS)
        now = self._loop.time()
        self.arrived[chat].append(now)
        self.tried.setdefault(message_id, now)
        self.late_seconds = max(self.late_seconds, now - self._again_at.pop(message_id, now))
        refused = self._dice.random() < self._share
        await asyncio.sleep(WAY_SECONDS)
        if refused:
            self.refused += 1
            seconds = self._dice.choice(RETRY_SECONDS)
            self._again_at[message_id] = self._loop.time() + seconds
            raise RetryAfter(timedelta(seconds=seconds))
        self.taken[message_id] += 1


def push(folder: Path, seed: int, chats: Sequence[int], refused: float = 0.05) -> Pushed:
    """Push a message to each chat of a list; a negative id is a group."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_push(folder, seed, chats, refused))


async def _push(folder: Path, seed: int, chats: Sequence[int], refused: float) -> Pushed:
    loop = asyncio.get_running_loop()
    database = Database(database_path(fresh(folder)))
    rows = await _said(database, chats)
    unmarked = Unmarked()
    telegram = Telegram(seed, refused, unmarked)
    delivery = Delivery(database, lambda: START + timedelta(seconds=loop.time()), {"test": telegram}, unmarked)
    running = asyncio.create_task(delivery.run())
    try:
        while sum(telegram.taken.values()) < len(rows):
            await asyncio.sleep(LOOKED_AT_SECONDS)
            assert loop.time() < 3600, "somebody waits for ever"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    left = await conversation.unsent(database, len(rows), START + timedelta(days=9))
    await database.close()
    return _result(telegram, rows, {row.id for row in left})


async def _said(database: Database, chats: Iterable[int]) -> list[int]:
    """The rows of the push."""
    async with database.write() as connection:
        return [await conversation.say(connection, START, "test", str(chat), "请报送", push=True) for chat in chats]


def _result(telegram: Telegram, rows: Sequence[int], left: set[int]) -> Pushed:
    every = sorted(when for times in telegram.arrived.values() for when in times)
    first = max(telegram.tried.values())
    return Pushed(
        every[-1] - every[0],
        first - every[0],
        _floor(telegram.arrived, first),
        telegram.late_seconds,
        telegram.refused,
        sum(not telegram.taken[row] for row in rows) + len(left),
        sum(count > 1 for count in telegram.taken.values()),
        most_within(every, Limits().overall.seconds),
        _most([times for chat, times in telegram.arrived.items() if chat > 0], Limits().private),
        _most([times for chat, times in telegram.arrived.items() if chat < 0], Limits().group),
    )


def _floor(arrived: Mapping[int, Sequence[float]], until: float) -> float:
    """The least time between the first and the last of the calls that were made until a moment."""
    calls = {chat: sum(when <= until for when in times) for chat, times in arrived.items()}
    floors = [_least(sum(calls.values()), Limits().overall)]
    floors += [_least(count, Limits().group if chat < 0 else Limits().private) for chat, count in calls.items()]
    return max(floors)


def _least(calls: int, rate: Rate) -> float:
    return max(calls - 1, 0) // rate.most * (rate.seconds + 2 * WAY_SECONDS)


def _most(chats: Iterable[Sequence[float]], rate: Rate) -> int:
    return max((most_within(times, rate.seconds) for times in chats), default=0)


def most_within(times: Sequence[float], seconds: float) -> int:
    """The fullest window: how many in any half-open span of so many seconds; ``times`` ascend."""
    most = first = 0
    for last, when in enumerate(times):
        while times[first] <= when - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
