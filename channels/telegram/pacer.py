"""The one pacer of all a token sends, plugged into python-telegram-bot as its rate limiter."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, Protocol

from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from channels.telegram.windows import Call, Limits, Schedule
from channels.telegram.words import STOPPED

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's opt-in: without it each RetryAfter warns of the change

MOST_HOLD_SECONDS = 5.0


class Asked(NamedTuple):
    """What a request is of: an outbox row (0 for none), and whether that was said unasked."""

    row: int = 0
    push: bool = False


class Unmarked(Protocol):
    """Bounds the rows that are out while the outbox does not say so: what a crash would send twice."""

    def may_take(self, row: int) -> bool:
        """Whether a row may go out now."""

    def take(self, row: int) -> None:
        """It goes out; it counts from here until it is marked."""

    def watch(self, freed: Callable[[], None]) -> None:
        """Have it told each time when another row may go out."""


class Pacer(BaseRateLimiter[Asked]):
    """Keeps `Limits` over everything that is sent; answers overtake what is said unasked.

    A message counts in all windows; taking buttons off counts overall, and in groups, but does not hold up the
    answer behind it. What names no chat (the answer to a press) only waits out a hold of all.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        unmarked: Unmarked | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        most_hold_seconds: float = MOST_HOLD_SECONDS,
    ) -> None:
        """Nothing is opened.

        Args:
            limits: Telegram's own by default.
            unmarked: asked before a row's first message leaves; no bound without it.
            most_hold_seconds: a chat that Telegram asked to leave alone for longer is answered with `RetryAfter` at
                once, so that whoever sends can go on with the others.
        """
        self._schedule = Schedule(limits or Limits(), *((unmarked.may_take, unmarked.take) if unmarked else ()))
        self._clock, self._sleep, self._most_hold = clock, sleep, most_hold_seconds
        self._doors: dict[int, asyncio.Future[None]] = {}
        self._changed = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        if unmarked:
            unmarked.watch(self._changed.set)

    async def initialize(self) -> None:
        """Nothing to prepare: the worker is started by the first who must wait."""

    async def shutdown(self) -> None:
        """Let nobody wait any longer: who waits is told that it may be tried again."""
        if self._worker:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        for door in self._doors.values():
            if not door.done():
                door.set_exception(NetworkError(STOPPED))

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Asked | None,
    ) -> Any:
        """Wait for the request's turn and make it.

        Raises:
            RetryAfter: Telegram said so, now or before; the chat (without one: everything) is left alone that long.
        """
        chat = int(data["chat_id"]) if "chat_id" in data else None
        if (held := self._schedule.held(chat, self._clock())) > self._most_hold:
            raise RetryAfter(math.ceil(held))
        asked = rate_limit_args or Asked()
        call = self._schedule.ask(chat, asked.push, not endpoint.startswith("edit"), asked.row)
        await self._turn(call)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._schedule.hold(chat, self._clock() + wait_seconds(error))
            raise
        finally:
            self._schedule.end(call, self._clock())
            self._changed.set()

    async def _turn(self, call: Call) -> None:
        door = self._doors[call.number] = asyncio.get_running_loop().create_future()
        self._release()
        if not door.done() and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._work())
        self._changed.set()
        try:
            await door
        except BaseException:
            if door.done() and not door.cancelled() and not door.exception():  # released and cancelled at once
                self._schedule.end(call, self._clock())
            self._schedule.give_up(call)
            raise
        finally:
            del self._doors[call.number]

    def _release(self) -> float:
        released, soonest = self._schedule.release(self._clock())
        for call in released:
            door = self._doors[call.number]
            if door.done():  # its caller was cancelled a moment ago and has not noticed yet
                self._schedule.end(call, self._clock())
            else:
                door.set_result(None)
        return soonest

    async def _work(self) -> None:
        while any(not door.done() for door in self._doors.values()):
            self._changed.clear()
            seconds = self._release()
            changed = asyncio.ensure_future(self._changed.wait())
            waits: set[asyncio.Future[Any]] = {changed}
            if seconds < math.inf:
                waits.add(asyncio.ensure_future(self._sleep(seconds)))
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()


def wait_seconds(error: RetryAfter) -> float:
    """How long Telegram asks to be left alone."""
    after = error.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()
