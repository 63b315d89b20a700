"""Which clauses of others a department answers for: the towns' parts of the targets it leads, and what it is named for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from rubrics.kinds import Judged
from rubrics.model import Criterion, Rubric
from rubrics.tasks import duties


class Led(NamedTuple):
    """A target of a row a department leads, and the clause under which towns have their parts of it."""

    tasks: Rubric
    criterion: Criterion
    rubric: Rubric
    clause: Criterion


def led(rubrics: Sequence[Rubric], unit: str) -> tuple[Led, ...]:
    """The targets a department hands down, in the order of the rows. Rows every unit answers for itself are none's."""
    by_id = {rubric.id: rubric for rubric in rubrics}
    found = []
    for tasks in rubrics:
        for duty in duties(tasks, unit):
            for criterion in duty.targets:
                down = criterion.hand_down
                rubric = by_id.get(down.rubric) if down else None
                if down and rubric and down.criterion in rubric.criteria:
                    found.append(Led(tasks, criterion, rubric, rubric.criteria[down.criterion]))
    return tuple(found)


def reviewed_by(rubrics: Sequence[Rubric], unit: str) -> tuple[tuple[Rubric, Criterion], ...]:
    """The clauses of others a department may review: parts of the targets it leads, and those that name it."""
    parts = {(one.rubric.id, one.clause.id) for one in led(rubrics, unit)}
    return tuple(
        (rubric, criterion)
        for rubric in rubrics
        for criterion in rubric.criteria.values()
        if (rubric.id, criterion.id) in parts or criterion.provider == unit
    )


def siblings(rubrics: Sequence[Rubric], rubric_id: str, criterion_id: str) -> tuple[tuple[str, str], ...]:
    """All targets whose parts are one clause of the towns (江苏名牌 and 常州名牌 are one task), by rubric and id."""
    return tuple(
        (tasks.id, criterion.id)
        for tasks in rubrics
        for criterion in tasks.criteria.values()
        if criterion.hand_down
        and (criterion.hand_down.rubric, criterion.hand_down.criterion) == (rubric_id, criterion_id)
    )


def is_done(target: Decimal | None, figures: Collection[Decimal | None]) -> bool | None:
    """Whether a town's task is done by what was confirmed for its targets; None while that is open.

    Args:
        figures: of every target that is part of the task; None where nothing was confirmed yet.
    """
    if target is None:
        return None
    known = [figure for figure in figures if figure is not None]
    if sum(known, Decimal(0)) >= target:
        return True
    return False if len(known) == len(figures) else None


def nearest(score: Judged, given: Iterable[Decimal]) -> Decimal | None:
    """The allowed figure nearest to the mean of what experts gave, the lower of two; None without any."""
    marks = list(given)
    if not marks:
        return None
    mean = sum(marks, Decimal(0))  # compared without a division: a third has no end
    return min(score.allowed, key=lambda allowed: (abs(allowed * len(marks) - mean), allowed))
