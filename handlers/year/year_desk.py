"""年终工作: the year's last steps on one screen, and 综合审议: what is still open before the scores are frozen."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.desk import nothing_happened
from handlers.turn import Turn
from storage import (
    appeals,
    late_answers,
    motions,
    office_facts,
    openings,
    phases,
    rectifications,
    result_steps,
    review_queue,
)
from storage.freezing import frozen_in

STEPS = (
    ("feedback", "初评反馈"),
    ("appeals-open", "申诉"),
    ("late", "补报"),
    ("openings", "待年终复开"),
    ("nh", "没记的情况"),
    ("deliberate", "综合审议"),
    ("snapshots", "审定快照"),
    ("results", "结果运用"),
    ("rectify-all", "整改"),
)
MOST_UNITS = 12


async def show(turn: Turn, key: Key | None = None) -> None:
    """Where the year stands, and a button for each step."""
    membership = office.working(turn)
    if membership is None:
        return
    campaign_id = membership.campaign_id
    lines = await rectifications.lines_in(turn.connection, campaign_id)
    steps = await result_steps.of_campaign_in(turn.connection, campaign_id)
    calendar = await phases.of_campaign_in(turn.connection, campaign_id)
    turn.say(
        "year-end-steps",
        tuple(Option(keys.pack(verb), label) for verb, label in STEPS),
        campaign=membership.campaign_code,
        now=[phase for phase in calendar if phase.runs(turn.today)],
        appeals=len(await appeals.open_in(turn.connection, campaign_id)),
        late=len(await late_answers.open_in(turn.connection, campaign_id)),
        openings=len(await openings.standing_in(turn.connection, campaign_id, turn.today)),
        frozen=await frozen_in(turn.connection, campaign_id),
        steps=(sum(step.done_on is not None for step in steps), len(steps)),
        rectified=(sum(line.state == "closed" for line in lines), len(lines)),
    )


async def deliberate(turn: Turn, key: Key | None = None) -> None:
    """综合审议: everything that waits before 审定."""
    membership = office.working(turn)
    if membership is None:
        return
    campaign_id = membership.campaign_id
    booked = await office_facts.of_campaign_in(turn.connection, campaign_id)
    frozen = await frozen_in(turn.connection, campaign_id)
    looks = [] if frozen else await review_queue.of_campaign_in(turn.connection, campaign_id, turn.today)
    counts = {
        "appeals": len(await appeals.open_in(turn.connection, campaign_id)),
        "disputes": sum(fact.state == "disputed" for fact in booked),
        "motions": len(await motions.open_in(turn.connection, campaign_id)),
        "late": len(await late_answers.open_in(turn.connection, campaign_id)),
        "unbooked": len((await nothing_happened.left(turn, membership)).clauses),
    }
    turn.say(
        "deliberation",
        _options(counts),
        **counts,
        openings=len(await openings.standing_in(turn.connection, campaign_id, turn.today)),
        unreviewed=review_queue.left_of(looks),
        left=review_queue.unsettled(looks),
        most=MOST_UNITS,
        frozen=frozen,
    )


def _options(counts: dict[str, int]) -> tuple[Option, ...]:
    buttons = (
        ("appeals", "appeals-open", "申诉"),
        ("disputes", "disputes", "看异议"),
        ("motions", "motions", "看提请"),
        ("late", "late", "补报"),
        ("unbooked", "nh", "没记的情况"),
    )
    waiting = [Option(keys.pack(verb), label) for name, verb, label in buttons if counts[name]]
    return (*waiting, Option(keys.pack("snapshots"), "审定快照"), Option(keys.pack("year"), "返回"))
