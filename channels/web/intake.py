"""From a request to an event: kept durably, confirmed, then handed over in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels.lines import Lines
from channels.port import Event, FileRef, Inbox

CHANNEL = "web"


def event_of(event_id: str, address: str, raw: dict[str, Any]) -> Event:
    """The event of a kept row, also after a restart: the inbox's ``raw`` says all there is."""
    return Event(
        CHANNEL,
        event_id,
        address,
        datetime.fromisoformat(raw["at"]),
        text=raw.get("text", ""),
        option=raw.get("option"),
        start_code=raw.get("start_code"),
        files=tuple(FileRef(file["ref"], file["name"], file["size_bytes"]) for file in raw.get("files", ())),
    )


async def take(inbox: Inbox, lines: Lines, at: datetime, address: str, client_id: str, raw: dict[str, Any]) -> bool:
    """Keep what a person did and line it up; False for an id that came before, which is not handed over again.

    The event's id holds the address, so that nobody can use up another's ids.
    """
    event_id = f"{address}:{client_id}"
    raw = {"at": at.isoformat(), **raw}
    fresh = await inbox.keep(CHANNEL, event_id, address, raw)
    if fresh:
        lines.put(event_of(event_id, address, raw))
    return fresh


def client_part(event: Event) -> str:
    """The id the page knows the event by."""
    return event.id.removeprefix(f"{event.address}:")
