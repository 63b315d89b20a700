"""A campaign's reading switched after it was fixed: kept, every scorecard worked out again, and what moved by unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Reading, Rubric
from storage import audit, campaigns, editions, entries, information_counting, scorecards
from storage.errors import NotFoundError, StorageError
from storage.freezing import refuse_frozen_in
from storage.scorecards import SummaryRow
from storage.tables import CampaignReadingRow, CampaignRubricRow

_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_reading: Any = CampaignReadingRow.__table__  # type: ignore[attr-defined]


class Totals(NamedTuple):
    """A unit's three totals under a rubric; None without a total."""

    claimed: Decimal | None
    proven: Decimal | None
    verified: Decimal | None


class Move(NamedTuple):
    """What a switch does to a unit under the rubric that is read otherwise."""

    unit_id: int
    unit: str
    before: Totals
    after: Totals

    @property
    def moved(self) -> bool:
        """Whether any of the three totals is another one."""
        return self.before != self.after


def switchable(rubric: Rubric, reading_id: str) -> Reading:
    """A reading of a rubric that could be chosen otherwise.

    Raises:
        NotFoundError: the rubric has none of that name.
    """
    found = rubric.reading.get(reading_id)
    if found is None or not found.options:
        raise NotFoundError(f"细则「{rubric.id}」没有可以换的读法「{reading_id[:20]}」，请从读法清单里选")
    return found


def option_of(rubric: Rubric, reading: Reading) -> str:
    """The option in force."""
    return rubric.chosen.get(reading.id, reading.use or "")


async def switch_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    rubric_id: str,
    reading_id: str,
    option: str,
) -> tuple[Move, ...]:
    """Read a clause otherwise from now on, in all scores; returns every unit the rubric assesses, in roster order.

    Everything is checked before anything is written.

    Raises:
        NotFoundError: the campaign runs no such rubric, or it has no such reading or option.
        FrozenError: the scores are frozen.
        StorageError: it is read so already.
    """
    rubric = await _rubric_in(connection, campaign_id, rubric_id)
    reading = switchable(rubric, reading_id)
    if option not in reading.options:
        raise NotFoundError(f"读法 {reading_id} 没有「{option[:40]}」这个选项，请从读法清单里选")
    if option == option_of(rubric, reading):
        raise StorageError(f"读法 {reading_id} 现在就是这样读的，不用换")
    await refuse_frozen_in(connection, campaign_id)
    before = await _of_rubric(connection, campaign_id, rubric_id)
    await _keep(connection, campaign_id, rubric_id, reading_id, option)
    changed = await _rubric_in(connection, campaign_id, rubric_id)
    sha256 = campaigns.edition(changed)
    same = (_rubric.c.campaign_id == campaign_id, _rubric.c.rubric_id == rubric_id)
    await connection.execute(update(_rubric).where(*same).values(edition_sha256=sha256))
    subject = {"rubric": rubric_id, "reading": reading_id, "option": option, "edition_sha256": sha256}
    await audit.record(connection, at, str(person_id), "reading.switched", subject, campaign_id)
    for row in before:
        await _reread(connection, at, person_id, row, rubric, changed)
    after = {row.unit_id: row for row in await _of_rubric(connection, campaign_id, rubric_id)}
    return tuple(_move(row, after[row.unit_id]) for row in before)


def units_of(moves: Iterable[Move]) -> list[int]:
    """The units whose scores move."""
    return [move.unit_id for move in moves if move.moved]


async def _rubric_in(connection: AsyncConnection, campaign_id: int, rubric_id: str) -> Rubric:
    for rubric in await editions.of_campaign(connection, campaign_id):
        if rubric.id == rubric_id:
            return rubric
    raise NotFoundError(f"这次考核没有细则「{rubric_id[:60]}」，请从读法清单里选")


async def _keep(connection: AsyncConnection, campaign_id: int, rubric_id: str, reading_id: str, option: str) -> None:
    about = {"campaign_id": campaign_id, "rubric_id": rubric_id, "reading_id": reading_id}
    same = (_reading.c[name] == value for name, value in about.items())
    changed = await connection.execute(update(_reading).where(*same).values(option=option))
    if not changed.rowcount:
        await connection.execute(insert(_reading).values(**about, option=option))


async def _reread(
    connection: AsyncConnection, at: datetime, person_id: int, row: SummaryRow, old: Rubric, new: Rubric
) -> None:
    """Score a unit by the new reading, after its answers have followed what its entries and reports now come to."""
    if any(c.entries != old.criteria[c.id].entries for c in new.criteria.values()):
        unit = information_counting.Unit(row.unit_id, row.unit, row.category, (new,))
        await information_counting.recount_in(connection, at, person_id, unit, new)
    await entries.reread_in(connection, at, person_id, row.unit_id, old, new)
    await scorecards.rewrite(connection, at, row.unit_id, new)


async def _of_rubric(connection: AsyncConnection, campaign_id: int, rubric_id: str) -> list[SummaryRow]:
    rows = await scorecards.summary_in(connection, campaign_id)
    return [row for row in rows if row.rubric_id == rubric_id]


def _move(before: SummaryRow, after: SummaryRow) -> Move:
    return Move(before.unit_id, before.unit, _totals(before), _totals(after))


def _totals(row: SummaryRow) -> Totals:
    return Totals(row.claimed.total, row.proven.total, row.verified.total)
