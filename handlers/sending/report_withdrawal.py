"""撤回: a unit takes an information report back before it is 采用, and everything that followed from it with it."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.answering import collecting
from handlers.proof.proof_standing import at, told
from handlers.sending.reporting import unit_of
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import conversation, evidence, information, information_counting, reaching
from storage.information import Report
from storage.people import Membership

MOST_LISTED = 10


async def mine(turn: Turn, key: Key) -> None:
    """我报的: the unit's newest reports and what became of them; those undecided can be taken back."""
    membership = turn.of_unit(at(key, 0))
    if membership is None or membership.unit_id is None:
        turn.say("stale")
        return
    found = (await information.of_unit_in(turn.connection, membership.unit_id))[::-1]
    shown = found[:MOST_LISTED]
    options = tuple(
        Option(keys.pack("report-undo", one.unit_id, one.id), f"撤回 {one.receipt[-4:]}")
        for one in shown
        if one.state == "reported"
    )
    turn.say("report-mine", options, unit=membership.unit_name, found=shown, more=len(found) - len(shown))


@told
async def withdraw(turn: Turn, key: Key) -> None:
    """撤回: asked once more, then done (version 1 of the key); the office hears of it where it was shown the report."""
    found = await _of_key(turn, key)
    if found is None:
        return
    membership, report = found
    if await collecting.over(turn, membership):
        return
    if key.version == 0 and report.state == "reported":
        yes = Option(keys.pack("report-undo", report.unit_id, report.id, version=1), "确认")
        no = Option(keys.pack("report-mine", report.unit_id), "取消")
        turn.say("report-undo-sure", (yes, no), report=report)
        return
    about = (turn.connection, turn.now, membership.person_id)
    changed = await information.withdraw_in(*about, report)
    await information_counting.uncount_in(*about, await unit_of(turn, membership), changed)
    await _end_receipt(turn, membership, report)
    people = await _tell(turn, changed)
    options = (Option(keys.pack("report-new", report.unit_id), "重新报"),)
    turn.say("report-undone", options, report=changed, told=people, files=len(report.evidence) - 1)


async def _end_receipt(turn: Turn, membership: Membership, report: Report) -> None:
    """The receipt, which the bot wrote, is withdrawn unless it was before; the files beside it are the unit's own."""
    held = [filed.evidence.id for filed in await evidence.of_unit_in(turn.connection, report.unit_id)]
    for receipt in set(report.evidence[:1]).intersection(held):
        await evidence.withdraw_in(turn.connection, turn.now, membership.person_id, report.unit_id, receipt)


async def _of_key(turn: Turn, key: Key) -> tuple[Membership, Report] | None:
    membership = turn.of_unit(at(key, 0))
    try:
        report = await information.find_in(turn.connection, at(key, 1), unit_id=membership.unit_id if membership else 0)
    except KaopingError:  # a forged or damaged button
        report = None
    if membership is None or report is None:
        turn.say("stale")
        return None
    return membership, report


async def _tell(turn: Turn, report: Report) -> int:
    """Tell the office where the report was shown to it; how many people that are."""
    reached = await reaching.office_in(turn.connection, report.campaign_id)
    places = [(one.channel, one.address) for one in reached]
    if not places or not await conversation.was_said_in(turn.connection, places, report.receipt):
        return 0
    return await office.tell(turn, reached, "report-told-undone", report=report)
