"""Facts the office books against a unit (记情况), each with its 依据: disputed by the unit, upheld, or 不计 with a reason.

A booking is never changed. What is said about it stays beside it, and the unit's scores follow in the same unit of work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact, parse_facts, read_json
from rubrics.kinds import Bonus, Deduct
from rubrics.model import Criterion, Rubric
from storage import audit, editions, scorecards, verdicts
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.kept_facts import fact_text
from storage.tables import UnitRow
from storage.tables_ledger import OfficeFactRow
from storage.texts import storable

WORD_CHARACTERS = 500
FEWEST_CHARACTERS = 2

_fact: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]


class OfficeFact(NamedTuple):
    """A booking. ``basis`` is its 依据: 文号, report or link; for 曝光 medium, level and date."""

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    rubric_id: str
    criterion_id: str
    fact: Fact
    basis: str
    person_id: int
    at: datetime
    disputed_at: datetime | None
    disputed_by: int | None
    dispute: str
    dismissed_at: datetime | None
    dismissed_by: int | None
    dismissed_why: str

    @property
    def state(self) -> Literal["booked", "disputed", "upheld", "dismissed"]:
        """``disputed`` waits for the office; ``upheld``: it counts although it was disputed."""
        if self.dismissed_at is not None:
            return "dismissed"
        if self.disputed_at is not None:
            return "disputed"
        return "upheld" if self.dispute else "booked"


class Booking(NamedTuple):
    """What is to be booked; ``fact`` as `rubrics.facts.parse_fact` takes it."""

    unit_id: int
    rubric: Rubric
    criterion_id: str
    fact: object


class Booked(NamedTuple):
    """A booking that changed, and the unit's claimed total under its rubric before and after; None without a total."""

    fact: OfficeFact
    before: Decimal | None
    after: Decimal | None


async def book_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    fact: object,
    basis: str,
) -> Booked:
    """Book a fact against a unit; it counts at once, in all three scores.

    Args:
        rubric: as it is in force in the campaign.
        fact: as `rubrics.facts.parse_fact` takes it.

    Raises:
        FactError: no such clause, or a fact it cannot take.
        NotFoundError: no such unit, or the rubric does not assess it.
        OwnUnitError: who books belongs, or has belonged, to the unit.
        FrozenError: the scores are frozen (审定).
        StorageError: no basis, or the same occurrences were booked on the same basis before.
    """
    (booked,) = await book_many_in(connection, at, person_id, rubric, criterion_id, {unit_id: fact}, basis)
    return booked


async def book_many_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    rubric: Rubric,
    criterion_id: str,
    facts: Mapping[int, object],
    basis: str,
) -> tuple[Booked, ...]:
    """Book one clause for several units on one basis, all or none; arguments and errors as `book_in`.

    Everything is checked before anything is written: the caller may answer an error and commit the rest of the turn.

    Args:
        facts: unit id → fact.
    """
    if not facts:
        raise StorageError("还没有写是哪个单位的情况，请写上单位名")
    bookings = [Booking(unit_id, rubric, criterion_id, fact) for unit_id, fact in facts.items()]
    rows = await _rows(connection, at, person_id, bookings, basis)
    places = {row["unit_id"]: row["campaign_id"] for row in rows}
    before = await _claimed(connection, places, rubric.id)
    booked = await _keep(connection, rows, bookings)
    after = await _claimed(connection, places, rubric.id)
    return tuple(Booked(fact, before[fact.unit_id], after[fact.unit_id]) for fact in booked)


async def book_all_in(
    connection: AsyncConnection, at: datetime, person_id: int, bookings: Sequence[Booking], basis: str
) -> list[OfficeFact]:
    """Book several clauses for several units on one basis, all or none; each unit is scored once. Errors as `book_in`."""
    return await _keep(connection, await _rows(connection, at, person_id, bookings, basis), bookings)


async def dispute_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, fact_id: int, text: str
) -> OfficeFact:
    """Note a unit's 有异议; the booking counts until the office decides.

    Args:
        unit_id: the person's own; an id that came from a person must not reach another unit's booking.

    Raises:
        NotFoundError: the unit has no such booking.
        StorageError: nothing was written, or there is nothing (more) to dispute.
    """
    found = await find_in(connection, fact_id, unit_id=unit_id)
    words = _words(text, "请写一句有异议的理由，考核办才好核对")
    if found.state != "booked":
        raise StorageError(_NOT_DISPUTABLE[found.state])
    values = {"disputed_at": at, "disputed_by": person_id, "dispute": words}
    return await _change(connection, at, person_id, found, "office-fact.disputed", values, words)


