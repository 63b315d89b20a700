"""结果运用: the office's checklist after the notice: proposed from the rubrics, added to, dated, ticked off, taken off."""

from __future__ import annotations

from datetime import date

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from handlers.year import campaigning
from rubrics.dates import Day, find_days
from storage import campaigns, phases, result_steps, scorecards
from storage.people import Membership
from storage.result_steps import Proposed, Step

MOST_SHOWN = 30
_MARKS = " ，,。;；:：\n\t"


async def show(turn: Turn, key: Key | None = None) -> None:
    """The checklist; where something the rubrics name is not on it yet, 加上规定的."""
    membership = office.seeing(turn)
    if membership is None:
        return
    steps = await result_steps.of_campaign_in(turn.connection, membership.campaign_id)
    missing = await _missing(turn, membership, steps)
    turn.say(
        "result-steps",
        _options(steps, missing) if membership.role == "office" else (),
        steps=steps[:MOST_SHOWN],
        more=max(len(steps) - MOST_SHOWN, 0),
        missing=[(one, await _unit_name(turn, membership, one.unit_id)) for one in missing],
        noticed=await _noticed_on(turn, membership),
        today=turn.today,
    )


async def propose(turn: Turn, key: Key) -> None:
    """加上规定的: everything the rubrics name that is not on the checklist."""
    membership = office.working(turn)
    if membership is None:
        return
    steps = await result_steps.of_campaign_in(turn.connection, membership.campaign_id)
    for one in await _missing(turn, membership, steps):
        about = (membership.person_id, membership.campaign_id, one.name)
        words = {"unit_id": one.unit_id, "due_on": one.due_on, "note": one.note}
        await result_steps.add_in(turn.connection, turn.now, *about, **words)  # type: ignore[arg-type]
    await show(turn)


async def ask_own(turn: Turn, key: Key) -> None:
    """加一项: a step in one line."""
    if office.working(turn) is not None:
        turn.expect(keys.pack("result-add"))
        turn.say("result-how")


async def typed(turn: Turn, words: str) -> None:
    """约谈 孟河镇 3月20日, 回头看: a step of that name; 回头看 with two days is the phase."""
    if campaigning.wants(turn):
        await campaigning.show(turn, turn.event.text)
    elif words and office.working(turn) is not None:
        await own_said(turn, Key("result-add", (), 0))
    elif not words:
        await ask_own(turn, Key("result-add", (), 0))


@told
async def own_said(turn: Turn, key: Key) -> None:
    """约谈 孟河镇 3月20日: what, for whom where a unit is named, until when where a day is."""
    membership = office.working(turn)
    if membership is None:
        return
    words = turn.event.text
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next((one for one in units if one.name in words), None)
    days = find_days(words, Day(*turn.today.timetuple()[:3]), turn.today.year)
    if any(day.day is None for day in days) or len(days) > 1:
        await ask_own(turn, key)
        return
    due = date(*days[0].day) if days and days[0].day else None
    for part in (unit.name if unit else "", *(day.text for day in days)):
        words = words.replace(part, " ") if part else words
    turn.expect(keys.pack("result-add"))
    about = (membership.person_id, membership.campaign_id, " ".join(words.split()).strip(_MARKS))
    await result_steps.add_in(turn.connection, turn.now, *about, unit_id=unit.id if unit else None, due_on=due)
    turn.state.pop("expects")
    await show(turn)


@told
async def done(turn: Turn, key: Key) -> None:
    """办完, and back again (version 1 of the key)."""
    membership = office.working(turn)
    if membership is None:
        return
    day = None if key.version else turn.today
    by = (membership.person_id, membership.campaign_id, at(key, 0), day)
    await result_steps.done_in(turn.connection, turn.now, *by)
    await show(turn)


@told
async def one(turn: Turn, key: Key) -> None:
    """A step by itself: 办完 or 没办, its day, and 拿掉."""
    membership = office.working(turn)
    if membership is None:
        return
    step = await result_steps.find_in(turn.connection, membership.campaign_id, at(key, 0))
    tick = ("没办", 1) if step.done_on else ("办完", 0)
    options = (
        Option(keys.pack("result-done", step.id, version=tick[1]), tick[0]),
        Option(keys.pack("result-due", step.id), "改日子" if step.due_on else "定日子"),
        Option(keys.pack("result-drop", step.id), "拿掉"),
        Option(keys.pack("results"), "返回"),
    )
    turn.say("result-step", options, step=step)


@told
async def ask_day(turn: Turn, key: Key) -> None:
    """定日子: until when a step is to be done."""
    membership = office.working(turn)
    if membership is not None:
        step = await result_steps.find_in(turn.connection, membership.campaign_id, at(key, 0))
        turn.expect(keys.pack("result-due", step.id))
        turn.say("result-day", (Option(keys.pack("result", step.id), "返回"),), step=step, again=False)


@told
async def day_said(turn: Turn, key: Key) -> None:
    """The day of a step, in any notation."""
    membership = office.working(turn)
    if membership is None:
        return
    step = await result_steps.find_in(turn.connection, membership.campaign_id, at(key, 0))
    days = find_days(turn.event.text, Day(*turn.today.timetuple()[:3]), turn.today.year)
    if len(days) != 1 or days[0].day is None:
        turn.expect(keys.pack("result-due", step.id))
        turn.say("result-day", (Option(keys.pack("result", step.id), "返回"),), step=step, again=True)
        return
    by = (membership.person_id, membership.campaign_id, step.id, date(*days[0].day))
    await result_steps.due_in(turn.connection, turn.now, *by)
    await show(turn)


@told
async def drop(turn: Turn, key: Key) -> None:
    """拿掉."""
    membership = office.working(turn)
    if membership is None:
        return
    by = (membership.person_id, membership.campaign_id, at(key, 0))
    await result_steps.drop_in(turn.connection, turn.now, *by)
    await show(turn)


async def _missing(turn: Turn, membership: Membership, steps: list[Step]) -> list[Proposed]:
    rows = await scorecards.summary_in(turn.connection, membership.campaign_id)
    known = {(step.name, step.unit_id) for step in steps}
    noticed = await _noticed_on(turn, membership)
    return [
        one for one in result_steps.proposed(membership.rubrics, rows, noticed) if (one.name, one.unit_id) not in known
    ]


async def _noticed_on(turn: Turn, membership: Membership) -> date | None:
    found = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    return next((phase.starts_on for phase in found if phase.name == phases.NOTICE), None)


async def _unit_name(turn: Turn, membership: Membership, unit_id: int | None) -> str:
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    return next((unit.name for unit in units if unit.id == unit_id), "")


def _options(steps: list[Step], missing: list[Proposed]) -> tuple[Option, ...]:
    ticks = [Option(keys.pack("result", step.id), f"{number} {step.name}"[:10]) for number, step in enumerate(steps, 1)]
    more = [Option(keys.pack("results-add"), "加上规定的")] if missing else []
    return (*more, Option(keys.pack("result-add"), "加一项"), *ticks[:MOST_SHOWN])
