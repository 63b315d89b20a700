"""What was said unasked: each digest once, in the unit of work of its message; what became of it; where people are reached.

Nothing that is due is kept here: that is computed. A digest counts as told on the day it was delivered: when a
messenger took it, or when the web page has shown it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, and_, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit, conversation, dialogues
from storage.clock import UtcDateTime
from storage.errors import NotFoundError, StorageError
from storage.tables import CampaignRow, UnitRow
from storage.tables_answers import AddressRow, MembershipRow, PersonRow
from storage.tables_conversation import DialogueRow, InboxRow, MessageRow
from storage.tables_reminding import ReminderSaidRow
from storage.texts import storable, to_json

WEB = "web"  # the channel whose messages are delivered only once they are seen
DIGEST, PUSH = conversation.DIGEST, conversation.PUSH
WHY_CHARACTERS = 500
AT_ONCE = 50  # rows put together before others may use the loop

_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_said: Any = ReminderSaidRow.__table__  # type: ignore[attr-defined]
_message: Any = MessageRow.__table__  # type: ignore[attr-defined]
_address: Any = AddressRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_inbox: Any = InboxRow.__table__  # type: ignore[attr-defined]
_dialogue: Any = DialogueRow.__table__  # type: ignore[attr-defined]

ToldAs = Literal["regular", "deadline", "asked"]
"""As `tables_reminding.TOLD_AS` has it."""

Matters = tuple[tuple[int, str], ...]
"""Unit and key of everything a digest tells."""


class Telling(NamedTuple):
    """A digest about to be said. ``key`` makes it unique; ``close_on``: the next deadline of what is open."""

    campaign_id: int
    person_id: int
    key: str
    on: date
    kind: ToldAs
    why: str
    matters: Matters
    close_on: date | None = None


class Told(NamedTuple):
    """A digest that was said. ``delivered_at``: None while it has not reached the person."""

    telling: Telling
    message_id: int
    channel: str
    at: datetime
    outcome: str | None
    delivered_at: datetime | None


class Issued(NamedTuple):
    """A campaign's year, the day its rules went out where that was said, and when it was set up."""

    year: int
    on: date | None
    set_up_at: datetime


class Where(NamedTuple):
    """An address of a person in a campaign. ``last_at``: when something last came from there.

    ``blocked``: sending there ended as blocked or unknown, and nothing came since. ``asked_at``: when the dialogue
    was last touched, where a question is open.
    """

    person_id: int
    channel: str
    address: str
    last_at: datetime | None
    blocked: bool
    asked_at: datetime | None


class Duty(NamedTuple):
    """What a person is in a campaign, and for which unit where for one."""

    person_id: int
    person: str
    role: str
    unit_id: int | None
    unit: str
    category: str


async def say_in(
    connection: AsyncConnection,
    at: datetime,
    where: Where,
    telling: Telling,
    text: str,
    options: Sequence[tuple[str, str]],
) -> int | None:
    """Say a digest in the caller's unit of work; the message's id, None where it was said already.

    One that turned out to be no longer true, and so was not sent, may be said again.
    """
    key = telling.key
    dropped = 0
    while (before := await _outcome_of(connection, key)) is not None:
        if before != "dropped":
            return None
        dropped += 1
        key = f"{telling.key}+{dropped}"
    place = (where.channel, where.address)
    message_id = await conversation.say(connection, at, *place, text, options, push=True, asks=DIGEST)
    row = {"campaign_id": telling.campaign_id, "person_id": telling.person_id, "key": key, "said_on": telling.on}
    about = {"kind": telling.kind, "why": storable(telling.why, WHY_CHARACTERS), "close_on": telling.close_on}
    matters = to_json([list(one) for one in telling.matters])
    await connection.execute(insert(_said).values(**row, **about, matters=matters, message_id=message_id, at=at))
    await dialogues.offer_in(connection, *place, {label: key for key, label in options})
    return message_id


