"""The year's schedule of a kind of unit: what its rubrics, their dates and the campaign's phases ask of it.

Two units with the same clauses share one schedule, so it is made once and not per unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from reminders.obligations import Due, Kind, Obligation, Schedule, in_order
from reminders.occasions import hints
from reminders.pacing import Calendar, asked, dated, exists, is_occasion, slots
from reminders.stakes import at_stake
from rubrics import tasks
from rubrics.kinds import Bonus
from rubrics.model import Cadence, Criterion, Rubric
from storage import information_counting
from storage.information import Term
from storage.phases import SELF_ASSESSMENT

EARLY_DAYS = 14  # an activity so long before its month or day still belongs to it


def schedule(
    rubrics: Iterable[Rubric], unit: str, category: str, calendar: Calendar, terms: Sequence[Term] = ()
) -> Schedule:
    """What is asked of a unit in the year by the rubrics that assess it.

    Args:
        unit: its name, as a tasks table calls the departments that answer for a row.
        category: its kind as the roster names it (镇, 部门).
        terms: the 报送期限 to be kept; a clause about them is asked by its days, not once a year.
    """
    mine = [rubric for rubric in rubrics if category in rubric.categories or not rubric.categories]
    clauses = [
        (rubric, criterion)
        for rubric in mine
        for part in tasks.asked(rubric, unit, category).values()
        for criterion in part
    ]
    timed = information_counting.timed(information_counting.Unit(0, unit, category, tuple(mine))) if terms else []
    other = (clause for clause in clauses if clause not in timed)
    found = [line for rubric, criterion in other for line in _of_clause(rubric, criterion, calendar)]
    found.extend(line for rubric, criterion in timed for line in _reports(rubric, criterion, calendar, terms))
    found.extend(hints(clauses, calendar))
    if clauses:
        found.extend(_submission(mine[0].id, calendar))
    found.sort(key=lambda line: in_order(line.obligation))
    by_id = {(rubric.id, criterion.id): criterion for rubric, criterion in clauses}
    return Schedule(calendar, {rubric.id: rubric for rubric in mine}, by_id, tuple(found))


def _of_clause(rubric: Rubric, criterion: Criterion, calendar: Calendar) -> Iterator[Due]:
    cadences = [cadence for cadence in criterion.cadence if not is_occasion(cadence)]
    if not cadences and not isinstance(criterion.score, Bonus):  # an award cannot be owed
        yield _answer(rubric, criterion, calendar)
    for cadence in cadences:
        if not cadence.times:
            yield from _on_a_day(rubric, criterion, cadence, calendar)
        elif not criterion.entries and exists(criterion) == "after_year":
            yield _answer(rubric, criterion, calendar, times=1)  # one paper that sums the year up
        else:
            yield from _paced(rubric, criterion, cadence, calendar)


def _paced(rubric: Rubric, criterion: Criterion, cadence: Cadence, calendar: Calendar) -> Iterator[Due]:
    name = cadence.name or criterion.label
    unit = criterion.entries.unit if criterion.entries else "次"
    within_year = cadence.per == "year"
    for slot in slots(cadence, calendar):
        what = name if slot.of == 1 else f"{name}（第 {slot.number} {unit}，共 {slot.of} {unit}）"
        if not within_year:
            what = f"{what}，{slot.within[0].month} 至 {slot.within[1].month} 月"
        place = f"{slot.within[0].month}-{slot.number}"
        made = _obligation(rubric, criterion, "paced", what, slot.starts, slot.due, calendar, place, slot.limit)
        yield Due(made, criterion, slot.number, None if within_year else slot.within)


def _on_a_day(rubric: Rubric, criterion: Criterion, cadence: Cadence, calendar: Calendar) -> Iterator[Due]:
    found = dated(cadence, calendar)
    if found is not None:
        what = f"{criterion.label}（{cadence.name}）" if cadence.name else criterion.label
        place = cadence.day or cadence.by or f"{cadence.month:02d}"
        made = _obligation(rubric, criterion, "dated", what, found.starts, found.due, calendar, place)
        within = (found.first - timedelta(days=EARLY_DAYS), found.due)
        yield Due(made, criterion, 1 if criterion.entries else 0, within)


def _reports(rubric: Rubric, criterion: Criterion, calendar: Calendar, terms: Sequence[Term]) -> Iterator[Due]:
    """A report by each day of the office's; one that comes late ends the reminders, though not what was missed."""
    for term in terms:
        what = f"{criterion.label}（{term.last.month}月{term.last.day}日这一次）"
        starts = max(term.first, calendar.issued_on)
        place = f"term-{term.last:%Y%m%d}"
        made = _obligation(rubric, criterion, "report", what, starts, term.last, calendar, place)
        yield Due(made, criterion, 1, (term.first, date.max), counted=True)


def _answer(rubric: Rubric, criterion: Criterion, calendar: Calendar, times: int = 0) -> Due:
    starts, due = asked(exists(criterion), calendar)
    kind: Kind = "target" if rubric.item_of[criterion.id].role == "task" else "fill"
    return Due(_obligation(rubric, criterion, kind, criterion.label, starts, due, calendar), criterion, times)


def _obligation(
    rubric: Rubric,
    criterion: Criterion,
    kind: Kind,
    what: str,
    starts: date,
    due: date,
    calendar: Calendar,
    place: str = "",
    limit: date | None = None,
) -> Obligation:
    last = limit or due
    key = "/".join(filter(None, (rubric.id, criterion.id, place)))
    points, phase = at_stake(rubric, criterion), calendar.closing(last)
    return Obligation(key, kind, rubric.id, (criterion.id,), what, starts, due, last, points, phase)


def _submission(rubric_id: str, calendar: Calendar) -> Iterator[Due]:
    phase = calendar.phase(SELF_ASSESSMENT)
    if phase is not None:
        days = (phase.starts_on, phase.ends_on, phase.ends_on)
        yield Due(
            Obligation(f"{rubric_id}/submit", "submit", rubric_id, ("submit",), "提交自评", *days, phase=phase.name)
        )
