"""Events wait in a line per address: in order there, side by side elsewhere; a failing one does not stop the next."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from channels.port import Event, Receive

_log = logging.getLogger(__name__)


class Lines:
    """The lines of all addresses, each worked through by one task while it is not empty."""

    def __init__(self, receive: Receive, after: Callable[[Event], None]) -> None:
        """Hand events to ``receive``; ``after`` is told of each that was handled without an error."""
        self._receive = receive
        self._after = after
        self._waiting: dict[str, deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, event: Event) -> None:
        """Hand an event over after those of its address that came before it."""
        if event.address in self._waiting:
            self._waiting[event.address].append(event)
            return
        self._waiting[event.address] = deque([event])
        task = asyncio.create_task(self._work(event.address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, grace_seconds: float) -> None:
        """Let the lines run dry, then cut them off: what is cut off is still in the inbox, unhandled."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, address: str) -> None:
        line = self._waiting[address]
        try:
            while line:
                await self._hand_over(line.popleft())
        finally:
            del self._waiting[address]

    async def _hand_over(self, event: Event) -> None:
        try:
            await self._receive(event)
        except Exception:  # noqa: BLE001 - the event stays unhandled in the inbox; whoever wrote next must not wait for it
            _log.exception("event %s was not handled", event.id)
        else:
            self._after(event)
