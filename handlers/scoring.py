"""The office's scores: a short text at once, then a picture a rubric; above what a picture can hold, a sheet too."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from channels.keys import Key
from channels.port import FileRef
from handlers import office, standing
from handlers.made import keep_made
from handlers.turn import Turn
from handlers.unit_card import show_card
from reports.score_table import PICTURE_UNITS, ScoreTable, shown
from reports.standings import Standing, rows_done, table, total_of
from rubrics.model import Rubric
from storage import scorecards, unit_facts
from storage.files import FileStore
from storage.people import Membership
from storage.scorecards import SummaryRow


class _Rubric(NamedTuple):
    """A rubric's units as words, and as the table behind the picture."""

    rubric: Rubric
    rows: list[SummaryRow]
    table: ScoreTable


class _Drawn(NamedTuple):
    """A file to show; a picture is looked at, a sheet downloaded."""

    file: FileRef
    picture: bool


async def mine(turn: Turn) -> None:
    """我的得分: a liaison's three scores; who is a unit's leader and no liaison reads the unit's card."""
    if turn.liaison is not None or not await _own_card(turn):
        await standing.mine(turn)


async def _own_card(turn: Turn) -> bool:
    own = next((m for m in turn.memberships if m.role == "leader" and m.unit_id is not None), None)
    if own is None or office.campaigns_of(turn) or turn.event.in_group:
        return False
    await show_card(turn, own.campaign_id, own.unit_id or 0)
    return True


async def scores(turn: Turn, key: Key | None = None) -> None:
    """All units of the campaign in roster order; a unit's own leader reads the own unit's card."""
    if await _own_card(turn):
        return
    membership = office.seeing(turn)
    if membership is None:
        return
    found = [await _read(turn, membership, *part) for part in await _by_rubric(turn, membership)]
    tables = [one.table for one in found]
    turn.prepare(partial(_drawn, turn.files, tables, turn.now), partial(_show, found))


async def _by_rubric(turn: Turn, membership: Membership) -> list[tuple[Rubric, list[SummaryRow]]]:
    rows = defaultdict(list)
    for row in await scorecards.summary_in(turn.connection, membership.campaign_id):
        rows[row.rubric_id].append(row)
    return [(rubric, rows[rubric.id]) for rubric in membership.rubrics if rubric.id in rows]


async def _read(turn: Turn, membership: Membership, rubric: Rubric, rows: list[SummaryRow]) -> _Rubric:
    standings = [Standing(row) for row in rows]
    if len(rows) <= PICTURE_UNITS and scorecards.plan_of(rubric).max_points is not None:
        standings = [await _worked_out(turn, rubric, row) for row in rows]
    return _Rubric(rubric, rows, table(rubric, standings, membership.campaign_code, turn.now, turn.zone))


async def _worked_out(turn: Turn, rubric: Rubric, row: SummaryRow) -> Standing:
    known = await unit_facts.of_unit(turn.connection, row.unit_id, rubric)
    plan = scorecards.plan_of(rubric)
    return Standing(row, plan.score(known.proven), plan.score(known.verified))


async def _drawn(files: FileStore, tables: Sequence[ScoreTable], at: datetime) -> list[_Drawn]:
    """Pictures of every table; where one has too many units for them, its distribution and a sheet of all tables."""
    made = []
    for one in tables:
        for place, content in enumerate(await asyncio.to_thread(_pictures, one), 1):
            name = f"得分表 {one.title} {place}.png"
            made.append(_Drawn(await keep_made(files, name, content), picture=True))
    if any(len(one.rows) > PICTURE_UNITS for one in tables):
        sheet = await asyncio.to_thread(_workbook, tables, at)
        made.append(_Drawn(await keep_made(files, "得分表.xlsx", sheet), picture=False))
    return made


def _pictures(one: ScoreTable) -> tuple[bytes, ...]:
    from reports import distribution_picture, score_picture  # fonts and renderer, only where a picture is drawn

    if len(one.rows) > PICTURE_UNITS:
        return (distribution_picture.picture(one),)
    return score_picture.pictures(one)


def _workbook(tables: Sequence[ScoreTable], at: datetime) -> bytes:
    from reports.score_sheet import workbook

    return workbook(tables, at)


async def _show(found: Sequence[_Rubric], turn: Turn, drawn: Sequence[_Drawn]) -> None:
    membership = office.seeing(turn)  # asked again: in between somebody may have been removed
    if membership is None:
        return
    for rubric, rows, made in found:
        turn.say(
            "scores",
            table=made,
            rubric=rubric,
            rows=rows if len(rows) <= PICTURE_UNITS else (),
            leader=membership.role == "leader",
            total=lambda row: shown(total_of(row)),
            done=lambda row, rubric=rubric: shown(rows_done(rubric, row)),
        )
    for file, picture in drawn:
        turn.show(file, as_picture=picture)
