"""What separates claimed and verified: items, points, and what of it the unit can still mend."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, joined
from written import written

from storage import answers, scorecards, unit_facts, verdicts
from storage.score_gaps import Gap, gap_of


@pytest.fixture(autouse=True)
def claimed(run: Any) -> None:
    made = campaign(run)
    joined(run, made)
    joined(run, made, "o1", "王处", role="office", unit=None)
    for ident, fact in (("10.2", 4), ("1.1", True), ("1.2", True)):
        run(lambda database, i=ident, f=fact: answers.record(database, NOW, 1, 1, TOWNS, i, f))


def gap(run: Any) -> Gap | None:
    known = run(lambda database: unit_facts.read(database, 1, TOWNS))
    return gap_of(scorecards.plan_of(TOWNS), known)


def judge(run: Any, how: str, ident: str, *words: Any) -> None:
    basis = written(run, verdicts.shown_in, 1, TOWNS, ident)
    written(run, getattr(verdicts, f"{how}_in"), NOW, 2, 1, TOWNS, ident, *words, basis=basis)


def test_unreviewed_claims_are_the_gap_item_by_item(run: Any) -> None:
    found = gap(run)
    row = run(lambda database: scorecards.summary(database, 1))[0]

    assert found is not None
    assert found.points == row.claimed.total - row.verified.total
    assert [one.item.id for one in found.items] == ["1", "10"]
    assert all(one.verified == 0 for one in found.items)
    assert sum(one.claimed for one in found.items) == found.points


def test_what_lacks_its_proof_can_be_mended_while_answers_are_taken(run: Any) -> None:
    found = gap(run)

    assert found is not None
    lacking = {c.id for one in found.items for c in one.lacking}
    assert lacking == {"1.1", "1.2", "10.2"}
    assert found.mendable(collecting=True) == 2
    assert found.mendable(collecting=False) == 0


def test_what_the_office_took_says_why(run: Any) -> None:
    judge(run, "change", "10.2", 3, "有一条是转发")
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, "2.4", True))
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, "2.5b", 3))
    judge(run, "pass", "2.5b")

    found = gap(run)

    assert found is not None
    assert {one.item.id: one.decided for one in found.items} == {
        "1": (),
        "2": ("新增市名牌：“名牌任务”还没完成，超出部分不计分",),
        "10": ("信息上报：3 条，比 4 条少 1 条，按 1 步扣 1 分，得 2 分",),
    }


def test_what_was_sent_back_can_be_mended_after_the_lock_too(run: Any) -> None:
    judge(run, "return", "10.2", "看不清")

    found = gap(run)

    assert found is not None
    assert found.mendable(collecting=False) == 1


def test_a_changed_figure_cannot_be_mended_and_stays_in_the_gap(run: Any) -> None:
    judge(run, "pass", "1.1")
    judge(run, "pass", "1.2")
    judge(run, "change", "10.2", 3, "有一条是转发")

    found = gap(run)

    assert found is not None
    (one,) = found.items
    assert (one.item.id, one.claimed - one.verified) == ("10", Decimal(1))
    assert (one.waiting, one.changed, one.returned) == ((), (), ())


def answered_again(run: Any, ident: str) -> None:
    for fact in (False, True):
        run(lambda database, f=fact: answers.record(database, NOW, 1, 1, TOWNS, ident, f))


def test_an_answer_changed_after_it_was_verified_waits_for_the_office_whatever_it_lacks(run: Any) -> None:
    judge(run, "pass", "1.1")
    answered_again(run, "1.1")

    found = gap(run)

    assert found is not None
    assert [c.id for one in found.items for c in one.changed] == ["1.1"]
    assert {c.id for one in found.items for c in one.lacking} == {"1.2", "10.2"}


def test_what_was_sent_back_and_still_lacks_its_proof_says_so(run: Any) -> None:
    judge(run, "return", "1.1", "没有材料")
    answered_again(run, "1.1")

    found = gap(run)

    assert found is not None
    assert [c.id for one in found.items for c in one.changed] == []
    assert "1.1" in {c.id for one in found.items for c in one.lacking}


def test_where_all_is_verified_as_claimed_nothing_separates_them(run: Any) -> None:
    for ident in ("1.1", "1.2", "10.2"):
        judge(run, "pass", ident)

    found = gap(run)

    assert found is not None
    assert (found.points, found.items) == (0, ())
