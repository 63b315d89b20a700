"""Albums: photos and files sent as one come as one update each, and become one event."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from channels.port import Event, FileRef
from channels.telegram.updates import Heard

QUIET_SECONDS = 1.0


class _Held(NamedTuple):
    album: str
    events: list[Event]
    timer: asyncio.TimerHandle


class Albums:
    """Holds the parts of an address's album until it has been quiet, or until something else comes from there."""

    def __init__(self, put: Callable[[Event], None], quiet_seconds: float = QUIET_SECONDS) -> None:
        """Hand whole events to ``put``, in the order they came."""
        self._put = put
        self._quiet = quiet_seconds
        self._held: dict[str, _Held] = {}

    def take(self, heard: Heard) -> None:
        """Take what came next from its address."""
        address = heard.event.address
        held = self._held.get(address)
        if held and held.album != heard.album:
            self._flush(address)
            held = None
        if heard.album is None:
            self._put(heard.event)
            return
        if held:
            held.timer.cancel()
        timer = asyncio.get_running_loop().call_later(self._quiet, self._flush, address)
        self._held[address] = _Held(heard.album, [*(held.events if held else ()), heard.event], timer)

    def close(self) -> None:
        """Wait for no more parts."""
        for address in list(self._held):
            self._flush(address)

    def _flush(self, address: str) -> None:
        held = self._held.pop(address)
        held.timer.cancel()
        self._put(_joined(held.events))


def _joined(events: Sequence[Event]) -> Event:
    first, *others = events
    return first._replace(
        text="\n".join(event.text for event in events if event.text),
        files=_told_apart([file for event in events for file in event.files]),
        parts=tuple(event.id for event in others),
    )


def _told_apart(files: Sequence[FileRef]) -> tuple[FileRef, ...]:
    """Photos of one minute have one name: number them."""
    seen: Counter[str] = Counter()
    found = []
    for file in files:
        seen[file.name] += 1
        path = PurePath(file.name)
        again = f"{path.stem}_{seen[file.name]}{path.suffix}"
        found.append(file if seen[file.name] == 1 else file._replace(name=again))
    return tuple(found)
