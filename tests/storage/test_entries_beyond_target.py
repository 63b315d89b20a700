"""Awards fill a target before they count beyond it, as claimed and as proven."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from entering import add, claim, claimed, do, withdraw
from stored import NOW, TOWNS, campaign, joined

from storage import evidence, proof_notes, scorecards, unit_facts
from storage.entries import Added
from storage.roster import RosterUnit, Target

MARCH, JUNE = date(2026, 3, 5), date(2026, 6, 9)


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def with_target(run: Any, figure: int) -> None:
    """A campaign in which the unit has so many brand awards to win."""
    target = Target(TOWNS.id, "2.4", Decimal(figure))
    joined(run, campaign(run, rubrics=(TOWNS,), units=(RosterUnit("孟河镇", "镇", (), (), (target,)),)))


def test_awards_fill_the_target_before_they_count_beyond_it(run: Any) -> None:
    with_target(run, 2)

    first = add(run, "2.5b", "孟河斋")
    assert (claimed(run, "2.4", "2.5a", "2.5b"), first.changed) == ([False, None, 0], ("2.4", "2.5b"))
    second = add(run, "2.5a", "双马")
    assert (claimed(run, "2.4", "2.5a", "2.5b"), second.changed) == ([True, 0, 0], ("2.4", "2.5a"))
    third = add(run, "2.5a", "小龙")

    assert (claimed(run, "2.4", "2.5a", "2.5b"), third.changed) == ([True, 1, 0], ("2.5a",))
    (row,) = run(lambda database: scorecards.summary(database, 1))
    assert row.claimed.total == 5 + 2


def test_the_day_of_an_award_decides_what_lies_beyond(run: Any) -> None:
    with_target(run, 1)
    add(run, "2.5a", "双马", JUNE)

    add(run, "2.5b", "孟河斋", MARCH)  # earlier, so it fills the target and 双马 counts beyond it

    assert claimed(run, "2.4", "2.5a", "2.5b") == [True, 1, 0]


def test_a_withdrawn_award_lets_the_next_one_fill_the_target(run: Any) -> None:
    with_target(run, 1)
    province, city = add(run, "2.5a", "双马", MARCH), add(run, "2.5b", "孟河斋", JUNE)
    assert claimed(run, "2.4", "2.5a", "2.5b") == [True, 0, 1]

    assert withdraw(run, province) == ("2.5a", "2.5b")
    assert claimed(run, "2.4", "2.5a", "2.5b") == [True, None, 0]

    assert withdraw(run, city) == ("2.4", "2.5b")
    assert claimed(run, "2.4", "2.5a", "2.5b") == [None, None, None]


def test_a_target_said_to_be_done_stays_done(run: Any) -> None:
    with_target(run, 3)
    claim(run, "2.4", True)

    added = add(run, "2.5a", "双马")

    assert (added.changed, claimed(run, "2.4", "2.5a")) == (("2.5a",), [True, 0])


def test_without_a_target_every_award_counts_for_itself(run: Any, chen: int) -> None:
    add(run, "2.5a", "双马")

    assert claimed(run, "2.4", "2.5a", "2.5b") == [None, 1, None]


def test_a_target_of_none_leaves_every_award_beyond_it(run: Any) -> None:
    with_target(run, 0)

    add(run, "2.5a", "双马")

    assert claimed(run, "2.4", "2.5a") == [True, 1]


def prove(run: Any, added: Added) -> None:
    """A certificate for an award."""
    assert added.entry is not None
    number, clause = str(added.entry.id), added.entry.criterion_id
    held = do(run, evidence.receive_in, NOW, 1, 1, number * 64, "证书.jpg", 9, "jpeg")
    do(run, evidence.attach_in, NOW, 1, 1, held.id, TOWNS, clause, entry_id=added.entry.id)


def proven(run: Any) -> tuple[list[Any], Any]:
    """What the awards' clauses are proven to be, and the proven total, as it is stored."""
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    known = run(lambda database: unit_facts.read(database, 1, TOWNS)).proven
    (row,) = run(lambda database: scorecards.summary(database, 1))
    return [known.get(ident) for ident in ("2.4", "2.5a", "2.5b")], row.proven.total


def test_a_certificate_proves_what_its_award_counts_for(run: Any) -> None:
    """Target 2; 市 in March and 省 without a day yet to come: 5 for the target, 2 for the 省名牌 beyond it."""
    with_target(run, 2)
    undated = add(run, "2.5a", "双马")
    june, march = add(run, "2.5a", "小龙", JUNE), add(run, "2.5b", "孟河斋", MARCH)
    assert claimed(run, "2.4", "2.5a", "2.5b") == [True, 1, 0]
    assert proven(run) == ([None, None, 0], 0)

    prove(run, undated)
    assert proven(run) == ([None, None, 0], 0)  # one of two
    prove(run, march)
    assert proven(run) == ([True, None, 0], 5)  # whichever are proven fill the target
    prove(run, june)

    assert proven(run) == ([True, 1, 0], 7)
    withdraw(run, june)
    assert proven(run) == ([True, 0, 0], 5)


def test_the_day_of_a_proven_award_decides_what_lies_beyond(run: Any) -> None:
    with_target(run, 1)
    for added in (add(run, "2.5a", "双马", JUNE), add(run, "2.5b", "孟河斋", MARCH)):
        prove(run, added)

    assert proven(run) == ([True, 1, 0], 7)  # by id it would be the 市名牌: 6


def test_the_list_of_awards_proves_the_target(run: Any) -> None:
    with_target(run, 1)
    add(run, "2.5b", "孟河斋", MARCH)
    prove(run, add(run, "2.5a", "双马", JUNE))
    assert proven(run) == ([True, None, 0], 5)

    do(run, proof_notes.add_in, NOW, 1, 1, TOWNS, "2.4", kind="number", title="名牌公告", number="苏名〔2026〕1号")

    assert proven(run) == ([True, 1, 0], 7)