async def uphold_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, fact_id: int, why: str
) -> OfficeFact:
    """Let a disputed booking stand. What the unit wrote stays; of the reason the audit trail has a hash.

    Raises:
        NotFoundError: the campaign has no such booking.
        OwnUnitError: who decides belongs, or has belonged, to the unit.
        StorageError: no reason, or no dispute waits.
    """
    found = await find_in(connection, fact_id, campaign_id=campaign_id)
    await verdicts.refuse_own_in(connection, person_id, found.unit_id)
    words = _words(why, "维持要写一句理由，单位会看到")
    if found.state != "disputed":
        raise StorageError("这条记录没有待处理的异议，可能已经处理过，请刷新再看")
    return await _change(connection, at, person_id, found, "office-fact.upheld", {"disputed_at": None}, words)


async def dismiss_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, fact_id: int, why: str
) -> Booked:
    """Mark a booking as 不计: it stays on record and counts no more.

    Raises:
        NotFoundError: the campaign has no such booking.
        OwnUnitError: who decides belongs, or has belonged, to the unit.
        FrozenError: the scores are frozen (审定).
        StorageError: no reason, or it does not count already.
    """
    found = await find_in(connection, fact_id, campaign_id=campaign_id)
    await verdicts.refuse_own_in(connection, person_id, found.unit_id)
    words = _words(why, "不计要写一句理由，以后查得到")
    if found.state == "dismissed":
        raise StorageError("这条记录已经不计了，不用再改")
    await refuse_frozen_in(connection, found.campaign_id)
    rubrics = await editions.of_campaign(connection, found.campaign_id)
    rubric = next(rubric for rubric in rubrics if rubric.id == found.rubric_id)
    place = {found.unit_id: found.campaign_id}
    before = (await _claimed(connection, place, rubric.id))[found.unit_id]
    values = {"dismissed_at": at, "dismissed_by": person_id, "dismissed_why": words}
    changed = await _change(connection, at, person_id, found, "office-fact.dismissed", values, words)
    await scorecards.rewrite(connection, at, found.unit_id, rubric)
    return Booked(changed, before, (await _claimed(connection, place, rubric.id))[found.unit_id])


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> list[OfficeFact]:
    """Everything booked against a unit, oldest first, also what is disputed or 不计."""
    return await _all(connection, _QUERY.where(_fact.c.unit_id == unit_id).order_by(_fact.c.id))


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[OfficeFact]:
    """Everything booked in a campaign: open disputes first, those that wait longest on top; then the newest first."""
    found = await _all(connection, _QUERY.where(_fact.c.campaign_id == campaign_id).order_by(_fact.c.id.desc()))
    disputed = [fact for fact in found if fact.state == "disputed"]
    disputed.sort(key=lambda fact: (fact.disputed_at, fact.id))
    return disputed + [fact for fact in found if fact.state != "disputed"]


async def find_in(
    connection: AsyncConnection, fact_id: int, *, unit_id: int | None = None, campaign_id: int | None = None
) -> OfficeFact:
    """A booking by its id; of that unit or campaign where given.

    Raises:
        NotFoundError: there is none.
    """
    found = await _all(connection, _QUERY.where(_fact.c.id == fact_id))
    if not found or unit_id not in (None, found[0].unit_id) or campaign_id not in (None, found[0].campaign_id):
        raise NotFoundError("没有这条记录，请从最新的消息里重新选")
    return found[0]


_NOT_DISPUTABLE = {
    "disputed": "这条记录已经提过异议，考核办正在核对，不用再提",
    "upheld": "考核办看过这条异议，维持原来的记录；有新的材料请直接联系考核办",
    "dismissed": "这条记录已经不计了，不用再提异议",
}

_QUERY: Select[Any] = select(
    _fact.c.id,
    _fact.c.campaign_id,
    _fact.c.unit_id,
    _unit.c.name.label("unit"),
    *(column for column in _fact.c if column.name not in {"id", "campaign_id", "unit_id"}),
).join(_unit, _unit.c.id == _fact.c.unit_id)


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[OfficeFact]:
    return [OfficeFact(**{**row._mapping, "fact": read_json(row.fact)}) for row in await connection.execute(query)]


def _checked(rubric: Rubric, criterion_id: str, fact: object) -> Fact:
    checked = parse_facts(rubric, {criterion_id: fact})  # also refuses an unknown clause
    if not checked:
        raise StorageError(f"{criterion_id}（{rubric.criteria[criterion_id].label}）还没有填，请填一个值")
    return checked[criterion_id]


