"""Verdicts (核定): 通过, 改分, 退回 of what a unit answered, each on one version of the answer and its proof.

A verdict is never changed; a later one takes its place. The unit's scores follow in the same unit of work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.clauses import is_met
from rubrics.facts import Fact, parse_fact, read_json
from rubrics.model import Criterion, Rubric
from storage import overruling, scorecards, unit_facts
from storage.campaigns import place_in
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.tables import UnitRow
from storage.tables_answers import MembershipRow, PersonRow
from storage.tables_review import VerdictRow
from storage.texts import storable
from storage.unit_facts import UnitFacts
from storage.verdict_rows import Place, department, keep_in, row_of

REASON_CHARACTERS = 500
FEWEST_CHARACTERS = 2
TWO_PEOPLE = frozenset({"veto", "precondition"})
"""Kinds of clauses that only two people of the office can hold against a unit."""

_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]

_QUERY: Select[Any] = (
    select(_verdict, _unit.c.name.label("unit"), _person.c.name.label("person"), department())
    .join(_unit, _unit.c.id == _verdict.c.unit_id)
    .join(_person, _person.c.id == _verdict.c.person_id)
    .order_by(_verdict.c.id)
)


class OwnUnitError(StorageError):
    """Somebody would review the unit they belong to (回避)."""


class ChangedError(StorageError):
    """The answer or its proof is no longer what the reviewer was shown."""


class Verdict(NamedTuple):
    """A verdict as it is kept. ``fact`` is what is verified, ``claimed`` what the unit said then.

    ``department``: the lead department that gave it; empty where the office did.
    """

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    rubric_id: str
    criterion_id: str
    kind: str
    how: str
    fact: Fact | None
    claimed: Fact | None
    reason: str
    answer_version: int
    basis: str
    person_id: int
    person: str
    at: datetime
    told_at: datetime | None
    department: str


class Given(NamedTuple):
    """A verdict that was given, and the unit's verified total before and after; None without a total."""

    verdict: Verdict
    before: Decimal | None
    after: Decimal | None


async def pass_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    *,
    basis: str,
    how: str = "seen",
) -> Given:
    """Verify what a unit claims; where it answered nothing, that nothing was answered.

    Args:
        basis: what the reviewer was shown, as `shown_in` gave it.

    Raises:
        OwnUnitError, ChangedError, NotFoundError: see `give_in`.
    """
    known = await unit_facts.of_unit(connection, unit_id, rubric)
    fact = known.own.get(criterion_id)
    return await give_in(connection, at, person_id, unit_id, rubric, criterion_id, "pass", fact, "", basis, how)


async def change_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    fact: object,
    reason: str,
    *,
    basis: str,
    how: str = "seen",
) -> Given:
    """Verify something else than a unit claims (改分), with a reason the unit is told.

    Args:
        fact: as `rubrics.facts.parse_fact` takes it.

    Raises:
        FactError: a fact the clause cannot take.
        StorageError: no reason; else as `give_in`.
    """
    words = _words(reason, "改分要写一句理由，单位会看到")
    checked = parse_fact(_criterion(rubric, criterion_id), fact)
    return await give_in(connection, at, person_id, unit_id, rubric, criterion_id, "change", checked, words, basis, how)


async def return_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    reason: str,
    *,
    basis: str,
    how: str = "seen",
) -> Given:
    """Send an answer back (退回) with a reason; the unit hears of it with the others (see `untold_in`).

    Raises:
        StorageError: no reason, or there is nothing to send back; else as `give_in`.
    """
    words = _words(reason, "退回要写一句理由，单位才知道补什么")
    known = await unit_facts.of_unit(connection, unit_id, rubric)
    if not known.bases.version(criterion_id):
        raise StorageError("单位还没有填这一条，没有可退回的；要催办请发 催办")
    return await give_in(connection, at, person_id, unit_id, rubric, criterion_id, "return", None, words, basis, how)


