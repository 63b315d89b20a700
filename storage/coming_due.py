"""What was said to be sent later takes its place in the transcript once its time has come: nobody reads it before.

A transcript is read in the order of its row ids, and a page that has row 12 never asks for row 10 again. So a row
that waited comes as a new row at the end; the old one ends as dropped, and whoever spoke of it speaks of the new one.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import dialogues
from storage.conversation import waits
from storage.database import Database
from storage.tables_conversation import MessageRow
from storage.tables_push import NoticeSentRow
from storage.tables_reminding import ReminderSaidRow

AT_ONCE = 50  # rows a unit of work: others want the writer, too

SPEAKING: tuple[Any, ...] = (ReminderSaidRow, NoticeSentRow)
"""Whose rows speak of a message that may wait; the other tables speak of what persons said."""

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]


async def bring_due(database: Database, now: datetime) -> int:
    """Bring what has waited until now to the end of its transcript; how many rows that were.

    A stop in between leaves each row either as it was or brought: a later call goes on. Two callers bring it once.
    """
    query = select(_message.c.id).where(waits(_message), _message.c.due_at <= now)
    query = query.order_by(_message.c.due_at, _message.c.id).limit(AT_ONCE)
    brought = 0
    while True:
        async with database.read() as connection:
            found = list((await connection.execute(query)).scalars())
        if not found:
            return brought
        async with database.write() as connection:
            for message_id in found:
                brought += await _bring(connection, message_id, now)


async def _bring(connection: AsyncConnection, message_id: int, now: datetime) -> bool:
    """Bring one row; False where another has brought it meanwhile."""
    row = (await connection.execute(select(_message).where(_message.c.id == message_id, waits(_message)))).first()
    if row is None:
        return False
    values = {**row._mapping, "at": now, "due_at": None}
    del values["id"]
    added = await connection.execute(insert(_message).values(**values))
    (new_id,) = added.inserted_primary_key or (0,)
    for table in (speaking.__table__ for speaking in SPEAKING):
        of_it = table.c.message_id == message_id
        await connection.execute(update(table).where(of_it).values(message_id=new_id))
    ended = {"outcome": "dropped", "why": f"its time has come: row {new_id}"}
    await connection.execute(update(_message).where(_message.c.id == message_id).values(**ended))
    labels = {option["label"]: option["key"] for option in json.loads(row.options)}
    await dialogues.offer_in(connection, row.channel, row.address, labels)
    return True
