"""Invitations: a single-use code per person, expiring, kept only as a hash, reissued in one call."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.campaigns import Campaign, find_unit
from storage.database import Database
from storage.errors import InvitationError, NotFoundError
from storage.roster import NAME_LIMIT
from storage.tables import ROLES, InvitationRow, UnitRow

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else on a phone
CODE_LENGTH = 12  # 59 bits: not to be guessed within a code's life
NEEDS_UNIT = ("liaison", "provider")
MOST_DAYS = 90

_invitation: Any = InvitationRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]

_OPEN = (_invitation.c.used_at.is_(None), _invitation.c.revoked_at.is_(None))


class Invitation(NamedTuple):
    """A fresh invitation; the code is shown once and never stored."""

    code: str
    role: str
    unit: str | None
    name: str
    expires_at: datetime


class Pending(NamedTuple):
    """An invitation nobody has used yet, also one that has expired."""

    id: int
    role: str
    unit_id: int | None
    unit: str
    name: str
    created_at: datetime
    expires_at: datetime


async def invite(
    database: Database, at: datetime, actor: str, campaign: Campaign, role: str, **words: Any
) -> Invitation:
    """Make an invitation in a unit of work of its own; arguments and errors as `invite_in`."""
    async with database.write() as connection:
        return await invite_in(connection, at, actor, campaign.id, role, **words)


async def invite_in(
    connection: AsyncConnection,
    at: datetime,
    actor: str,
    campaign_id: int,
    role: str,
    *,
    unit: str | None = None,
    name: str = "",
    days: int = 14,
) -> Invitation:
    """Make an invitation; an unused one for the same role, unit and name is revoked.

    Args:
        actor: ``cli``, or the id of the person who invites.
        unit: name or alias; required for liaison and provider.
        days: until it expires, 1 to 90.

    Raises:
        InvitationError: a role, unit, name or number of days that cannot be.
        NotFoundError: no such unit.
    """
    if role not in ROLES:
        raise InvitationError(f"没有角色「{role}」，可用的有：{'、'.join(ROLES)}")
    if role in NEEDS_UNIT and not unit:
        raise InvitationError(f"角色 {role} 要写明单位，例如 --unit 孟河镇")
    if len(name) > NAME_LIMIT:
        raise InvitationError(f"姓名最多 {NAME_LIMIT} 个字，写的有 {len(name)} 个，请写短一点")
    _check_days(days)
    unit_id = await find_unit(connection, campaign_id, unit) if unit else None
    return await _make(connection, at, actor, campaign_id, role, unit_id, unit, name, days)


async def reissue_in(
    connection: AsyncConnection, at: datetime, actor: str, campaign_id: int, invitation_id: int, days: int = 14
) -> Invitation:
    """Give an unused invitation a new code, expired or not; the old code is revoked.

    Raises:
        NotFoundError: the campaign has no such invitation.
        InvitationError: somebody has used it, or a number of days that cannot be.
    """
    _check_days(days)
    wanted = (_invitation.c.id == invitation_id, _invitation.c.campaign_id == campaign_id)
    query = select(_invitation, _unit.c.name.label("unit")).join(_unit, isouter=True).where(*wanted)
    old = (await connection.execute(query)).first()
    if old is None:
        raise NotFoundError("没有这份邀请，请从 /invite 的名单里重新选")
    if old.used_at is not None:
        raise InvitationError("这份邀请已经有人用过了，要再请一个人，请新发一份")
    return await _make(connection, at, actor, campaign_id, old.role, old.unit_id, old.unit, old.name, days)


async def revoke_in(
    connection: AsyncConnection, at: datetime, actor: str, campaign_id: int, invitation_id: int
) -> None:
    """Take an unused invitation back: its code is worth nothing from now on.

    Raises:
        NotFoundError: the campaign has no such invitation, or it is used or revoked already.
    """
    wanted = (_invitation.c.id == invitation_id, _invitation.c.campaign_id == campaign_id)
    done = await connection.execute(update(_invitation).where(*wanted, *_OPEN).values(revoked_at=at))
    if not done.rowcount:
        raise NotFoundError("没有这份还没用过的邀请，请从人员里重新选")
    await audit.record(connection, at, actor, "invitation.revoked", {"invitation": invitation_id}, campaign_id)


async def pending_in(connection: AsyncConnection, campaign_id: int) -> list[Pending]:
    """Who was invited and has not joined: those of no unit first, then in roster order."""
    query = (
        select(
            _invitation.c.id,
            _invitation.c.role,
            _invitation.c.unit_id,
            _unit.c.name.label("unit"),
            _invitation.c.name,
            _invitation.c.created_at,
            _invitation.c.expires_at,
        )
        .join(_unit, isouter=True)
        .where(_invitation.c.campaign_id == campaign_id, *_OPEN)
        .order_by(_unit.c.position.nulls_first(), _invitation.c.id)
    )
    return [Pending(*row)._replace(unit=row.unit or "") for row in await connection.execute(query)]


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise InvitationError(f"有效天数要在 1 到 {MOST_DAYS} 之间，写的是 {days}")


async def _make(
    connection: AsyncConnection,
    at: datetime,
    actor: str,
    campaign_id: int,
    role: str,
    unit_id: int | None,
    unit: str | None,
    name: str,
    days: int,
) -> Invitation:
    code, expires_at = new_code(), at + timedelta(days=days)
    same = (
        _invitation.c.campaign_id == campaign_id,
        _invitation.c.unit_id.is_(None) if unit_id is None else _invitation.c.unit_id == unit_id,
        _invitation.c.role == role,
        _invitation.c.name == name,
    )
    revoked = await connection.execute(update(_invitation).where(*same, *_OPEN).values(revoked_at=at))
    row = {"campaign_id": campaign_id, "unit_id": unit_id, "role": role, "name": name}
    added = await connection.execute(
        insert(_invitation).values(**row, code_sha256=hashed(code), created_at=at, expires_at=expires_at)
    )
    (invitation_id,) = added.inserted_primary_key or (0,)
    subject = {"invitation": invitation_id, "role": role, "unit": unit_id, "revoked": revoked.rowcount}
    await audit.record(connection, at, actor, "invitation.made", subject, campaign_id)
    return Invitation(code, role, unit, name, expires_at)


def new_code() -> str:
    """A fresh code, in groups of four as people read it aloud."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def hashed(code: str) -> str:
    """The hash a code is kept as; case, spaces and hyphens do not matter."""
    plain_code = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return hashlib.sha256(plain_code.encode()).hexdigest()
