"""What is to be taken in place of what: the year's rubric with its own file, and the one it replaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import editions
from storage.errors import NotFoundError, StorageError
from storage.roster import RosterUnit
from storage.tables import CampaignReadingRow, CampaignRubricRow

_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_reading: Any = CampaignReadingRow.__table__  # type: ignore[attr-defined]


class UnclearError(StorageError):
    """It is not plain which rubric is to be replaced."""


class Wish(NamedTuple):
    """What is to be taken. ``instead_of``: the rubric it replaces, where that is not plain; ``overlay``: the year's own
    file as text; ``handed_down``: units with the tasks of this year, as a roster has them."""

    rubric_id: str
    instead_of: str | None = None
    overlay: str | None = None
    handed_down: tuple[RosterUnit, ...] = ()


class Replacing(NamedTuple):
    """The row of the rubric that is replaced, the rubric as it is in force, and as it will be."""

    row: Any
    old: Rubric
    new: Rubric
    overlay: str | None

    @property
    def unchanged(self) -> bool:
        """Whether it is in force already as the year's own."""
        return self.old.id == self.new.id and self.overlay == self.row.overlay and not self.row.provisional


def overlay_text(content: bytes, name: str) -> str:
    """What the year's own file says.

    Args:
        name: as the sender called it.

    Raises:
        StorageError: no text.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StorageError(f"「{name[:40]}」读不出来，年度细则要 UTF-8 编码的 YAML 文本文件") from error


async def rubrics_in(connection: AsyncConnection, campaign_id: int, wish: Wish) -> tuple[Rubric, ...]:
    """The rubrics a campaign would run: what a sheet of tasks is read for.

    Raises:
        NotFoundError, RubricError, StorageError: as `replacing_in`.
    """
    running = await replacing_in(connection, campaign_id, wish)
    now = await editions.of_campaign(connection, campaign_id)
    return tuple(running.new if rubric.id == running.old.id else rubric for rubric in now)


async def replacing_in(connection: AsyncConnection, campaign_id: int, wish: Wish) -> Replacing:
    """What is replaced by what.

    Raises:
        NotFoundError: no such campaign, or it does not run the rubric that is to be replaced.
        RubricError: no such rubric, or the overlay has mistakes.
        UnclearError: it is not plain which one is replaced.
        StorageError: it is in force already, or was before.
    """
    rows = (await connection.execute(select(_rubric).where(_rubric.c.campaign_id == campaign_id))).all()
    if not rows:
        raise NotFoundError("没有这次考核，请先看 kaoping campaign list")
    running = {row.rubric_id: row for row in rows if row.ended_at is None}
    in_force = {rubric.id: rubric for rubric in await editions.of_campaign(connection, campaign_id)}
    blank = editions.in_force(wish.rubric_id, {})  # also says that there is no such rubric
    row = running[_replaced(tuple(in_force.values()), running, blank, wish.instead_of)]
    same = row.rubric_id == wish.rubric_id
    if not same and wish.rubric_id in {one.rubric_id for one in rows}:
        said = "已经在用" if wish.rubric_id in running else "用过又换下了，不能再换回去"
        raise StorageError(f"细则「{wish.rubric_id}」这次考核{said}，请另选一份")
    overlay = wish.overlay if wish.overlay is not None or not same else row.overlay
    readings = await _readings(connection, campaign_id, wish.rubric_id) if same else {}
    return Replacing(row, in_force[row.rubric_id], editions.in_force(wish.rubric_id, readings, overlay), overlay)


def _replaced(in_force: Sequence[Rubric], rows: Any, new: Rubric, named: str | None) -> str:
    """The id of the rubric that is replaced: as named, else where only one can be meant."""
    if named is not None:
        if named not in rows:
            raise NotFoundError(f"这次考核没有在用细则「{named[:60]}」，在用的是：{'、'.join(rows)}")
        return named
    for likely in (
        [rubric.id for rubric in in_force if rubric.id == new.id],
        [rubric.id for rubric in in_force if rubric.id == new.previous],
        [r.id for r in in_force if rows[r.id].provisional and set(r.categories) & set(new.categories)],
    ):
        if len(likely) == 1:
            return likely[0]
    raise UnclearError(f"「{new.id}」要换下哪一份细则？请写明，在用的是：{'、'.join(rows)}")


async def _readings(connection: AsyncConnection, campaign_id: int, rubric_id: str) -> dict[str, str]:
    of = (_reading.c.campaign_id == campaign_id, _reading.c.rubric_id == rubric_id)
    query = select(_reading.c.reading_id, _reading.c.option).where(*of)
    return {row.reading_id: row.option for row in await connection.execute(query)}
