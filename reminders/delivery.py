"""The one sender of the outbox: every row said is sent by this loop, in order per address, retried, never for ever."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from channels.port import Channel, FileRef, Option, Outcome, Reply
from storage import conversation
from storage.clock import Clock
from storage.conversation import Outgoing
from storage.database import Database

log = logging.getLogger(__name__)

RETRY_MINUTES = (1, 5, 10)  # after the last of them a message has failed, and the office can see why
SHORT_SECONDS = 60.0  # a wait that a messenger asks for is kept as it is; a short one is no failure
BATCH = 100
LINES = 20  # addresses at once: most of them wait for the messenger's pace
PUSH_LINES = 15  # of these at most for what is said unasked, so that answers find one free
MOST_UNMARKED = 2
IDLE_SECONDS = 30.0  # a message due later is found by then
AGAIN_SECONDS = 1.0  # after the outbox could not be read or written
GRACE_SECONDS = 5.0
PATIENCE = timedelta(days=1)  # for a messenger that asks to wait a little, again and again

Check = Callable[[int], Awaitable[bool]]
"""Whether the message of an id may still be said."""


class Unmarked:
    """The rows that are out while the outbox does not say so: what a crash sends twice, so they are few."""

    def __init__(self, most: int = MOST_UNMARKED) -> None:
        self._most = most
        self._rows: set[int] = set()
        self._watching: list[Callable[[], None]] = []

    def take(self, row: int) -> bool:
        """Whether a row may go out now; it counts from here until it is marked."""
        if row not in self._rows and len(self._rows) >= self._most:
            return False
        self._rows.add(row)
        return True

    def watch(self, freed: Callable[[], None]) -> None:
        """Have it told each time when another row may go out."""
        self._watching.append(freed)

    def marked(self, row: int) -> None:
        """The outbox says now how the row ended."""
        self._rows.discard(row)
        for freed in self._watching:
            freed()


class Delivery:
    """Sends what the outbox holds for the channels that run here, several addresses side by side."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        unmarked: Unmarked | None = None,
        checks: Mapping[str, Check] | None = None,
    ) -> None:
        """Nothing is read.

        Args:
            unmarked: shared with the channels whose messengers would show a row sent twice.
            checks: by what a row asks, whether it is still true; asked just before it is sent.
        """
        self._database, self._clock, self._channels = database, clock, channels
        self._unmarked = unmarked or Unmarked()
        self._checks = checks or {}
        self._something = asyncio.Event()
        self._lines: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._soonest: datetime | None = None
        self._stopping = False

    def wake(self) -> None:
        """Something may be waiting."""
        self._something.set()

    async def run(self) -> None:
        """Send until cancelled. A crash between sending and noting it sends a message twice, never not at all."""
        try:
            while True:
                self._something.clear()
                pause = IDLE_SECONDS
                try:
                    await self._start_lines()
                except Exception:
                    log.exception("the outbox could not be read; trying again")
                    pause = AGAIN_SECONDS
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._something.wait(), self._until_due(pause))
        finally:
            await self._stop()

    async def once(self) -> None:
        """Send what is due now, and return when that has ended."""
        await self._start_lines()
        while self._lines:
            await asyncio.wait(self._lines.values())

    async def _start_lines(self) -> None:
        """Give each address that has something due, and is not at work, a line of its own."""
        if len(self._lines) >= LINES:
            return  # the first that ends looks again
        busy = set(self._lines)
        for where, messages in (await self._due(busy)).items():
            if len(self._lines) < (PUSH_LINES if messages[0].push else LINES):
                self._lines[where] = asyncio.create_task(self._line(where, messages))

    async def _due(self, busy: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Outgoing]]:
        """What is due by address, without those at work; read on while theirs is all there is."""
        limit = BATCH
        while True:
            waiting = await conversation.unsent(self._database, limit, self._clock())
            due: dict[tuple[str, str], list[Outgoing]] = {}
            for message in waiting:
                if (message.channel, message.address) not in busy:
                    due.setdefault((message.channel, message.address), []).append(message)
            if due or len(waiting) < limit:
                return due
            limit *= 4

    async def _line(self, where: tuple[str, str], messages: Sequence[Outgoing]) -> None:
        try:
            for message in messages:
                if self._stopping or not await self._send(message):
                    return  # what follows must not overtake what is retried
        finally:
            del self._lines[where]
            self.wake()

    async def _send(self, message: Outgoing) -> bool:
        """Send a row and remember how that ended; False where it is to be sent again."""
        try:
            outcome = await self._outcome(message)
            if outcome is None:
                await self._remember(partial(self._end, message, "dropped", ""))
                return True
            if outcome.state != "retry":
                await self._remember(partial(self._end, message, outcome.state, outcome.why))
                return True
            if self._stopping:
                return False  # whoever starts next sends it at once
            return await self._again(message, outcome)
        finally:
            self._unmarked.marked(message.id)

    async def _outcome(self, message: Outgoing) -> Outcome | None:
        """How a sending went; None where the row is no longer true, so that it was not sent."""
        channel = self._channels.get(message.channel)
        if channel is None:
            return Outcome("failed", why="这个聊天通道没有开")
        try:
            if message.asks and not await self._checks[message.asks](message.id):
                return None
            return await channel.send(message.address, message.id, _reply(message))
        except Exception as error:
            log.exception("message %s could not be handed to %s", message.id, message.channel)
            return Outcome("retry", why=type(error).__name__)

    async def _again(self, message: Outgoing, outcome: Outcome) -> bool:
        short = 0 < outcome.retry_after_seconds <= SHORT_SECONDS and self._clock() - message.at < PATIENCE
        if not short and message.tries >= len(RETRY_MINUTES):
            await self._remember(partial(self._end, message, "failed", outcome.why))
            return True
        seconds = outcome.retry_after_seconds or RETRY_MINUTES[message.tries] * 60
        until = self._clock() + timedelta(seconds=seconds)
        postpone = partial(conversation.postponed, self._database, message.id, until, outcome.why, counted=not short)
        await self._remember(postpone)
        self._soonest = min(until, self._soonest or until)
        return False

    async def _end(self, message: Outgoing, state: conversation.Ending, why: str) -> None:
        await conversation.sent(self._database, message.id, state, self._clock(), why)

    async def _remember(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write until it is written: the row is out, and what comes after it has to wait."""
        while True:
            try:
                await write()
                return
            except Exception:
                log.exception("the outbox could not be written; trying again")
                await asyncio.sleep(AGAIN_SECONDS)

    def _until_due(self, seconds: float) -> float:
        """Seconds until there is a reason to look again: what was postponed first is due, or the given ones."""
        if self._soonest is None:
            return seconds
        wait = (self._soonest - self._clock()).total_seconds()
        if wait <= 0:
            self._soonest = None
        return min(seconds, max(wait, 0.0))

    async def _stop(self) -> None:
        """Let what is out be marked; the rest waits for the next start."""
        self._stopping = True
        if lines := set(self._lines.values()):
            _, late = await asyncio.wait(lines, timeout=GRACE_SECONDS)
            for line in late:
                line.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _reply(message: Outgoing) -> Reply:
    """A row as a channel sends it."""
    options = tuple(Option(key, label) for key, label in message.options)
    if message.file is None:
        return Reply(message.text, options, push=message.push)
    file = FileRef(message.file["ref"], message.file["name"], message.file["size_bytes"])
    return Reply(message.text, options, file, as_picture=message.file.get("as_picture", False), push=message.push)
