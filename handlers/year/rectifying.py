"""整改, the unit's side: its lines, what is done about one, by whom and until when, the proof, and 报完成."""

from __future__ import annotations

from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from handlers.year import rectify_desk, rectify_plan
from storage import evidence, reaching, rectifications
from storage.people import Membership
from storage.rectifications import Rectification


async def typed(turn: Turn) -> None:
    """整改: the own unit's list; for the office all units."""
    if office.campaigns_of(turn) or turn.liaison is None:
        await rectify_desk.show(turn)
    else:
        await _list(turn, turn.liaison)


async def listed(turn: Turn, key: Key) -> None:
    """The button of a unit's 整改清单."""
    membership = turn.of_unit(at(key, 0)) if len(key.parts) == 1 else None
    if membership is None:
        turn.say("stale")
    else:
        await _list(turn, membership)


async def one(turn: Turn, key: Key) -> None:
    """A line: what was lost and why, what is said about it; words are its plan, files its proof."""
    found = await _own(turn, key)
    if found is not None:
        await _say(turn, *found)


@told
async def planned(turn: Turn, key: Key) -> None:
    """措施，责任人，完成日期 in one message."""
    found = await _own(turn, key)
    if found is None:
        return
    membership, line = found
    plan = rectify_plan.read(turn.event.text, turn.today)
    if not plan.measure or not plan.who or plan.due_on is None:
        turn.expect(keys.pack("rectify", membership.unit_id or 0, line.id))
        parts = (("措施", plan.measure), ("责任人", plan.who), ("完成日期", plan.due_on))
        turn.say("rectify-unclear", plan=plan, missing=[name for name, said in parts if not said])
        return
    turn.expect(keys.pack("rectify", membership.unit_id or 0, line.id))  # a refusal asks again
    about = (membership.person_id, line, plan.measure, plan.who, plan.due_on)
    await _say(turn, membership, await rectifications.plan_in(turn.connection, turn.now, *about))


def wants(turn: Turn) -> bool:
    """Whether files are proof of a line that was opened just before."""
    return turn.expected is not None and turn.expected.verb == "rectify"


async def received(turn: Turn) -> None:
    """Files of a line."""
    assert turn.expected is not None
    await _received(turn, turn.expected)


@told
async def _received(turn: Turn, key: Key) -> None:
    found = await _own(turn, key)
    if found is None:
        return
    membership, line = found
    kept = [await _keep(turn, membership, file) for file in turn.event.files]
    await _say(
        turn,
        membership,
        await rectifications.prove_in(turn.connection, turn.now, membership.person_id, line, kept),
    )


@told
async def report(turn: Turn, key: Key) -> None:
    """报完成; the office hears of a unit's first line that waits for it, and once its last open line is reported."""
    found = await _own(turn, key)
    if found is None:
        return
    membership, line = found
    await rectifications.report_in(turn.connection, turn.now, membership.person_id, line)
    unit_id = membership.unit_id or 0
    lines = await rectifications.lines_in(turn.connection, membership.campaign_id, unit_id)
    left = sum(other.state in {"open", "planned"} for other in lines)
    waiting = sum(other.state == "reported" for other in lines)
    people = 0
    if waiting == 1 or not left:
        reached = await reaching.office_in(turn.connection, membership.campaign_id)
        options = (Option(keys.pack("rectify-unit", unit_id), "看整改"),)
        words = {"unit": membership.unit_name, "left": left, "waiting": waiting}
        people = await office.tell(turn, reached, "told-rectified", options, **words)
    options = (Option(keys.pack("rectify-list", unit_id), "整改清单"),)
    turn.say("rectify-reported", options, left=left, told=people)


async def _list(turn: Turn, membership: Membership) -> None:
    unit_id = membership.unit_id or 0
    lines = await rectifications.lines_in(turn.connection, membership.campaign_id, unit_id)
    options = tuple(
        Option(keys.pack("rectify", unit_id, line.id), rectify_desk.label(membership, line)[:10])
        for line in lines
        if line.state != "closed"
    )
    shown = [(line, rectify_desk.label(membership, line)) for line in lines]
    papers = rectify_desk.papers(unit_id) if lines else ()
    turn.say("rectify-list", (*options, *papers), unit=membership.unit_name, lines=shown)


async def _say(turn: Turn, membership: Membership, line: Rectification) -> None:
    unit_id = membership.unit_id or 0
    options = [Option(keys.pack("rectify-list", unit_id), "整改清单")]
    if line.state in {"open", "planned"}:
        turn.expect(keys.pack("rectify", unit_id, line.id))
        if line.measure and line.files:
            options.insert(0, Option(keys.pack("rectify-done", unit_id, line.id), "报完成"))
    turn.say("rectify", tuple(options), line=line, label=rectify_desk.label(membership, line))


async def _own(turn: Turn, key: Key) -> tuple[Membership, Rectification] | None:
    """The line a key names, where it is of a unit the person is liaison of; says why not."""
    membership = turn.of_unit(at(key, 0)) if len(key.parts) == 2 else None
    if membership is not None:
        lines = await rectifications.lines_in(turn.connection, membership.campaign_id, membership.unit_id)
        line = next((line for line in lines if line.id == at(key, 1)), None)
        if line is not None:
            return membership, line
    turn.say("stale")
    return None


async def _keep(turn: Turn, membership: Membership, file: FileRef) -> int:
    kind, macro = await turn.files.type_of(file.ref)
    given: tuple[Any, ...] = (membership.person_id, membership.unit_id or 0, file.ref, file.name, file.size_bytes, kind)
    return (await evidence.receive_in(turn.connection, turn.now, *given, macro=macro)).id
