"""What a unit owes (应办事项), computed from its year's schedule and what is known of it; never stored as a to-do.

An obligation ends by itself when what is known resolves it, and is back when an item is sent back. Nothing here knows
who was told: that is the planner's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Literal, NamedTuple

from reminders.pacing import NOTICE_DAYS, Calendar, asked, exists
from reminders.stakes import at_stake
from rubrics.facts import Fact
from rubrics.figures import plain
from rubrics.kinds import Count, Deduct, Shortfall
from rubrics.model import Criterion, Rubric

Kind = Literal[
    "paced", "dated", "report", "target", "fill", "proof", "returned", "confirm", "submit", "rectify", "hint"
]


class Obligation(NamedTuple):
    """Something due. ``key`` is unique within a unit and stays the same from day to day.

    It is asked for from ``askable_from`` on (the day its proof can exist) and best done by ``due``. What is not done
    by ``limit`` is late by the rules; between the two it is only behind an even pace. ``phase`` names the phase whose
    close the limit is, empty where it is none. ``points``: at stake. ``after_lock``: it can be done though 自评 is over.
    """

    key: str
    kind: Kind
    rubric_id: str
    criteria: tuple[str, ...]
    what: str
    askable_from: date
    due: date
    limit: date
    points: Fraction = Fraction(0)
    phase: str = ""
    after_lock: bool = False

    @property
    def hint(self) -> bool:
        """A good occasion without points of its own: said once, never late."""
        return self.kind == "hint"


class Entry(NamedTuple):
    """One thing counted (台账记录), with the day it happened where that is known."""

    on: date | None = None


class Handed(NamedTuple):
    """A task handed down to the unit, and how much of it is done."""

    figure: Decimal
    done: Decimal = Decimal(0)
    confirmed: bool = True


class Known(NamedTuple):
    """What is known of a unit under one rubric, by criterion.

    ``facts``: what it says. ``resting``: answered 还没到时候 (until that day), 不清楚 or 本地没有 (None).
    ``lacking``: claimed, but proof is missing. ``returned``: sent back by the office, on that day; ``reasons`` says why.
    ``settled``: the office has decided (通过, 改分): no proof is owed any more, nor an answer where there is none.
    """

    facts: Mapping[str, Fact] = {}
    resting: Mapping[str, date | None] = {}
    entries: Mapping[str, tuple[Entry, ...]] = {}
    lacking: frozenset[str] = frozenset()
    returned: Mapping[str, date] = {}
    targets: Mapping[str, Handed] = {}
    reasons: Mapping[str, str] = {}
    settled: frozenset[str] = frozenset()


class UnitKnown(NamedTuple):
    """What is known of a unit: by rubric, and whether its 自评 is handed in."""

    rubrics: Mapping[str, Known] = {}
    submitted: bool = False


class Due(NamedTuple):
    """A line of a schedule: an obligation, its clause, and what resolves it.

    ``times``: it is done once so many things are told, or counted by entries of ``within``; 0 where any answer does.
    ``counted``: only what is counted does, whatever was answered.
    """

    obligation: Obligation
    criterion: Criterion | None = None
    times: int = 0
    within: tuple[date, date] | None = None
    counted: bool = False


class Schedule(NamedTuple):
    """What a rubric's clauses ask of a kind of unit in a campaign's year; shared by all units of the kind."""

    calendar: Calendar
    rubrics: Mapping[str, Rubric]
    clauses: Mapping[tuple[str, str], Criterion]
    dues: tuple[Due, ...]


REASON_CHARACTERS = 40
_NOTHING = Known()


def in_order(obligation: Obligation) -> tuple[bool, date, Fraction, str]:
    """Sorts the most urgent first: by due date, then points; hints last."""
    return (obligation.kind == "hint", obligation.due, -obligation.points, obligation.key)


def open_obligations(schedule: Schedule, known: UnitKnown) -> tuple[Obligation, ...]:
    """What a unit still owes in the year, the most urgent first; what may not be asked yet included."""
    found: list[Obligation] = []
    for line in schedule.dues:
        obligation = line.obligation
        about = known.rubrics.get(obligation.rubric_id, _NOTHING)
        still = _submission(line, known) if obligation.kind == "submit" else _still_open(line, about)
        if still is not None:
            found.append(still)
    extra = [
        obligation
        for rubric_id, about in known.rubrics.items()
        if rubric_id in schedule.rubrics
        for obligation in _of_unit(schedule, rubric_id, about)
    ]
    return tuple(sorted((*found, *extra), key=in_order) if extra else found)  # a schedule is in order already


def _submission(line: Due, known: UnitKnown) -> Obligation | None:
    return None if known.submitted else line.obligation


def _still_open(line: Due, known: Known) -> Obligation | None:
    """The obligation while nothing resolves it; put off where the unit said until when."""
    obligation = line.obligation
    ident = obligation.criteria[0]
    if ident in known.returned and obligation.kind != "hint":
        return None  # what was sent back speaks for the clause
    if ident in known.settled and ident not in known.facts:
        return None
    if line.counted:
        return obligation if _counted(known.entries.get(ident, ()), line.within) < line.times else None
    if ident in known.targets and obligation.kind in {"fill", "target"}:
        return _target(obligation, known, ident)
    if ident in known.resting:
        until = known.resting[ident]
        if until is None:
            return None
        return obligation if until <= obligation.askable_from else obligation._replace(askable_from=until)
    return None if _is_done(line, known, ident) else obligation


def _is_done(line: Due, known: Known, ident: str) -> bool:
    if line.obligation.kind == "hint":
        return all(one in known.facts for one in line.obligation.criteria)
    fact = known.facts.get(ident)
    if not line.times or line.criterion is None:
        return fact is not None
    counted = _counted(known.entries.get(ident, ()), line.within)
    return counted >= line.times or _told(line.criterion, fact) >= line.times


def _told(criterion: Criterion, fact: Fact | None) -> float:
    """How many times a thing was done, as an answer has it; a clause that cannot tell is done once it is answered."""
    if fact is None:
        return 0
    if isinstance(criterion.score, Deduct):
        return inf if fact == 0 else 0  # so many times left undone
    if isinstance(criterion.score, Shortfall | Count) and isinstance(fact, Decimal):
        return int(fact)
    return inf if fact is not False else 0


def _counted(entries: tuple[Entry, ...], within: tuple[date, date] | None) -> int:
    if within is None:
        return len(entries)
    first, last = within
    return sum(entry.on is None or first <= entry.on <= last for entry in entries)


def _target(obligation: Obligation, known: Known, ident: str) -> Obligation | None:
    task = known.targets[ident]
    if known.facts.get(ident) is True or task.done >= task.figure:
        return None
    done = f"已完成 {plain(task.done)}/{plain(task.figure)}"
    return obligation._replace(kind="target", what=f"{obligation.what}（{done}）")


def _of_unit(schedule: Schedule, rubric_id: str, known: Known) -> Iterator[Obligation]:
    """What only this unit owes: tasks to confirm, proof it lacks, what was sent back."""
    unconfirmed = tuple(ident for ident, task in known.targets.items() if not task.confirmed)
    if unconfirmed:
        yield _confirmation(schedule, rubric_id, unconfirmed)
    for ident, on in known.returned.items():
        criterion = schedule.clauses.get((rubric_id, ident))
        if criterion is not None:
            yield _sent_back(schedule, rubric_id, criterion, on, known.reasons.get(ident, ""))
    for ident in sorted(known.lacking - known.returned.keys() - known.settled):
        criterion = schedule.clauses.get((rubric_id, ident))
        if criterion is not None:
            yield _proof(schedule, rubric_id, criterion, known)


def _confirmation(schedule: Schedule, rubric_id: str, idents: tuple[str, ...]) -> Obligation:
    calendar = schedule.calendar
    filing = calendar.phase("目标备案")
    due = filing.ends_on if filing else calendar.after_notice(calendar.issued_on)
    what = f"核对区里下达的任务数（{len(idents)} 项）"
    phase = filing.name if filing else ""
    return Obligation(
        f"{rubric_id}/confirm", "confirm", rubric_id, idents, what, calendar.issued_on, due, due, phase=phase
    )


def _sent_back(schedule: Schedule, rubric_id: str, criterion: Criterion, on: date, reason: str) -> Obligation:
    close = schedule.calendar.answers_close
    due = max(min(on + timedelta(days=NOTICE_DAYS), close), on)
    phase = schedule.calendar.closing(due)
    points = at_stake(schedule.rubrics[rubric_id], criterion)
    key = f"{rubric_id}/{criterion.id}/returned-{on:%Y%m%d}"  # sent back twice is two obligations
    cut = f"{reason[:REASON_CHARACTERS]}…" if len(reason) > REASON_CHARACTERS else reason
    what = f"{criterion.label}：被退回{f'（{cut}）' if cut else ''}，请修改或补材料"
    return Obligation(key, "returned", rubric_id, (criterion.id,), what, on, due, due, points, phase)


def _proof(schedule: Schedule, rubric_id: str, criterion: Criterion, known: Known) -> Obligation:
    calendar = schedule.calendar
    when = exists(criterion)
    starts, due = asked(when, calendar)
    days = [entry.on for entry in known.entries.get(criterion.id, ()) if entry.on]
    if when == "after_event":
        starts = max(min(days, default=calendar.issued_on), calendar.issued_on)  # the event has happened, or is claimed
    due = calendar.answers_close if due < starts else due
    points = at_stake(schedule.rubrics[rubric_id], criterion)
    key = f"{rubric_id}/{criterion.id}/proof"
    what = f"{criterion.label}：还差材料"
    return Obligation(key, "proof", rubric_id, (criterion.id,), what, starts, due, due, points, calendar.closing(due))
