"""A name for somebody who joined without one: written down once, by themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import NotFoundError, StorageError
from storage.tables_answers import PersonRow
from storage.texts import storable

NAME_CHARACTERS = 20

_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


async def give_in(connection: AsyncConnection, at: datetime, person_id: int, name: str) -> str:
    """Write down the name of a person who has none yet; returns it as it is kept.

    Raises:
        NotFoundError: no such person.
        StorageError: the name is empty, or the person has one already.
    """
    said = storable("".join(name.split()), NAME_CHARACTERS)
    before = (await connection.execute(select(_person.c.name).where(_person.c.id == person_id))).scalar()
    if before is None:
        raise NotFoundError("没有找到您的登记，请向考核办要一个邀请码重新加入")
    if before:
        raise StorageError(f"您的姓名记的是 {before}，不能再改；写错了请考核办重新邀请")
    if not said:
        raise StorageError("请在后面写上姓名，例如：我叫 王芳")
    await connection.execute(update(_person).where(_person.c.id == person_id).values(name=said))
    await audit.record(connection, at, str(person_id), "person.named", {"person": person_id})
    return said