async def told_in(
    connection: AsyncConnection, campaign_id: int, until: datetime | None = None, person_ids: Collection[int] = ()
) -> list[Told]:
    """The digests of a campaign that were sent or are about to be, oldest first.

    Args:
        until: those said later are left out.
        person_ids: only to them; to everybody where empty.
    """
    where = [_said.c.campaign_id == campaign_id, _message.c.outcome.is_(None) | (_message.c.outcome == "sent")]
    if until is not None:
        where.append(_said.c.at <= until)
    if person_ids:
        where.append(_said.c.person_id.in_(tuple(person_ids)))
    return await _told(connection, *where)


async def one_in(connection: AsyncConnection, message_id: int) -> Told | None:
    """The digest of a message."""
    return next(iter(await _told(connection, _said.c.message_id == message_id)), None)


async def of_day_in(connection: AsyncConnection, campaign_id: int, person_id: int, on: date) -> Told | None:
    """The digest a person got on a day, the last where one was taken back before."""
    where = (_said.c.campaign_id == campaign_id, _said.c.person_id == person_id, _said.c.said_on == on)
    return next(iter(reversed(await _told(connection, *where))), None)


async def unseen_in(connection: AsyncConnection, campaign_id: int, before: datetime) -> list[Told]:
    """Each person's newest digest, where it and those just before it have reached nobody; ``at`` is when the first was said.

    Only where that was before a moment: a new digest does not make who has not looked for weeks anew.
    """
    waiting: dict[int, Told] = {}
    for told in await told_in(connection, campaign_id):
        first = waiting.pop(told.telling.person_id, told)
        if told.delivered_at is None:
            waiting[told.telling.person_id] = told._replace(at=first.at)
    return [told for told in waiting.values() if told.at < before]


async def where_in(connection: AsyncConnection, campaign_id: int, person_ids: Iterable[int] = ()) -> list[Where]:
    """The addresses of those who take part in a campaign, each person's last used first.

    Args:
        person_ids: only theirs; everybody's where empty.
    """
    members = select(_membership.c.person_id).where(
        _membership.c.campaign_id == campaign_id, _membership.c.removed_at.is_(None)
    )
    wanted = tuple(person_ids)
    only = _address.c.person_id.in_(wanted) if wanted else _address.c.person_id.in_(members)
    last = _last_events()
    here = and_(_dialogue.c.channel == _address.c.channel, _dialogue.c.address == _address.c.address)
    query = (
        select(
            _address.c.person_id,
            _address.c.channel,
            _address.c.address,
            last.c.at,
            _unreached(last).label("blocked"),
            _dialogue.c.state,
            _dialogue.c.updated_at,
        )
        .join(last, and_(last.c.channel == _address.c.channel, last.c.address == _address.c.address), isouter=True)
        .join(_dialogue, here, isouter=True)
        .where(only)
        .order_by(_address.c.person_id, last.c.at.desc().nulls_last(), _address.c.id)
    )
    found: list[Where] = []
    for row in await connection.execute(query):
        if len(found) % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
        asked_at = row.updated_at if _is_asked(row.state) else None
        found.append(Where(*row[:4], bool(row.blocked), asked_at))
    return found


async def duties_in(connection: AsyncConnection, campaign_id: int, unit_ids: Collection[int] = ()) -> list[Duty]:
    """Who serves which unit in a campaign, in roster order; those without a unit too.

    Args:
        unit_ids: only of these units; all where empty.
    """
    only = (_membership.c.unit_id.in_(tuple(unit_ids)),) if unit_ids else ()
    return await _duties(connection, campaign_id, *only)


async def _duties(connection: AsyncConnection, campaign_id: int, *where: Any) -> list[Duty]:
    query = (
        select(_membership.c.person_id, _person.c.name, _membership.c.role, _unit.c.id, _unit.c.name, _unit.c.category)
        .join(_person, _person.c.id == _membership.c.person_id)
        .join(_unit, _unit.c.id == _membership.c.unit_id, isouter=True)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.removed_at.is_(None), *where)
        .order_by(_unit.c.position, _membership.c.id)
    )
    return [Duty(*row[:4], row[4] or "", row[5] or "") for row in await connection.execute(query)]


async def duties_of_in(connection: AsyncConnection, campaign_id: int, person_ids: Collection[int]) -> list[Duty]:
    """As `duties_in`, of some people."""
    if not person_ids:
        return []
    return await _duties(connection, campaign_id, _membership.c.person_id.in_(tuple(person_ids)))


