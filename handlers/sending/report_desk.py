"""The office's desk for information reports: the month's table by unit, 采用 and 退回, 报送期限."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from rubrics.dates import Day, find_days
from rubrics.errors import KaopingError
from storage import campaigns, entries, information, information_counting, reaching
from storage.campaigns import Unit
from storage.information import Report, State
from storage.people import Membership

MANY_A_DAY = 5
"""From so many on one day on it is said: a year's reports made on one evening are seen as such."""

MOST_LISTED = 6


class Line(NamedTuple):
    """A unit's reports of a period. ``day`` and ``on_day``: the day most came on, where they were many."""

    unit: str
    reported: int
    adopted: int
    returned: int
    day: date | None
    on_day: int


async def show(turn: Turn, key: Key | None = None) -> None:
    """上报 and 采用 by unit: of this month, or of the month the key names (202611), or of the year (2026)."""
    membership = office.seeing(turn)
    if membership is None:
        return
    span = _span(key.parts[0] if key and key.parts else f"{turn.today:%Y%m}")
    if span is None:
        turn.say("stale")
        return
    first, last = span
    found = await information.of_campaign_in(turn.connection, membership.campaign_id, first, last)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    lines = [_line(unit, [one for one in found if one.unit_id == unit.id]) for unit in units]
    turn.say(
        "report-table",
        await _options(turn, membership, first),
        first=first,
        last=last,
        lines=[line for line in lines if line.reported or line.returned],
        silent=[line.unit for line in lines if not line.reported and not line.returned],
        late=await _late(turn, membership, units),
        terms=await information.terms_in(turn.connection, membership.campaign_id),
    )


def _span(said: str) -> tuple[date, date] | None:
    """The first and the last day of a month or a year."""
    if not said.isascii() or not said.isdigit() or not 2000 <= int(said[:4]) <= 2999:
        return None
    year = int(said[:4])
    if len(said) == 4:
        return date(year, 1, 1), date(year, 12, 31)
    if len(said) != 6 or not 1 <= int(said[4:]) <= 12:
        return None
    month = int(said[4:])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _line(unit: Unit, reports: Sequence[Report]) -> Line:
    states = Counter(one.state for one in reports)
    days = Counter(one.received_on for one in reports if one.state != "returned").most_common(1)
    day, count = days[0] if days and days[0][1] >= MANY_A_DAY else (None, 0)
    reported = len(reports) - states["returned"]
    back = states["returned"] - sum(one.withdrawn for one in reports)
    return Line(unit.name, reported, states["adopted"], back, day, count)


async def _late(turn: Turn, membership: Membership, units: Sequence[Unit]) -> list[tuple[str, tuple[date, ...]]]:
    """Who missed a 报送期限: those of whom it is asked whether reports came in time."""
    terms = await information.terms_in(turn.connection, membership.campaign_id)
    found = []
    for unit in units if terms else ():
        if information_counting.is_timed(_counting(membership, unit)):
            reports = await information.of_unit_in(turn.connection, unit.id)
            if days := information.missed(terms, reports, turn.today):
                found.append((unit.name, days))
    return found


async def _options(turn: Turn, membership: Membership, first: date) -> tuple[Option, ...]:
    before = first - timedelta(days=1)
    options = [
        Option(keys.pack("report-table", f"{before:%Y%m}"), f"{before.year}年{before.month}月"),
        Option(keys.pack("report-table", f"{first:%Y}"), f"{first.year}全年"),
    ]
    if membership.role == "office":
        waiting = await _waiting(turn, membership)
        options += [Option(keys.pack("report-wait"), f"待采用 {len(waiting)}")] if waiting else []
        options.append(Option(keys.pack("report-terms"), "报送期限"))
    return tuple(options)


async def _waiting(turn: Turn, membership: Membership) -> list[Report]:
    found = await information.of_campaign_in(turn.connection, membership.campaign_id)
    return [one for one in found if one.state == "reported"]


async def waiting(turn: Turn, key: Key) -> None:
    """The reports nobody has decided about, oldest first, one message each."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await _waiting(turn, membership)
    for one in found[:MOST_LISTED]:
        turn.say("report-one", _decisions(one), report=one, twins=await _twins(turn, one))
    if not found:
        turn.say("report-none")
    elif len(found) > MOST_LISTED:
        turn.say("report-more", left=len(found) - MOST_LISTED)


async def _twins(turn: Turn, report: Report) -> list[Report]:
    """Reports of other units that have the same title: one text may have been handed round."""
    title = entries.same_name(report.title)
    others = await information.of_campaign_in(turn.connection, report.campaign_id)
    return [
        one
        for one in others
        if one.unit_id != report.unit_id and one.state != "returned" and entries.same_name(one.title) == title
    ]


def _decisions(report: Report) -> tuple[Option, ...]:
    return Option(keys.pack("report-take", report.id), "采用"), Option(keys.pack("report-back", report.id), "退回")


@told
async def adopt(turn: Turn, key: Key) -> None:
    """采用: it counts as adopted, and in a campaign that counts adopted ones from now on."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, report = found
    if _asked_first(turn, key, report, "returned"):
        return
    changed = await information.decide_in(turn.connection, turn.now, membership.person_id, report, "adopted")
    unit = await _unit(turn, membership, report)
    await information_counting.count_in(turn.connection, turn.now, unit, changed, turn.today)
    reached = await reaching.liaisons_in(turn.connection, report.unit_id, turn.today)
    people = await office.tell(turn, reached, "report-told-adopted", report=changed)
    turn.say("report-adopted", (Option(keys.pack("report-wait"), "下一条"),), report=changed, told=people)


