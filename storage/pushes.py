"""Who can be reached and who was reminded lately, read from the outbox; how much each person was sent unasked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.reaching import Reached
from storage.tables import UnitRow
from storage.tables_answers import AddressRow, MembershipRow, PersonRow
from storage.tables_conversation import MessageRow

REMINDER = "later"
"""The verb of 稍后, which every reminder of the planner or the office carries, and nothing else."""

UNREACHED = frozenset({"blocked", "unknown"})
"""Outcomes after which a messenger will not take another message: the bot was blocked, or there is no such chat."""

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]

_at_address = and_(_message.c.channel == _address.c.channel, _message.c.address == _address.c.address)


class Liaison(NamedTuple):
    """Who answers for a unit, where they can be reached, and whether every one of these addresses refused the last message."""

    person_id: int
    name: str
    unit_ids: tuple[int, ...]
    reached: tuple[Reached, ...]
    blocked: bool


class SentTo(NamedTuple):
    """How many messages a liaison got unasked."""

    name: str
    unit: str
    messages: int


async def liaisons_in(connection: AsyncConnection, campaign_id: int, unit_ids: Iterable[int]) -> list[Liaison]:
    """The liaisons of some units, each once with those of the units that are theirs, in roster order."""
    query = (
        select(_person.c.id, _person.c.name, _membership.c.unit_id)
        .join(_person, _person.c.id == _membership.c.person_id)
        .join(_unit, _unit.c.id == _membership.c.unit_id)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.unit_id.in_(tuple(unit_ids)))
        .where(_membership.c.role == "liaison", _membership.c.removed_at.is_(None))
        .order_by(_unit.c.position, _membership.c.id)
    )
    found: dict[int, tuple[str, list[int]]] = {}
    for row in await connection.execute(query):
        units = found.setdefault(row.id, (row.name, []))[1]
        if row.unit_id not in units:
            units.append(row.unit_id)
    made = []
    for person_id, (name, units) in found.items():
        reached, blocked = await _addresses(connection, person_id)
        made.append(Liaison(person_id, name, tuple(units), reached, blocked))
    return made


async def reminded_in(connection: AsyncConnection, people: Iterable[int], since: datetime) -> dict[int, datetime]:
    """When each of some people was last reminded, by a digest or by the office, where that was since a moment."""
    lately = or_(_message.c.at >= since, _message.c.due_at >= since)
    query = (
        select(_address.c.person_id, func.max(_message.c.at, type_=_message.c.at.type))
        .join(_message, _at_address)
        .where(_address.c.person_id.in_(tuple(people)), _message.c.push, lately)
        .where(_message.c.options.contains(f'"{REMINDER}:', autoescape=True))
        .group_by(_address.c.person_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def sent_in(connection: AsyncConnection, campaign_id: int, since: datetime) -> list[SentTo]:
    """How many messages each liaison of a campaign got unasked since a moment, in roster order; who got none is left out.

    What went to several devices of a person counts once.
    """
    text = select(_address.c.person_id, _message.c.text, _message.c.at).join(_message, _at_address)
    once = text.where(_message.c.push, _message.c.at >= since).distinct().subquery("once")
    counted = select(once.c.person_id, func.count().label("messages")).group_by(once.c.person_id).subquery("counted")
    query = (
        select(_person.c.name, func.min(_unit.c.name).label("unit"), counted.c.messages)
        .join(counted, counted.c.person_id == _person.c.id)
        .join(_membership, _membership.c.person_id == _person.c.id)
        .join(_unit, _unit.c.id == _membership.c.unit_id)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.role == "liaison")
        .where(_membership.c.removed_at.is_(None))
        .group_by(_person.c.id, _person.c.name, counted.c.messages)
        .order_by(func.min(_unit.c.position), _person.c.id)
    )
    return [SentTo(*row) for row in await connection.execute(query)]


async def _addresses(connection: AsyncConnection, person_id: int) -> tuple[tuple[Reached, ...], bool]:
    query = select(_address.c.person_id, _address.c.channel, _address.c.address).where(
        _address.c.person_id == person_id
    )
    reached = tuple(Reached(*row) for row in await connection.execute(query.order_by(_address.c.id)))
    refused = [await _last_outcome(connection, one) in UNREACHED for one in reached]
    return reached, all(refused)


async def _last_outcome(connection: AsyncConnection, one: Reached) -> str | None:
    """How the last message to an address ended; only words the person has not answered since can tell."""
    at = (_message.c.channel == one.channel, _message.c.address == one.address)
    known = or_(_message.c.mine, _message.c.outcome.is_not(None))
    query = select(_message.c.mine, _message.c.outcome).where(*at, known).order_by(_message.c.id.desc()).limit(1)
    row = (await connection.execute(query)).first()
    return None if row is None or row.mine else row.outcome
