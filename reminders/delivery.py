"""The one sender of the outbox: every row said is sent by this loop, in order per address, retried, never for ever."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import timedelta

from channels.port import Channel, FileRef, Option, Reply
from storage import conversation
from storage.clock import Clock
from storage.conversation import Outgoing
from storage.database import Database

log = logging.getLogger(__name__)

RETRY_MINUTES = (1, 5, 10)  # after the last of them a message has failed, and the office can see why
BATCH = 100
IDLE_SECONDS = 30.0  # a message due later is found by then


class Delivery:
    """Sends what the outbox holds for the channels that run here."""

    def __init__(self, database: Database, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._database, self._clock, self._channels = database, clock, channels
        self._something = asyncio.Event()

    def wake(self) -> None:
        """Something may be waiting."""
        self._something.set()

    async def run(self) -> None:
        """Send until cancelled. A crash between sending and noting it sends a message twice, never not at all."""
        while True:
            self._something.clear()
            try:
                sent = await self.once()
            except Exception:
                log.exception("the outbox could not be read or written; trying again")
                sent = 0
            if not sent:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._something.wait(), IDLE_SECONDS)

    async def once(self) -> int:
        """Send what is due now; returns how many came to an end."""
        waiting = await conversation.unsent(self._database, BATCH, self._clock())
        held: set[tuple[str, str]] = set()
        done = 0
        for message in waiting:
            if (message.channel, message.address) in held:
                continue  # what follows must not overtake what is retried
            if await self._send(message):
                done += 1
            else:
                held.add((message.channel, message.address))
        return done

    async def _send(self, message: Outgoing) -> bool:
        now = self._clock()
        channel = self._channels.get(message.channel)
        if channel is None:
            await conversation.sent(self._database, message.id, "failed", now, "这个聊天通道没有开")
            return True
        try:
            outcome = await channel.send(message.address, message.id, _reply(message))
        except Exception as error:
            log.exception("message %s could not be handed to %s", message.id, message.channel)
            return await self._again(message, RETRY_MINUTES[0] * 60, type(error).__name__)
        if outcome.state == "retry":
            return await self._again(message, outcome.retry_after_seconds, outcome.why)
        await conversation.sent(self._database, message.id, outcome.state, now, outcome.why)
        return True

    async def _again(self, message: Outgoing, after_seconds: float, why: str) -> bool:
        now = self._clock()
        if message.tries >= len(RETRY_MINUTES):
            await conversation.sent(self._database, message.id, "failed", now, why)
            return True
        wait = max(after_seconds, RETRY_MINUTES[message.tries] * 60)
        await conversation.postponed(self._database, message.id, now + timedelta(seconds=wait), why)
        return False


def _reply(message: Outgoing) -> Reply:
    """A row as a channel sends it."""
    options = tuple(Option(key, label) for key, label in message.options)
    if message.file is None:
        return Reply(message.text, options, push=message.push)
    file = FileRef(message.file["ref"], message.file["name"], message.file["size_bytes"])
    return Reply(message.text, options, file, as_picture=message.file.get("as_picture", False), push=message.push)
