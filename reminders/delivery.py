"""The one sender of the outbox: every row said is sent by this loop, in order per address, retried, never for ever."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from channels.port import Channel, FileRef, Option, Outcome, Reply
from storage import coming_due, conversation
from storage.clock import Clock
from storage.conversation import Outgoing
from storage.database import Database

log = logging.getLogger(__name__)

RETRY_MINUTES = (1, 5, 10)  # after the last of them a message has failed, and the office can see why
SHORT_SECONDS = 60.0  # a wait that a messenger asks for is kept as it is; a short one is no failure
BATCH = 1000  # read at a time
LINES = 20  # addresses at once: most of them wait for the messenger's pace
PUSH_LINES = 15  # of these at most for what is said unasked, so that answers find one free
MOST_UNMARKED = 2
IDLE_SECONDS = 30.0  # a message due later is found by then
AGAIN_SECONDS = 1.0  # after the outbox could not be read or written
GRACE_SECONDS = 5.0
PATIENCE = timedelta(days=1)  # for a messenger that asks to wait a little, again and again

Check = Callable[[int], Awaitable[bool]]
"""Whether the message of an id may still be said."""


_Where = tuple[str, str]
"""Channel and address."""


class Unmarked:
    """The rows that are out while the outbox does not say so: what a crash sends twice, so they are few."""

    def __init__(self, most: int = MOST_UNMARKED) -> None:
        self._most = most
        self._rows: set[int] = set()
        self._watching: list[Callable[[], None]] = []

    def may_take(self, row: int) -> bool:
        """Whether a row may go out now."""
        return len(self._rows) < self._most or row in self._rows

    def take(self, row: int) -> None:
        """It goes out; it counts from here until it is marked."""
        self._rows.add(row)

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
        self._lines: dict[_Where, asyncio.Task[None]] = {}
        self._at_work: set[int] = set()
        self._waiting: dict[_Where, list[Outgoing]] = {}  # read, and not yet at work
        self._newest = 0  # what was said up to here is read
        self._unread = self._from_start = True
        self._cut_short = False  # there was more than could be read at once
        self._postponed: list[datetime] = []
        self._look_again_at = clock()
        self._stopping = False

    def wake(self) -> None:
        """Something may be waiting."""
        self._unread = True
        self._something.set()

    async def run(self) -> None:
        """Send until cancelled. A crash between sending and noting it sends a message twice, never not at all."""
        try:
            while True:
                self._something.clear()
                try:
                    await self._start_lines()
                    pause = max((self._look_again_at - self._clock()).total_seconds(), 0.0)
                except Exception:
                    log.exception("the outbox could not be read; trying again")
                    pause = AGAIN_SECONDS
                try:
                    await asyncio.wait_for(self._something.wait(), pause)
                except TimeoutError:
                    self._from_start = True
        finally:
            await self._stop()

    async def once(self) -> None:
        """Send what is due now, and return when that has ended."""
        self._from_start = True
        await self._start_lines()
        while self._lines:
            await asyncio.wait(self._lines.values(), return_when=asyncio.FIRST_COMPLETED)
            await self._start_lines()

    async def _start_lines(self) -> None:
        """Give each address that has something due, and is not at work, a line of its own; answers first."""
        self._from_start = self._from_start or self._clock() >= self._look_again_at
        if self._unread or self._from_start:
            await self._read()
        for where in sorted(self._waiting.keys() - self._lines.keys(), key=self._turn_of):
            push = self._waiting[where][0].push
            if len(self._lines) < (PUSH_LINES if push else LINES):
                messages = self._waiting.pop(where)
                self._at_work.update(message.id for message in messages)
                self._lines[where] = asyncio.create_task(self._line(where, messages))
        if self._cut_short and not self._waiting:
            self._from_start = True
            if not self._lines:  # else the first line that ends
                self._something.set()

    async def _read(self) -> None:
        """Read what was said since the last time; all that is due where something may have been passed over."""
        now, at_work = self._clock(), set(self._at_work)  # what ends while this is read is not to begin again
        from_start, self._unread = self._from_start, False
        try:
            if from_start:
                await coming_due.bring_due(self._database, now)
            found = await conversation.unsent(self._database, BATCH, now, 0 if from_start else self._newest)
        except BaseException:
            self._unread = True
            raise
        if from_start:
            self._waiting.clear()
            self._from_start = self._cut_short = False
            self._postponed = [until for until in self._postponed if until > now]
            self._look_again_at = min([*self._postponed, now + timedelta(seconds=IDLE_SECONDS)])
        self._cut_short = self._cut_short or len(found) == BATCH
        for message in found:
            self._newest = max(self._newest, message.id)
            if message.id not in at_work:
                self._waiting.setdefault((message.channel, message.address), []).append(message)

    def _turn_of(self, where: _Where) -> tuple[bool, int]:
        first = self._waiting[where][0]
        return first.push, first.id

    async def _line(self, where: _Where, messages: Sequence[Outgoing]) -> None:
        try:
            for message in messages:
                if self._stopping or not await self._send(message):
                    self._waiting.pop(where, None)  # what follows must not overtake what is retried, nor be forgotten
                    return
        finally:
            del self._lines[where]
            self._at_work.difference_update(message.id for message in messages)
            self._something.set()

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
        self._postponed.append(until)
        self._look_again_at = min(until, self._look_again_at)
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
