"""Where each dialogue stands: kept here and not in a framework's memory, so that a restart changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.prepared import often
from storage.tables_conversation import DialogueRow
from storage.texts import storable, to_json

_dialogue: Any = DialogueRow.__table__  # type: ignore[attr-defined]

# Built once: putting a statement together costs more than running it.
_here = (_dialogue.c.channel == bindparam("at_channel"), _dialogue.c.address == bindparam("at_address"))
_STATE = often(select(_dialogue.c.state).where(*_here))
_UPDATE = often(update(_dialogue).where(*_here).values(state=bindparam("state"), updated_at=bindparam("updated_at")))


async def state(database: Database, channel: str, address: str) -> dict[str, Any]:
    """The state of a dialogue as it was set; empty before the first."""
    async with database.read() as connection:
        return await state_in(connection, channel, address)


async def state_in(connection: AsyncConnection, channel: str, address: str) -> dict[str, Any]:
    """As `state`, seeing what this unit of work has already changed."""
    found = (await connection.execute(_STATE, _at(channel, address))).scalar()
    kept: dict[str, Any] = {} if found is None else json.loads(found)
    return kept


async def set_state(
    connection: AsyncConnection, at: datetime, channel: str, address: str, state: Mapping[str, Any]
) -> None:
    """Replace the state of a dialogue in the caller's unit of work; JSON values only."""
    values = {"state": to_json(dict(state)), "updated_at": at}
    changed = await connection.execute(_UPDATE, {**_at(channel, address), **values})
    if not changed.rowcount:
        await connection.execute(insert(_dialogue), {"channel": channel, "address": storable(address), **values})


async def offer_in(connection: AsyncConnection, channel: str, address: str, labels: Mapping[str, str]) -> None:
    """Let typed labels mean the buttons of something said unasked; when the dialogue was touched stays as it is."""
    kept = await state_in(connection, channel, address)
    kept["labels"] = {**kept.get("labels", {}), **labels}
    here = (_dialogue.c.channel == channel, _dialogue.c.address == storable(address))
    await connection.execute(update(_dialogue).where(*here).values(state=to_json(kept)))


def _at(channel: str, address: str) -> dict[str, str]:
    return {"at_channel": channel, "at_address": storable(address)}
