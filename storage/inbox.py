"""The inbox: raw events, kept before they are confirmed to a messenger, until they are handled or given up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.clock import Clock, UtcDateTime
from storage.database import Database
from storage.prepared import often
from storage.tables_conversation import InboxRow
from storage.texts import storable, to_json

MOST_TRIES = 5
"""An event that failed so often is dead: kept, but not tried again."""

WHY_CHARACTERS = 2000

_inbox: Any = InboxRow.__table__  # type: ignore[attr-defined]
_OPEN = (_inbox.c.handled_at.is_(None), _inbox.c.dead_at.is_(None))
_WITHOUT_CODE = case((_inbox.c.raw.contains('"start_code"'), "{}"), else_=_inbox.c.raw)  # a code never stays in clear


def _keep() -> Any:
    """An insert that does nothing where the event is there."""
    names = ("channel", "event_id", "address", "raw", "received_at")
    given: dict[str, Any] = {name: bindparam(name, type_=_inbox.c[name].type) for name in names}
    there = select(_inbox.c.id).where(_inbox.c.channel == given["channel"], _inbox.c.event_id == given["event_id"])
    fresh = select(*given.values(), literal(0), literal("")).where(~there.exists())
    return insert(_inbox).from_select([*names, "tries", "error"], fresh)


# Built once: putting a statement together costs more than running it.
_same = (_inbox.c.channel == bindparam("of_channel"), _inbox.c.event_id == bindparam("of_event"))
_KEEP = often(_keep())
_FIND = often(select(_inbox).where(*_same))
_BEGUN = often(update(_inbox).where(*_same, *_OPEN).values(handled_at=bindparam("at"), raw=_WITHOUT_CODE))
_HANDLED = (
    update(_inbox).where(_inbox.c.id == bindparam("row"), *_OPEN).values(handled_at=bindparam("at"), raw=_WITHOUT_CODE)
)


class RawEvent(NamedTuple):
    """A kept event. ``tries`` counts those that failed."""

    id: int
    channel: str
    event_id: str
    address: str
    raw: dict[str, Any]
    received_at: datetime
    tries: int


class DeadLetter(NamedTuple):
    """An event that was given up, and why its last try failed."""

    event: RawEvent
    dead_at: datetime
    error: str


class Inbox:
    """Fulfils `channels.port.Inbox`, and gives the core what waits."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def keep(self, channel: str, event_id: str, address: str, raw: dict[str, Any]) -> bool:
        """Keep an event durably; False where it is already there."""
        row = {"channel": channel, "event_id": storable(event_id), "address": storable(address), "raw": to_json(raw)}
        async with self._database.write() as connection:
            return bool((await connection.execute(_KEEP, {**row, "received_at": self._clock()})).rowcount)

    async def drop(self, channel: str, event_id: str, why: str) -> None:
        """End an event that is nothing for the core: done and its content forgotten, or with ``why`` dead at once."""
        async with self._database.write() as connection:
            await end_in(connection, self._clock(), channel, (event_id,), why)
            if not why:  # what people say to each other in a group is not ours to keep
                same = {"of_channel": channel, "of_event": storable(event_id)}
                await connection.execute(update(_inbox).where(*_same).values(raw="{}"), same)

    async def find(self, channel: str, event_id: str) -> RawEvent | None:
        """A kept event by the messenger's own id."""
        async with self._database.read() as connection:
            return await find_in(connection, channel, event_id)

    async def waiting(self, channel: str) -> tuple[RawEvent, ...]:
        """A channel's events neither handled nor dead, in the order they came."""
        query = select(_inbox).where(_inbox.c.channel == channel, *_OPEN).order_by(_inbox.c.id)
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return tuple(_event(row) for row in rows)

    async def dead(self, limit: int) -> tuple[DeadLetter, ...]:
        """Events that were given up, newest first."""
        given_up = select(_inbox).where(_inbox.c.dead_at.is_not(None)).order_by(_inbox.c.id.desc()).limit(limit)
        async with self._database.read() as connection:
            return tuple(DeadLetter(_event(row), row.dead_at, row.error) for row in await connection.execute(given_up))

    async def handled(self, inbox_id: int) -> None:
        """Remember that an event is done."""
        async with self._database.write() as connection:
            await handled_in(connection, self._clock(), inbox_id)

    async def failed(self, inbox_id: int, why: str) -> bool:
        """Remember that handling failed; True where that was the last try."""
        async with self._database.write() as connection:
            return await failed_in(connection, self._clock(), inbox_id, why)


async def find_in(connection: AsyncConnection, channel: str, event_id: str) -> RawEvent | None:
    """As `Inbox.find`, in the caller's unit of work."""
    row = (await connection.execute(_FIND, {"of_channel": channel, "of_event": storable(event_id)})).first()
    return None if row is None else _event(row)


async def handled_in(connection: AsyncConnection, at: datetime, inbox_id: int) -> bool:
    """Mark an event as done in the unit of work of its answer; False where it was done or given up before."""
    return bool((await connection.execute(_HANDLED, {"row": inbox_id, "at": at})).rowcount)


async def begin_in(connection: AsyncConnection, at: datetime, channel: str, event_id: str) -> bool:
    """Mark an event as done as the first thing of its unit of work; False where it was done or given up before.

    True also for an event that was never kept.
    """
    same = {"of_channel": channel, "of_event": storable(event_id)}
    if (await connection.execute(_BEGUN, {**same, "at": at})).rowcount:
        return True
    return (await connection.execute(_FIND, same)).first() is None


async def failed_in(connection: AsyncConnection, at: datetime, inbox_id: int, why: str) -> bool:
    """Count a failed try; True where the event is dead now.

    Args:
        why: for the office and the log; no token.
    """
    last = _inbox.c.tries + 1 >= MOST_TRIES
    values = {
        "tries": _inbox.c.tries + 1,
        "error": storable(why, WHY_CHARACTERS),
        "dead_at": case((last, literal(at, UtcDateTime)), else_=None),
        "raw": case((last, _WITHOUT_CODE), else_=_inbox.c.raw),
    }
    await connection.execute(update(_inbox).where(_inbox.c.id == inbox_id, *_OPEN).values(**values))
    dead = select(_inbox.c.dead_at.is_not(None)).where(_inbox.c.id == inbox_id)
    return bool((await connection.execute(dead)).scalar())


async def end_in(
    connection: AsyncConnection, at: datetime, channel: str, event_ids: Sequence[str], why: str = ""
) -> None:
    """End kept events in the caller's unit of work: done, or with ``why`` dead at once; what was ended stays as it was."""
    if not event_ids:
        return
    idents = [storable(event_id) for event_id in event_ids]
    values = {"dead_at": at, "error": storable(why, WHY_CHARACTERS)} if why else {"handled_at": at}
    these = (_inbox.c.channel == channel, _inbox.c.event_id.in_(idents), *_OPEN)
    await connection.execute(update(_inbox).where(*these).values(raw=_WITHOUT_CODE, **values))


async def forget_in(connection: AsyncConnection, channel: str, event_ids: Sequence[str]) -> None:
    """Keep no word of events that should never have been sent (涉密); that they came stays."""
    idents = [storable(event_id) for event_id in event_ids]
    these = (_inbox.c.channel == channel, _inbox.c.event_id.in_(idents))
    await connection.execute(update(_inbox).where(*these).values(raw="{}"))


def _event(row: Any) -> RawEvent:
    raw = json.loads(row.raw)
    return RawEvent(row.id, row.channel, row.event_id, row.address, raw, row.received_at, row.tries)
