"""A unit of work scores the same facts once, and never what was true before a change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, joined

from rubrics.engine import Plan
from storage import answers, scorecards
from storage.database import Database

ANSWER = (NOW, 1, 1, TOWNS, "3.1", Decimal("98.5"))


def test_a_score_is_that_of_the_facts_as_they_are_now(run: Any) -> None:
    joined(run, campaign(run))

    async def work(database: Database) -> tuple[bool, bool, bool]:
        async with database.write() as connection:
            before = await scorecards.claimed_in(connection, 1, TOWNS)
            same = await scorecards.claimed_in(connection, 1, TOWNS)
            await answers.record_in(connection, *ANSWER)
            after = await scorecards.claimed_in(connection, 1, TOWNS)
            return before is same, "3.1" in before.facts, "3.1" in after.facts

    assert run(work) == (True, False, True)


def test_a_unit_of_work_that_was_undone_leaves_no_score_behind(run: Any) -> None:
    joined(run, campaign(run))

    async def work(database: Database) -> bool:
        async def undone() -> None:
            async with database.write() as connection:
                await answers.record_in(connection, *ANSWER)
                await scorecards.claimed_in(connection, 1, TOWNS)
                raise RuntimeError("stop")

        with pytest.raises(RuntimeError, match="stop"):
            await undone()
        async with database.write() as connection:
            return "3.1" in (await scorecards.claimed_in(connection, 1, TOWNS)).facts

    assert run(work) is False


def test_an_answer_scores_each_different_set_of_facts_once(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    joined(run, campaign(run))
    run(lambda database: answers.record(database, *ANSWER))  # what is worth nothing is scored once for all
    scored: list[int] = []
    score = Plan.score

    def counted(plan: Plan, facts: Any) -> Any:
        scored.append(len(facts))
        return score(plan, facts)

    monkeypatch.setattr(Plan, "score", counted)

    async def work(database: Database) -> None:
        async with database.write() as connection:
            await scorecards.claimed_in(connection, 1, TOWNS)
            await answers.record_in(connection, *ANSWER[:4], "3.2", True)
            await scorecards.claimed_in(connection, 1, TOWNS)

    run(work)
    assert scored == [1, 2]  # before and after; of proof there is none, and nothing is verified
