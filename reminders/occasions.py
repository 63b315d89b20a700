"""Good occasions: one event in a month or on a day of the year that counts for several clauses at once.

A cadence with ``times`` and a month or day names one: the clause may be met at any time, that is a good moment for it.
A hint has no points of its own, is said once and is never late.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from reminders.obligations import Due, Obligation
from reminders.pacing import Calendar, dated, is_occasion
from rubrics.model import Cadence, Criterion, Rubric


def hints(clauses: Iterable[tuple[Rubric, Criterion]], calendar: Calendar) -> Iterator[Due]:
    """The occasions still to come, each with the clauses it counts for, as one hint."""
    found: dict[str, list[tuple[Rubric, Criterion, Cadence]]] = {}
    for rubric, criterion in clauses:
        for cadence in criterion.cadence:
            if is_occasion(cadence):
                found.setdefault(cadence.name, []).append((rubric, criterion, cadence))
    for name, served in found.items():
        yield from _hint(name, served, calendar)


def _hint(name: str, served: list[tuple[Rubric, Criterion, Cadence]], calendar: Calendar) -> Iterator[Due]:
    rubric, _, cadence = served[0]
    days = dated(cadence, calendar)
    if days is None:
        return
    idents = tuple(c.id for r, c, _ in served if r.id == rubric.id)
    when = f"{cadence.month} 月" if cadence.month else f"{days.first.month} 月 {days.first.day} 日"
    what = f"{name}（{when}）办一次活动，可算 {'、'.join(_counts_for(served))}"
    key = f"{rubric.id}/hint/{cadence.day or f'{cadence.month:02d}'}"
    yield Due(Obligation(key, "hint", rubric.id, idents, what, days.starts, days.last, days.last, Fraction(0)))


def _counts_for(served: list[tuple[Rubric, Criterion, Cadence]]) -> Iterator[str]:
    """``讲座培训``, ``1 条质量振兴信息``, ``任务第 19、20 行``."""
    rows: list[str] = []
    for rubric, criterion, cadence in served:
        item = rubric.item_of[criterion.id]
        if item.role == "task":
            rows.append(item.id)
        elif criterion.entries and not criterion.entries.at_least:
            yield f"{cadence.times} {criterion.entries.unit}{criterion.entries.noun}"
        else:
            yield criterion.label
    if rows:
        yield f"任务第 {'、'.join(dict.fromkeys(rows))} 行"
