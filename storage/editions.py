"""The rubrics of a campaign as they are in force there: with the readings it chose and the year's overlay laid over.

One that was taken for the time being carries 暂用 in its title, so that whatever shows it says so; one that another has
replaced is in force no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics import loader
from rubrics.model import Rubric
from rubrics.yaml_text import YamlText
from storage.errors import NotFoundError
from storage.prepared import often
from storage.tables import CampaignReadingRow, CampaignRubricRow

PROVISIONAL = "（暂用）"
OVERLAY = "年度细则"
"""What an overlay is called where its file's name is no longer known."""

_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_reading: Any = CampaignReadingRow.__table__  # type: ignore[attr-defined]

_chosen = and_(_reading.c.campaign_id == _rubric.c.campaign_id, _reading.c.rubric_id == _rubric.c.rubric_id)
_ALL = (
    select(_rubric.c.rubric_id, _rubric.c.overlay, _rubric.c.provisional, _reading.c.reading_id, _reading.c.option)
    .join(_reading, _chosen, isouter=True)
    .where(_rubric.c.campaign_id == bindparam("campaign"))
    .order_by(_rubric.c.position, _reading.c.id)
)
_QUERY = often(_ALL.where(_rubric.c.ended_at.is_(None)))


async def of_campaigns(connection: AsyncConnection, campaign_ids: Iterable[int]) -> dict[int, tuple[Rubric, ...]]:
    """The rubrics each of these campaigns runs, in its order."""
    found = {}
    for campaign_id in campaign_ids:  # one for nearly everybody
        rubrics = _of_rows(await connection.execute(_QUERY, {"campaign": campaign_id}))
        if rubrics:
            found[campaign_id] = rubrics
    return found


async def of_campaign(connection: AsyncConnection, campaign_id: int) -> tuple[Rubric, ...]:
    """The rubrics a campaign runs, in its order.

    Raises:
        NotFoundError: no such campaign.
    """
    found = await of_campaigns(connection, (campaign_id,))
    if campaign_id not in found:
        raise NotFoundError("没有这次考核，请先看 kaoping campaign list")
    return found[campaign_id]


async def ever_of_campaign(connection: AsyncConnection, campaign_id: int) -> tuple[Rubric, ...]:
    """The rubrics a campaign runs and those that others have replaced: to say in words what was booked under them."""
    return _of_rows(await connection.execute(_ALL, {"campaign": campaign_id}))


def _of_rows(rows: Iterable[Any]) -> tuple[Rubric, ...]:
    running: dict[str, Any] = {}
    readings: dict[str, dict[str, str]] = {}
    for row in rows:
        running[row.rubric_id] = row
        chosen = readings.setdefault(row.rubric_id, {})
        if row.reading_id is not None:
            chosen[row.reading_id] = row.option
    return tuple(
        in_force(ident, readings[ident], row.overlay, provisional=row.provisional) for ident, row in running.items()
    )


def in_force(
    rubric_id: str, readings: Mapping[str, str], overlay: str | None = None, *, provisional: bool = False
) -> Rubric:
    """A rubric as a campaign decided; the same object for the same decisions.

    Args:
        overlay: the text of the year's own file.

    Raises:
        RubricError: the rubric has no such reading or option, or the overlay has mistakes.
    """
    return _in_force(rubric_id, tuple(sorted(readings.items())), overlay, provisional)


@lru_cache(maxsize=64)
def _in_force(rubric_id: str, readings: tuple[tuple[str, str], ...], overlay: str | None, provisional: bool) -> Rubric:
    rubric = loader.load_with(rubric_id, dict(readings), YamlText(OVERLAY, overlay) if overlay else None)
    return msgspec.structs.replace(rubric, title=rubric.title + PROVISIONAL) if provisional else rubric
