"""交接: a unit handed from one person to another from a day on. What was done stays under who did it.

Until the day both may work for the unit; on it the old membership ends (`finish_in`), as soon as there is a new one: a
unit is never left without anybody. What a liaison proposes begins only when the office confirms it.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit, invitations
from storage.errors import NotFoundError, StorageError
from storage.invitations import Invitation
from storage.tables import InvitationRow, UnitRow
from storage.tables_answers import MembershipRow, PersonRow
from storage.tables_closing import HandoverRow
from storage.texts import storable

WORD_CHARACTERS = 500
MOST_DAYS = 76
"""How far ahead the day may lie: an invitation must still be good two weeks after it."""

GRACE_DAYS = 14

_handover: Any = HandoverRow.__table__  # type: ignore[attr-defined]
_invitation: Any = InvitationRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_old: Any = PersonRow.__table__.alias("old")  # type: ignore[attr-defined]
_new: Any = PersonRow.__table__.alias("new")  # type: ignore[attr-defined]


class Handover(NamedTuple):
    """A handover. ``to_id`` is None while who takes over has not joined; ``words`` are for the successor."""

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    from_id: int
    from_name: str
    to_id: int | None
    to_name: str
    invitation_id: int | None
    starts_on: date
    words: str
    person_id: int
    at: datetime
    confirmed_at: datetime | None
    dropped_at: datetime | None
    done_at: datetime | None

    @property
    def open(self) -> bool:
        """Neither put down nor carried out."""
        return self.dropped_at is None and self.done_at is None


async def propose_in(
    connection: AsyncConnection,
    at: datetime,
    today: date,
    person_id: int,
    unit_id: int,
    from_id: int,
    to: int | str,
    starts_on: date,
    words: str = "",
) -> Handover:
    """Note who is to take a unit over, from when on; nothing changes before it is confirmed.

    Args:
        to: a person of the campaign, or the name of somebody who has still to be invited.
        words: for the successor.

    Raises:
        NotFoundError: no such unit, the person to be relieved is no liaison of it, or the successor is not in the campaign.
        StorageError: a day that cannot be, the same person, or a handover of this person is under way.
    """
    found = (await connection.execute(select(_unit.c.campaign_id, _unit.c.name).where(_unit.c.id == unit_id))).first()
    if found is None or await _held(connection, unit_id, from_id) is None:
        raise NotFoundError("要交出的人现在不是这个单位的联络员，请先看 /people 名单")
    if not today <= starts_on <= today + timedelta(days=MOST_DAYS):
        raise StorageError(f"交接的日子要在今天到 {MOST_DAYS} 天之内，写的是 {starts_on.month}月{starts_on.day}日")
    if to == from_id:
        raise StorageError("交出和接手是同一个人，请写接手同事的姓名")
    for old in await open_in(connection, found.campaign_id):
        if (old.unit_id, old.from_id) == (unit_id, from_id):
            raise StorageError(f"{found.name}已有一次交接在办（给{old.to_name}），请先撤销那一次")
    invitation_id = None
    if isinstance(to, str):
        by = (str(person_id), found.campaign_id, "liaison")
        await invitations.invite_in(
            connection, at, *by, unit=found.name, name=to, days=1
        )  # its code is shown to nobody
        invitation_id = await _newest_invitation(connection, found.campaign_id)
    elif not await _takes_part(connection, found.campaign_id, to):
        raise NotFoundError("接手的人不在这次考核里，请写姓名，系统会发邀请")
    row = {"campaign_id": found.campaign_id, "unit_id": unit_id, "from_id": from_id, "invitation_id": invitation_id}
    row |= {"to_id": to if isinstance(to, int) else None, "starts_on": starts_on, "person_id": person_id, "at": at}
    added = await connection.execute(insert(_handover).values(**row, words=storable(words, WORD_CHARACTERS)))
    (ident,) = added.inserted_primary_key or (0,)
    made = await find_in(connection, found.campaign_id, ident)
    await _audit(connection, at, str(person_id), "handover.proposed", made)
    return made


async def confirm_in(
    connection: AsyncConnection, at: datetime, today: date, person_id: int, campaign_id: int, handover_id: int
) -> tuple[Handover, Invitation | None]:
    """Let it begin: from now on the successor works for the unit as well, or is invited to; with that invitation.

    Args:
        person_id: of the office; the caller has seen to that.

    Raises:
        NotFoundError: no such handover.
        StorageError: it is confirmed, put down or done.
    """
    found = await find_in(connection, campaign_id, handover_id)
    if not found.open or found.confirmed_at is not None:
        raise StorageError("这次交接已经定过了，请发 交接 看现在的情况")
    if await _held(connection, found.unit_id, found.from_id) is None:
        raise StorageError(
            f"{found.from_name or '原联络员'}已经不是{found.unit}的联络员，这次交接请撤销，直接邀请接手的人"
        )
    invitation = None
    values: dict[str, Any] = {"confirmed_by": person_id, "confirmed_at": at}
    if found.to_id is not None:
        await _add(connection, at, found, found.to_id)
    elif found.invitation_id is not None:
        days = max((found.starts_on - today).days, 0) + GRACE_DAYS
        by = (str(person_id), campaign_id, found.invitation_id, days)
        invitation = await invitations.reissue_in(connection, at, *by)
        values["invitation_id"] = await _newest_invitation(connection, campaign_id)
    await connection.execute(update(_handover).where(_handover.c.id == handover_id).values(**values))
    confirmed = await find_in(connection, campaign_id, handover_id)
    await _audit(connection, at, str(person_id), "handover.confirmed", confirmed)
    return confirmed, invitation


async def drop_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, handover_id: int
) -> Handover:
    """Put a handover down: who had it keeps the unit, and what it gave the successor ends.

    Raises:
        NotFoundError: no such handover.
        StorageError: it is put down or done.
    """
    found = await find_in(connection, campaign_id, handover_id)
    if not found.open:
        raise StorageError("这次交接已经办完或撤销，不用再撤")
    if found.to_id is not None and found.confirmed_at is not None:
        given = _membership.c.joined_at == found.confirmed_at  # not a membership that was there before
        await _end(connection, at, found.unit_id, found.to_id, given)
    waits = (_invitation.c.used_at.is_(None), _invitation.c.revoked_at.is_(None))
    mine = update(_invitation).where(_invitation.c.id == found.invitation_id, *waits)
    await connection.execute(mine.values(revoked_at=at))
    await connection.execute(update(_handover).where(_handover.c.id == handover_id).values(dropped_at=at))
    await _audit(connection, at, str(person_id), "handover.dropped", found)
    return found


async def due_in(connection: AsyncConnection, campaign_id: int, today: date) -> list[Handover]:
    """Those confirmed whose day has come and that are not carried out."""
    return [
        one for one in await open_in(connection, campaign_id) if one.confirmed_at is not None and one.starts_on <= today
    ]


async def finish_in(connection: AsyncConnection, at: datetime, handover: Handover) -> Handover | None:
    """End the old membership; None where who takes over has not joined yet: until then nothing changes."""
    to_id = handover.to_id or await _who_joined(connection, handover)
    if to_id is None or await _held(connection, handover.unit_id, to_id) is None:
        return None
    if to_id != handover.from_id:
        await _end(connection, at, handover.unit_id, handover.from_id)
    values = {"to_id": to_id, "done_at": at}
    await connection.execute(update(_handover).where(_handover.c.id == handover.id).values(**values))
    done = await find_in(connection, handover.campaign_id, handover.id)
    await _audit(connection, at, "planner", "handover.done", done)
    return done


async def open_in(connection: AsyncConnection, campaign_id: int) -> list[Handover]:
    """Those neither put down nor carried out, oldest first."""
    waits = (_handover.c.dropped_at.is_(None), _handover.c.done_at.is_(None))
    rows = await connection.execute(_QUERY.where(_handover.c.campaign_id == campaign_id, *waits))
    return [_handover_of(row) for row in rows]


async def find_in(connection: AsyncConnection, campaign_id: int, handover_id: int) -> Handover:
    """A handover of a campaign.

    Raises:
        NotFoundError: the campaign has no such handover.
    """
    wanted = (_handover.c.id == handover_id, _handover.c.campaign_id == campaign_id)
    row = (await connection.execute(_QUERY.where(*wanted))).first()
    if row is None:
        raise NotFoundError("没有这次交接，请发 交接 看现在的情况")
    return _handover_of(row)


_QUERY: Select[Any] = (
    select(
        _handover,
        _unit.c.name.label("unit"),
        _old.c.name.label("from_name"),
        func.coalesce(_new.c.name, _invitation.c.name, "").label("to_name"),
    )
    .join(_unit, _unit.c.id == _handover.c.unit_id)
    .join(_old, _old.c.id == _handover.c.from_id)
    .join(_new, _new.c.id == _handover.c.to_id, isouter=True)
    .join(_invitation, _invitation.c.id == _handover.c.invitation_id, isouter=True)
    .order_by(_handover.c.id)
)


def _handover_of(row: Any) -> Handover:
    return Handover(**{name: row._mapping[name] for name in Handover._fields})


async def _held(connection: AsyncConnection, unit_id: int, person_id: int) -> int | None:
    held = (_membership.c.unit_id == unit_id, _membership.c.person_id == person_id, _membership.c.role == "liaison")
    query = select(_membership.c.id).where(*held, _membership.c.removed_at.is_(None))
    return (await connection.execute(query)).scalar()


async def _takes_part(connection: AsyncConnection, campaign_id: int, person_id: int) -> bool:
    held = (_membership.c.campaign_id == campaign_id, _membership.c.person_id == person_id)
    query = select(_membership.c.id).where(*held, _membership.c.removed_at.is_(None)).limit(1)
    return (await connection.execute(query)).first() is not None


async def _who_joined(connection: AsyncConnection, handover: Handover) -> int | None:
    """Who came by the invitation, or by one the office sent again under the same name."""
    same = (
        _invitation.c.campaign_id == handover.campaign_id,
        _invitation.c.unit_id == handover.unit_id,
        _invitation.c.role == "liaison",
        _invitation.c.name == handover.to_name,
        _invitation.c.used_at >= handover.at,
    )
    query = select(_invitation.c.used_by).where(*same).order_by(_invitation.c.used_at.desc()).limit(1)
    return (await connection.execute(query)).scalar()


async def _newest_invitation(connection: AsyncConnection, campaign_id: int) -> int:
    query = select(func.max(_invitation.c.id)).where(_invitation.c.campaign_id == campaign_id)
    return int((await connection.execute(query)).scalar_one())


async def _add(connection: AsyncConnection, at: datetime, handover: Handover, person_id: int) -> None:
    if await _held(connection, handover.unit_id, person_id) is not None:
        return
    row = {"campaign_id": handover.campaign_id, "unit_id": handover.unit_id, "role": "liaison", "joined_at": at}
    await connection.execute(insert(_membership).values(**row, person_id=person_id))


async def _end(connection: AsyncConnection, at: datetime, unit_id: int, person_id: int, *which: Any) -> None:
    held = (_membership.c.unit_id == unit_id, _membership.c.person_id == person_id, _membership.c.role == "liaison")
    query = update(_membership).where(*held, _membership.c.removed_at.is_(None), *which)
    await connection.execute(query.values(removed_at=at))


async def _audit(connection: AsyncConnection, at: datetime, actor: str, action: str, handover: Handover) -> None:
    subject = {
        "handover": handover.id,
        "unit": handover.unit_id,
        "from": handover.from_id,
        "to": handover.to_id,
        "invitation": handover.invitation_id,
        "starts_on": handover.starts_on.isoformat(),
        "words_sha256": hashlib.sha256(handover.words.encode()).hexdigest(),
    }
    await audit.record(connection, at, actor, action, subject, handover.campaign_id)
