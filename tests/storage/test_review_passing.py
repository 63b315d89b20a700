"""Passing many clauses at once gives what passing them one by one gives: verdicts, scores, refusals, audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_facts import drawn
from sqlalchemy import text
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined, rows
from written import written

from rubrics.tasks import asked
from storage import answers, review_passing, scorecards, snapshots, verdicts
from storage.database import Database
from storage.errors import StorageError
from storage.review_passing import Outcome, Shown
from storage.trial import on_trial

LATER = NOW + timedelta(hours=1)
OFFICE, BOTH = 2, 3
UNITS = ((1, TOWNS), (3, DEPARTMENTS), (3, TASKS))


@pytest.fixture
def answered(run: Any) -> None:
    """A town and a department have answered part of what they are asked; one of the office belongs to the town."""
    made = campaign(run, rubrics=(TOWNS, DEPARTMENTS, TASKS))
    joined(run, made)
    joined(run, made, "o1", "王处", role="office", unit=None)
    joined(run, made, "o2", "赵科", role="office", unit=None)
    joined(run, made, "o2", "赵科")

    async def answer_all(database: Database) -> None:
        async with database.write() as connection:
            for unit_id, rubric in UNITS:
                own = _own(unit_id, rubric)
                for ident, fact in drawn(rubric, Random(f"{unit_id} {rubric.id}")).items():
                    if ident in own:
                        await answers.record_in(connection, NOW, 1, unit_id, rubric, ident, fact)

    run(answer_all)


def _own(unit_id: int, rubric: Any) -> list[str]:
    name, category = {1: ("孟河镇", "镇"), 3: ("质监分局", "部门")}[unit_id]
    return [c.id for clauses in asked(rubric, name, category).values() for c in clauses]


def shown(run: Any) -> list[Shown]:
    """Every clause as it is now; among them what follows from others, and one that has changed since."""
    found = []
    for unit_id, rubric in UNITS:
        derived = [c.id for c in rubric.criteria.values() if c.derived]
        for ident in (*_own(unit_id, rubric), *derived):
            basis = written(run, verdicts.shown_in, unit_id, rubric, ident)
            found.append(Shown(unit_id, rubric, ident, basis))
    return [found[0]._replace(basis="changed"), *found[1:]]


async def one_by_one(connection: Any, at: Any, person_id: int, those: Sequence[Shown], *, how: str) -> Outcome:
    passed, left = [], []
    for one in those:
        about = (person_id, one.unit_id, one.rubric, one.criterion_id)
        try:
            await verdicts.pass_in(connection, at, *about, basis=one.basis, how=how)
            passed.append(one)
        except StorageError as error:
            left.append((one, str(error)))
    return Outcome(tuple(passed), tuple(left))


def outcome(run: Any, way: Any, person_id: int, those: Sequence[Shown]) -> tuple[Any, ...]:
    """What one way of passing leads to; then undone."""

    async def work(connection: Any) -> tuple[Any, ...]:
        async with on_trial(connection):
            said = await way(connection, LATER, person_id, those, how="sample")
            kept = await verdicts.of_campaign_in(connection, 1)
            cards = await scorecards.summary_in(connection, 1)
            trail = (await connection.execute(text("SELECT action, actor, subject, hash FROM audit"))).all()
        return said, kept, cards, trail

    return written(run, work)  # type: ignore[no-any-return]


@pytest.mark.parametrize("person_id", [OFFICE, BOTH])
def test_all_at_once_is_the_same_as_one_by_one(run: Any, answered: None, person_id: int) -> None:
    those = shown(run)

    at_once = outcome(run, review_passing.pass_many_in, person_id, those)
    singly = outcome(run, one_by_one, person_id, those)

    assert at_once == singly
    assert at_once[0].passed
    assert at_once[0].left


def test_any_part_in_any_order_is_the_same(run: Any, answered: None) -> None:
    every = shown(run)

    @given(st.lists(st.integers(0, len(every) - 1), unique=True, max_size=25))
    @settings(max_examples=10, deadline=None)
    def same(places: list[int]) -> None:
        those = [every[place] for place in places]
        assert outcome(run, review_passing.pass_many_in, OFFICE, those) == outcome(run, one_by_one, OFFICE, those)

    same()


def test_what_was_passed_at_once_stands_in_an_unbroken_trail_and_right_scores(run: Any, answered: None) -> None:
    those = shown(run)

    passed = written(run, review_passing.pass_many_in, LATER, OFFICE, those, how="rest").passed

    assert len(written(run, verdicts.of_campaign_in, 1)) == len(passed)
    assert chain(run).broken == ()
    assert len(rows(run, "SELECT id FROM audit WHERE action = 'verdict.given'")) == len(passed)
    assert run(lambda database: scorecards.recompute(database, LATER, 1)) == []


def test_frozen_scores_leave_everything_with_the_reason(run: Any, answered: None) -> None:
    those = shown(run)
    written(run, snapshots.take_in, NOW, "cli", 1, "2026", final=True)

    said = written(run, review_passing.pass_many_in, LATER, OFFICE, those, how="rest")

    assert said.passed == ()
    assert {why for one, why in said.left if not one.rubric.criteria[one.criterion_id].derived} == {
        "得分已在第 1 号快照审定冻结，不能再改；要改请先发 快照，提请重新开放"
    }
