"""Verdicts: verified facts of one version of an answer; a later change takes them out of the score and asks again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined
from written import written

from rubrics.tasks import asked
from storage import answers, office_facts, scorecards, unit_facts, verdicts
from storage.errors import NotFoundError, StorageError
from storage.verdicts import ChangedError, Given, OwnUnitError

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def reviewer(run: Any) -> int:
    made = campaign(run, rubrics=(TOWNS, DEPARTMENTS, TASKS))
    joined(run, made)  # person 1, liaison of unit 1
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def answer(run: Any, ident: str, fact: object) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, ident, fact))


def shown(run: Any, ident: str) -> str:
    return written(run, verdicts.shown_in, 1, TOWNS, ident)


def give(run: Any, how: str, ident: str, *words: Any, by: int = 2, **more: Any) -> Given:
    more.setdefault("basis", shown(run, ident))
    return written(run, getattr(verdicts, f"{how}_in"), LATER, by, 1, TOWNS, ident, *words, **more)


def verified(run: Any) -> dict[str, Any]:
    return run(lambda database: unit_facts.read(database, 1, TOWNS)).verified


def row(run: Any) -> scorecards.SummaryRow:
    return run(lambda database: scorecards.summary(database, 1))[0]


def test_what_is_passed_counts_as_the_unit_claims(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)

    given = give(run, "pass", "1.1")

    assert verified(run) == {"1.1": True}
    assert (given.before, given.after) == (Decimal(0), row(run).verified.total)
    assert row(run).reviewed == 1
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []


def test_a_changed_figure_counts_instead_of_the_claimed_one(run: Any, reviewer: int) -> None:
    answer(run, "10.2", 4)

    given = give(run, "change", "10.2", 3, "有一条是转发")

    assert verified(run) == {"10.2": 3}
    assert (given.verdict.claimed, given.verdict.fact, given.verdict.reason) == (4, 3, "有一条是转发")


def test_what_is_sent_back_counts_as_unanswered_and_waits_to_be_told(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    give(run, "pass", "1.1")

    give(run, "return", "1.1", "缺会议纪要")

    assert verified(run) == {}
    assert row(run).reviewed == 0
    assert [v.reason for v in written(run, verdicts.untold_in, 1)] == ["缺会议纪要"]


def test_a_unit_is_told_once(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    returned = give(run, "return", "1.1", "缺会议纪要").verdict

    written(run, verdicts.told_in, LATER, [returned.id])

    assert written(run, verdicts.untold_in, 1) == []
    assert written(run, verdicts.find_in, 1, returned.id).told_at == LATER


def test_a_later_answer_leaves_the_verified_score_and_keeps_the_verdict(run: Any, reviewer: int) -> None:
    answer(run, "10.2", 4)
    give(run, "pass", "10.2")

    answer(run, "10.2", 5)

    known = run(lambda database: unit_facts.read(database, 1, TOWNS))
    assert known.verified == {}
    assert (known.verdicts["10.2"].fact, known.verdicts["10.2"].current) == (4, False)
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []


def test_a_verdict_on_what_has_changed_since_is_refused(run: Any, reviewer: int) -> None:
    answer(run, "10.2", 4)
    basis = shown(run, "10.2")
    answer(run, "10.2", 5)

    with pytest.raises(ChangedError):
        give(run, "pass", "10.2", basis=basis)
    assert written(run, verdicts.history_in, 1, TOWNS.id, "10.2") == []


def test_an_answer_of_nothing_can_be_settled(run: Any, reviewer: int) -> None:
    give(run, "pass", "1.1")

    known = run(lambda database: unit_facts.read(database, 1, TOWNS))
    assert (known.verified, known.reviewed) == ({}, {"1.1"})


def test_nothing_can_be_sent_back_where_nothing_was_answered(run: Any, reviewer: int) -> None:
    with pytest.raises(StorageError, match="还没有填"):
        give(run, "return", "1.1", "缺纪要")


def test_what_the_office_booked_stays_beside_a_verdict(run: Any, reviewer: int) -> None:
    answer(run, "6.3", 0)
    give(run, "pass", "6.3")

    written(run, office_facts.book_in, LATER, 2, 1, TOWNS, "6.3", 1, "通报〔2026〕8号")

    assert verified(run) == {"6.3": 1}


def test_nobody_reviews_their_own_unit(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)

    with pytest.raises(OwnUnitError, match="回避"):
        give(run, "pass", "1.1", by=1)


def test_a_verdict_taken_back_leaves_the_clause_as_if_nobody_had_looked(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    given = give(run, "pass", "1.1")

    written(run, verdicts.take_back_in, LATER, 2, given.verdict, TOWNS)

    known = run(lambda database: unit_facts.read(database, 1, TOWNS))
    assert (known.verified, dict(known.verdicts)) == ({}, {})
    with pytest.raises(StorageError, match="新的结论"):
        written(run, verdicts.take_back_in, LATER, 2, given.verdict, TOWNS)


def test_a_clause_that_follows_from_others_is_not_reviewed(run: Any, reviewer: int) -> None:
    with pytest.raises(StorageError, match="任务"):
        written(run, verdicts.pass_in, LATER, 2, 3, DEPARTMENTS, "4.1", basis="")


@pytest.mark.parametrize(("how", "words"), [("change", (3, " ")), ("return", ("",))])
def test_a_change_or_return_needs_a_reason(run: Any, reviewer: int, how: str, words: tuple[Any, ...]) -> None:
    answer(run, "10.2", 4)

    with pytest.raises(StorageError, match="理由"):
        give(run, how, "10.2", *words)


def test_verdicts_of_another_campaign_are_not_found(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    given = give(run, "pass", "1.1")

    with pytest.raises(NotFoundError):
        written(run, verdicts.find_in, 2, given.verdict.id)


def test_the_audit_chain_holds_each_verdict(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    before = chain(run).rows

    give(run, "pass", "1.1")

    assert (chain(run).rows, chain(run).broken) == (before + 1, ())


def test_a_target_settled_as_unanswered_is_one_that_was_not_met(run: Any, reviewer: int) -> None:
    """Departments 4.1 and 4.2 follow their tasks once the office has settled each of them."""
    bound = [c for clauses in asked(TASKS, "质监分局", "部门").values() for c in clauses]

    async def settle(connection: Any) -> None:
        for criterion in bound:
            basis = await verdicts.shown_in(connection, 3, TASKS, criterion.id)
            await verdicts.pass_in(connection, LATER, 2, 3, TASKS, criterion.id, basis=basis)

    written(run, settle)

    known = run(lambda database: unit_facts.read(database, 3, DEPARTMENTS))
    rows = {TASKS.item_of[criterion.id].id for criterion in bound}
    assert (known.verified["4.1"], known.verified["4.2"]) == (True, len(rows))
    assert run(lambda database: scorecards.recompute(database, LATER, 1)) == []
