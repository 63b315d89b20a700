"""An event loop whose clock jumps to the next appointment: hours of waiting pass at once, in the order they would have.

What really takes time in a thread (a database) is waited for while the clock stands still.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any


class VirtualLoop(asyncio.SelectorEventLoop):
    """Begins at 0 seconds."""

    def __init__(self) -> None:
        self._now = 0.0
        self._in_threads = 0
        super().__init__(_Selector(self._idle))

    def time(self) -> float:
        return self._now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._back)
        return future

    def _back(self, _: asyncio.Future[Any]) -> None:
        self._in_threads -= 1

    def _idle(self, seconds: float | None) -> bool:
        """Nothing is ready for so long (None: for ever); whether the clock may jump there."""
        if self._in_threads or seconds is None:
            return False
        self._now += seconds
        return True


class _Selector(selectors.DefaultSelector):
    def __init__(self, idle: Callable[[float | None], bool]) -> None:
        super().__init__()
        self._idle = idle

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        return ready if self._idle(timeout) else super().select(None)
