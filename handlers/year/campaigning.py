"""/campaign: the phase now and the next date, all dates, people by unit, readings, submissions and what came as feedback."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from handlers.year import switching
from rubrics.dates import Day, Found, find_days
from rubrics.errors import KaopingError
from storage import campaigns, feedback, overview, phases, reaching, reminding, submissions
from storage.freezing import FrozenError
from storage.people import Membership

MOST_SHOWN = 10
_LIKE_A_DAY = re.compile(r"[0-9]{1,6}(?:[-./年月][0-9]{1,6}){1,3}日?")
DEAD_DAYS = 7
MOST_OVER_NEW_YEAR = timedelta(days=183)
"""Two days without a year are meant over the turn of the year only so near to each other; else they are reversed."""


async def show(turn: Turn, words: str = "") -> None:
    """The campaign at a glance; with words behind it a phase is set (自评 11-01 12-15)."""
    membership = office.seeing(turn)
    if membership is None:
        return
    if words:
        await _set_phase(turn, words)
        return
    campaign = await _campaign(turn, membership)
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    issued = await reminding.issued_on_in(turn.connection, membership.campaign_id)
    turn.say(
        "campaign",
        _options(turn, membership),
        campaign=campaign,
        rubrics=membership.rubrics,
        issued_on=issued.on,
        since=issued.set_up_at.astimezone(turn.zone).date(),
        phases=calendar,
        now=phases.current(calendar, turn.today),
        next=phases.next_date(calendar, turn.today),
        collecting=phases.collecting(calendar, turn.today),
        joined=sum(any(m.role == "liaison" for m in unit.members) for unit in units),
    )


async def shown(turn: Turn, key: Key) -> None:
    """The button of /campaign."""
    await show(turn)


async def other(turn: Turn, key: Key) -> None:
    """Another campaign of the person's, from now on."""
    held = {str(m.campaign_id): m for m in office.campaigns_of(turn)}
    if turn.event.in_group or len(key.parts) != 1 or key.parts[0] not in held:
        turn.say("stale")
        return
    turn.state["campaign"] = held[key.parts[0]].campaign_id
    await show(turn)


async def ask_phase(turn: Turn, key: Key) -> None:
    """改日期: which phase, from when to when."""
    membership = office.working(turn)
    if membership is not None:
        turn.expect(keys.pack("phase-days"))
        turn.say("phase-how", names=phases.NAMES)


async def phase_said(turn: Turn, key: Key) -> None:
    """A phase with its days."""
    await _set_phase(turn, turn.event.text)


async def _set_phase(turn: Turn, words: str) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    name = _name(words)
    year = (await _campaign(turn, membership)).year
    about = words.replace(name, " ")
    days = find_days(about, Day(*turn.today.timetuple()[:3]), year)
    unread, missing = _unread(about, days), [found.text for found in days if found.day is None]
    if not name or len(days) != 2 or unread or missing:
        turn.expect(keys.pack("phase-days"))
        read: dict[str, Any] = {"days": [found.text for found in days], "unread": unread, "missing": missing}
        turn.say("phase-unclear", names=phases.NAMES, name=name, **read)
        return
    first, last = _span(days)
    try:
        await phases.check_in(turn.connection, membership.campaign_id, phases.Phase(name, first, last))
    except KaopingError as error:
        refused(turn, "phase-days", error)
        return
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    if first <= last and phases.ends_collecting(calendar, name, last, turn.today):
        turn.state["phase"] = [first.isoformat(), last.isoformat(), _version(turn)]
        turn.say("phase-sure", _sure(turn), phase=phases.Phase(name, first, last))
    else:
        await _keep_phase(turn, membership, name, first, last)


def refused(turn: Turn, verb: str, error: KaopingError) -> None:
    """Why not; the line is asked for again, but where the scores are frozen no other line would do."""
    if not isinstance(error, FrozenError):
        turn.expect(keys.pack(verb))
    turn.say("refused", said=str(error))


def _version(turn: Turn) -> int:
    turn.state["phase_version"] = version = int(turn.state.get("phase_version", 0)) + 1
    return version


def _sure(turn: Turn) -> tuple[Option, ...]:
    version = turn.state["phase"][2]
    return Option(keys.pack("phase-yes", version=version), "确认"), Option(keys.pack("campaign"), "取消")


async def closed(turn: Turn, key: Key) -> None:
    """确认: 自评 ends before today, so nothing can be changed from now on; every liaison is told."""
    membership = office.working(turn)
    if membership is None:
        return
    held = turn.state.get("phase")
    if held is None or held[2] != key.version:
        turn.say("stale")
        return
    turn.state.pop("phase")
    first, last = (date.fromisoformat(day) for day in held[:2])
    phase = await _keep_phase(turn, membership, phases.SELF_ASSESSMENT, first, last)
    if phase is None:
        return
    told = 0
    for unit in await campaigns.units_in(turn.connection, membership.campaign_id):
        reached = await reaching.liaisons_in(turn.connection, unit.id, turn.today)
        told += await office.tell(turn, reached, "told-closed", phase=phase, unit=unit.name)
    turn.say("phase-closed", told=told)


async def _keep_phase(turn: Turn, membership: Membership, name: str, first: date, last: date) -> phases.Phase | None:
    try:
        phase = await phases.set_in(
            turn.connection, turn.now, str(membership.person_id), membership.campaign_id, name, first, last
        )
    except KaopingError as error:
        turn.expect(keys.pack("phase-days"))
        turn.say("refused", said=str(error))
        return None
    options = (Option(keys.pack("phase"), "改日期"), Option(keys.pack("campaign"), "考核"))
    clash = phases.notice_too_early(await phases.of_campaign_in(turn.connection, membership.campaign_id))
    turn.say("phase-set", options, phase=phase, clash=clash if clash and phase in clash else None)
    return phase


