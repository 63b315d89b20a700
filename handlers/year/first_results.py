"""初评反馈: each unit is told its own three scores, what it lost and why, and until when it may appeal."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import told
from handlers.turn import Turn
from rubrics.blocked import Blocked, blocked
from rubrics.errors import KaopingError
from rubrics.losses import Loss, of_unit
from rubrics.model import Criterion, Rubric
from storage import appeals, audit, campaigns, phases, pushes, reaching, review_queue, scorecards, verdicts
from storage.campaigns import Unit
from storage.people import Membership
from storage.phases import Phase
from storage.review_queue import Look
from storage.scorecards import Figures, SummaryRow

SAID = "feedback.sent"  # in the audit trail
MOST_LINES = 30
MOST_NAMED = 20


class Result(NamedTuple):
    """A unit under a rubric: its three scores, what it lost where the office has looked, what was sent back and why.

    ``blocked``: what of 加分 the office has counted and adds nothing. ``waiting``: how many clauses nobody has looked at;
    ``silent``: those of them without an answer. ``awaits``: how many targets of the tasks table have to be settled
    before what follows from them counts.
    """

    rubric: Rubric
    claimed: Figures
    proven: Figures
    verified: Figures
    lost: tuple[Loss, ...]
    more: int
    blocked: tuple[Blocked, ...]
    returned: tuple[tuple[Criterion, str], ...]
    waiting: int
    silent: int
    awaits: int


async def ask(turn: Turn, key: Key) -> None:
    """What would be sent, and how many days there are for an appeal."""
    membership = office.working(turn)
    if membership is None:
        return
    campaign_id = membership.campaign_id
    try:
        await phases.check_in(turn.connection, campaign_id, await _phase(turn, membership))
    except KaopingError as error:
        change = (Option(keys.pack("phase"), "改日期"), Option(keys.pack("year"), "返回"))
        turn.say("feedback-clash", change, said=str(error))
        return
    units = await campaigns.units_in(turn.connection, campaign_id)
    looks = await review_queue.of_campaign_in(turn.connection, campaign_id, turn.today)
    before = await pushes.said_in(turn.connection, campaign_id, SAID)
    send = Option(keys.pack("feedback-go", version=len(before) + 1), "再发一次" if before else "发出")
    options = (send, Option(keys.pack("appeal-days"), "改天数"), Option(keys.pack("year"), "返回"))
    unreached = [unit.name for unit in units if not any(m.role == "liaison" for m in unit.members)]
    turn.say(
        "feedback-check",
        options,
        before=before[-1] if before else None,
        units=len(units) - len(unreached),
        unreached=unreached,
        left=review_queue.unsettled(looks),
        days=await appeals.days_in(turn.connection, campaign_id),
    )


@told
async def send(turn: Turn, key: Key) -> None:
    """发出: the phase begins, each unit hears of its own result, and that again only where it is asked for.

    The button's version is the sending it stands for: pressed twice, or by two colleagues, it sends once.
    """
    membership = office.working(turn)
    if membership is None:
        return
    before = await pushes.said_in(turn.connection, membership.campaign_id, SAID)
    if key.version != len(before) + 1:
        options = (Option(keys.pack("feedback"), "初评反馈"), Option(keys.pack("year"), "年终工作"))
        turn.say("feedback-before", options, before=before[-1] if before else None)
        return
    campaign_id, person_id = membership.campaign_id, membership.person_id
    phase = await _begin(turn, membership)
    rows = await scorecards.summary_in(turn.connection, campaign_id)
    people: dict[str, set[int]] = {}
    units = await campaigns.units_in(turn.connection, campaign_id)
    for unit in units:
        own = [row for row in rows if row.unit_id == unit.id]
        looks = await review_queue.of_campaign_in(turn.connection, campaign_id, turn.today, unit.id)
        results = [await _result(turn, membership, unit, row, looks) for row in own]
        people[unit.name] = await _send(turn, membership, unit, results, phase)
    subject = {"units": [unit.id for unit in units], "until": phase.ends_on.isoformat()}
    await audit.record(turn.connection, turn.now, str(person_id), SAID, subject, campaign_id)
    unreached = [name for name, heard in people.items() if not heard]
    told = {
        "units": len(units) - len(unreached),
        "people": len(set[int]().union(*people.values())),
        "unreached": unreached,
    }
    turn.say("feedback-sent", (Option(keys.pack("year"), "年终工作"),), **told, most=MOST_NAMED, phase=phase)


async def ask_days(turn: Turn, key: Key) -> None:
    """改天数."""
    if office.working(turn) is not None:
        turn.expect(keys.pack("appeal-days"))
        turn.say("appeal-days-how", most=appeals.MOST_DAYS)


@told
async def days_said(turn: Turn, key: Key) -> None:
    """The days for an appeal."""
    membership = office.working(turn)
    if membership is None:
        return
    figures = re.findall(r"[0-9]{1,4}", turn.event.text)
    if len(figures) != 1:
        await ask_days(turn, key)
        return
    turn.expect(keys.pack("appeal-days"))  # until a number is taken
    by = (membership.person_id, membership.campaign_id)
    await appeals.set_days_in(turn.connection, turn.now, *by, int(figures[0]))
    turn.state.pop("expects")
    await ask(turn, key)


async def _begin(turn: Turn, membership: Membership) -> Phase:
    """初评反馈 as it runs today; set, or moved to today, where it does not."""
    phase = await _phase(turn, membership)
    if phase in await phases.of_campaign_in(turn.connection, membership.campaign_id):
        return phase
    return await phases.set_in(turn.connection, turn.now, str(membership.person_id), membership.campaign_id, *phase)


async def _phase(turn: Turn, membership: Membership) -> Phase:
    """初评反馈 as it would run were it sent today."""
    campaign_id = membership.campaign_id
    days = timedelta(days=await appeals.days_in(turn.connection, campaign_id))
    found = await phases.of_campaign_in(turn.connection, campaign_id)
    set_before = next((phase for phase in found if phase.name == phases.FEEDBACK), None)
    if set_before is not None and set_before.runs(turn.today) and set_before.ends_on >= turn.today + days:
        return set_before
    starts = set_before.starts_on if set_before is not None and set_before.runs(turn.today) else turn.today
    return Phase(phases.FEEDBACK, starts, turn.today + days)


async def _send(turn: Turn, membership: Membership, unit: Unit, results: list[Result], phase: Phase) -> set[int]:
    """Tell a unit's liaisons; returns the ids of those it goes to."""
    options = (Option(keys.pack("appeals", unit.id), "申诉"), Option(keys.pack("list", unit.id), "清单"))
    words: dict[str, Any] = {"unit": unit.name, "results": results, "phase": phase}
    reached = await reaching.liaisons_in(turn.connection, unit.id, turn.today)
    await office.tell(turn, reached, "told-first-results", options, **words)
    if reached:
        given = await verdicts.of_campaign_in(turn.connection, membership.campaign_id, unit.id)
        await verdicts.told_in(turn.connection, turn.now, [one.id for one in given])
    return {one.person_id for one in reached}


async def _result(turn: Turn, membership: Membership, unit: Unit, row: SummaryRow, looks: list[Look]) -> Result:
    rubric = membership.rubric(row.rubric_id)
    assert rubric is not None
    known = await turn.known(unit.id, rubric)
    scored = scorecards.plan_of(rubric).score(known.verified)
    found = of_unit(scored, unit.name, unit.category)
    seen = [loss for loss in found if loss.criterion.id in known.reviewed]
    given = await verdicts.of_campaign_in(turn.connection, membership.campaign_id, unit.id)
    why = {verdict.id: verdict.reason for verdict in given}
    mine = [look for look in looks if look.rubric.id == rubric.id]
    return Result(
        rubric,
        row.claimed,
        row.proven,
        row.verified,
        tuple(seen[:MOST_LINES]),
        max(len(seen) - MOST_LINES, 0),
        tuple(one for one in blocked(scored) if one.criterion.id in known.reviewed),
        tuple((one.criterion, why[one.verdict.id]) for one in mine if one.verdict and one.verdict.returned),
        sum(look.waits for look in mine),
        sum(look.state == "unanswered" for look in mine),
        max(known.awaits.values(), default=0),
    )
