"""Thousands of liaisons who are all due at the same moment, in a real database, and what the event loop feels of it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from folders import fresh
from sqlalchemy import insert, text

from reminders.saying import Reminders
from rubrics import loader
from storage import campaigns, phases, reminding
from storage.data_folder import database_path
from storage.database import Database
from storage.roster import RosterUnit
from storage.tables_answers import AddressRow, MembershipRow, PersonRow

ZONE = ZoneInfo("Asia/Shanghai")
RUBRIC = "xinbei-2011-towns"
SET_UP = datetime(2026, 6, 23, 1, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 17, 1, 30, tzinfo=UTC)  # 9:30, two weeks before the close: everybody is told
BEAT_SECONDS = 0.001


class Felt(NamedTuple):
    """What a tick was to the others: how many digests it said, how long it took, the longest they waited."""

    digests: int
    seconds: float
    stall_seconds: float


async def crowd(folder: Path, liaisons: int) -> Database:
    """A campaign with so many towns, one liaison each."""
    database = Database(database_path(fresh(folder)))
    units = [RosterUnit(f"第{n}镇", "镇", (), (), ()) for n in range(1, liaisons + 1)]
    made = await campaigns.create(database, SET_UP, "test", 2026, [loader.load(RUBRIC)], units)
    async with database.write() as connection:
        await reminding.set_issued_in(connection, SET_UP, "test", made.id, date(2026, 6, 23))
        await phases.set_in(connection, SET_UP, "test", made.id, "日常收集", date(2026, 1, 1), date(2026, 12, 31))
        unit_ids = list((await connection.execute(text("SELECT id FROM unit ORDER BY id"))).scalars())
        for number, unit_id in enumerate(unit_ids, 1):
            await _join(connection, made.id, number, unit_id)
    return database


async def _join(connection: Any, campaign_id: int, number: int, unit_id: int) -> None:
    member = {"person_id": number, "campaign_id": campaign_id, "unit_id": unit_id, "role": "liaison"}
    rows: tuple[tuple[Any, dict[str, Any]], ...] = (
        (PersonRow, {"id": number, "name": f"联络员{number}", "created_at": SET_UP}),
        (MembershipRow, {**member, "joined_at": SET_UP}),
        (AddressRow, {"person_id": number, "channel": "test", "address": f"a{number}"}),
    )
    for table, values in rows:
        await connection.execute(insert(table.__table__).values(**values))


async def tick(database: Database) -> Felt:
    """One tick of the planner, with somebody beside it who wants the loop all the time."""
    reminders = Reminders(database, lambda: DUE, ZONE, lambda: None)
    gc.collect()
    gc.freeze()  # as `serve` does once it has started
    try:
        return await felt(reminders.tick)
    finally:
        gc.unfreeze()


async def felt(work: Callable[[], Awaitable[int]]) -> Felt:
    """Run some work and feel how long others wait for the loop."""
    gaps = [0.0]
    beating = asyncio.create_task(_beat(gaps))
    await asyncio.sleep(10 * BEAT_SECONDS)
    gaps[:] = [0.0]
    start = time.perf_counter()
    done = await work()
    seconds = time.perf_counter() - start
    beating.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beating
    return Felt(done, seconds, max(gaps))


async def _beat(gaps: list[float]) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        now = time.perf_counter()
        gaps.append(now - last - BEAT_SECONDS)
        last = now
