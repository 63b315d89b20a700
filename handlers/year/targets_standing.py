"""目标任务 as they stand: what was handed down for each clause, who has not confirmed it, who has none, and the district's sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handlers.turn import Turn
from rubrics.model import Criterion, Rubric
from rubrics.targets import DistrictSum, district_sum
from rubrics.tasks import asked
from storage import campaigns, targets
from storage.campaigns import Unit
from storage.people import Membership
from storage.targets import HandedDown


class Stand(NamedTuple):
    """A clause with a task: what was handed down to whom, to whom nothing was, and the district's own figure beside it."""

    rubric: Rubric
    criterion: Criterion
    tasks: list[tuple[Unit, HandedDown]]
    without: list[Unit]
    beside: DistrictSum | None

    @property
    def unconfirmed(self) -> list[Unit]:
        """The units whose liaison has not confirmed the figure."""
        return [unit for unit, task in self.tasks if task.confirmed_at is None]


async def of_campaign(turn: Turn, membership: Membership) -> list[Stand]:
    """Each clause with a task that is asked of any unit, in the order of the rubrics."""
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    held = {
        (t.unit_id, t.rubric_id, t.criterion_id): t
        for t in await targets.of_campaign_in(turn.connection, membership.campaign_id)
    }
    found = []
    for rubric, criterion in with_tasks(membership.rubrics):
        units = [unit for unit in known if is_asked(rubric, criterion, unit)]
        if not units:
            continue
        given = {unit.id: held.get((unit.id, rubric.id, criterion.id)) for unit in units}
        tasks = [(unit, task) for unit in units if (task := given[unit.id]) is not None]
        without = [unit for unit in units if given[unit.id] is None]
        found.append(Stand(rubric, criterion, tasks, without, _beside(membership.rubrics, rubric, criterion, tasks)))
    return found


def with_tasks(rubrics: Iterable[Rubric]) -> list[tuple[Rubric, Criterion]]:
    """The clauses a task can be handed down for."""
    return [(rubric, one) for rubric in rubrics for one in rubric.criteria.values() if one.target is not None]


def is_asked(rubric: Rubric, criterion: Criterion, unit: Unit) -> bool:
    """Whether a clause is asked of a unit; of a tasks table only the rows it answers for are."""
    if rubric.categories and unit.category not in rubric.categories:
        return False
    return any(criterion in of_item for of_item in asked(rubric, unit.name, unit.category).values())


def _beside(
    rubrics: Sequence[Rubric], rubric: Rubric, criterion: Criterion, tasks: Sequence[tuple[Unit, HandedDown]]
) -> DistrictSum | None:
    """The units' tasks against the district's figure, where one figure alone is split over them."""
    split = [
        one
        for other in rubrics
        for one in other.criteria.values()
        if one.hand_down and (one.hand_down.rubric, one.hand_down.criterion) == (rubric.id, criterion.id)
    ]
    if len(split) != 1 or not tasks:
        return None
    return district_sum(split[0], {unit.name: task.figure for unit, task in tasks})