async def take_back_in(
    connection: AsyncConnection, at: datetime, person_id: int, found: Verdict, rubric: Rubric
) -> Given:
    """Take a verdict back: the clause is in the queue again, as if nobody had looked.

    Raises:
        StorageError: another one has taken its place; else as `give_in`.
    """
    newest = await newest_in(connection, found.unit_id, found.rubric_id, found.criterion_id)
    if newest is None or newest.id != found.id or newest.kind == "open":
        raise StorageError("这条核定已经有了新的结论，请刷新再看")
    same = (found.unit_id, rubric, found.criterion_id)
    return await give_in(connection, at, person_id, *same, "open", None, "", await shown_in(connection, *same), "seen")


async def shown_in(connection: AsyncConnection, unit_id: int, rubric: Rubric, criterion_id: str) -> str:
    """The basis of a clause as it is now: what a verdict has to name, so that it never falls on something unseen."""
    return (await unit_facts.of_unit(connection, unit_id, rubric)).bases.of(_criterion(rubric, criterion_id).id)


async def give_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    kind: str,
    fact: Fact | None,
    reason: str,
    basis: str,
    how: str,
) -> Given:
    """Record a verdict; every other way of giving one comes through here.

    Raises:
        OwnUnitError: the reviewer belongs to the unit.
        ChangedError: the answer or its proof has changed since ``basis``.
        NotFoundError: no such unit or clause, or the rubric does not assess the unit.
        FrozenError: the scores are frozen (审定).
        OverruledError: a lead department would overturn the office.
        StorageError: the clause follows from others by itself, or it takes two people.
    """
    criterion = own_clause(rubric, criterion_id)
    place = await place_for_in(connection, person_id, unit_id, rubric)
    known = await unit_facts.of_unit(connection, unit_id, rubric)
    refuse_unfit(known, criterion, fact, basis)
    if how == "provider":
        await overruling.refuse_in(connection, criterion, known.verdicts.get(criterion.id))
    before = await _total(connection, place.campaign_id, unit_id, rubric)
    row = row_of(at, place, known, criterion.id, kind, fact, reason, how)
    (verdict_id,) = await keep_in(connection, [row])
    await scorecards.rewrite(connection, at, unit_id, rubric)
    given = await find_in(connection, place.campaign_id, verdict_id)
    return Given(given, before, await _total(connection, place.campaign_id, unit_id, rubric))


def own_clause(rubric: Rubric, criterion_id: str) -> Criterion:
    """A clause that can have a verdict of its own.

    Raises:
        NotFoundError: the rubric has no such clause.
        StorageError: it follows from others by itself.
    """
    criterion = _criterion(rubric, criterion_id)
    if criterion.derived:
        raise StorageError("这一条由任务完成情况自动得出，请核查对应的任务行")
    return criterion


async def place_for_in(connection: AsyncConnection, person_id: int, unit_id: int, rubric: Rubric) -> Place:
    """Where a person's verdicts on a unit belong.

    Raises:
        OwnUnitError: the reviewer belongs to the unit.
        NotFoundError: no such unit, or the rubric does not assess it.
        FrozenError: the scores are frozen (审定).
    """
    campaign_id = await place_in(connection, unit_id, rubric)
    await refuse_own_in(connection, person_id, unit_id)
    await refuse_frozen_in(connection, campaign_id)
    return Place(campaign_id, person_id, unit_id, rubric.id)


def refuse_unfit(known: UnitFacts, criterion: Criterion, fact: Fact | None, basis: str) -> None:
    """See that a verdict may say this of what is known about the unit.

    Raises:
        StorageError: it takes two people.
        ChangedError: the answer or its proof has changed since ``basis``.
    """
    _refuse_alone(criterion, fact)
    if known.bases.of(criterion.id) != basis:
        raise ChangedError("单位刚改过这一条，请重新打开看过再核定")


