"""考核组: who goes on site, which units they visit and when. Nobody visits a unit they belong to (回避)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import NotFoundError, StorageError
from storage.tables import UnitRow
from storage.tables_answers import MembershipRow, PersonRow
from storage.tables_review import ReviewGroupMemberRow, ReviewGroupRow, ReviewGroupUnitRow
from storage.texts import storable
from storage.verdicts import OwnUnitError

NAME_CHARACTERS = 60
ROLES = ("office", "expert")
"""Who may belong to a group."""

_group: Any = ReviewGroupRow.__table__  # type: ignore[attr-defined]
_member: Any = ReviewGroupMemberRow.__table__  # type: ignore[attr-defined]
_visit: Any = ReviewGroupUnitRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]


class Member(NamedTuple):
    """Somebody of a group; the first one named leads it."""

    person_id: int
    name: str
    lead: bool


class Visit(NamedTuple):
    """A unit a group visits; ``on`` is None while no day is set."""

    unit_id: int
    unit: str
    on: date | None


class Group(NamedTuple):
    """A 考核组. Its days are the first and the last of its visits; ``ended_at`` once it is done or given up."""

    id: int
    campaign_id: int
    name: str
    starts_on: date | None
    ends_on: date | None
    ended_at: datetime | None
    members: tuple[Member, ...]
    visits: tuple[Visit, ...]

    def has(self, person_id: int) -> bool:
        """Whether somebody belongs to it."""
        return any(member.person_id == person_id for member in self.members)

    def visit_of(self, unit_id: int) -> Visit | None:
        """Its visit of a unit; None where it does not go there."""
        return next((visit for visit in self.visits if visit.unit_id == unit_id), None)


async def save_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    name: str,
    members: Sequence[int],
    visits: Sequence[tuple[int, date | None]],
) -> Group:
    """Make a group, or make one of that name what is said now; who and what is not named any more leaves it.

    Args:
        members: by their ids, who leads first.
        visits: units by their ids, with the day or None.

    Raises:
        OwnUnitError: a member belongs, or has belonged, to a unit to be visited; it says who.
        NotFoundError: a member is neither office nor expert of the campaign, or a unit is not in it.
        StorageError: no name, nobody, no unit, or another group visits one of the units.
    """
    words = storable(" ".join(name.split()), NAME_CHARACTERS)
    if not words or not members or not visits:
        raise StorageError("考核组要有组名、成员和去的单位，例如：一组 王处、李工：孟河镇 12月3日")
    await _check_members(connection, campaign_id, members)
    await _check_units(connection, campaign_id, [unit_id for unit_id, _ in visits])
    await _refuse_own(connection, members, [unit_id for unit_id, _ in visits])
    await _refuse_twice(connection, campaign_id, words, visits)
    days = sorted(day for _, day in visits if day)
    values = {"starts_on": days[0] if days else None, "ends_on": days[-1] if days else None, "ended_at": None}
    same = (_group.c.campaign_id == campaign_id, _group.c.name == words)
    group_id = (await connection.execute(update(_group).where(*same).values(**values).returning(_group.c.id))).scalar()
    if group_id is None:
        row = {"campaign_id": campaign_id, "name": words, "person_id": person_id, "at": at, **values}
        group_id = (await connection.execute(insert(_group).values(**row).returning(_group.c.id))).scalar_one()
    await _replace(connection, at, group_id, members, visits)
    said = {
        "group": group_id,
        "members": [*members],
        "units": [[unit_id, day and day.isoformat()] for unit_id, day in visits],
    }
    await audit.record(connection, at, str(person_id), "review_group.saved", said, campaign_id)
    return await find_in(connection, campaign_id, group_id)


async def end_in(connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, group_id: int) -> Group:
    """End a group: its units are free for another one; what it found stays.

    Raises:
        NotFoundError: the campaign has no such group.
        StorageError: it has ended already.
    """
    if (await find_in(connection, campaign_id, group_id)).ended_at is not None:
        raise StorageError("这个考核组已经结束，请刷新考核组名单再看")
    await connection.execute(update(_group).where(_group.c.id == group_id).values(ended_at=at))
    await audit.record(connection, at, str(person_id), "review_group.ended", {"group": group_id}, campaign_id)
    return await find_in(connection, campaign_id, group_id)


async def find_in(connection: AsyncConnection, campaign_id: int, group_id: int) -> Group:
    """A group of a campaign, also one that has ended.

    Raises:
        NotFoundError: the campaign has no such group.
    """
    found = await _all(connection, _group.c.campaign_id == campaign_id, _group.c.id == group_id)
    if not found:
        raise NotFoundError("没有这个考核组，请打“考核组”重新选")
    return found[0]


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Group]:
    """The groups that are at work, in the order they were made."""
    return await _all(connection, _group.c.campaign_id == campaign_id, _group.c.ended_at.is_(None))


async def candidates_in(connection: AsyncConnection, campaign_id: int) -> list[tuple[int, str]]:
    """Who may belong to a group now, by id and name: the office and the experts."""
    query = (
        select(_person.c.id, _person.c.name)
        .join(_membership, _membership.c.person_id == _person.c.id)
        .where(_membership.c.campaign_id == campaign_id, _membership.c.removed_at.is_(None))
        .where(_membership.c.role.in_(ROLES), _membership.c.unit_id.is_(None))
        .order_by(_person.c.id)
        .distinct()
    )
    return [(row.id, row.name) for row in await connection.execute(query)]


async def _check_members(connection: AsyncConnection, campaign_id: int, members: Sequence[int]) -> None:
    known = {person_id for person_id, _ in await candidates_in(connection, campaign_id)}
    if not set(members) <= known:
        raise NotFoundError("考核组成员只能是考核办的人或专家，请先 邀请 再编组")


async def _check_units(connection: AsyncConnection, campaign_id: int, units: Sequence[int]) -> None:
    query = select(_unit.c.id).where(_unit.c.campaign_id == campaign_id, _unit.c.id.in_(units))
    if set((await connection.execute(query)).scalars()) != set(units):
        raise NotFoundError("有单位不在这次考核里，请按花名册的名称写")


async def _refuse_own(connection: AsyncConnection, members: Sequence[int], units: Sequence[int]) -> None:
    query = (
        select(_person.c.name, _unit.c.name.label("unit"))
        .join(_membership, _membership.c.person_id == _person.c.id)
        .join(_unit, _unit.c.id == _membership.c.unit_id)
        .where(_person.c.id.in_(members), _unit.c.id.in_(units))
        .order_by(_unit.c.position, _person.c.id)
        .distinct()
    )
    found = [f"{row.name or '没写姓名的成员'}是{row.unit}的人" for row in await connection.execute(query)]
    if found:
        raise OwnUnitError(f"{'，'.join(found)}，按回避要求不能去自己的单位，请换人或换组")


async def _refuse_twice(
    connection: AsyncConnection, campaign_id: int, name: str, visits: Sequence[tuple[int, date | None]]
) -> None:
    units = [unit_id for unit_id, _ in visits]
    if len(set(units)) != len(units):
        raise StorageError("同一个单位写了两次，请只留一次")
    for group in await of_campaign_in(connection, campaign_id):
        taken = [visit.unit for visit in group.visits if visit.unit_id in units]
        if group.name != name and taken:
            raise StorageError(f"{'、'.join(taken)}已经归{group.name}去，请先改{group.name}")


async def _replace(
    connection: AsyncConnection,
    at: datetime,
    group_id: int,
    members: Sequence[int],
    visits: Sequence[tuple[int, date | None]],
) -> None:
    """New rows for what is said now; the old ones end, so that who was in the group and when can still be seen."""
    for table in (_member, _visit):
        held = (table.c.group_id == group_id, table.c.removed_at.is_(None))
        await connection.execute(update(table).where(*held).values(removed_at=at))
    people = dict.fromkeys(members)
    rows = [{"group_id": group_id, "person_id": who, "lead": not n, "at": at} for n, who in enumerate(people)]
    await connection.execute(insert(_member), rows)
    places = [{"group_id": group_id, "unit_id": unit_id, "visit_on": day, "at": at} for unit_id, day in visits]
    await connection.execute(insert(_visit), places)


async def _all(connection: AsyncConnection, *where: Any) -> list[Group]:
    rows = (await connection.execute(select(_group).where(*where).order_by(_group.c.id))).all()
    ids = [row.id for row in rows]
    members: dict[int, list[Member]] = {}
    for row in await connection.execute(_members().where(_member.c.group_id.in_(ids))):
        members.setdefault(row.group_id, []).append(Member(row.person_id, row.name, row.lead))
    visits: dict[int, list[Visit]] = {}
    for row in await connection.execute(_visits().where(_visit.c.group_id.in_(ids))):
        visits.setdefault(row.group_id, []).append(Visit(row.unit_id, row.name, row.visit_on))
    return [
        Group(
            row.id,
            row.campaign_id,
            row.name,
            row.starts_on,
            row.ends_on,
            row.ended_at,
            tuple(members.get(row.id, ())),
            tuple(visits.get(row.id, ())),
        )
        for row in rows
    ]


def _members() -> Select[Any]:
    return (
        select(_member, _person.c.name)
        .join(_person, _person.c.id == _member.c.person_id)
        .where(_member.c.removed_at.is_(None))
        .order_by(_member.c.id)
    )


def _visits() -> Select[Any]:
    return (
        select(_visit, _unit.c.name)
        .join(_unit, _unit.c.id == _visit.c.unit_id)
        .where(_visit.c.removed_at.is_(None))
        .order_by(_visit.c.visit_on.is_(None), _visit.c.visit_on, _unit.c.position)
    )
