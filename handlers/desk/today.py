"""今天: what came in by unit, who has been silent, what waits for the office, and the next date."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk.disputing import what_of
from handlers.desk.fact_news import is_nothing
from handlers.review.reviewing_selection import looks
from handlers.turn import Turn
from storage import campaigns, feedback, motions, office_facts, overview, phases, review_queue
from storage.freezing import frozen_in
from storage.overview import Silent, Waits
from storage.people import Membership

SILENT_DAYS = 30
MOST_LINES = 30


async def show(turn: Turn, key: Key | None = None) -> None:
    """The office's day at a glance."""
    membership = office.seeing(turn)
    if membership is None:
        return
    campaign_id = membership.campaign_id
    midnight = datetime.combine(turn.today, time(), turn.zone)
    came = await overview.came_in_in(turn.connection, campaign_id, midnight)
    silent = await _silent(turn, campaign_id)
    booked = await office_facts.of_campaign_in(turn.connection, campaign_id)
    today = [fact for fact in booked if fact.at >= midnight]
    works = membership.role == "office"
    opinions = await _opinions(turn, campaign_id) if works else 0
    to_review, own = await _to_review(turn, membership) if works else (0, 0)
    waits = await overview.waits_in(turn.connection, campaign_id, midnight)
    proposed = len(await motions.open_in(turn.connection, campaign_id))
    calendar = await phases.of_campaign_in(turn.connection, campaign_id)
    turn.say(
        "today",
        _options(waits, opinions, proposed, to_review) if works else (),
        campaign=membership.campaign_code,
        today=turn.today,
        came=came[:MOST_LINES],
        came_more=max(len(came) - MOST_LINES, 0),
        silent=silent[:MOST_LINES],
        silent_more=max(len(silent) - MOST_LINES, 0),
        silent_days=SILENT_DAYS,
        waits=waits,
        opinions=opinions,
        proposed=proposed,
        to_review=to_review,
        own=own,
        booked=[(fact, await what_of(turn, fact)) for fact in today if not is_nothing(fact.fact)][:MOST_LINES],
        nothing=sum(is_nothing(fact.fact) for fact in today),
        disputed=[fact for fact in booked if fact.disputed_at is not None and fact.disputed_at >= midnight],
        next=phases.next_date(calendar, turn.today),
    )


async def _to_review(turn: Turn, membership: Membership) -> tuple[int, int]:
    """How many clauses this person may review now, and how many are others' because of the own unit; frozen none."""
    if await frozen_in(turn.connection, membership.campaign_id):
        return 0, 0
    everything = await review_queue.of_campaign_in(turn.connection, membership.campaign_id, turn.today)
    mine = review_queue.unsettled(await looks(turn, membership)).waiting
    return mine, review_queue.unsettled(everything).waiting - mine


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


def _options(waits: Waits, opinions: int, proposed: int, to_review: int) -> tuple[Option, ...]:
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
    )
    return tuple(Option(keys.pack(verb), label) for found, verb, label in waiting if found)
