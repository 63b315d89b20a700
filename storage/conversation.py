"""What was said both ways: one row a message, which is transcript and outbox at once.

An outgoing message is a row in the transaction of what it answers; the one sender of rows sends it afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, bindparam, insert, literal_column, not_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.clock import UtcDateTime
from storage.database import Database
from storage.prepared import often
from storage.tables_conversation import MessageRow
from storage.texts import storable, to_json, unturned

Ending = Literal["sent", "blocked", "unknown", "failed", "dropped"]
"""How a sending ended for good: as `channels.port.Outcome` has it, whose ``retry`` is `postponed`; or no longer true."""

DIGEST = "digest"  # what the sender asks of a digest's message
PUSH = "push"  # what it asks of a push of the office that had to wait
WHY_CHARACTERS = 500

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]


def waits(message: Any) -> Any:
    """Whether a row is to be said later and its time has not come: `coming_due` brings it then.

    One that failed for now has been said already; it has a reason.
    """
    outgoing: Any = literal_column(f"NOT {message.name}.mine")  # as ix_message_unsent has it
    return and_(outgoing, message.c.outcome.is_(None), message.c.due_at.is_not(None), message.c.why == "")


def _unsent() -> Any:
    """Built once: putting a statement together costs more than running it."""
    open_: tuple[Any, ...] = (
        literal_column("NOT message.mine"),
        _message.c.outcome.is_(None),
    )  # as ix_message_unsent has it
    retried = _message.alias("retried")
    waiting = select(retried.c.channel, retried.c.address).where(
        literal_column("NOT retried.mine"), retried.c.outcome.is_(None), retried.c.why != "", retried.c.due_at > _NOW
    )
    return (
        select(_message)
        .where(*open_, or_(_message.c.due_at.is_(None), and_(_message.c.why != "", _message.c.due_at <= _NOW)))
        .where(tuple_(_message.c.channel, _message.c.address).not_in(waiting))
        .where(_message.c.id > bindparam("after"))
        .order_by(_message.c.push, _message.c.id)
        .limit(bindparam("limit"))
    )


_NOW = bindparam("now", type_=UtcDateTime)
_UNSENT = often(_unsent())
_INSERT = often(insert(_message))
_said: Any = and_(or_(_message.c.outcome.is_(None), _message.c.outcome != "dropped"), not_(waits(_message)))
_unfinished: tuple[Any, ...] = (_message.c.id == bindparam("row"), ~_message.c.mine, _message.c.outcome.is_(None))
_SENT = often(
    update(_message)
    .where(*_unfinished)
    .values(
        tries=_message.c.tries + 1,
        outcome=bindparam("outcome"),
        why=bindparam("why"),
        sent_at=bindparam("sent_at"),
    )
)


class Outgoing(NamedTuple):
    """A message to be sent. ``options`` are key and label; ``tries`` counts those that failed.

    ``asks`` names what must still be true just before it is sent; empty where it is said in any case.
    """

    id: int
    channel: str
    address: str
    at: datetime
    text: str
    options: tuple[tuple[str, str], ...]
    file: dict[str, Any] | None
    push: bool
    tries: int
    asks: str = ""


async def say(
    connection: AsyncConnection,
    at: datetime,
    channel: str,
    address: str,
    text: str,
    options: Sequence[tuple[str, str]] = (),
    file: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    *,
    push: bool = False,
    asks: str = "",
) -> int:
    """Say something: a row in the caller's unit of work, sent once that is committed; returns its id.

    Args:
        options: key and label of each.
        file: of a stored file: ref, name and size_bytes.
        due_at: neither sent nor shown before: `coming_due` makes it a new row then.
        push: said unasked; an answer overtakes it.
        asks: what the sender is to ask just before; see `Outgoing`.
    """
    buttons = [{"key": key, "label": unturned(label)} for key, label in options]
    about = (connection, at, channel, address, unturned(text))
    file = {**file, "name": unturned(file["name"])} if file else None
    return await _add(*about, mine=False, options=buttons, file=file, due_at=due_at, push=push, asks=asks)


async def heard(
    connection: AsyncConnection,
    at: datetime,
    channel: str,
    address: str,
    text: str,
    file: Mapping[str, Any] | None = None,
) -> int:
    """Remember what a person said, in the caller's unit of work; returns the row's id."""
    return await _add(connection, at, channel, address, text, mine=True, options=[], file=file, due_at=None)


async def was_said_in(connection: AsyncConnection, places: Collection[tuple[str, str]], words: str) -> bool:
    """Whether some words stand in a message that was said at one of some places, by channel and address."""
    there = (~_message.c.mine, tuple_(_message.c.channel, _message.c.address).in_(list(places)), _said)
    query = select(_message.c.id).where(*there, _message.c.text.contains(words, autoescape=True)).limit(1)
    return (await connection.execute(query)).first() is not None


async def unsent(database: Database, limit: int, now: datetime, after: int = 0) -> tuple[Outgoing, ...]:
    """Messages with an id above ``after`` that are to be sent now: answers first, else in the order they were said.

    None overtakes one to the same address that is being retried, and an answer only what was said unasked.
    """
    async with database.read() as connection:
        rows = await connection.execute(_UNSENT, {"now": now, "limit": limit, "after": after})
        return tuple(_outgoing(row) for row in rows)


async def sent(database: Database, message_id: int, outcome: Ending, at: datetime, why: str = "") -> None:
    """Remember how a sending ended; the first ending stands."""
    values = {"outcome": outcome, "why": storable(why, WHY_CHARACTERS), "sent_at": at if outcome == "sent" else None}
    async with database.write() as connection:
        await connection.execute(_SENT, {"row": message_id, **values})


async def postponed(
    database: Database, message_id: int, until: datetime, why: str = "", *, counted: bool = True
) -> None:
    """Remember that a sending failed for now; it is unsent again from ``until`` on.

    Args:
        counted: False where the messenger only asked to wait.
    """
    tries = _message.c.tries + int(counted)
    postpone = (
        update(_message)
        .where(*_unfinished)
        .values(tries=tries, due_at=until, why=storable(why or "retry", WHY_CHARACTERS))
    )
    async with database.write() as connection:
        await connection.execute(postpone, {"row": message_id})


class Transcript:
    """Fulfils `channels.port.Transcript` for one channel."""

    def __init__(self, database: Database, channel: str, status: Callable[[str], Awaitable[str]]) -> None:
        """``status`` gives the line on top of an address; the core knows it."""
        self._database = database
        self._channel = channel
        self._status = status

    async def since(self, address: str, after_id: int, limit: int) -> list[dict[str, Any]]:
        """Rows after an id, oldest first; ``at`` is ISO text in UTC."""
        here = (*self._at(address), _message.c.id > after_id, _said)
        query = select(_message).where(*here).order_by(_message.c.id)
        async with self._database.read() as connection:
            return [_shown(row) for row in await connection.execute(query.limit(limit))]

    async def file_of(self, address: str, message_id: int) -> dict[str, Any] | None:
        """The file of a row; None where the address has no such row or the row no file."""
        query = select(_message.c.file).where(*self._at(address), _message.c.id == message_id, _said)
        async with self._database.read() as connection:
            file = (await connection.execute(query)).scalar()
        return None if file is None else dict(json.loads(file))

    async def settle(self, address: str, message_id: int, label: str) -> None:
        """Remember that an option of a message was pressed; the first press stands, another's message is left alone."""
        own = (*self._at(address), _message.c.id == message_id, ~_message.c.mine, _message.c.settled.is_(None))
        async with self._database.write() as connection:
            await connection.execute(update(_message).where(*own).values(settled=storable(label, 60)))

    async def seen(self, address: str, up_to_id: int, at: datetime) -> None:
        """Remember that a page has shown what was said up to a row; the first time stands."""
        own = (*self._at(address), _message.c.id <= up_to_id, ~_message.c.mine, _message.c.seen_at.is_(None), _said)
        async with self._database.read() as connection:
            if (await connection.execute(select(_message.c.id).where(*own).limit(1))).first() is None:
                return  # a page that says so again costs no write
        async with self._database.write() as connection:
            await connection.execute(update(_message).where(*own).values(seen_at=at))

    async def status(self, address: str) -> str:
        """The line on top: where the person stands."""
        return await self._status(address)

    def _at(self, address: str) -> tuple[Any, Any]:
        return _message.c.channel == self._channel, _message.c.address == storable(address)


async def _add(
    connection: AsyncConnection,
    at: datetime,
    channel: str,
    address: str,
    text: str,
    *,
    mine: bool,
    options: list[dict[str, str]],
    file: Mapping[str, Any] | None,
    due_at: datetime | None,
    push: bool = False,
    asks: str = "",
) -> int:
    row = {
        "channel": channel,
        "address": storable(address),
        "at": at,
        "mine": mine,
        "text": storable(text),
        "options": to_json(options),
        "file": None if file is None else to_json(dict(file)),
        "due_at": due_at,
        "push": push,
        "tries": 0,
        "why": "",
        "asks": asks,
    }
    added = await connection.execute(_INSERT, row)
    (message_id,) = added.inserted_primary_key or (0,)
    return int(message_id)


def _outgoing(row: Any) -> Outgoing:
    options = tuple((option["key"], option["label"]) for option in json.loads(row.options))
    file = None if row.file is None else json.loads(row.file)
    return Outgoing(row.id, row.channel, row.address, row.at, row.text, options, file, row.push, row.tries, row.asks)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "mine": row.mine,
        "text": row.text,
        "options": json.loads(row.options),
        "settled": row.settled,
        "file": None if row.file is None else json.loads(row.file),
    }
