"""People: how they join with an invitation, what they may see, and how they are removed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit, devices, editions
from storage.campaigns import Campaign
from storage.database import Database
from storage.errors import InvitationError, NotFoundError
from storage.invitations import hashed
from storage.prepared import often
from storage.tables import CampaignRow, InvitationRow, UnitRow
from storage.tables_answers import AddressRow, MembershipRow, PersonRow

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_invitation: Any = InvitationRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]


class Membership(NamedTuple):
    """What a person is in a campaign.

    ``rubrics`` are those that assess the unit's category, as they are in force in the campaign and in its order;
    all of them without a unit.
    """

    person_id: int
    name: str
    campaign_id: int
    campaign_code: str
    unit_id: int | None
    unit_name: str
    unit_category: str
    role: str
    rubrics: tuple[Rubric, ...]

    @property
    def rubric_ids(self) -> tuple[str, ...]:
        """The ids of these rubrics."""
        return tuple(rubric.id for rubric in self.rubrics)

    def rubric(self, rubric_id: str) -> Rubric | None:
        """One of them by its id."""
        return next((rubric for rubric in self.rubrics if rubric.id == rubric_id), None)


class Joined(NamedTuple):
    """What a code gave. ``already``: the person had it before, nothing was added.

    ``device``: the code was for another device; the membership is then the first of those the person has.
    """

    membership: Membership
    already: bool
    device: bool = False


class Member(NamedTuple):
    """Somebody who takes part in a campaign now; ``channels`` say where they can be reached."""

    person_id: int
    name: str
    role: str
    unit_id: int | None
    unit: str
    joined_at: datetime
    channels: tuple[str, ...]


async def redeem(
    database: Database, at: datetime, channel: str, address: str, code: str, campaign: Campaign | None = None
) -> Joined:
    """Use an invitation in a unit of work of its own; arguments and errors as `redeem_in`."""
    async with database.write() as connection:
        return await redeem_in(connection, at, channel, address, code, campaign)


async def redeem_in(
    connection: AsyncConnection,
    at: datetime,
    channel: str,
    address: str,
    code: str,
    campaign: Campaign | None = None,
) -> Joined:
    """Use a code once: the person of the address becomes what the invitation says, or is let in from another device.

    Args:
        campaign: where given, invitations of other campaigns and codes for another device are unknown.

    Raises:
        InvitationError: unknown, expired, revoked, or used by somebody else (or by one who was removed since).
    """
    if campaign is None and await devices.knows_in(connection, code):
        bound = await devices.redeem_in(connection, at, channel, address, code)
        first, *_ = await memberships_in(connection, channel, address)
        return Joined(first, bound.already, device=True)
    query = select(_invitation).where(_invitation.c.code_sha256 == hashed(code))
    invitation = (await connection.execute(query)).first()
    if invitation is None or (campaign is not None and invitation.campaign_id != campaign.id):
        raise InvitationError("没有这个邀请码，请对照收到的邀请再输一遍；还是不行就请考核办重新发一个")
    person_id = await _person_at(connection, channel, address)
    held = await _held(connection, person_id, invitation)
    if invitation.used_at is not None and not (held and invitation.used_by == person_id):
        raise InvitationError("这个邀请码已经用过了，一个码只能用一次，请考核办再发一个")
    if invitation.used_at is None:
        _check_usable(invitation, at)
        if person_id is None:
            person_id = await _add_person(connection, at, channel, address, invitation.name)
        await _use(connection, at, invitation, person_id, add=not held)
    held_now = await _held(connection, person_id, invitation)
    (membership,) = await _memberships(connection, _ONE, {"membership": held_now})
    return Joined(membership, bool(held))


async def memberships(database: Database, channel: str, address: str) -> tuple[Membership, ...]:
    """What the person of an address is now: newest campaign first, units in roster order; empty for a stranger."""
    async with database.read() as connection:
        return await memberships_in(connection, channel, address)


async def memberships_in(connection: AsyncConnection, channel: str, address: str) -> tuple[Membership, ...]:
    """As `memberships`, seeing what this unit of work has already changed."""
    return await _memberships(connection, _AT_ADDRESS, {"channel": channel, "address": address})


async def liaisons_in(
    connection: AsyncConnection, campaign_id: int, person_ids: Collection[int]
) -> tuple[Membership, ...]:
    """What some people are as liaisons in a campaign now."""
    return await _memberships(connection, _LIAISONS, {"campaign": campaign_id, "people": list(person_ids)})


async def members_in(connection: AsyncConnection, campaign_id: int) -> list[Member]:
    """Who takes part in a campaign now: those of no unit first, then in roster order."""
    query = (
        select(
            _person.c.id,
            _person.c.name,
            _membership.c.role,
            _membership.c.unit_id,
            _unit.c.name.label("unit"),
            _membership.c.joined_at,
        )
        .join(_person, _person.c.id == _membership.c.person_id)
        .join(_unit, _unit.c.id == _membership.c.unit_id, isouter=True)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.removed_at.is_(None))
        .order_by(_unit.c.position.nulls_first(), _membership.c.id)
    )
    found = (await connection.execute(query)).all()
    reached = select(_address.c.person_id, _address.c.channel).order_by(_address.c.id)
    channels: dict[int, dict[str, None]] = {}
    for row in await connection.execute(reached.where(_address.c.person_id.in_({row[0] for row in found}))):
        channels.setdefault(row.person_id, {})[row.channel] = None
    return [Member(*row[:4], row.unit or "", row.joined_at, tuple(channels.get(row[0], ()))) for row in found]


async def remove(database: Database, at: datetime, actor: str, person_id: int, campaign_id: int) -> None:
    """Remove a person from a campaign, all roles and units, in a unit of work of its own; errors as `remove_in`."""
    async with database.write() as connection:
        await remove_in(connection, at, actor, person_id, campaign_id)


async def remove_in(connection: AsyncConnection, at: datetime, actor: str, person_id: int, campaign_id: int) -> None:
    """Remove a person from a campaign: what they said stays, they see and change nothing from now on.

    Raises:
        NotFoundError: the person is not in the campaign.
    """
    mine = (_membership.c.person_id == person_id, _membership.c.campaign_id == campaign_id)
    live = _membership.c.removed_at.is_(None)
    removed = await connection.execute(update(_membership).where(*mine, live).values(removed_at=at))
    if not removed.rowcount:
        raise NotFoundError("这个人不在这次考核里，可能已经移出，请刷新名单再看")
    subject = {"person": person_id, "memberships": removed.rowcount}
    await audit.record(connection, at, actor, "member.removed", subject, campaign_id)


def _check_usable(invitation: Any, at: datetime) -> None:
    if invitation.revoked_at is not None:
        raise InvitationError("这个邀请码已经作废，考核办后来重发过，请用最新收到的那一个")
    if invitation.expires_at <= at:
        raise InvitationError("这个邀请码已经过期，请考核办重新发一个")


async def _use(connection: AsyncConnection, at: datetime, invitation: Any, person_id: int, *, add: bool) -> None:
    used = update(_invitation).where(_invitation.c.id == invitation.id).values(used_at=at, used_by=person_id)
    await connection.execute(used)
    place = {"campaign_id": invitation.campaign_id, "unit_id": invitation.unit_id, "role": invitation.role}
    if add:
        await connection.execute(insert(_membership).values(person_id=person_id, joined_at=at, **place))
    subject = {"invitation": invitation.id, "person": person_id, "unit": invitation.unit_id, "role": invitation.role}
    await audit.record(connection, at, str(person_id), "member.joined", subject, invitation.campaign_id)


async def _person_at(connection: AsyncConnection, channel: str, address: str) -> int | None:
    query = select(_address.c.person_id).where(_address.c.channel == channel, _address.c.address == address)
    return (await connection.execute(query)).scalar()


async def _add_person(connection: AsyncConnection, at: datetime, channel: str, address: str, name: str) -> int:
    added = await connection.execute(insert(_person).values(name=name, created_at=at))
    (person_id,) = added.inserted_primary_key or (0,)
    await connection.execute(insert(_address).values(person_id=person_id, channel=channel, address=address))
    return int(person_id)


async def _held(connection: AsyncConnection, person_id: int | None, invitation: Any) -> int | None:
    """The membership a person already has of what an invitation gives."""
    unit = _membership.c.unit_id
    query = select(_membership.c.id).where(
        _membership.c.person_id == person_id,
        _membership.c.campaign_id == invitation.campaign_id,
        unit.is_(None) if invitation.unit_id is None else unit == invitation.unit_id,
        _membership.c.role == invitation.role,
        _membership.c.removed_at.is_(None),
    )
    return (await connection.execute(query)).scalar()


# Built once: putting a statement together costs more than running it.
_QUERY: Select[Any] = (
    select(_membership, _person.c.name, _campaign.c.code, _unit.c.name.label("unit"), _unit.c.category)
    .join(_person, _person.c.id == _membership.c.person_id)
    .join(_campaign, _campaign.c.id == _membership.c.campaign_id)
    .join(_unit, _unit.c.id == _membership.c.unit_id, isouter=True)
    .order_by(_campaign.c.id.desc(), _unit.c.position, _membership.c.id)
)
_ONE = _QUERY.where(_membership.c.id == bindparam("membership"))
_LIAISONS = _QUERY.where(
    _membership.c.campaign_id == bindparam("campaign"),
    _membership.c.person_id.in_(bindparam("people", expanding=True)),
    _membership.c.role == "liaison",
    _membership.c.removed_at.is_(None),
)
_person_there = (
    select(_address.c.person_id)
    .where(_address.c.channel == bindparam("channel"), _address.c.address == bindparam("address"))
    .scalar_subquery()
)
_AT_ADDRESS = often(_QUERY.where(_membership.c.person_id == _person_there, _membership.c.removed_at.is_(None)))


async def _memberships(
    connection: AsyncConnection, query: Select[Any], wanted: Mapping[str, Any]
) -> tuple[Membership, ...]:
    found = (await connection.execute(query, wanted)).all()
    in_force = await editions.of_campaigns(connection, {row.campaign_id for row in found}) if found else {}
    return tuple(
        Membership(
            row.person_id,
            row.name,
            row.campaign_id,
            row.code,
            row.unit_id,
            row.unit or "",
            row.category or "",
            row.role,
            tuple(r for r in in_force[row.campaign_id] if row.category is None or row.category in r.categories),
        )
        for row in found
    )