def wants(turn: Turn) -> bool:
    """Whether words set a phase, as the card of 考核 offers it: they begin with its name and hold two days."""
    words = turn.event.text.strip()
    name = _name(words)
    if not name or not words.startswith(name) or turn.event.in_group:
        return False
    held = any(m.role == "office" for m in office.campaigns_of(turn))
    about = words.removeprefix(name)
    days = find_days(about, Day(*turn.today.timetuple()[:3]))
    return held and len(days) + len(_unread(about, days)) == 2


def _unread(words: str, days: list[Found]) -> list[str]:
    """What looks like a day and was not read as one: a year nobody assesses, a figure too many."""
    rest = list(words)
    for found in days:
        rest[found.start : found.end] = " " * (found.end - found.start)
    return [match[0].strip() for match in _LIKE_A_DAY.finditer("".join(rest))]


def _name(words: str) -> str:
    return next((name for name in sorted(phases.NAMES, key=len, reverse=True) if name in words), "")


def _span(days: list[Found]) -> tuple[date, date]:
    """Two days as they were said; the second of 12-20 to 1-10 is of the year after, that of 12-15 to 11-01 is not."""
    first, last = (date(*found.day) for found in days if found.day)
    said_year = str(last.year) in days[1].text
    if last < first and not said_year and (last.month, last.day) != (2, 29):
        after = last.replace(year=last.year + 1)
        return first, after if after - first <= MOST_OVER_NEW_YEAR else last
    return first, last


async def readings(turn: Turn, key: Key) -> None:
    """The readings in force that could be chosen otherwise; another one takes two people."""
    membership = office.seeing(turn)
    if membership is None:
        return
    for rubric in membership.rubrics:
        found = [reading for reading in rubric.readings if reading.options]
        turn.say("readings", switching.buttons(membership, rubric), rubric=rubric, readings=found)


async def handed_in(turn: Turn, key: Key | None = None) -> None:
    """The 自评 that stand; those that wait for their signed page can be let off it."""
    membership = office.seeing(turn)
    if membership is None:
        return
    found = await submissions.of_campaign_in(turn.connection, membership.campaign_id)
    waiting = [one for one in found if one.state == "open"] if membership.role == "office" else []
    options = tuple(Option(keys.pack("waive", one.id), f"免签 {one.number[-4:]}") for one in waiting)
    titles = {rubric.id: rubric.title for rubric in membership.rubrics}
    turn.say("submissions", options, found=found, titles=titles)


async def waive(turn: Turn, key: Key) -> None:
    """免签: asked once more, then done and told to the unit (version 1 of the key)."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await submissions.of_campaign_in(turn.connection, membership.campaign_id)
    one = next((one for one in found if [str(one.id)] == list(key.parts)), None)
    if one is None or one.state != "open":
        turn.say("stale")
        return
    if await office.own_unit(turn, one.unit_id):
        turn.say("own-unit", units=[one.unit])
    elif key.version == 0:
        yes = Option(keys.pack("waive", one.id, version=1), "确认")
        turn.say("waive-sure", (yes, Option(keys.pack("campaign"), "取消")), submission=one)
    else:
        by = (membership.person_id, membership.campaign_id, one.id)
        await submissions.waive_in(turn.connection, turn.now, *by)
        reached = await reaching.liaisons_in(turn.connection, one.unit_id, turn.today)
        told = await office.tell(turn, reached, "told-waived", submission=one)
        turn.say("waived", submission=one, told=told)


async def opinions(turn: Turn, key: Key | None = None) -> None:
    """意见反馈, newest first; ``version`` says how many were shown before."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await feedback.of_campaign_in(turn.connection, membership.campaign_id)
    seen = turn.state.setdefault("opinions", {})
    seen[str(membership.campaign_id)] = max((one.id for one in found), default=0)
    start = key.version if key else 0
    older = Option(keys.pack("opinions", version=start + MOST_SHOWN), "更早的")
    more = len(found) > start + MOST_SHOWN
    turn.say("opinions", (older,) if more else (), found=found[start : start + MOST_SHOWN], start=start)


async def dead_letters(turn: Turn, key: Key) -> None:
    """How many messages of the last days could not be handled."""
    membership = office.working(turn)
    if membership is None:
        return
    since = turn.now - timedelta(days=DEAD_DAYS)
    waits = await overview.waits_in(turn.connection, membership.campaign_id, since)
    turn.say("dead-letters", count=waits.dead_letters, days=DEAD_DAYS)


def _options(turn: Turn, membership: Membership) -> tuple[Option, ...]:
    options = [Option(keys.pack("readings"), "读法"), Option(keys.pack("handed-in"), "自评提交")]
    if membership.role == "office":
        doing = (
            ("phase", "改日期"),
            ("year", "年终工作"),
            ("issued", "印发日期"),
            ("targets", "目标任务"),
            ("adopt", "换用今年细则"),
            ("people", "人员"),
            ("opinions", "意见反馈"),
            ("dead", "处理失败"),
        )
        options = [*(Option(keys.pack(verb), label) for verb, label in doing), *options]
    others = [m for m in office.campaigns_of(turn) if m.campaign_id != membership.campaign_id]
    options += [Option(keys.pack("campaign-of", m.campaign_id), f"换到 {m.campaign_code}"[:10]) for m in others]
    return tuple(options)


async def _campaign(turn: Turn, membership: Membership) -> campaigns.Campaign:
    (campaign,) = await campaigns.campaigns_in(turn.connection, membership.campaign_id)
    return campaign
