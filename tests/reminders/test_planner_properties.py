"""Random years: whatever a person does or leaves, the quiet contract holds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar
from duties import CAMPAIGN, ISSUED, desk, liaison, matter, said_on
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.desks import Campaign, Desk, Person
from reminders.obligations import Obligation, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.planner import Digest, plan
from reminders.quiet import Said, Snooze, snooze
from reminders.schedules import schedule
from rubrics import loader
from storage.phases import COLLECTION, SELF_ASSESSMENT, Phase

RUBRICS = tuple(loader.load(ident) for ident in ("xinbei-2011-towns", "xinbei-2011-tasks"))
ZONES = tuple(ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York"))


class Habits(NamedTuple):
    """How likely, on a day: that a digest gets a reaction, that a matter is done, that it is put off; how often one looks."""

    reacts: float
    does: float
    puts_off: float
    down: float  # the planner does not run


class Year(NamedTuple):
    """A random year that was lived."""

    campaign: Campaign
    said: list[tuple[datetime, Digest, frozenset[tuple[int, str]]]]  # with what was open at that moment
    snoozes: int


def calendars(dice: random.Random, issued: date) -> Calendar:
    collected = date(issued.year, 10, 15) + timedelta(days=dice.randrange(80))
    handed_in = collected + timedelta(days=dice.randrange(40))
    phases = (Phase(COLLECTION, issued, collected), Phase(SELF_ASSESSMENT, issued, handed_in))
    return Calendar(issued.year, issued, phases)


def moments(dice: random.Random, issued: date, habits: Habits) -> Iterator[datetime]:
    """A year of ticks at odd hours, days left out, the clock set back now and then."""
    now = datetime(issued.year, issued.month, issued.day, tzinfo=UTC)
    end = now + timedelta(days=365)
    while now < end:
        now += timedelta(hours=dice.choice((1, 5, 7, 12)) if dice.random() > habits.down else 24 * 9)
        if dice.random() < 0.01:
            now -= timedelta(days=2)
        yield now


def live(seed: int, issued: date, habits: Habits) -> Year:
    dice = random.Random(seed)
    calendar = calendars(dice, issued)
    campaign = Campaign(1, dice.choice(ZONES), calendar)
    made = schedule(RUBRICS, "孟河镇", "镇", calendar)
    everything = {unit: open_obligations(made, UnitKnown()) for unit in (1, 2)[: dice.choice((1, 2))]}
    done: set[tuple[int, str]] = set()
    person = Person(7, "陈平")
    told: list[tuple[datetime, Digest, frozenset[tuple[int, str]]]] = []
    snoozes = 0
    for now in moments(dice, issued, habits):
        for unit, owed in everything.items():
            done |= {(unit, o.key) for o in owed if dice.random() < habits.does / 100}
        desks = tuple(Desk(u, f"第{u}镇", _left(u, owed, done)) for u, owed in everything.items())
        person = person._replace(desks=desks, answering=dice.random() < 0.2)
        first, second = plan(now, campaign, [person]), plan(now, campaign, [person])
        assert first == second
        for digest in first.digests:
            assert not person.answering
            open_now = frozenset((d.unit_id, o.key) for d in desks for o in d.obligations)
            told.append((now, digest, open_now))
            person = _heard(person, digest, dice, habits)
            snoozes += person.snooze is not None
    return Year(campaign, told, snoozes)


def _left(unit: int, owed: tuple[Obligation, ...], done: set[tuple[int, str]]) -> tuple[Obligation, ...]:
    return tuple(o for o in owed if (unit, o.key) not in done)


def _heard(person: Person, digest: Digest, dice: random.Random, habits: Habits) -> Person:
    said = (*person.said, Said(digest.on, digest.kind, dice.random() < habits.reacts))
    told = {key: (*person.announced.get(key, ()), digest.on) for key in digest.matters}
    put_off: Snooze | None = None
    if dice.random() < habits.puts_off:
        put_off = snooze(dice.choice(("tomorrow", "next_week", "three_days_before")), digest.on, digest.close)
    return person._replace(said=said, announced={**person.announced, **told}, snooze=put_off)


shares = st.sampled_from((0.0, 0.05, 0.3, 1.0))
habits = st.builds(Habits, shares, st.sampled_from((0.0, 0.05, 0.5, 5.0)), shares, st.sampled_from((0.0, 0.02)))
years = st.builds(
    live,
    st.integers(0, 2**32),
    st.sampled_from((ISSUED, date(2024, 2, 29), date(2023, 1, 1), date(2024, 8, 30))),
    habits,
)


@settings(max_examples=40, deadline=None)
@given(years)
def test_a_random_year_keeps_the_quiet_contract(year: Year) -> None:
    zone, closes = year.campaign.zone, [phase.ends_on for phase in year.campaign.calendar.phases]
    for now, digest, open_now in year.said:
        local = now.astimezone(zone)
        assert (9, 0) <= (local.hour, local.minute) < (17, 30)
        assert chinese_calendar.is_workday(local.date())
        assert open_now.issuperset(digest.matters)
    days = [digest.on for _, digest, _ in year.said]
    assert len(days) == len(set(days))
    unasked = [digest.on for _, digest, _ in year.said if digest.kind != "asked"]
    for earlier, later in pairwise(unasked):
        near = any(0 <= (close - later).days <= 14 for close in closes)
        assert near or (later - earlier).days >= 7
    assert len(unasked) <= 26 + 5 * len(closes)
    assert sum(digest.kind == "asked" for _, digest, _ in year.said) <= year.snoozes


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_who_does_nothing_all_year_is_told_at_most_every_two_weeks_outside_deadlines(seed: int) -> None:
    year = live(seed, ISSUED, Habits(0.0, 0.0, 0.0, 0.0))

    regular = [digest.on for _, digest, _ in year.said if digest.kind == "regular"]

    assert all((later - earlier).days >= 14 for earlier, later in pairwise(regular[1:]))
    assert sum(digest.kind == "deadline" for _, digest, _ in year.said) >= 3  # planned days can fall together


def test_the_budget_binds_even_if_something_new_came_every_week() -> None:
    said: list[Said] = []
    day = ISSUED
    while day < ISSUED + timedelta(days=365):
        news = matter(f"{day:%j}", day + timedelta(days=7), starts=ISSUED)
        open_year = CAMPAIGN._replace(calendar=Calendar(2026, ISSUED))
        if said_on(liaison(desk(news), said=said, announced=False), day=day, campaign=open_year):
            said.append(Said(day))
        day += timedelta(days=1)

    assert len(said) == 26
