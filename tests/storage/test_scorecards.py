"""Scorecards: what the engine says, kept so that all units are one read."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, joined, rows

from rubrics import loader
from rubrics.engine import Plan
from rubrics.errors import FactError
from rubrics.facts import parse_fact
from rubrics.model import Criterion, Rubric
from storage import answers, scorecards
from storage.database import Database
from storage.errors import NotFoundError
from storage.roster import RosterUnit
from storage.scorecards import SummaryRow

LATER = NOW + timedelta(hours=1)
TRIED: tuple[Any, ...] = (True, False, *map(Decimal, ("0", "1", "2", "3.5", "60", "99.005", "1E+2")))


def possible(criterion: Criterion) -> list[Any]:
    found = []
    for value in TRIED:
        try:
            found.append(parse_fact(criterion, value))
        except FactError:
            continue
    return found


def summary(run: Any, campaign_id: int = 1) -> list[SummaryRow]:
    return run(lambda database: scorecards.summary(database, campaign_id))


def recompute(run: Any, campaign_id: int = 1) -> list[SummaryRow]:
    return run(lambda database: scorecards.recompute(database, NOW, campaign_id))


def record(run: Any, unit_id: int, rubric: Rubric, given: dict[str, Any], at: Any = NOW) -> None:
    async def all_of_them(database: Database) -> None:
        for ident, fact in given.items():
            await answers.record(database, at, 1, unit_id, rubric, ident, fact)

    run(all_of_them)


def test_units_stand_in_roster_order_each_with_the_rubrics_that_assess_it(run: Any) -> None:
    campaign(run, rubrics=(TASKS, DEPARTMENTS, TOWNS))

    assert [(row.unit, row.rubric_id.removeprefix("xinbei-2011-")) for row in summary(run)] == [
        ("孟河镇", "tasks"),
        ("孟河镇", "towns"),
        ("西夏墅镇", "tasks"),
        ("西夏墅镇", "towns"),
        ("质监分局", "tasks"),
        ("质监分局", "departments"),
    ]


def test_a_unit_without_an_answer_has_the_score_of_nothing(run: Any) -> None:
    campaign(run)

    first = summary(run)[0]

    assert first.claimed == scorecards.figures_of(Plan(TOWNS).score({}))
    assert (first.answered, first.of, first.updated_at) == (0, 44, None)
    assert (first.claimed.total, first.claimed.max) == (0, 100)


def test_an_answer_changes_its_unit_only_and_says_when(run: Any) -> None:
    joined(run, campaign(run))
    before = summary(run)
    record(run, 2, TOWNS, {"1.1": True})
    record(run, 2, TOWNS, {"10.2": 3}, at=LATER)

    after = summary(run)

    assert [a == b for a, b in zip(after, before, strict=True)] == [True, False, True]
    assert (after[1].answered, after[1].of, after[1].updated_at) == (2, 44, LATER)
    assert after[1].claimed.items["10"] == 2  # 3 of 4 reports: 3 - 1
    assert after[1].claimed.total == sum(after[1].claimed.items.values())


@pytest.mark.parametrize("state", ["withdrawn", "not_here", "unknown", "not_yet"])
def test_an_answer_that_is_no_fact_any_more_earns_nothing(run: Any, state: Any) -> None:
    joined(run, campaign(run))
    nothing = summary(run)[0].claimed
    record(run, 1, TOWNS, {"1.1": True})
    assert summary(run)[0].claimed != nothing

    run(lambda database: answers.record(database, LATER, 1, 1, TOWNS, "1.1", state=state))

    assert (summary(run)[0].claimed, summary(run)[0].answered) == (nothing, 0)


def test_a_tasks_table_has_rows_and_no_total(run: Any) -> None:
    joined(run, campaign(run, rubrics=(TASKS,)), unit="质监分局")
    ident, criterion = next((i, c) for i, c in TASKS.criteria.items() if True in possible(c))
    record(run, 3, TASKS, {ident: True})

    figures = summary(run)[2].claimed

    row = TASKS.item_of[criterion.id]
    assert (figures.items, figures.total, figures.raw) == ({}, None, None)
    assert figures.rows[row.id] == (1, len(row.criteria))


@pytest.mark.parametrize("ident", loader.rubric_ids())
@pytest.mark.parametrize("seed", range(3))
def test_the_stored_scores_are_exactly_the_recomputed_ones(run: Any, ident: str, seed: int) -> None:
    rubric = loader.load(ident)
    unit = RosterUnit("某单位", rubric.categories[0], (), (), ())
    joined(run, campaign(run, rubrics=(rubric,), units=(unit,)), unit="某单位")
    dice = random.Random(f"{ident}{seed}")
    chosen = {c.id: dice.choice(values) for c in rubric.criteria.values() if (values := possible(c))}
    given = {i: chosen[i] for i in dice.sample(list(chosen), dice.randint(1, len(chosen)))}
    record(run, 1, rubric, given)

    (stored,) = summary(run)

    breakdown = Plan(rubric).score(given)
    assert stored.claimed == scorecards.figures_of(breakdown)
    shown = breakdown.as_json()
    assert {i: float(p) for i, p in stored.claimed.items.items()} == {i: float(p) for i, p in shown["items"].items()}
    assert stored.claimed.grade == shown["grade"]
    for figure in ("bonus", "raw", "total", "max"):
        kept = getattr(stored.claimed, figure)
        assert (None if kept is None else float(kept)) == shown[figure], figure
    assert stored.answered == len(given)
    assert recompute(run) == []


def test_recomputing_mends_a_cache_that_is_wrong_or_missing(run: Any) -> None:
    joined(run, campaign(run))
    record(run, 1, TOWNS, {"1.1": True})
    record(run, 2, TOWNS, {"1.1": True})
    right = summary(run)

    async def spoil(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM scorecard WHERE unit_id = 2"))
            await connection.execute(text("UPDATE scorecard SET answered = 7"))

    run(spoil)

    assert summary(run) != right
    assert [row.unit_id for row in recompute(run)] == [1, 2]
    assert summary(run) == right
    assert recompute(run) == []


def test_a_campaign_that_is_not_there_is_said(run: Any) -> None:
    for ask in (summary, recompute):
        with pytest.raises(NotFoundError, match="kaoping campaign list"):
            ask(run, 9)


def test_decimals_lie_as_text(run: Any) -> None:
    joined(run, campaign(run, rubrics=(DEPARTMENTS,)), unit="质监分局")
    record(run, 3, DEPARTMENTS, {"6.1a": 2})

    ((claimed, answered, lacking),) = rows(run, "SELECT claimed, answered, lacking FROM scorecard")

    assert '"total":"' in claimed
    assert (answered, lacking) == (1, 1)
