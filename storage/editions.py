"""The rubrics of a campaign as they are in force there: with the readings it chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import loader
from rubrics.model import Rubric
from storage.errors import NotFoundError
from storage.prepared import often
from storage.tables import CampaignReadingRow, CampaignRubricRow

_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_reading: Any = CampaignReadingRow.__table__  # type: ignore[attr-defined]

_chosen = and_(_reading.c.campaign_id == _rubric.c.campaign_id, _reading.c.rubric_id == _rubric.c.rubric_id)
_QUERY = often(
    select(_rubric.c.rubric_id, _reading.c.reading_id, _reading.c.option)
    .join(_reading, _chosen, isouter=True)
    .where(_rubric.c.campaign_id == bindparam("campaign"))
    .order_by(_rubric.c.position, _reading.c.id)
)


async def of_campaigns(connection: AsyncConnection, campaign_ids: Iterable[int]) -> dict[int, tuple[Rubric, ...]]:
    """The rubrics each of these campaigns runs, in its order."""
    readings: dict[int, dict[str, dict[str, str]]] = {}
    for campaign_id in campaign_ids:  # one for nearly everybody
        for row in await connection.execute(_QUERY, {"campaign": campaign_id}):
            chosen = readings.setdefault(campaign_id, {}).setdefault(row.rubric_id, {})
            if row.reading_id is not None:
                chosen[row.reading_id] = row.option
    return {
        campaign_id: tuple(in_force(ident, chosen) for ident, chosen in rubrics.items())
        for campaign_id, rubrics in readings.items()
    }


async def of_campaign(connection: AsyncConnection, campaign_id: int) -> tuple[Rubric, ...]:
    """The rubrics a campaign runs, in its order.

    Raises:
        NotFoundError: no such campaign.
    """
    found = await of_campaigns(connection, (campaign_id,))
    if campaign_id not in found:
        raise NotFoundError("没有这次考核，请先看 kaoping campaign list")
    return found[campaign_id]


def in_force(rubric_id: str, readings: Mapping[str, str]) -> Rubric:
    """A rubric with a campaign's readings; the same object for the same readings.

    Raises:
        RubricError: the rubric has no such reading or option.
    """
    return _in_force(rubric_id, tuple(sorted(readings.items())))


@lru_cache(maxsize=64)
def _in_force(rubric_id: str, readings: tuple[tuple[str, str], ...]) -> Rubric:
    return loader.load_with(rubric_id, dict(readings))