async def refuse_own_in(connection: AsyncConnection, person_id: int, unit_id: int) -> None:
    """See that nobody reviews the unit they belong to, or have belonged to in this campaign.

    Raises:
        OwnUnitError: they do.
    """
    query = select(_membership.c.id).where(_membership.c.person_id == person_id, _membership.c.unit_id == unit_id)
    if (await connection.execute(query)).first() is not None:
        raise OwnUnitError("这是你自己的单位，按回避要求请其他人核查")


async def newest_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> Verdict | None:
    """The newest verdict on a clause of a unit, whether it still counts or not."""
    found = await history_in(connection, unit_id, rubric_id, criterion_id)
    return found[-1] if found else None


async def history_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Verdict]:
    """All verdicts on a clause of a unit, oldest first."""
    same = (_verdict.c.unit_id == unit_id, _verdict.c.rubric_id == rubric_id, _verdict.c.criterion_id == criterion_id)
    return await _all(connection, _QUERY.where(*same))


async def of_campaign_in(connection: AsyncConnection, campaign_id: int, unit_id: int | None = None) -> list[Verdict]:
    """The newest verdict of every clause that has one, oldest first; of one unit where it is given."""
    later = _verdict.alias("later")
    same = (later.c[name] == _verdict.c[name] for name in ("unit_id", "rubric_id", "criterion_id"))
    newest = ~select(later.c.id).where(*same, later.c.id > _verdict.c.id).exists()
    query = _QUERY.where(_verdict.c.campaign_id == campaign_id, newest)
    return await _all(connection, query if unit_id is None else query.where(_verdict.c.unit_id == unit_id))


async def find_in(connection: AsyncConnection, campaign_id: int, verdict_id: int) -> Verdict:
    """A verdict of a campaign.

    Raises:
        NotFoundError: the campaign has no such verdict.
    """
    query = _QUERY.where(_verdict.c.id == verdict_id, _verdict.c.campaign_id == campaign_id)
    found = await _all(connection, query)
    if not found:
        raise NotFoundError("没有找到这条核定记录，请从核查清单里重新选")
    return found[0]


async def untold_in(
    connection: AsyncConnection, campaign_id: int, kinds: Sequence[str] = ("return", "change")
) -> list[Verdict]:
    """The verdicts a unit has still to hear of, oldest first; one that another has followed is left out."""
    found = await of_campaign_in(connection, campaign_id)
    return [verdict for verdict in found if verdict.kind in kinds and verdict.told_at is None]


async def told_in(connection: AsyncConnection, at: datetime, verdict_ids: Iterable[int]) -> None:
    """Note that the unit was told of these verdicts."""
    wanted = (_verdict.c.id.in_(tuple(verdict_ids)), _verdict.c.told_at.is_(None))
    await connection.execute(update(_verdict).where(*wanted).values(told_at=at))


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Verdict]:
    return [
        Verdict(
            **{
                **{name: getattr(row, name) for name in Verdict._fields},
                "fact": _read(row.fact),
                "claimed": _read(row.claimed),
            }
        )
        for row in await connection.execute(query)
    ]


def _read(text: str | None) -> Fact | None:
    return None if text is None else read_json(text)


async def _total(connection: AsyncConnection, campaign_id: int, unit_id: int, rubric: Rubric) -> Decimal | None:
    rows = await scorecards.summary_in(connection, campaign_id, unit_id)
    return next((row.verified.total for row in rows if row.rubric_id == rubric.id), None)


def _refuse_alone(criterion: Criterion, fact: Fact | None) -> None:
    """A veto or precondition that holds is never verified by one person: it is booked on a motion."""
    if fact is not None and criterion.kind in TWO_PEOPLE and is_met(criterion, fact):
        raise StorageError("一票否决和不予受理要考核办两个人定：请发 记情况 写明依据，另一位同事同意后才算")


def _criterion(rubric: Rubric, criterion_id: str) -> Criterion:
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有「{criterion_id}」这一条，请从清单里重新选")
    return rubric.criteria[criterion_id]


def _words(text: str, missing: str) -> str:
    words = storable(text.strip(), REASON_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError(missing)
    return words
