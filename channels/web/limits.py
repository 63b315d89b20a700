"""How often is too often: codes tried from one place, messages of one session. Kept in memory, and little of it."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from aiohttp import web

MOST_KEYS = 10_000


class Limits(NamedTuple):
    """What the web channel takes. A try is a pressed 进入 that led nowhere; a message is a text, a press or an upload."""

    tries: int = 10
    tries_seconds: float = 600
    messages: int = 600
    messages_seconds: float = 60


class Recent:
    """What happened lately, by key, each with a mark. Beyond `MOST_KEYS` the key silent longest is forgotten."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], datetime]) -> None:
        self._most = most
        self._span = timedelta(seconds=seconds)
        self._clock = clock
        self._by_key: OrderedDict[str, deque[tuple[datetime, str]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def wait_seconds(self, key: str) -> int:
        """How long until there is room for one more; 0 where there is."""
        happened = self._of(key)
        if len(happened) < self._most:
            return 0
        return max(1, math.ceil((happened[0][0] + self._span - self._clock()).total_seconds()))

    def add(self, key: str, mark: str = "") -> None:
        """Note one more."""
        happened = self._of(key)
        happened.append((self._clock(), mark))
        self._by_key[key] = happened
        self._by_key.move_to_end(key)
        if len(self._by_key) > MOST_KEYS:
            self._by_key.popitem(last=False)

    def marks(self, key: str) -> set[str]:
        """The marks of a key, without the empty one."""
        return {mark for _, mark in self._of(key) if mark}

    def forget(self, key: str, mark: str) -> None:
        """Forget the newest with a mark."""
        happened = self._of(key)
        newest = next((one for one in reversed(happened) if one[1] == mark), None)
        if newest is not None:
            happened.remove(newest)

    def _of(self, key: str) -> deque[tuple[datetime, str]]:
        happened = self._by_key.get(key, deque(maxlen=self._most))
        while happened and happened[0][0] + self._span <= self._clock():
            happened.popleft()
        return happened


def place_of(request: web.Request) -> str:
    """Where a request comes from: an IPv4 address, or the /64 network of an IPv6 one, which one household has.

    A reverse proxy on this machine is believed, and of its ``X-Forwarded-For`` only the last entry, which it wrote
    itself; anybody can send the others.
    """
    remote = _address(request.remote or "")
    if remote is not None and remote.is_loopback:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ())).rpartition(",")[2].strip()
        remote = _address(forwarded) or remote
    if isinstance(remote, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((remote, 64), strict=False))
    return str(remote)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None) or found