def _words(text: str, missing: str) -> str:
    words = storable(text.strip(), WORD_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError(missing)
    return words


async def _refuse_again(
    connection: AsyncConnection, unit_id: int, rubric: Rubric, criterion_id: str, fact: Fact, basis: str
) -> None:
    """Occurrences add up, so the same report booked by two people would cost a unit twice."""
    if not _adds_up(rubric.criteria[criterion_id]) or not fact:
        return
    clause = (_fact.c.unit_id == unit_id, _fact.c.rubric_id == rubric.id, _fact.c.criterion_id == criterion_id)
    same = (_fact.c.basis == basis, _fact.c.fact == fact_text(fact), _fact.c.dismissed_at.is_(None))
    for old in await _all(connection, _QUERY.where(*clause, *same)):
        raise StorageError(
            f"{old.unit}的「{rubric.criteria[criterion_id].label}」按同一依据已经记过（第 {old.id} 号），"
            "没有再记；如果是另一起，请把依据写具体"
        )


def _adds_up(criterion: Criterion) -> bool:
    return criterion.derived is None and isinstance(criterion.score, Deduct | Bonus)


async def _rows(
    connection: AsyncConnection, at: datetime, person_id: int, bookings: Sequence[Booking], basis: str
) -> list[dict[str, Any]]:
    """The rows of what is to be booked, all checked."""
    words = _words(basis, "记情况要写依据，例如文号、通报名称或链接，曝光还要写媒体、级别和日期")
    rows = []
    for unit_id, rubric, criterion_id, fact in bookings:
        known = _checked(rubric, criterion_id, fact)
        campaign_id = await place_in(connection, unit_id, rubric)
        await verdicts.refuse_own_in(connection, person_id, unit_id)
        await refuse_frozen_in(connection, campaign_id)
        await _refuse_again(connection, unit_id, rubric, criterion_id, known, words)
        row = {"campaign_id": campaign_id, "unit_id": unit_id, "rubric_id": rubric.id, "criterion_id": criterion_id}
        said = {"fact": fact_text(known), "basis": words, "dispute": "", "dismissed_why": ""}
        rows.append({**row, **said, "person_id": person_id, "at": at})
    return rows


async def _keep(
    connection: AsyncConnection, rows: Sequence[dict[str, Any]], bookings: Sequence[Booking]
) -> list[OfficeFact]:
    """Keep what was checked, each with its row in the audit trail; the scores follow, each unit's once a rubric."""
    if not rows:
        return []
    query = insert(_fact).returning(_fact.c.id, sort_by_parameter_order=True)
    ids = (await connection.execute(query, [*rows])).scalars().all()
    booked = await _all(connection, _QUERY.where(_fact.c.id.in_(ids)).order_by(_fact.c.id))
    for fact, row in zip(booked, rows, strict=True):
        words = audit.canonical([row["fact"], row["basis"]])
        await _audit(connection, row["at"], row["person_id"], "office-fact.booked", fact, words)
    rubrics = {(one.unit_id, one.rubric.id): one.rubric for one in bookings}
    for (unit_id, _), rubric in rubrics.items():
        await scorecards.rewrite(connection, rows[0]["at"], unit_id, rubric)
    return booked


async def _claimed(connection: AsyncConnection, places: Mapping[int, int], rubric_id: str) -> dict[int, Decimal | None]:
    """The claimed totals of units, by unit.

    Args:
        places: unit id → campaign id.
    """
    one = next(iter(places)) if len(places) == 1 else None
    found = [row for place in set(places.values()) for row in await scorecards.summary_in(connection, place, one)]
    return {row.unit_id: row.claimed.total for row in found if row.rubric_id == rubric_id and row.unit_id in places}


async def _change(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    found: OfficeFact,
    action: str,
    values: Mapping[str, Any],
    words: str = "",
) -> OfficeFact:
    await connection.execute(update(_fact).where(_fact.c.id == found.id).values(**values))
    await _audit(connection, at, person_id, action, found, words)
    return found._replace(**values)


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, fact: OfficeFact, words: str
) -> None:
    clause = {"rubric": fact.rubric_id, "criterion": fact.criterion_id}
    subject = {"office_fact": fact.id, "unit": fact.unit_id, **clause}
    subject["sha256"] = hashlib.sha256(words.encode()).hexdigest()
    await audit.record(connection, at, str(person_id), action, subject, fact.campaign_id)
