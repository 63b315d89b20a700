"""What the planner needs, filled from storage: a campaign's year, its people, and what each unit owes as it stands."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reminders import after_lock
from reminders.desks import Campaign, Desk, Leave, Person
from reminders.obligations import Entry, Handed, Known, Obligation, Schedule, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.quiet import Said, Snooze
from reminders.schedules import schedule
from rubrics.model import Rubric
from rubrics.values import Done, parse_answer
from storage import (
    answers,
    editions,
    entries,
    information,
    information_counting,
    phases,
    reminding,
    resting,
    returns,
    submissions,
    targets,
)
from storage.answers import Answer
from storage.information import Term
from storage.reminding import Duty, Told, Where
from storage.unit_facts import of_unit

ANSWERING = timedelta(minutes=10)
"""So long after it was last touched an open question is being answered."""

NOT_YET_DAYS = 30
"""So long 还没到时候 without a day rests."""


FEW = 50  # units: so few people are read by name
AT_ONCE = 20  # people put together before others may use the loop


class _Unit(NamedTuple):
    id: int
    name: str
    category: str


class _Years:
    """The year's schedules of a campaign: units that are asked the same share one."""

    def __init__(self, rubrics: Collection[Rubric], calendar: Calendar, terms: Sequence[Term]) -> None:
        self.rubrics, self.terms, self._calendar = rubrics, terms, calendar
        self._named = {name for rubric in rubrics for item in rubric.items for name in (*item.lead, *item.cooperating)}
        self._made: dict[tuple[str, str], Schedule] = {}

    def rubrics_of(self, unit: _Unit) -> list[Rubric]:
        return [rubric for rubric in self.rubrics if unit.category in rubric.categories or not rubric.categories]

    def of(self, unit: _Unit) -> Schedule:
        alike = (unit.category, unit.name if unit.name in self._named else "")
        if alike not in self._made:
            asked = (unit.name, unit.category, self._calendar, self.terms)
            self._made[alike] = schedule(self.rubrics_of(unit), *asked)
        return self._made[alike]


class Situation(NamedTuple):
    """A campaign as it stands at a moment. ``where``: where each person is best reached; missing where nowhere.

    ``deserted``: units for which no liaison has joined.
    """

    campaign: Campaign
    people: tuple[Person, ...]
    where: Mapping[int, Where]
    deserted: tuple[str, ...] = ()


async def situation_in(
    connection: AsyncConnection, campaign_id: int, now: datetime, zone: ZoneInfo, *, replayed: bool = False
) -> Situation:
    """Everything the planner looks at; what units have done is always as it stands.

    Args:
        replayed: leave out what was said and asked for later than ``now``, as if it were that moment.

    Raises:
        NotFoundError: no such campaign.
    """
    duties = await reminding.duties_in(connection, campaign_id)
    found = await _situation(connection, campaign_id, now, zone, duties, until=now if replayed else None)
    return found._replace(deserted=await reminding.deserted_in(connection, campaign_id))


async def around_in(
    connection: AsyncConnection, campaign_id: int, now: datetime, zone: ZoneInfo, person_id: int, units: Collection[int]
) -> Situation:
    """As `situation_in`, but only what decides whether a person may be told of some units: who serves them, who stands in.

    Raises:
        NotFoundError: no such campaign.
    """
    duties = await reminding.duties_in(connection, campaign_id, units)
    known = {duty.person_id for duty in duties}
    away = {one.person_id: one.deputy_id for one in await resting.leaves_in(connection, campaign_id)}
    others = {deputy for deputy in (person_id, *away.values(), *away) if deputy is not None} - known
    extra = [
        duty for duty in await reminding.duties_of_in(connection, campaign_id, others) if duty.unit_id not in units
    ]
    bare = [duty._replace(unit_id=None) for duty in extra]  # their own matters do not count here
    return await _situation(connection, campaign_id, now, zone, [*duties, *bare], until=None)


async def _situation(
    connection: AsyncConnection,
    campaign_id: int,
    now: datetime,
    zone: ZoneInfo,
    duties: Collection[Duty],
    until: datetime | None,
) -> Situation:
    calendar = await calendar_in(connection, campaign_id, zone)
    today = now.astimezone(zone).date()
    locked = today > calendar.answers_close
    closed = locked and not await after_lock.anything_in(connection, campaign_id, today)
    campaign = Campaign(campaign_id, zone, calendar, closed)
    units = {
        duty.unit_id: _Unit(duty.unit_id, duty.unit, duty.category)
        for duty in duties
        if duty.role == "liaison" and duty.unit_id is not None
    }
    owed = {} if closed else await _owed_by(connection, campaign_id, units.values(), calendar, zone)
    if locked:
        owed = {ident: tuple(o for o in found if o.after_lock) for ident, found in owed.items()}
    desks = {unit.id: Desk(unit.id, unit.name, owed.get(unit.id, ())) for unit in units.values()}
    return await _people(connection, campaign, now, desks, duties, until)


