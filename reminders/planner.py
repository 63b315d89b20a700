"""What is to be said now, to whom and why: a pure function of the moment and what is known, never of stored to-dos.

After a night or a week without a planner the next run says what is open once: nothing is made up for. Before saying,
the sender asks again (`is_still_true`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from reminders import quiet, workdays
from reminders.desks import Campaign, Desk, Held, Person, routed
from reminders.obligations import Obligation, in_order
from reminders.quiet import Told
from reminders.triggers import is_overdue, trigger, worded


class Pile(NamedTuple):
    """A unit's open matters that may be asked now, the most urgent first; ``overdue``: the keys of those that are late."""

    unit_id: int
    unit: str
    obligations: tuple[Obligation, ...]
    overdue: frozenset[str] = frozenset()


class Digest(NamedTuple):
    """One message to a person with all their open matters. ``key`` makes a second plan of the day say nothing new.

    ``why``: why now, for the office. ``close``: the next deadline of what is open, which 截止前三天 means.
    """

    campaign_id: int
    person_id: int
    person: str
    on: date
    kind: Told
    why: str
    piles: tuple[Pile, ...]
    close: date | None = None

    @property
    def key(self) -> str:
        """The idempotency key: campaign, person, day."""
        return f"digest:{self.campaign_id}:{self.person_id}:{self.on.isoformat()}"

    @property
    def points(self) -> Fraction:
        """The points at stake, a clause counted once."""
        stakes = {(pile.unit_id, o.rubric_id, o.criteria[0]): o.points for pile in self.piles for o in pile.obligations}
        return sum(stakes.values(), Fraction(0))

    @property
    def matters(self) -> tuple[tuple[int, str], ...]:
        """Unit and key of everything told, as `Person.announced` keeps it."""
        return tuple((pile.unit_id, o.key) for pile in self.piles for o in pile.obligations)


class Plan(NamedTuple):
    """What to say at a moment. ``opens_at``: when the window opens next, where it is closed now.

    ``guessed``: years planned with whose holidays are not published; they count Monday to Friday.
    """

    digests: tuple[Digest, ...]
    held: tuple[Held, ...]
    opens_at: datetime | None
    guessed: tuple[int, ...]


def plan(now: datetime, campaign: Campaign, people: Sequence[Person]) -> Plan:
    """The digests to say at a moment; none in a closed campaign or outside office hours of its zone."""
    today = now.astimezone(campaign.zone).date()
    guessed = workdays.guessed_years(today, today + timedelta(days=quiet.NEAR_DAYS))
    if campaign.closed:
        return Plan((), (), None, guessed)
    if not workdays.is_open(now, campaign.zone):
        return Plan((), (), workdays.next_open(now, campaign.zone), guessed)
    there, held = routed(people, today)
    found: list[Digest] = []
    waiting = list(held)
    for person in there:
        digest = _of_person(campaign, person, today)
        if digest is not None and person.answering:
            waiting.append(Held(person.id, person.name, "正在填，填完再说"))
        elif digest is not None:
            found.append(digest)
    return Plan(tuple(found), tuple(waiting), None, guessed)


def is_still_true(digest: Digest, now: datetime, campaign: Campaign, person: Person) -> bool:
    """Whether a digest may still be said: asked just before it is sent, and where not, the next plan speaks.

    Everything in it is still open, it is still its day and within office hours, the campaign has not closed, and the
    person neither answers a question right now nor asked to hear later. ``person``: as `routed`, a deputy with the
    desks of who is away.
    """
    today = now.astimezone(campaign.zone).date()
    if campaign.closed or digest.on != today or not workdays.is_open(now, campaign.zone):
        return False
    if person.answering or not person.reachable or (person.snooze and person.snooze.rests(today)):
        return False
    still = {(desk.unit_id, o.key) for desk in person.desks for o in desk.obligations}
    return still.issuperset(digest.matters)


def _of_person(campaign: Campaign, person: Person, today: date) -> Digest | None:
    """What a person is told today, if anything."""
    said = person.said
    if said and (said[-1].on == today or quiet.is_back_in_time(said, today)):
        return None
    if person.snooze and person.snooze.rests(today):
        return None
    asked = person.snooze is not None and person.snooze.is_due(said, today)
    near = any(quiet.planned_days(phase.ends_on)[0] <= today <= phase.ends_on for phase in campaign.calendar.phases)
    if not (asked or near or quiet.is_rested(said, today)):
        return None  # most people on most days: decided without a look at their matters
    piles = tuple(_piles(person, today, campaign.calendar.answers_close))
    if not piles:
        return None
    closes = _closes(piles, today)
    found = _why(person, piles, closes, today, asked=asked)
    if found is None:
        return None
    kind, why = found
    return Digest(campaign.id, person.id, person.name, today, kind, why, piles, closes[0] if closes else None)


def _why(
    person: Person, piles: Sequence[Pile], closes: Sequence[date], today: date, *, asked: bool
) -> tuple[Told, str] | None:
    """Why a person is written to today, and as what it counts."""
    if asked:
        return "asked", "上次选了稍后，今天再提醒"
    close = quiet.planned_now(closes, person.said, today)
    if close is not None:
        left = (close - today).days
        return (
            "deadline",
            f"{_phase(piles, close)} {close.month}月{close.day}日截止，{f'还有 {left} 天' if left else '就是今天'}",
        )
    if any(quiet.is_near(one, today) for one in closes) or not quiet.is_rested(person.said, today):
        return None
    found = trigger(person, ((pile.unit_id, o) for pile in piles for o in pile.obligations), today)
    return None if found is None else ("regular", worded(found, today))


def _piles(person: Person, today: date, answers_close: date) -> Iterator[Pile]:
    """What may be asked today, unit by unit, the unit with the most urgent matter first.

    Once answers are locked what is late is the office's; only what can still be done is said.
    """
    locked = today > answers_close
    found = [pile for desk in person.desks if (pile := _pile(person, desk, today, locked=locked)).obligations]
    if len(found) > 1:
        found.sort(key=lambda pile: (in_order(pile.obligations[0]), pile.unit_id))
    yield from found


def _pile(person: Person, desk: Desk, today: date, *, locked: bool) -> Pile:
    told = person.announced
    open_now = [
        o
        for o in desk.obligations
        if o.askable_from <= today
        and (o.after_lock or not locked)
        and (o.kind != "hint" or (today <= o.due and (desk.unit_id, o.key) not in told))
    ]
    passed = [o for o in open_now if o.limit < today]
    late = frozenset(o.key for o in passed if is_overdue(o, told.get((desk.unit_id, o.key), ()), today))
    return Pile(desk.unit_id, desk.unit, tuple(open_now), late)


def _closes(piles: Sequence[Pile], today: date) -> list[date]:
    """The deadlines of what is open, next first."""
    return sorted({o.limit for pile in piles for o in pile.obligations if o.phase and o.limit >= today})


def _phase(piles: Sequence[Pile], close: date) -> str:
    return next(o.phase for pile in piles for o in pile.obligations if o.phase and o.limit == close)
