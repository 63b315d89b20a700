"""Who can be reached and who was reminded lately, read from the outbox; how much each person was sent unasked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import reminding, standing_in
from storage.reminding import Telling, Where
from storage.tables import AuditRow, UnitRow
from storage.tables_answers import AddressRow, MembershipRow, PersonRow
from storage.tables_conversation import MessageRow
from storage.tables_reminding import ReminderSaidRow
from storage.texts import to_json

_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_audit: Any = AuditRow.__table__  # type: ignore[attr-defined]
_said: Any = ReminderSaidRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]

ASKED, ASKED_LATE = "考核办催办", "考核办催补报"
"""Why the office's reminders are said: before 自评 is over, and for after."""

_at_address = and_(_message.c.channel == _address.c.channel, _message.c.address == _address.c.address)


class Liaison(NamedTuple):
    """Who answers for units, and where they are best reached; None where every address refused the last message.

    ``away``: on leave, with nobody in their place.
    """

    person_id: int
    name: str
    unit_ids: tuple[int, ...]
    where: Where | None
    away: bool = False


class SentTo(NamedTuple):
    """How many messages a liaison got unasked."""

    name: str
    unit: str
    messages: int


async def liaisons_in(
    connection: AsyncConnection, campaign_id: int, unit_ids: Iterable[int], today: date
) -> list[Liaison]:
    """Who answers for some units on a day, each once with those of the units that are theirs, in roster order.

    A deputy stands in the place of who is away; see `standing_in.told_for`.

    Args:
        today: in the office's zone.
    """
    query = (
        select(_membership.c.unit_id, _membership.c.person_id)
        .join(_unit, _unit.c.id == _membership.c.unit_id)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.unit_id.in_(tuple(unit_ids)))
        .where(_membership.c.role == "liaison", _membership.c.removed_at.is_(None))
        .order_by(_unit.c.position, _membership.c.id)
    )
    theirs: dict[int, list[int]] = {}
    for row in await connection.execute(query):
        theirs.setdefault(row.unit_id, []).append(row.person_id)
    away = await standing_in.deputies_in(connection, campaign_id, today)
    served: dict[int, list[int]] = {}
    for unit_id, people in theirs.items():
        for ident in standing_in.told_for(list(dict.fromkeys(people)), away):
            served.setdefault(ident, []).append(unit_id)
    names = await _names(connection, served)
    where = await reminding.where_in(connection, campaign_id, served) if served else []
    best = {one.person_id: one for one in reversed(where) if not one.blocked}  # the last used first
    return [
        Liaison(ident, names[ident], tuple(units), best.get(ident), ident in away) for ident, units in served.items()
    ]


async def _names(connection: AsyncConnection, people: Iterable[int]) -> dict[int, str]:
    query = select(_person.c.id, _person.c.name).where(_person.c.id.in_(tuple(people)))
    return {row.id: row.name for row in await connection.execute(query)}


async def reminded_in(connection: AsyncConnection, people: Iterable[int], since: datetime) -> dict[int, datetime]:
    """When each of some people was last reminded, by a digest or by the office, where that was since a moment.

    What was not sent after all is no reminder.
    """
    at = func.coalesce(_message.c.due_at, _message.c.at)  # when it goes or went out, not when it was decided
    query = (
        select(_said.c.person_id, func.max(at, type_=_said.c.at.type))
        .join(_message, _message.c.id == _said.c.message_id)
        .where(_said.c.person_id.in_(tuple(people)), at >= bindparam("since", since, type_=_said.c.at.type))
        .where(or_(_message.c.outcome.is_(None), _message.c.outcome == "sent"))
        .group_by(_said.c.person_id)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def note_in(connection: AsyncConnection, at: datetime, telling: Telling, message_id: int) -> None:
    """Note a reminder of the office among those of the planner, which then keeps its distance from it."""
    row = telling._asdict()
    row |= {"said_on": row.pop("on"), "matters": to_json([list(one) for one in telling.matters])}
    await connection.execute(insert(_said).values(**row, message_id=message_id, at=at))


async def sent_in(connection: AsyncConnection, campaign_id: int, since: datetime) -> list[SentTo]:
    """How many messages each liaison of a campaign got unasked since a moment, in roster order; who got none is left out.

    What went to several devices of a person counts once.
    """
    text = select(_address.c.person_id, _message.c.text, _message.c.at).join(_message, _at_address)
    told = or_(_message.c.outcome.is_(None), _message.c.outcome != "dropped")
    once = text.where(_message.c.push, _message.c.at >= since, told).distinct().subquery("once")
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


async def was_said_in(connection: AsyncConnection, campaign_id: int, action: str, since: datetime) -> bool:
    """Whether the audit trail has an action in a campaign since a moment."""
    same = (_audit.c.campaign_id == campaign_id, _audit.c.action == action, _audit.c.at >= since)
    return (await connection.execute(select(_audit.c.id).where(*same).limit(1))).first() is not None


async def said_in(connection: AsyncConnection, campaign_id: int, action: str) -> list[datetime]:
    """Every moment at which the audit trail has an action in a campaign, oldest first."""
    same = (_audit.c.campaign_id == campaign_id, _audit.c.action == action)
    return list((await connection.execute(select(_audit.c.at).where(*same).order_by(_audit.c.id))).scalars())