async def calendar_in(connection: AsyncConnection, campaign_id: int, zone: ZoneInfo) -> Calendar:
    """A campaign's year; its rules went out when that was said, else on the day it was set up.

    Raises:
        NotFoundError: no such campaign.
    """
    year, issued_on, created_at = await reminding.issued_on_in(connection, campaign_id)
    found = await phases.of_campaign_in(connection, campaign_id)
    return Calendar(year, issued_on or created_at.astimezone(zone).date(), found)


async def owed_in(
    connection: AsyncConnection, campaign_id: int, unit_id: int, zone: ZoneInfo
) -> tuple[Obligation, ...]:
    """What one unit still owes, the most urgent first."""
    return (await owed_by_in(connection, campaign_id, (unit_id,), zone))[unit_id]


async def owed_by_in(
    connection: AsyncConnection, campaign_id: int, unit_ids: Iterable[int], zone: ZoneInfo
) -> dict[int, tuple[Obligation, ...]]:
    """What each of these units still owes, the most urgent first, in their order; for many, ask once for all.

    Raises:
        NotFoundError: no such campaign or unit.
    """
    calendar = await calendar_in(connection, campaign_id, zone)
    units = [_Unit(unit_id, *await reminding.unit_in(connection, unit_id)) for unit_id in unit_ids]
    return await _owed_by(connection, campaign_id, units, calendar, zone)


async def _owed_by(
    connection: AsyncConnection, campaign_id: int, units: Iterable[_Unit], calendar: Calendar, zone: ZoneInfo
) -> dict[int, tuple[Obligation, ...]]:
    """What is the same for all units (rubrics, schedules, who has handed in) is read once."""
    terms = await information.asked_terms_in(connection, campaign_id, zone)
    years = _Years(await editions.of_campaign(connection, campaign_id), calendar, terms)
    standing = await submissions.of_campaign_in(connection, campaign_id)
    handed_in = {(one.unit_id, one.rubric_id) for one in standing}
    taken = await after_lock.taken_in(connection, campaign_id, zone)
    rubrics = {rubric.id: rubric for rubric in years.rubrics}
    return {unit.id: taken.of_unit(unit.id, rubrics, await _owed(connection, unit, years, handed_in)) for unit in units}


async def _owed(
    connection: AsyncConnection, unit: _Unit, years: _Years, handed_in: Collection[tuple[int, str]]
) -> tuple[Obligation, ...]:
    mine = years.rubrics_of(unit)
    tasks = await targets.handed_down_in(connection, unit.id)
    known = {rubric.id: await _known(connection, unit.id, rubric, tasks) for rubric in mine}
    if years.terms:
        known = await _with_reports(connection, unit, mine, known)
    submitted = all((unit.id, rubric.id) in handed_in for rubric in mine)
    return open_obligations(years.of(unit), UnitKnown(known, submitted))


async def _with_reports(
    connection: AsyncConnection, unit: _Unit, mine: Iterable[Rubric], known: Mapping[str, Known]
) -> dict[str, Known]:
    """The days reports came on, for the clauses that ask whether they came in time."""
    found = dict(known)
    timed = information_counting.timed(information_counting.Unit(*unit, tuple(mine)))
    reports = await information.of_unit_in(connection, unit.id) if timed else []
    days = tuple(Entry(one.received_on) for one in reports if one.state != "returned")
    for rubric, criterion in timed:
        about = found[rubric.id]
        found[rubric.id] = about._replace(entries={**about.entries, criterion.id: days})
    return found


async def _known(
    connection: AsyncConnection, unit_id: int, rubric: Rubric, tasks: Iterable[targets.HandedDown]
) -> Known:
    facts = await of_unit(connection, unit_id, rubric)
    current = await answers.current_in(connection, unit_id, rubric.id)
    happened = await entries.days_in(connection, unit_id, rubric.id)
    sent_back = await returns.standing_in(connection, facts)
    return Known(
        facts.claimed,
        {ident: _rests(answer) for ident, answer in current.items() if answer.state in _RESTING},
        {ident: tuple(Entry(day) for day in days) for ident, days in happened.items()},
        frozenset(facts.lacking),
        {ident: one.at.date() for ident, one in sent_back.items()},
        {task.criterion_id: _handed(rubric, task, current) for task in tasks if task.rubric_id == rubric.id},
        {ident: one.reason for ident, one in sent_back.items()},
        frozenset(ident for ident, verdict in facts.verdicts.items() if verdict.settles),
    )


