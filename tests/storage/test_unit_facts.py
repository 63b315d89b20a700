"""What is known about a unit, three times: what follows from another rubric, from the office, and from proof."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, joined

from rubrics import loader
from rubrics.facts import parse_fact
from rubrics.kinds import Threshold
from rubrics.model import Criterion, Rubric
from rubrics.proof import WHOLE
from rubrics.tasks import asked
from storage import answers, evidence, scorecards, unit_facts
from storage.database import Database
from storage.roster import RosterUnit
from storage.scorecards import SummaryRow
from storage.unit_facts import UnitFacts

HUNAN = loader.load("hunan")
BRANCH = "质监分局"


def record(run: Any, unit_id: int, rubric: Rubric, given: dict[str, Any], **words: Any) -> None:
    async def all_of_them(database: Database) -> None:
        for ident, fact in given.items():
            await answers.record(database, NOW, 1, unit_id, rubric, ident, fact, **words)

    run(all_of_them)


def execute(run: Any, statement: str, **values: Any) -> None:
    async def work(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text(statement), values)

    run(work)


def book(run: Any, unit_id: int, rubric: Rubric, criterion_id: str, fact: str, dismissed: str | None = None) -> None:
    """A row as the office's booking leaves it, and the score that follows."""
    columns = "campaign_id, unit_id, rubric_id, criterion_id, fact, basis, person_id, at, dispute, dismissed_at, dismissed_why"
    execute(
        run,
        f"INSERT INTO office_fact ({columns}) VALUES (1, :unit, :rubric, :criterion, :fact, '通报', 1, :at, '', :gone, '')",
        unit=unit_id,
        rubric=rubric.id,
        criterion=criterion_id,
        fact=fact,
        at="2026-11-21T08:00:00.000000Z",
        gone=dismissed,
    )
    rewrite(run, unit_id, rubric)


def grant(run: Any, rubric: Rubric, criterion_id: str, granted: bool) -> None:
    execute(
        run,
        "INSERT INTO absence (campaign_id, rubric_id, criterion_id, granted, why, person_id, at)"
        " VALUES (1, :rubric, :criterion, :granted, '', 1, :at)",
        rubric=rubric.id,
        criterion=criterion_id,
        granted=granted,
        at="2026-11-21T08:00:00.000000Z",
    )
    rewrite(run, 1, rubric)


def rewrite(run: Any, unit_id: int, rubric: Rubric) -> None:
    async def work(database: Database) -> None:
        async with database.write() as connection:
            await scorecards.rewrite(connection, NOW, unit_id, rubric)

    run(work)


def known(run: Any, unit_id: int, rubric: Rubric) -> UnitFacts:
    return run(lambda database: unit_facts.read(database, unit_id, rubric))


def stored(run: Any, unit_id: int, rubric: Rubric) -> SummaryRow:
    """The stored scores, after a check that they are what a recomputation says."""
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    found = run(lambda database: scorecards.summary(database, 1))
    return next(row for row in found if (row.unit_id, row.rubric_id) == (unit_id, rubric.id))


# --- what follows from the tasks --------------------------------------------------------------------------


@pytest.fixture
def branch(run: Any) -> list[Criterion]:
    """A campaign with a department, and the targets it reports."""
    joined(run, campaign(run, rubrics=(DEPARTMENTS, TASKS)), unit=BRANCH)
    return [target for targets in asked(TASKS, BRANCH, "部门").values() for target in targets]


def reached(target: Criterion) -> Any:
    """A fact that meets a target."""
    if isinstance(target.score, Threshold):
        return parse_fact(target, target.score.threshold)
    return True


def missed(target: Criterion) -> Any:
    """A fact that misses a target."""
    if isinstance(target.score, Threshold):
        return 0 if target.score.op == ">=" else 1
    return False


def test_a_departments_tasks_follow_in_the_same_unit_of_work(run: Any, branch: list[Criterion]) -> None:
    *others, last = branch
    record(run, 3, TASKS, {target.id: reached(target) for target in others})
    before = known(run, 3, DEPARTMENTS)
    assert "4.1" not in before.claimed
    assert before.because["4.1"] == f"还有 1 个目标没有填：{last.id}"

    record(run, 3, TASKS, {last.id: reached(last)})

    after = known(run, 3, DEPARTMENTS)
    assert (after.claimed["4.1"], after.claimed["4.2"]) == (False, 0)
    assert ("4.1" in after.own, "4.1" in after.proven) == (False, False)  # met as it says, without proof
    assert stored(run, 3, DEPARTMENTS).answered == 0  # nothing of its own


def test_a_department_without_one_target_met_has_done_nothing(run: Any, branch: list[Criterion]) -> None:
    record(run, 3, TASKS, {target.id: missed(target) for target in branch})

    found = known(run, 3, DEPARTMENTS)

    assert found.claimed["4.1"] is True
    assert found.claimed["4.2"] == len({TASKS.item_of[target.id].id for target in branch})
    assert found.verified == {}  # nobody has looked yet
    assert found.awaits == {"4.1": len(branch), "4.2": len(branch)}


