"""Who is looking at which clause (核查): others are given another one for ten minutes, longer while somebody looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.review_queue import Clause
from storage.tables_answers import PersonRow
from storage.tables_review import ReviewHoldRow

HELD_FOR = timedelta(minutes=10)

_hold: Any = ReviewHoldRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Hold(NamedTuple):
    """Somebody is looking at a clause, until a moment."""

    clause: Clause
    person_id: int
    person: str
    until: datetime


async def held_in(connection: AsyncConnection, at: datetime, campaign_id: int) -> dict[Clause, Hold]:
    """Who is looking at what at a moment."""
    query = (
        select(_hold, _person.c.name)
        .join(_person, _person.c.id == _hold.c.person_id)
        .where(_hold.c.campaign_id == campaign_id, _hold.c.until > at)
    )
    found = (
        Hold((row.unit_id, row.rubric_id, row.criterion_id), row.person_id, row.name, row.until)
        for row in await connection.execute(query)
    )
    return {hold.clause: hold for hold in found}


async def take_in(
    connection: AsyncConnection, at: datetime, campaign_id: int, person_id: int, clause: Clause
) -> Hold | None:
    """Hold a clause, from now on for ten minutes, and let go what the person held before.

    Returns:
        The hold of somebody else where it is theirs; then nothing changes.
    """
    other = (await held_in(connection, at, campaign_id)).get(clause)
    if other is not None and other.person_id != person_id:
        return other
    await let_go_in(connection, at, campaign_id, person_id)
    same = (_hold.c.unit_id == clause[0], _hold.c.rubric_id == clause[1], _hold.c.criterion_id == clause[2])
    values = {"person_id": person_id, "until": at + HELD_FOR}
    if not (await connection.execute(update(_hold).where(*same).values(**values))).rowcount:
        about = {"campaign_id": campaign_id, "unit_id": clause[0], "rubric_id": clause[1], "criterion_id": clause[2]}
        await connection.execute(insert(_hold).values(**about, **values))
    return None


async def let_go_in(connection: AsyncConnection, at: datetime, campaign_id: int, person_id: int) -> None:
    """Let others have what a person was looking at."""
    mine = (_hold.c.campaign_id == campaign_id, _hold.c.person_id == person_id, _hold.c.until > at)
    await connection.execute(update(_hold).where(*mine).values(until=at))