async def unit_in(connection: AsyncConnection, unit_id: int) -> tuple[str, str]:
    """A unit's name and category.

    Raises:
        NotFoundError: no such unit.
    """
    found = (await connection.execute(select(_unit.c.name, _unit.c.category).where(_unit.c.id == unit_id))).first()
    if found is None:
        raise NotFoundError("没有这个单位，请重新选择单位")
    return found.name, found.category


async def deserted_in(connection: AsyncConnection, campaign_id: int) -> tuple[str, ...]:
    """The units no liaison has joined for, in roster order."""
    joined = select(_membership.c.unit_id).where(
        _membership.c.campaign_id == campaign_id, _membership.c.role == "liaison", _membership.c.removed_at.is_(None)
    )
    query = select(_unit.c.name).where(_unit.c.campaign_id == campaign_id, _unit.c.id.not_in(joined))
    return tuple(row.name for row in await connection.execute(query.order_by(_unit.c.position)))


async def issued_on_in(connection: AsyncConnection, campaign_id: int) -> Issued:
    """When a campaign's rules went out.

    Raises:
        NotFoundError: no such campaign.
    """
    query = select(_campaign.c.year, _campaign.c.issued_on, _campaign.c.created_at).where(_campaign.c.id == campaign_id)
    found = (await connection.execute(query)).first()
    if found is None:
        raise NotFoundError("没有这次考核，请先看 kaoping campaign list")
    return Issued(*found)


async def set_issued_in(connection: AsyncConnection, at: datetime, actor: str, campaign_id: int, on: date) -> None:
    """Note the day a campaign's rules went out to its units: the year is paced from there.

    Raises:
        NotFoundError: no such campaign.
        StorageError: a day outside the campaign's year and the one before.
    """
    year = (await issued_on_in(connection, campaign_id)).year
    if on.year not in (year - 1, year):
        raise StorageError(f"印发日期 {on} 不在 {year} 年或它的前一年，请核对年份")
    await connection.execute(update(_campaign).where(_campaign.c.id == campaign_id).values(issued_on=on))
    await audit.record(connection, at, actor, "campaign.issued", {"issued_on": on.isoformat()}, campaign_id)


def _is_asked(state: str | None) -> bool:
    return state is not None and "open" in json.loads(state)


def _last_events() -> Any:
    """When something last came from an address."""
    at = func.max(_inbox.c.received_at, type_=UtcDateTime()).label("at")
    return select(_inbox.c.channel, _inbox.c.address, at).group_by(_inbox.c.channel, _inbox.c.address).subquery()


def _unreached(last: Any) -> Any:
    gone = _message.c.outcome.in_(("blocked", "unknown"))
    here = (_message.c.channel == _address.c.channel, _message.c.address == _address.c.address)
    since = last.c.at.is_(None) | (_message.c.at > last.c.at)
    return exists(select(_message.c.id).where(*here, gone, since))


async def _outcome_of(connection: AsyncConnection, key: str) -> str | None:
    """How the digest of a key ended; empty while it has not, None where there is none."""
    query = select(func.coalesce(_message.c.outcome, ""))
    query = query.join(_said, _said.c.message_id == _message.c.id).where(_said.c.key == key)
    found: str | None = (await connection.execute(query)).scalar()
    return found


_TOLD: Select[Any] = (
    select(
        _said,
        _message.c.channel,
        _message.c.outcome,
        _message.c.sent_at,
        _message.c.seen_at,
    )
    .join(_message, _message.c.id == _said.c.message_id)
    .order_by(_said.c.id)
)


async def _told(connection: AsyncConnection, *where: Any) -> list[Told]:
    found: list[Told] = []
    for row in await connection.execute(_TOLD.where(*where)):
        if len(found) % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)  # thousands of digests with all their matters are not unpacked at one go
        found.append(_told_of(row))
    return found


def _told_of(row: Any) -> Told:
    matters = tuple((unit_id, key) for unit_id, key in json.loads(row.matters))
    about = (row.campaign_id, row.person_id, row.key, row.said_on, row.kind, row.why, matters, row.close_on)
    delivered_at = row.seen_at if row.channel == WEB else row.sent_at
    return Told(Telling(*about), row.message_id, row.channel, row.at, row.outcome, delivered_at)
