"""Who asked to hear later (稍后), and who is away with whom in their place (请假)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import StorageError
from storage.tables_answers import PersonRow
from storage.tables_reminding import LeaveRow, SnoozeRow

MOST_DAYS = 366  # away; longer is a mistake in the year

_snooze: Any = SnoozeRow.__table__  # type: ignore[attr-defined]
_leave: Any = LeaveRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Away(NamedTuple):
    """Days away, both inclusive; ``deputy`` is who stands in, empty where nobody does."""

    id: int
    person_id: int
    starts_on: date
    ends_on: date
    deputy_id: int | None
    deputy: str


async def snooze_in(connection: AsyncConnection, at: datetime, campaign_id: int, person_id: int, until: date) -> None:
    """Leave a person alone until a day, and then say once what is open; what was asked for before gives way."""
    whose = {"campaign_id": campaign_id, "person_id": person_id}
    await connection.execute(insert(_snooze).values(**whose, until=until, at=at))


async def snoozes_in(connection: AsyncConnection, campaign_id: int, until: datetime | None = None) -> dict[int, date]:
    """The day each person last asked for.

    Args:
        until: what was asked for later is left out.
    """
    query = select(_snooze.c.person_id, _snooze.c.until).where(_snooze.c.campaign_id == campaign_id)
    if until is not None:
        query = query.where(_snooze.c.at <= until)
    return {row.person_id: row.until for row in await connection.execute(query.order_by(_snooze.c.id))}


async def leave_in(
    connection: AsyncConnection,
    at: datetime,
    campaign_id: int,
    person_id: int,
    starts_on: date,
    ends_on: date,
    deputy_id: int | None,
) -> None:
    """Note that a person is away; earlier notes that share a day with it end.

    Raises:
        StorageError: days that cannot be meant, or a person in their own place.
    """
    if ends_on < starts_on or (ends_on - starts_on).days > MOST_DAYS:
        raise StorageError(f"请假从 {starts_on} 到 {ends_on} 不对，请检查先后和年份再发一次")
    if deputy_id == person_id:
        raise StorageError("自己不能代自己，请写另一位同事的姓名")
    for old in await leaves_in(connection, campaign_id):
        if old.person_id == person_id and old.starts_on <= ends_on and starts_on <= old.ends_on:
            await connection.execute(update(_leave).where(_leave.c.id == old.id).values(ended_at=at))
    whose = {"campaign_id": campaign_id, "person_id": person_id, "deputy_id": deputy_id}
    await connection.execute(insert(_leave).values(**whose, starts_on=starts_on, ends_on=ends_on, at=at))
    subject = {"person": person_id, "deputy": deputy_id, "from": starts_on.isoformat(), "to": ends_on.isoformat()}
    await audit.record(connection, at, str(person_id), "leave.taken", subject, campaign_id)


async def back_in(connection: AsyncConnection, at: datetime, campaign_id: int, person_id: int, today: date) -> int:
    """End what a person has noted of today and later days; how many notes that were."""
    mine = (_leave.c.campaign_id == campaign_id, _leave.c.person_id == person_id, _leave.c.ended_at.is_(None))
    ended = await connection.execute(update(_leave).where(*mine, _leave.c.ends_on >= today).values(ended_at=at))
    if ended.rowcount:
        await audit.record(connection, at, str(person_id), "leave.ended", {"person": person_id}, campaign_id)
    return int(ended.rowcount)


async def leaves_in(connection: AsyncConnection, campaign_id: int) -> list[Away]:
    """The days away that stand, soonest first."""
    columns = (_leave.c.id, _leave.c.person_id, _leave.c.starts_on, _leave.c.ends_on, _leave.c.deputy_id)
    query = (
        select(*columns, _person.c.name)
        .join(_person, _person.c.id == _leave.c.deputy_id, isouter=True)
        .where(_leave.c.campaign_id == campaign_id, _leave.c.ended_at.is_(None))
        .order_by(_leave.c.starts_on, _leave.c.id)
    )
    return [Away(*row[:5], row.name or "") for row in await connection.execute(query)]
