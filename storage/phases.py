"""The calendar of a campaign: its phases, what runs today, what comes next, and whether answers are still taken.

Answers are locked once 自评 is over. No row changes when a day passes: what depends on that asks `collecting` with
the day, and a scorecard that is to count the unanswered as not done is written by whoever closes the phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.connections import once
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.prepared import often
from storage.tables import CampaignPhaseRow, CampaignRow

COLLECTION = "日常收集"
SELF_ASSESSMENT = "自评"
FEEDBACK = "初评反馈"
NOTICE = "通报"
RECTIFICATION = "整改"
NAMES = (
    "目标备案",
    COLLECTION,
    SELF_ASSESSMENT,
    "资料核查",
    "实地核查",
    FEEDBACK,
    "综合审议",
    "报批审定",
    NOTICE,
    "向社会公布",
    "结果运用",
    RECTIFICATION,
    "回头看",
)
"""The phases there may be, in the order of a year's work; a campaign sets those that its rules know."""

_phase: Any = CampaignPhaseRow.__table__  # type: ignore[attr-defined]
_campaign: Any = CampaignRow.__table__  # type: ignore[attr-defined]
_OF_CAMPAIGN = often(
    select(_phase.c.name, _phase.c.starts_on, _phase.c.ends_on).where(_phase.c.campaign_id == bindparam("campaign"))
)
"""Every answer asks for it."""


class Phase(NamedTuple):
    """A phase with its days in the office's zone, both inclusive."""

    name: str
    starts_on: date
    ends_on: date

    def runs(self, today: date) -> bool:
        """Whether the phase runs on a day."""
        return self.starts_on <= today <= self.ends_on


class NextDate(NamedTuple):
    """A day to come and what it brings (自评截止)."""

    on: date
    what: str


async def set_in(
    connection: AsyncConnection,
    at: datetime,
    actor: str,
    campaign_id: int,
    name: str,
    starts_on: date,
    ends_on: date,
) -> Phase:
    """Set or move a phase.

    Phases may overlap. Refused is what cannot be meant: an end before the start, a phase that starts before one it
    follows, collecting that goes on when self-assessment is over, days far from the campaign's year, and other days
    for self-assessment once the scores are frozen: units would be let in to scores that cannot change.

    Raises:
        NotFoundError: no such campaign, or no phase is called so.
        FrozenError: the scores are frozen (审定), and it is self-assessment.
        StorageError: days that cannot be meant; nothing was changed.
    """
    phase = Phase(name, starts_on, ends_on)
    await check_in(connection, campaign_id, phase)
    same = (_phase.c.campaign_id == campaign_id, _phase.c.name == name)
    days = {"starts_on": starts_on, "ends_on": ends_on}
    if not (await connection.execute(update(_phase).where(*same).values(**days))).rowcount:
        await connection.execute(insert(_phase).values(campaign_id=campaign_id, name=name, **days))
    subject = {"phase": name, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    await audit.record(connection, at, actor, "phase.set", subject, campaign_id)
    return phase


async def check_in(connection: AsyncConnection, campaign_id: int, phase: Phase) -> None:
    """See that a phase could be set; errors as `set_in`."""
    year = (await connection.execute(select(_campaign.c.year).where(_campaign.c.id == campaign_id))).scalar()
    if year is None:
        raise NotFoundError("没有这次考核，请先看 kaoping campaign list")
    if phase.name not in NAMES:
        raise NotFoundError(f"没有阶段「{phase.name[:20]}」，可用的有：{'、'.join(NAMES)}")
    if phase.name == SELF_ASSESSMENT:
        await refuse_frozen_in(connection, campaign_id)
    others = [other for other in await of_campaign_in(connection, campaign_id) if other.name != phase.name]
    _check_days(phase, year)
    _check_order(phase, others)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> tuple[Phase, ...]:
    """The phases that are set, in the order of the year's work."""

    async def read() -> tuple[Phase, ...]:
        found = [Phase(*row) for row in await connection.execute(_OF_CAMPAIGN, {"campaign": campaign_id})]
        return tuple(sorted(found, key=lambda phase: NAMES.index(phase.name)))

    return await once(connection, ("phases", campaign_id), read)


def current(phases: Sequence[Phase], today: date) -> Phase | None:
    """The phase that runs today; where several do, the last in the year's order."""
    running = [phase for phase in phases if phase.runs(today)]
    return max(running, key=lambda phase: NAMES.index(phase.name), default=None)


def next_date(phases: Sequence[Phase], today: date) -> NextDate | None:
    """The nearest start still to come or end from today on; on the same day the end is named."""
    ends = [NextDate(phase.ends_on, f"{phase.name}截止") for phase in phases if phase.ends_on >= today]
    starts = [NextDate(phase.starts_on, f"{phase.name}开始") for phase in phases if phase.starts_on > today]
    return min((*ends, *starts), key=lambda coming: coming.on, default=None)


def collecting(phases: Sequence[Phase], today: date) -> bool:
    """Whether units may still answer and send: not once 自评 is over; always where it is not set."""
    return all(phase.ends_on >= today for phase in phases if phase.name == SELF_ASSESSMENT)


def ends_collecting(phases: Sequence[Phase], name: str, ends_on: date, today: date) -> bool:
    """Whether units may still answer today, and no more were a phase to end then."""
    return name == SELF_ASSESSMENT and ends_on < today and collecting(phases, today)


def notice_too_early(phases: Sequence[Phase]) -> tuple[Phase, Phase] | None:
    """初评反馈 and 通报 where the scores would be announced before the days for an appeal have passed."""
    by_name = {phase.name: phase for phase in phases}
    feedback, notice = by_name.get(FEEDBACK), by_name.get(NOTICE)
    return (feedback, notice) if feedback and notice and notice.starts_on <= feedback.ends_on else None


def _check_days(phase: Phase, year: int) -> None:
    if phase.ends_on < phase.starts_on:
        raise StorageError(
            f"「{phase.name}」{_day(phase.ends_on)}结束，比开始的{_day(phase.starts_on)}还早，请对调或改正"
        )
    for day in (phase.starts_on, phase.ends_on):
        if abs(day.year - year) > 1:
            raise StorageError(f"「{phase.name}」写的{_day(day)}离考核年度 {year} 太远，请检查年份")


def _check_order(phase: Phase, others: Sequence[Phase]) -> None:
    place = NAMES.index(phase.name)
    for other in others:
        first, then = (other, phase) if NAMES.index(other.name) < place else (phase, other)
        if then.starts_on < first.starts_on:
            raise StorageError(
                f"「{then.name}」{_day(then.starts_on)}开始，不能早于「{first.name}」的{_day(first.starts_on)}，"
                f"请改日期或先改「{other.name}」"
            )
        if (first.name, then.name) == (COLLECTION, SELF_ASSESSMENT) and first.ends_on > then.ends_on:
            raise StorageError(
                f"「{COLLECTION}」到{_day(first.ends_on)}，「{SELF_ASSESSMENT}」{_day(then.ends_on)}就截止，"
                f"截止后不能再填，请改日期或先改「{other.name}」"
            )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
