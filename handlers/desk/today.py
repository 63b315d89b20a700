"""今天: what came in by unit, who has been silent, what waits for the office, and the next date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk.disputing import what_of
from handlers.desk.fact_news import is_nothing
from handlers.review.reviewing_selection import looks
from handlers.turn import Turn
from storage import (
    campaigns,
    feedback,
    motions,
    office_facts,
    overview,
    phases,
    rectifications,
    result_steps,
    review_queue,
)
from storage.freezing import frozen_in
from storage.overview import Silent, Waits
from storage.people import Membership

SILENT_DAYS = 30
MOST_LINES = 30


class _AfterNotice(NamedTuple):
    """What waits once the notice is out: lines of 整改 to be struck off, those that are late and of how many units, and
    the steps of 结果运用 whose day has come."""

    reported: int
    late: int
    late_units: int
    steps: int


async def show(turn: Turn, key: Key | None = None) -> None:
    """The office's day at a glance."""
    membership = office.seeing(turn)
    if membership is None:
        return
    campaign_id = membership.campaign_id
    midnight = datetime.combine(turn.today, time(), turn.zone)
    frozen = await frozen_in(turn.connection, campaign_id) is not None
    silent = [] if frozen else await _silent(turn, campaign_id)
    works = membership.role == "office"
    opinions = await _opinions(turn, campaign_id) if works else 0
    to_review, own = await _to_review(turn, membership) if works and not frozen else (0, 0)
    waits = await overview.waits_in(turn.connection, campaign_id, midnight)
    proposed = len(await motions.open_in(turn.connection, campaign_id))
    after = await _after_notice(turn, campaign_id)
    turn.say(
        "today",
        _options(waits, opinions, proposed, to_review, after) if works else (),
        campaign=membership.campaign_code,
        today=turn.today,
        **_listed("silent", silent),
        silent_days=SILENT_DAYS,
        waits=waits,
        opinions=opinions,
        proposed=proposed,
        to_review=to_review,
        own=own,
        after=after,
        next=phases.next_date(await phases.of_campaign_in(turn.connection, campaign_id), turn.today),
        **await _happened(turn, campaign_id, midnight),
    )


async def _happened(turn: Turn, campaign_id: int, midnight: datetime) -> dict[str, Any]:
    """What came in today, and what was booked and disputed."""
    came = await overview.came_in_in(turn.connection, campaign_id, midnight)
    booked = await office_facts.of_campaign_in(turn.connection, campaign_id)
    today = [fact for fact in booked if fact.at >= midnight]
    return {
        **_listed("came", came),
        "booked": [(fact, await what_of(turn, fact)) for fact in today if not is_nothing(fact.fact)][:MOST_LINES],
        "nothing": sum(is_nothing(fact.fact) for fact in today),
        "disputed": [fact for fact in booked if fact.disputed_at is not None and fact.disputed_at >= midnight],
    }


def _listed(name: str, found: Sequence[Any]) -> dict[str, Any]:
    """What fits on the screen, and how many more there are."""
    return {name: found[:MOST_LINES], f"{name}_more": max(len(found) - MOST_LINES, 0)}


async def _to_review(turn: Turn, membership: Membership) -> tuple[int, int]:
    """How many clauses this person may review now, and how many are others' because of the own unit."""
    everything = await review_queue.of_campaign_in(turn.connection, membership.campaign_id, turn.today)
    mine = review_queue.unsettled(await looks(turn, membership)).waiting
    return mine, review_queue.unsettled(everything).waiting - mine


async def _after_notice(turn: Turn, campaign_id: int) -> _AfterNotice:
    """Lines of the own unit are struck off by colleagues and not counted."""
    own = await office.own_units(turn)
    lines = await rectifications.lines_in(turn.connection, campaign_id)
    late = [line for line in lines if line.state in {"open", "planned"} and line.due_on < turn.today]
    steps = await result_steps.of_campaign_in(turn.connection, campaign_id)
    return _AfterNotice(
        sum(line.state == "reported" and line.unit_id not in own for line in lines),
        len(late),
        len({line.unit_id for line in late}),
        sum(step.done_on is None and _has_come(step.due_on, turn.today) for step in steps),
    )


def _has_come(day: date | None, today: date) -> bool:
    return day is not None and day <= today


async def _silent(turn: Turn, campaign_id: int) -> list[Silent]:
    """The units nothing came from for so many days; a campaign younger than that has none."""
    (campaign,) = await campaigns.campaigns_in(turn.connection, campaign_id)
    since = turn.now - timedelta(days=SILENT_DAYS)
    if campaign.created_at > since:
        return []
    return await overview.silent_in(turn.connection, campaign_id, since)


async def _opinions(turn: Turn, campaign_id: int) -> int:
    """How many 意见反馈 came since this person last looked at them."""
    seen = turn.state.get("opinions", {}).get(str(campaign_id), 0)
    found = await feedback.of_campaign_in(turn.connection, campaign_id)
    own = {membership.person_id for membership in turn.memberships}
    return sum(one.id > seen and one.person_id not in own for one in found)


def _options(waits: Waits, opinions: int, proposed: int, to_review: int, after: _AfterNotice) -> tuple[Option, ...]:
    """A button for each thing that waits."""
    waiting = (
        (to_review, "rv", "核查"),
        (waits.disputes, "disputes", "看异议"),
        (waits.absences, "absences", "看申请"),
        (waits.submissions, "handed-in", "自评提交"),
        (waits.appeals, "appeals-open", "看申诉"),
        (waits.late, "late", "看补报"),
        (proposed, "motions", "看提请"),
        (opinions, "opinions", "意见反馈"),
        (after.reported or after.late, "rectify-all", "看整改"),
        (after.steps, "results", "结果运用"),
    )
    return tuple(Option(keys.pack(verb), label) for found, verb, label in waiting if found)