def _asked_first(turn: Turn, key: Key, report: Report, decided: State) -> bool:
    """Whether it was asked once more (version 1 of the key) before what the office has decided is turned round."""
    if report.state != decided or report.withdrawn or key.version:
        return False
    verb, label = ("report-take", "改为采用") if decided == "returned" else ("report-back", "仍要退回")
    options = (Option(keys.pack(verb, report.id, version=1), label), Option(keys.pack("report-wait"), "不改"))
    turn.say("report-decided", options, report=report)
    return True


async def give_back(turn: Turn, key: Key) -> None:
    """退回: the reason is asked for."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    if found[1].state == "returned":
        turn.say("stale")
        return
    if _asked_first(turn, key, found[1], "adopted"):
        return
    turn.expect(keys.pack("report-why", found[1].id, version=key.version))
    turn.say("report-why", report=found[1])


async def given_back(turn: Turn, key: Key) -> None:
    """The reason: it counts no more, and the unit hears why."""
    found = await _to_decide(turn, key)
    if found is None or _asked_first(turn, key, found[1], "adopted"):  # adopted while the reason was written
        return
    membership, report = found
    about = (turn.connection, turn.now, membership.person_id)
    try:
        changed = await information.decide_in(*about, report, "returned", turn.event.text)
    except KaopingError as error:
        turn.expect(keys.pack("report-why", report.id, version=key.version))
        turn.say("refused", said=str(error))
        return
    await information_counting.uncount_in(*about, await _unit(turn, membership, report), changed)
    reached = await reaching.liaisons_in(turn.connection, report.unit_id, turn.today)
    anew = (Option(keys.pack("report-new", report.unit_id), "重新报"),)
    people = await office.tell(turn, reached, "report-told-back", anew, report=changed)
    turn.say("report-returned", (Option(keys.pack("report-wait"), "下一条"),), report=changed, told=people)


async def ask_terms(turn: Turn, key: Key) -> None:
    """报送期限: which days?"""
    membership = office.working(turn)
    if membership is not None:
        turn.expect(keys.pack("report-terms"))
        turn.say("report-terms", terms=await information.terms_in(turn.connection, membership.campaign_id))


async def terms_said(turn: Turn, key: Key) -> None:
    """The days."""
    membership = office.working(turn)
    if membership is None:
        return
    year = int(membership.campaign_code[:4])
    days = find_days(turn.event.text, Day(*turn.today.timetuple()[:3]), year)
    real = [date(*found.day) for found in days if found.day]
    about = (turn.connection, turn.now, membership.person_id, membership.campaign_id)
    try:
        terms = await information.set_terms_in(*about, real if len(real) == len(days) else ())
    except KaopingError as error:
        turn.expect(keys.pack("report-terms"))
        turn.say("refused", said=str(error))
        return
    await _count_again(turn, membership)
    turn.say("report-terms-set", (Option(keys.pack("report-table"), "上报统计"),), terms=terms)


async def _count_again(turn: Turn, membership: Membership) -> None:
    """What was reported before counts with the days that are known only now."""
    newest = {one.unit_id: one for one in await information.of_campaign_in(turn.connection, membership.campaign_id)}
    for report in newest.values():
        if report.state != "returned":
            unit = await _unit(turn, membership, report)
            await information_counting.count_in(turn.connection, turn.now, unit, report, turn.today)


async def _unit(turn: Turn, membership: Membership, report: Report) -> information_counting.Unit:
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    one = next(unit for unit in known if unit.id == report.unit_id)
    return _counting(membership, one)


def _counting(membership: Membership, unit: Unit) -> information_counting.Unit:
    rubrics = tuple(rubric for rubric in membership.rubrics if unit.category in rubric.categories)
    return information_counting.Unit(unit.id, unit.name, unit.category, rubrics)


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, Report] | None:
    """The report a key names, where the person may decide about it; says why not."""
    membership = office.working(turn)
    if membership is None:
        return None
    try:
        report = await information.find_in(turn.connection, at(key, 0), campaign_id=membership.campaign_id)
    except KaopingError:  # a forged or damaged button
        turn.say("stale")
        return None
    if await office.own_unit(turn, report.unit_id):
        turn.say("own-unit", units=[report.unit])
        return None
    return membership, report