_RESTING = frozenset({"not_yet", "unknown", "not_here"})


def _rests(answer: Answer) -> date | None:
    """Until when an honest state rests; None where it is not asked about again."""
    if answer.state != "not_yet":
        return None
    return date.fromisoformat(answer.note) if answer.note else answer.at.date() + timedelta(days=NOT_YET_DAYS)


def _handed(rubric: Rubric, task: targets.HandedDown, current: Mapping[str, Answer]) -> Handed:
    """A task with what the unit said is done of it (3/4)."""
    answer = current.get(task.criterion_id)
    said = parse_answer(rubric.criteria[task.criterion_id], answer.said, None) if answer and answer.said else None
    confirmed = task.confirmed_at is not None
    return (
        Handed(task.figure, said.part, confirmed)
        if isinstance(said, Done)
        else Handed(task.figure, confirmed=confirmed)
    )


async def _people(
    connection: AsyncConnection,
    campaign: Campaign,
    now: datetime,
    desks: Mapping[int, Desk],
    duties: Collection[Duty],
    until: datetime | None,
) -> Situation:
    whose = sorted({duty.person_id for duty in duties}) if len(desks) < FEW else []
    told: dict[int, list[Told]] = defaultdict(list)
    for one in await reminding.told_in(connection, campaign.id, until, whose):
        told[one.telling.person_id].append(one)
    rests = await resting.snoozes_in(connection, campaign.id, until)
    away = _leaves(await resting.leaves_in(connection, campaign.id), now.astimezone(campaign.zone).date())
    places: dict[int, list[Where]] = defaultdict(list)
    for where in await reminding.where_in(connection, campaign.id, whose):
        places[where.person_id].append(where)
    served: dict[int, list[Desk]] = {}
    names: dict[int, str] = {}
    for duty in duties:
        names[duty.person_id] = duty.person or f"{duty.unit}联络员"
        if duty.role == "liaison" and duty.unit_id is not None:
            served.setdefault(duty.person_id, []).append(desks[duty.unit_id])
    deputies = {leave.deputy_id for leave in away.values()}
    found: list[Person] = []
    for place, ident in enumerate(ident for ident in names if ident in served or ident in deputies):
        if place % AT_ONCE == 0:
            await asyncio.sleep(0)  # whoever talks with the bot must not wait for a thousand people to be put together
        person = _person(campaign, now, ident, names[ident], served.get(ident, ()), told[ident], places[ident])
        rest = Snooze(rests[ident]) if ident in rests else None
        found.append(person._replace(snooze=rest, leave=away.get(ident)))
    best = {ident: next((w for w in those if not w.blocked), None) for ident, those in places.items()}
    return Situation(campaign, tuple(found), {ident: where for ident, where in best.items() if where is not None})


def _leaves(away: Iterable[resting.Away], today: date) -> dict[int, Leave]:
    """Each person's leave of today, else the next."""
    found: dict[int, Leave] = {}
    for one in away:
        if one.ends_on >= today:
            found.setdefault(one.person_id, Leave(one.starts_on, one.ends_on, one.deputy_id))
    return found


def _person(
    campaign: Campaign,
    now: datetime,
    ident: int,
    name: str,
    desks: Iterable[Desk],
    told: Iterable[Told],
    places: Collection[Where],
) -> Person:
    last = max((where.last_at for where in places if where.last_at), default=None)
    announced: dict[tuple[int, str], list[date]] = defaultdict(list)
    said = []
    for one in told:
        said.append(Said(one.telling.on, one.telling.kind, last is not None and last > one.at))
        if one.delivered_at is not None:
            day = one.delivered_at.astimezone(campaign.zone).date()
            for matter in one.telling.matters:
                announced[matter].append(day)
    return Person(
        ident,
        name,
        tuple(desks),
        tuple(said),
        {matter: tuple(sorted(days)) for matter, days in announced.items()},
        answering=any(w.asked_at is not None and timedelta(0) <= now - w.asked_at < ANSWERING for w in places),
        reachable=any(not where.blocked for where in places),
    )
