"""What only the office can know and has not booked yet, by clause: without it no unit is reviewed in full."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import Fact
from rubrics.kinds import Deduct, Gate
from rubrics.model import Criterion, Rubric
from storage import campaigns, editions, review_rows
from storage.campaigns import Unit
from storage.review_rows import NOTHING


class Unbooked(NamedTuple):
    """A clause of the office's, and the units of which nothing is known yet, in roster order."""

    rubric: Rubric
    criterion: Criterion
    units: tuple[Unit, ...]

    @property
    def nothing(self) -> Fact | None:
        """The fact that nothing happened; None where that is no answer (a figure, a mark)."""
        if isinstance(self.criterion.score, Gate):
            return False
        return Decimal(0) if isinstance(self.criterion.score, Deduct) else None


async def of_campaign_in(
    connection: AsyncConnection, campaign_id: int, without: Collection[int] = ()
) -> list[Unbooked]:
    """The clauses that units are not asked and nobody has booked or decided, in the rubrics' order.

    Args:
        without: ids of units to leave out.

    Raises:
        NotFoundError: no such campaign.
    """
    units = [unit for unit in await campaigns.units_in(connection, campaign_id) if unit.id not in without]
    held = await review_rows.of_campaign_in(connection, campaign_id)
    found = []
    for rubric in await editions.of_campaign(connection, campaign_id):
        assessed = [
            (unit, held.get((unit.id, rubric.id), NOTHING)) for unit in units if unit.category in rubric.categories
        ]
        for criterion in rubric.criteria.values():
            if criterion.by != "office" or criterion.derived:
                continue
            ident = criterion.id
            lacking = [
                unit
                for unit, known in assessed
                if ident not in known.booked and not ((verdict := known.verdicts.get(ident)) and verdict.settles)
            ]
            if lacking:
                found.append(Unbooked(rubric, criterion, tuple(lacking)))
    return found
