"""After the lock: only what can still be done is said, with the day until which it can."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from folders import fresh
from stored import NOW, TOWNS, campaign, joined
from written import written

from reminders import planner
from reminders.known import owed_in, situation_in
from storage import answers, openings, phases, rectifications, snapshots, verdicts
from storage.data_folder import database_path
from storage.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
LOCK = date(2026, 11, 15)
AFTER = datetime(2026, 11, 23, 2, tzinfo=UTC)  # a Monday, 10:00 in the office's zone


@pytest.fixture
def run(tmp_path: Path) -> Callable[[Callable[[Database], Awaitable[Any]]], Any]:
    path = database_path(fresh(tmp_path / "data"))

    def runner(use_case: Callable[[Database], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            database = Database(path)
            try:
                return await use_case(database)
            finally:
                await database.close()

        return asyncio.run(main())

    return runner


@pytest.fixture
def locked(run: Any) -> None:
    made = campaign(run, rubrics=(TOWNS,))
    joined(run, made)
    joined(run, made, "o1", "王处", role="office", unit=None)
    written(run, phases.set_in, NOW, "2", 1, "自评", date(2026, 11, 1), LOCK)


def owed(run: Any) -> dict[str, Any]:
    found = written(run, owed_in, 1, 1, ZONE)
    return {f"{one.kind} {one.criteria[0]}": one for one in found if one.after_lock}


def planned(run: Any, at: datetime = AFTER) -> tuple[bool, list[str]]:
    situation = written(run, situation_in, 1, at, ZONE)
    digests = planner.plan(at, situation.campaign, situation.people).digests
    return situation.campaign.closed, [o.what for one in digests for pile in one.piles for o in pile.obligations]


def test_once_answers_are_locked_nothing_is_said(run: Any, locked: None) -> None:
    assert planned(run) == (True, [])


def test_a_clause_that_stays_open_is_due_on_its_own_day(run: Any, locked: None) -> None:
    written(run, openings.year_end_in, NOW, 2, 1, TOWNS, "3.1", date(2027, 1, 31), "检测报告一月才出")
    written(run, openings.reopen_in, NOW, 2, 1, 1, date(2026, 12, 4), "漏报", AFTER.date(), TOWNS, "1.1")

    found = owed(run)
    assert {name: one.limit for name, one in found.items()} == {
        "fill 1.1": date(2026, 12, 4),
        **{name: date(2027, 1, 31) for name in found if name.endswith("3.1")},
    }
    closed, said = planned(run)
    assert not closed
    assert TOWNS.criteria["1.1"].label in said


def test_another_units_opening_says_nothing_to_this_one(run: Any, locked: None) -> None:
    written(run, openings.reopen_in, NOW, 2, 1, 2, date(2026, 12, 4), "漏报", AFTER.date())

    assert owed(run) == {}
    assert planned(run)[1] == []


def test_what_was_sent_back_after_the_lock_has_two_weeks(run: Any, locked: None) -> None:
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.1", True)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    given = written(run, verdicts.return_in, NOW, 2, 1, TOWNS, "1.1", "缺会议纪要", basis=basis)
    written(run, verdicts.told_in, NOW, [given.verdict.id])

    assert owed(run)["returned 1.1"].limit == date(2026, 12, 5)
    assert len(planned(run)[1]) == 1


def test_lines_of_rectification_are_owed_until_they_are_reported(run: Any, locked: None) -> None:
    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)
    written(run, rectifications.begin_in, NOW, 2, 1, date(2026, 11, 20), date(2026, 11, 21))

    closed, said = planned(run)
    assert not closed
    assert said
    assert all(what.startswith("整改：") for what in said)
    assert {one.limit for one in owed(run).values()} == {date(2026, 12, 20)}
