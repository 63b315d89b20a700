"""What it costs to erase a file: points that are verified, and verdicts that rested on it and count no more."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion, Rubric
from storage import editions, erasing, scorecards, unit_facts
from storage.evidence import Evidence
from storage.trial import on_trial


class Cost(NamedTuple):
    """Under one rubric: the verified points before and after (None without a total), and what has to be reviewed again."""

    rubric: Rubric
    before: Decimal | None
    after: Decimal | None
    again: tuple[Criterion, ...]

    @property
    def lost(self) -> Decimal:
        """Verified points that go; 0 without a total."""
        return (self.before or Decimal(0)) - (self.after or Decimal(0))


async def costs_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, file: Evidence
) -> tuple[Cost, ...]:
    """What erasing a file would change now, by rubric; empty where it changes nothing that is verified.

    Errors as `erasing.erasable_in`.
    """
    rubrics = await editions.of_campaign(connection, campaign_id)
    before = await _standing(connection, campaign_id, file.unit_id, rubrics)
    async with on_trial(connection):
        await erasing.erase_in(connection, at, person_id, campaign_id, file.id, "")
        after = await _standing(connection, campaign_id, file.unit_id, rubrics)
    costs = []
    for rubric in rubrics:
        if rubric.id in before:
            (was, reviewed), (will, left) = before[rubric.id], after[rubric.id]
            gone = tuple(c for c in rubric.criteria.values() if c.id in reviewed - left)
            costs.append(Cost(rubric, was, will, gone))
    return tuple(cost for cost in costs if cost.lost or cost.again)


async def _standing(
    connection: AsyncConnection, campaign_id: int, unit_id: int, rubrics: tuple[Rubric, ...]
) -> dict[str, tuple[Decimal | None, frozenset[str]]]:
    """By rubric: the verified points, and the clauses somebody has looked at as they are."""
    by_id = {rubric.id: rubric for rubric in rubrics}
    found = {}
    for row in await scorecards.summary_in(connection, campaign_id, unit_id):
        known = await unit_facts.of_unit(connection, unit_id, by_id[row.rubric_id])
        looked = frozenset(ident for ident, verdict in known.verdicts.items() if verdict.current)
        found[row.rubric_id] = (row.verified.total, looked)
    return found
