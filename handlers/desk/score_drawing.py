"""Score tables as they are sent: a short text a rubric, then pictures; what a picture cannot hold as a sheet too."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from channels.port import FileRef, Option
from handlers.made import keep_made
from handlers.turn import Turn
from reports.score_table import PICTURE_UNITS, ScoreTable, is_range, shown
from reports.standings import rows_done, rows_in, total_of
from rubrics.model import Rubric
from storage.files import FileStore
from storage.score_history import Change
from storage.scorecards import SummaryRow
from storage.snapshots import Snapshot


class Since(NamedTuple):
    """What changed since a snapshot; ``changes`` is empty where nothing did."""

    snapshot: Snapshot
    changes: Sequence[Change]


class Scored(NamedTuple):
    """A rubric's units as words, and as the table behind the picture; ``final``: they are what was frozen (审定)."""

    rubric: Rubric
    rows: Sequence[SummaryRow]
    table: ScoreTable
    since: Since | None = None
    final: bool = False


class Drawn(NamedTuple):
    """A file to show; a picture is looked at, a sheet downloaded."""

    file: FileRef
    picture: bool


async def draw(files: FileStore, tables: Sequence[ScoreTable], at: datetime, *, sheet: bool = False) -> list[Drawn]:
    """Pictures of every table, and one sheet of all: where it is wanted, or a table has too many units for a picture.

    Args:
        at: when the figures are of, aware.
    """
    made = []
    for one in tables:
        for place, content in enumerate(await asyncio.to_thread(_pictures, one), 1):
            name = f"得分表 {one.title} {place}.png"
            made.append(Drawn(await keep_made(files, name, content), picture=True))
    if sheet or any(len(one.rows) > PICTURE_UNITS for one in tables):
        content = await asyncio.to_thread(_workbook, tables, at)
        made.append(Drawn(await keep_made(files, "得分表.xlsx", content), picture=False))
    return made


def say_scores(
    turn: Turn, found: Sequence[Scored], drawn: Sequence[Drawn], options: tuple[Option, ...], *, leader: bool
) -> None:
    """The texts, then the files, the buttons beneath the last message. A leader reads one figure a unit."""
    for place, one in enumerate(found, 1):
        turn.say(
            "scores",
            options if place == len(found) and not drawn else (),
            table=one.table,
            rubric=one.rubric,
            rows=one.rows if len(one.rows) <= PICTURE_UNITS else (),
            since=one.since,
            final=one.final,
            leader=leader,
            ranges=any(is_range(row.total) for row in one.table.rows),
            total=lambda row, final=one.final: shown(total_of(row, final=final)),
            done=lambda row, one=one: shown(rows_done(one.rubric, row, final=one.final)),
            rows_by=lambda row, figures, rubric=one.rubric: shown(rows_in(rubric, row, figures)),
        )
    for place, (file, picture) in enumerate(drawn, 1):
        turn.show(file, options=options if place == len(drawn) else (), as_picture=picture)


def _pictures(one: ScoreTable) -> tuple[bytes, ...]:
    from reports import distribution_picture, score_picture  # fonts and renderer, only where a picture is drawn

    if len(one.rows) > PICTURE_UNITS:
        return (distribution_picture.picture(one),)
    return score_picture.pictures(one)


def _workbook(tables: Sequence[ScoreTable], at: datetime) -> bytes:
    from reports.score_sheet import workbook

    return workbook(tables, at)
