"""Invitations: a single-use code per person, expiring, kept only as a hash, reissued in one call."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import insert, update

from storage import audit
from storage.campaigns import Campaign, find_unit
from storage.database import Database
from storage.errors import InvitationError
from storage.tables import ROLES, InvitationRow

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else on a phone
CODE_LENGTH = 12  # 59 bits: not to be guessed within a code's life
NEEDS_UNIT = ("liaison", "provider")
MOST_DAYS = 90

_invitation: Any = InvitationRow.__table__  # type: ignore[attr-defined]


class Invitation(NamedTuple):
    """A fresh invitation; the code is shown once and never stored."""

    code: str
    role: str
    unit: str | None
    name: str
    expires_at: datetime


async def invite(
    database: Database,
    at: datetime,
    actor: str,
    campaign: Campaign,
    role: str,
    *,
    unit: str | None = None,
    name: str = "",
    days: int = 14,
) -> Invitation:
    """Make an invitation; an unused one for the same role, unit and name is revoked.

    Args:
        unit: name or alias; required for liaison and provider.
        days: until it expires, 1 to 90.

    Raises:
        InvitationError: a role, unit or number of days that cannot be.
        NotFoundError: no such unit.
    """
    if role not in ROLES:
        raise InvitationError(f"没有角色「{role}」，可用的有：{'、'.join(ROLES)}")
    if role in NEEDS_UNIT and not unit:
        raise InvitationError(f"角色 {role} 要写明单位，例如 --unit 孟河镇")
    if not 1 <= days <= MOST_DAYS:
        raise InvitationError(f"有效天数要在 1 到 {MOST_DAYS} 之间，写的是 {days}")
    code = new_code()
    expires_at = at + timedelta(days=days)
    async with database.write() as connection:
        unit_id = await find_unit(connection, campaign.id, unit) if unit else None
        same = (
            _invitation.c.campaign_id == campaign.id,
            _invitation.c.unit_id.is_(None) if unit_id is None else _invitation.c.unit_id == unit_id,
            _invitation.c.role == role,
            _invitation.c.name == name,
        )
        unused = (_invitation.c.used_at.is_(None), _invitation.c.revoked_at.is_(None))
        revoked = await connection.execute(update(_invitation).where(*same, *unused).values(revoked_at=at))
        row = {"campaign_id": campaign.id, "unit_id": unit_id, "role": role, "name": name}
        added = await connection.execute(
            insert(_invitation).values(**row, code_sha256=hashed(code), created_at=at, expires_at=expires_at)
        )
        (invitation_id,) = added.inserted_primary_key or (0,)
        subject = {"invitation": invitation_id, "role": role, "unit": unit_id, "revoked": revoked.rowcount}
        await audit.record(connection, at, actor, "invitation.made", subject, campaign.id)
    return Invitation(code, role, unit, name, expires_at)


def new_code() -> str:
    """A fresh code, in groups of four as people read it aloud."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def hashed(code: str) -> str:
    """The hash a code is kept as; case, spaces and hyphens do not matter."""
    plain_code = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return hashlib.sha256(plain_code.encode()).hexdigest()
