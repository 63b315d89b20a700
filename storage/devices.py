"""Codes for another device: single use, good for minutes, kept only as a hash. They add an address to a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import InvitationError
from storage.invitations import hashed, new_code
from storage.tables_answers import AddressRow, MembershipRow
from storage.tables_ledger import DeviceCodeRow
from storage.texts import storable

CODE_MINUTES = 15

_code: Any = DeviceCodeRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]


class Bound(NamedTuple):
    """Whose address it is now. ``already``: it was theirs before, nothing was added."""

    person_id: int
    already: bool


async def code_in(connection: AsyncConnection, at: datetime, person_id: int) -> str:
    """A fresh code for a person, to be shown once; an older one that still waits ends now."""
    waiting = (_code.c.person_id == person_id, _code.c.used_at.is_(None), _code.c.expires_at > at)
    await connection.execute(update(_code).where(*waiting).values(expires_at=at))
    code = new_code()
    row = {"person_id": person_id, "created_at": at, "expires_at": at + timedelta(minutes=CODE_MINUTES)}
    added = await connection.execute(insert(_code).values(**row, code_sha256=hashed(code)))
    (code_id,) = added.inserted_primary_key or (0,)
    await audit.record(
        connection, at, str(person_id), "device.code-made", {"device_code": code_id, "person": person_id}
    )
    return code


async def knows_in(connection: AsyncConnection, code: str) -> bool:
    """Whether a code was ever given for another device."""
    return (await connection.execute(select(_code.c.id).where(_code.c.code_sha256 == hashed(code)))).first() is not None


async def redeem_in(connection: AsyncConnection, at: datetime, channel: str, address: str, code: str) -> Bound:
    """Let the person of a code in from a further address.

    Raises:
        InvitationError: unknown, used or expired, the address is another person's, or the person was removed.
    """
    kept = (await connection.execute(select(_code).where(_code.c.code_sha256 == hashed(code)))).first()
    if kept is None:
        raise InvitationError("没有这个换设备码，请对照原来的设备再输一遍")
    here = (_address.c.channel == channel, _address.c.address == storable(address))
    owner = (await connection.execute(select(_address.c.person_id).where(*here))).scalar()
    if owner == kept.person_id and kept.used_at is not None:
        return Bound(kept.person_id, already=True)  # a second tap, or the event came again
    await _check_usable(connection, at, kept, owner)
    await connection.execute(update(_code).where(_code.c.id == kept.id).values(used_at=at))
    if owner is None:
        row = {"person_id": kept.person_id, "channel": channel, "address": storable(address)}
        await connection.execute(insert(_address).values(**row))
    subject = {"device_code": kept.id, "person": kept.person_id}
    await audit.record(connection, at, str(kept.person_id), "device.joined", subject)
    return Bound(kept.person_id, already=owner is not None)


async def _check_usable(connection: AsyncConnection, at: datetime, kept: Any, owner: int | None) -> None:
    if kept.used_at is not None:
        raise InvitationError("这个换设备码已经用过了，一个码只能用一次，请在原来的设备上发 /device 再要一个")
    if kept.expires_at <= at:
        raise InvitationError(f"这个换设备码已经过期（{CODE_MINUTES} 分钟内有效），请在原来的设备上发 /device 再要一个")
    if owner not in (None, kept.person_id):
        raise InvitationError("这台设备已经用另一个人的身份进来了，请换一台设备，或者请考核办给您单独发邀请码")
    live = (_membership.c.person_id == kept.person_id, _membership.c.removed_at.is_(None))
    if (await connection.execute(select(_membership.c.id).where(*live).limit(1))).first() is None:
        raise InvitationError("这个换设备码的主人已经不在考核名单里，请考核办重新发邀请")