def test_proof_of_a_task_reaches_the_departments_own_rubric(run: Any, branch: list[Criterion]) -> None:
    record(run, 3, TASKS, {target.id: reached(target) for target in branch})
    assert "4.2" not in known(run, 3, DEPARTMENTS).proven

    async def prove(database: Database) -> None:
        async with database.write() as connection:
            held = await evidence.receive_in(connection, NOW, 1, 3, "0" * 64, "汇编.pdf", 9, "pdf")
            for target in branch:
                await evidence.attach_in(connection, NOW, 1, 3, held.id, TASKS, target.id, part=WHOLE)

    run(prove)

    # One file proves one award or one standard: seven counts in rows 5, 8, 11 and 13 stay below their figures.
    assert known(run, 3, TASKS).lacking == ("5.1", "5.3", "8.2", "11.1", "11.2", "13.2", "13.4")
    found = known(run, 3, DEPARTMENTS)
    assert (found.proven["4.1"], found.proven["4.2"], found.claimed["4.2"]) == (False, 4, 0)
    assert stored(run, 3, DEPARTMENTS).lacking == 0


# --- what the office knows --------------------------------------------------------------------------------


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def test_what_the_office_booked_counts_in_all_three_scores(run: Any, chen: int) -> None:
    record(run, 1, TOWNS, {"6.2": True})
    book(run, 1, TOWNS, "6.3", "1")
    book(run, 1, TOWNS, "6.3", "2")

    found, row = known(run, 1, TOWNS), stored(run, 1, TOWNS)

    assert (found.own, found.verified) == ({"6.2": True}, {"6.3": 3})
    assert (found.claimed["6.3"], found.proven["6.3"]) == (3, 3)  # occurrences add up
    assert (row.claimed.items["6"], row.reviewed, row.lacking) == (0, 1, 1)  # 5 − 3 × 2, never below 0


def test_an_occurrence_both_have_seen_counts_once(run: Any, chen: int) -> None:
    record(run, 1, TOWNS, {"6.3": 2, "7.4": False, "6.1": True})
    book(run, 1, TOWNS, "6.3", "1")
    book(run, 1, TOWNS, "7.4", "true")
    book(run, 1, TOWNS, "6.1", "false")

    found = known(run, 1, TOWNS)

    assert [found.claimed[ident] for ident in ("6.3", "7.4", "6.1")] == [2, True, False]
    assert [found.verified[ident] for ident in ("6.3", "7.4", "6.1")] == [1, True, False]
    assert found.own == {"6.3": 2, "7.4": False, "6.1": True}


def test_what_the_office_dismissed_counts_no_more(run: Any, chen: int) -> None:
    book(run, 1, TOWNS, "6.3", "1", dismissed="2026-11-21T09:00:00.000000Z")
    book(run, 2, TOWNS, "6.3", "1")

    assert known(run, 1, TOWNS).claimed == {}
    assert known(run, 2, TOWNS).claimed == {"6.3": 1}
    assert stored(run, 1, TOWNS).reviewed == 0


# --- 合理缺项 ---------------------------------------------------------------------------------------------


@pytest.fixture
def city(run: Any) -> int:
    unit = RosterUnit("某市", HUNAN.categories[0], (), (), ())
    return joined(run, campaign(run, rubrics=(HUNAN,), units=(unit,)), unit="某市").person_id


def test_an_absence_counts_once_the_office_has_granted_it(run: Any, city: int) -> None:
    record(run, 1, HUNAN, {"14.2": None}, state="not_here")
    assert (known(run, 1, HUNAN).claimed, stored(run, 1, HUNAN).claimed.max) == ({}, 1060)

    grant(run, HUNAN, "14.2", True)

    found, row = known(run, 1, HUNAN), stored(run, 1, HUNAN)
    assert (found.claimed, found.proven, found.verified) == ({"14.2": "na"},) * 3
    assert (row.claimed.max, row.proven.max, row.verified.max) == (1055, 1055, 1055)
    assert row.lacking == 0


def test_an_absence_granted_changes_nothing_for_who_did_not_apply(run: Any, city: int) -> None:
    grant(run, HUNAN, "14.2", True)

    assert known(run, 1, HUNAN).claimed == {}


def test_the_newest_decision_about_an_absence_counts(run: Any, city: int) -> None:
    record(run, 1, HUNAN, {"14.2": None}, state="not_here")
    grant(run, HUNAN, "14.2", True)

    grant(run, HUNAN, "14.2", False)

    assert (known(run, 1, HUNAN).claimed, stored(run, 1, HUNAN).claimed.max) == ({}, 1060)


def test_a_clause_without_an_absence_stays_open_whatever_was_decided(run: Any, city: int) -> None:
    record(run, 1, HUNAN, {"14.1": None, "2.2": None}, state="not_here")

    for ident in ("14.1", "2.2"):
        grant(run, HUNAN, ident, True)

    assert known(run, 1, HUNAN).claimed == {}
    assert stored(run, 1, HUNAN).claimed.max == Decimal(1060)
