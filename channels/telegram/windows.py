"""When a message may leave: sliding windows over all chats and each chat, and the order of those that wait.

Pure: the present moment is an argument, in seconds of any clock that does not go back.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

SWEEP_ABOVE = 1000  # chats remembered before idle ones are forgotten


class Rate(NamedTuple):
    """At most so many in any span of so many seconds."""

    most: int
    seconds: float


class Limits(NamedTuple):
    """What Telegram asks of a bot. A chat with a negative id is a group."""

    overall: Rate = Rate(30, 1.0)
    private: Rate = Rate(1, 1.0)
    group: Rate = Rate(20, 60.0)


class Window:
    """One sliding window. A call counts from its start until the span after its end has passed.

    Counting from the end makes the gaps hold where the messenger measures them: at the arrival, which lies between.
    """

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._flying = 0
        self._ended: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until one more may start; infinite while calls must end first."""
        while self._ended and self._ended[0] <= now - self._rate.seconds:
            self._ended.popleft()
        surplus = self._flying + len(self._ended) - self._rate.most
        if surplus < 0:
            return 0.0
        return self._ended[surplus] + self._rate.seconds - now if surplus < len(self._ended) else math.inf

    def start(self) -> None:
        """A call begins."""
        self._flying += 1

    def end(self, now: float) -> None:
        """A call has ended, well or not."""
        self._flying -= 1
        self._ended.append(now)

    def idle(self, now: float) -> bool:
        """Nothing counts any more."""
        return self.wait(now) == 0 and not self._flying and not self._ended


class Call(NamedTuple):
    """A request that wants to leave. ``push``: an answer overtakes it. ``counted``: it uses up its chat's window.

    ``row``: the outbox row it is of, 0 for none.
    """

    number: int
    chat: int | None
    push: bool
    counted: bool = True
    row: int = 0


class Schedule:
    """Who may leave now: answers before pushes, else as asked; a chat that must wait does not hold up the others."""

    def __init__(
        self,
        limits: Limits,
        may: Callable[[int], bool] | None = None,
        take: Callable[[int], None] | None = None,
    ) -> None:
        """Keep these limits; ``may`` says whether a call of a row may leave as well, ``take`` is told that it does."""
        self._limits, self._may, self._take = limits, may, take
        self._overall = Window(limits.overall)
        self._chats: dict[int, Window] = {}
        self._held: dict[int | None, float] = {}
        self._answers: list[Call] = []
        self._pushes: list[Call] = []
        self._asked = 0

    def ask(self, chat: int | None, push: bool, counted: bool = True, row: int = 0) -> Call:
        """Line up."""
        self._asked += 1
        call = Call(self._asked, chat, push, counted, row)
        (self._pushes if push else self._answers).append(call)
        return call

    def give_up(self, call: Call) -> None:
        """Leave the line without having been released."""
        line = self._pushes if call.push else self._answers
        if call in line:
            line.remove(call)

    def release(self, now: float) -> tuple[list[Call], float]:
        """Those who leave now, and the seconds until the next look; infinite where only an end can change anything."""
        released: list[Call] = []
        soonest = math.inf
        for line in (self._answers, self._pushes):
            for call in list(line):
                if call.row and self._may and not self._may(call.row):
                    continue  # asked first: it is the cheapest question, and the usual reason to stay
                if (wait := self._overall.wait(now)) > 0:
                    return released, min(soonest, wait)
                if (wait := self.wait(call, now)) > 0:
                    soonest = min(soonest, wait)
                    continue
                if call.row and self._take:
                    self._take(call.row)
                line.remove(call)
                for window in self._windows(call):
                    window.start()
                released.append(call)
        return released, soonest

    def wait(self, call: Call, now: float) -> float:
        """Seconds until the windows and holds of its own would let a call go."""
        windows = max((window.wait(now) for window in self._windows(call)), default=0.0)
        return max(windows, self.held(call.chat, now))

    def end(self, call: Call, now: float) -> None:
        """A released call has ended."""
        for window in self._windows(call):
            window.end(now)
        if len(self._chats) > SWEEP_ABOVE:
            self._chats = {chat: window for chat, window in self._chats.items() if not window.idle(now)}

    def hold(self, chat: int | None, until: float) -> None:
        """Nothing to this chat before a moment; None: nothing at all."""
        self._held[chat] = max(until, self._held.get(chat, until))

    def held(self, chat: int | None, now: float) -> float:
        """Seconds a hold still lasts, 0 without one."""
        self._held = {held: until for held, until in self._held.items() if until > now}
        return max(0.0, self._held.get(chat, now) - now, self._held.get(None, now) - now)

    def _windows(self, call: Call) -> list[Window]:
        if call.chat is None:
            return []
        if not call.counted and call.chat > 0:
            return [self._overall]
        rate = self._limits.private if call.chat > 0 else self._limits.group
        return [self._overall, self._chats.setdefault(call.chat, Window(rate))]
