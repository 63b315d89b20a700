"""申诉: a unit's appeal against a verdict, decided by somebody else than the reviewer; both scores and reasons stay."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.losses import losses
from rubrics.model import Rubric
from storage import audit, phases, scorecards, unit_facts, verdicts
from storage.errors import NotFoundError, StorageError
from storage.freezing import frozen_in, refuse_frozen_in
from storage.tables import CampaignRow, UnitRow
from storage.tables_answers import MembershipRow, PersonRow
from storage.tables_review import AppealRow, VerdictRow
from storage.texts import storable
from storage.verdicts import Verdict

WORD_CHARACTERS = 500
FEWEST_CHARACTERS = 2
MOST_DAYS = 60

_appeal: Any = AppealRow.__table__  # type: ignore[attr-defined]
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_decider: Any = _person.alias("decider")
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


class SameReviewerError(StorageError):
    """The reviewer would decide about the appeal against the own verdict."""


class Appeal(NamedTuple):
    """An appeal. ``before`` and ``after``: the unit's verified totals then and once it was decided, where there are any.

    ``decision_id`` is the verdict that took the place of the one appealed against; None while open and after 维持.
    """

    id: int
    campaign_id: int
    unit_id: int
    unit: str
    verdict_id: int
    rubric_id: str
    criterion_id: str
    text: str
    person_id: int
    person: str
    at: datetime
    before: Decimal | None
    decided_by: int | None
    decider: str
    decided_at: datetime | None
    why: str
    decision_id: int | None
    after: Decimal | None

    @property
    def state(self) -> Literal["open", "upheld", "changed"]:
        """``upheld``: 维持."""
        if self.decided_at is None:
            return "open"
        return "upheld" if self.decision_id is None else "changed"


async def days_in(connection: AsyncConnection, campaign_id: int) -> int:
    """How many days a unit has for an appeal."""
    query = select(_campaign.c.appeal_days).where(_campaign.c.id == campaign_id)
    return int((await connection.execute(query)).scalar_one())


async def set_days_in(connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, days: int) -> None:
    """Set how many days a unit has for an appeal.

    Raises:
        StorageError: no number of days that can be meant.
    """
    if not 1 <= days <= MOST_DAYS:
        raise StorageError(f"申诉的天数请写 1 到 {MOST_DAYS} 之间的数")
    await connection.execute(update(_campaign).where(_campaign.c.id == campaign_id).values(appeal_days=days))
    await audit.record(connection, at, str(person_id), "appeal.days", {"days": days}, campaign_id)


async def last_day_in(connection: AsyncConnection, verdict: Verdict, today: date, zone: ZoneInfo) -> date | None:
    """The last day of an appeal against a verdict: so many days after it was told, or after 初评反馈 began.

    None while neither has happened: there is nothing the unit could appeal against.
    """
    days = timedelta(days=await days_in(connection, verdict.campaign_id))
    found = [] if verdict.told_at is None else [verdict.told_at.astimezone(zone).date() + days]
    for phase in await phases.of_campaign_in(connection, verdict.campaign_id):
        if phase.name == phases.FEEDBACK and phase.starts_on <= today:
            found += [phase.starts_on + days, phase.ends_on]
    return max(found, default=None)


async def appealable_in(
    connection: AsyncConnection, unit_id: int, rubrics: tuple[Rubric, ...], today: date, zone: ZoneInfo
) -> list[tuple[Verdict, date]]:
    """The verdicts a unit may appeal against today, with the last day of each."""
    found: list[tuple[Verdict, date]] = []
    appealed = {one.verdict_id for one in await of_unit_in(connection, unit_id)}
    for rubric in rubrics:
        lost = await _lost(connection, unit_id, rubric)
        for verdict in await _newest(connection, unit_id, rubric.id):
            last = await last_day_in(connection, verdict, today, zone)
            if _worth(verdict, lost) and last is not None and today <= last and verdict.id not in appealed:
                found.append((verdict, last))
    return found


def _worth(verdict: Verdict, lost: Collection[str]) -> bool:
    """Whether a verdict gives less than was claimed, or what it lets stand earns less than it could."""
    if verdict.kind == "change":
        return verdict.fact != verdict.claimed
    return verdict.kind == "return" or (verdict.kind == "pass" and verdict.criterion_id in lost)


async def appeal_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubrics: tuple[Rubric, ...],
    verdict_id: int,
    text: str,
    zone: ZoneInfo,
) -> Appeal:
    """Appeal against a verdict on the own unit.

    Raises:
        FrozenError: the scores are frozen.
        StorageError: no such verdict that could be appealed against today, or no text.
    """
    words = _words(text, "请写一句申诉的理由，考核办要看")
    today = at.astimezone(zone).date()
    may = {one.id: one for one, _ in await appealable_in(connection, unit_id, rubrics, today, zone)}
    verdict = may.get(verdict_id)
    if verdict is None:
        raise StorageError("这一条现在不能申诉：已经申诉过、有了新的核定，或者过了期限")
    await refuse_frozen_in(connection, verdict.campaign_id)
    before = await _total(connection, verdict.campaign_id, unit_id, verdict.rubric_id)
    values = {
        "campaign_id": verdict.campaign_id,
        "unit_id": unit_id,
        "verdict_id": verdict_id,
        "text": words,
        "person_id": person_id,
        "at": at,
        "before": None if before is None else str(before),
    }
    made = (await connection.execute(insert(_appeal).values(**values).returning(_appeal.c.id))).scalar_one()
    found = await find_in(connection, verdict.campaign_id, made)
    await _audit(connection, at, person_id, "appeal.made", found, words)
    return found


async def uphold_in(connection: AsyncConnection, at: datetime, person_id: int, appeal: Appeal, reason: str) -> Appeal:
    """维持: the verdict stands, with a reason the unit is told.

    Raises:
        SameReviewerError, OwnUnitError: who decides gave the verdict, or belongs to the unit.
        StorageError: it is decided already, or there is no reason.
    """
    await decidable_in(connection, person_id, appeal)
    words = _words(reason, "请写一句理由，单位会看到")
    after = await _total(connection, appeal.campaign_id, appeal.unit_id, appeal.rubric_id)
    return await _decide(connection, at, person_id, appeal, words, None, after)


async def change_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    appeal: Appeal,
    rubric: Rubric,
    fact: object,
    reason: str,
    *,
    basis: str,
) -> Appeal:
    """改: another verdict takes the place of the one appealed against; both are kept.

    Args:
        fact: as `rubrics.facts.parse_fact` takes it.
        basis: what was shown of the clause, as `verdicts.shown_in` gave it.

    Raises:
        SameReviewerError, OwnUnitError: who decides gave the verdict, or belongs to the unit.
        ChangedError: the answer or its proof has changed since ``basis``.
        StorageError: it is decided already, or there is no reason.
    """
    await decidable_in(connection, person_id, appeal)
    words = _words(reason, "请写一句理由，单位会看到")
    about = (person_id, appeal.unit_id, rubric, appeal.criterion_id)
    given = await verdicts.change_in(connection, at, *about, fact, words, basis=basis, how="appeal")
    await verdicts.told_in(connection, at, (given.verdict.id,))  # who decides tells the unit in the same unit of work
    return await _decide(connection, at, person_id, appeal, words, given.verdict.id, given.after)


async def decidable_in(connection: AsyncConnection, person_id: int, appeal: Appeal) -> None:
    """See that a person may decide about an appeal, and that it is still open.

    Raises:
        SameReviewerError, OwnUnitError, FrozenError, StorageError: as `uphold_in`.
    """
    await verdicts.refuse_own_in(connection, person_id, appeal.unit_id)
    reviewed = await verdicts.find_in(connection, appeal.campaign_id, appeal.verdict_id)
    if reviewed.person_id == person_id:
        raise SameReviewerError("这一条是你核的，申诉要请考核办另一位同事复核")
    if (await find_in(connection, appeal.campaign_id, appeal.id)).state != "open":
        raise StorageError("这条申诉已经答复过了")
    await refuse_frozen_in(connection, appeal.campaign_id)


async def find_in(connection: AsyncConnection, campaign_id: int, appeal_id: int) -> Appeal:
    """An appeal of a campaign.

    Raises:
        NotFoundError: the campaign has none of that id.
    """
    found = await _all(connection, _query().where(_appeal.c.campaign_id == campaign_id, _appeal.c.id == appeal_id))
    if not found:
        raise NotFoundError("没有找到这条申诉，请从申诉清单里重新选")
    return found[0]


async def deciders_in(connection: AsyncConnection, appeal: Appeal) -> frozenset[int]:
    """The people of the office who may decide about an appeal: not the reviewer, nor who belongs or has belonged to
    the unit."""
    verdict = await verdicts.find_in(connection, appeal.campaign_id, appeal.verdict_id)
    held = (_membership.c.campaign_id == appeal.campaign_id, _membership.c.removed_at.is_(None))
    office = select(_membership.c.person_id).where(*held, _membership.c.role == "office")
    concerned = select(_membership.c.person_id).where(_membership.c.unit_id == appeal.unit_id)
    found = (await connection.execute(office)).scalars()
    return frozenset(found) - frozenset((await connection.execute(concerned)).scalars()) - {verdict.person_id}


async def open_in(connection: AsyncConnection, campaign_id: int) -> list[Appeal]:
    """Those that wait for a decision, the oldest first; none while the scores are frozen, which ends them."""
    if await frozen_in(connection, campaign_id):
        return []
    waiting = (_appeal.c.campaign_id == campaign_id, _appeal.c.decided_at.is_(None))
    return await _all(connection, _query().where(*waiting))


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Appeal]:
    """All appeals of a campaign, the oldest first."""
    return await _all(connection, _query().where(_appeal.c.campaign_id == campaign_id))


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> list[Appeal]:
    """All appeals of a unit, the oldest first."""
    return await _all(connection, _query().where(_appeal.c.unit_id == unit_id))


async def _newest(connection: AsyncConnection, unit_id: int, rubric_id: str) -> list[Verdict]:
    campaign_id = (await connection.execute(select(_unit.c.campaign_id).where(_unit.c.id == unit_id))).scalar_one()
    found = await verdicts.of_campaign_in(connection, campaign_id, unit_id)
    return [one for one in found if one.rubric_id == rubric_id]


async def _lost(connection: AsyncConnection, unit_id: int, rubric: Rubric) -> set[str]:
    known = await unit_facts.of_unit(connection, unit_id, rubric)
    return {loss.criterion.id for loss in losses(scorecards.plan_of(rubric).score(known.verified))}


async def _total(connection: AsyncConnection, campaign_id: int, unit_id: int, rubric_id: str) -> Decimal | None:
    rows = await scorecards.summary_in(connection, campaign_id, unit_id)
    return next((row.verified.total for row in rows if row.rubric_id == rubric_id), None)


async def _decide(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    appeal: Appeal,
    words: str,
    decision_id: int | None,
    after: Decimal | None,
) -> Appeal:
    values = {"decided_by": person_id, "decided_at": at, "why": words, "decision_id": decision_id}
    total = None if after is None else str(after)
    await connection.execute(update(_appeal).where(_appeal.c.id == appeal.id).values(**values, after=total))
    decided = await find_in(connection, appeal.campaign_id, appeal.id)
    await _audit(connection, at, person_id, f"appeal.{decided.state}", decided, words)
    return decided


def _query() -> Select[Any]:
    joined = (
        select(
            _appeal,
            _unit.c.name.label("unit"),
            _person.c.name.label("person"),
            _decider.c.name.label("decider"),
            _verdict.c.rubric_id,
            _verdict.c.criterion_id,
        )
        .join(_unit, _unit.c.id == _appeal.c.unit_id)
        .join(_person, _person.c.id == _appeal.c.person_id)
        .join(_verdict, _verdict.c.id == _appeal.c.verdict_id)
        .join(_decider, _decider.c.id == _appeal.c.decided_by, isouter=True)
    )
    return joined.order_by(_appeal.c.id)


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Appeal]:
    found = []
    for row in await connection.execute(query):
        values = {name: getattr(row, name) for name in Appeal._fields}
        totals = {name: None if values[name] is None else Decimal(values[name]) for name in ("before", "after")}
        found.append(Appeal(**{**values, **totals, "decider": row.decider or ""}))
    return found


def _words(text: str, missing: str) -> str:
    words = storable(text.strip(), WORD_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError(missing)
    return words


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, appeal: Appeal, words: str
) -> None:
    subject = {
        "appeal": appeal.id,
        "verdict": appeal.verdict_id,
        "decision": appeal.decision_id,
        "words_sha256": hashlib.sha256(words.encode()).hexdigest(),
    }
    await audit.record(connection, at, str(person_id), action, subject, appeal.campaign_id)
