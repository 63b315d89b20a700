"""申诉: once against each verdict, within its days, decided by another than the reviewer; both scores and reasons stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from stored import NOW, TOWNS, campaign, chain, joined
from written import written

from storage import answers, appeals, phases, snapshots, unit_facts, verdicts
from storage.appeals import Appeal, SameReviewerError
from storage.errors import NotFoundError, StorageError
from storage.freezing import FrozenError
from storage.verdicts import ChangedError, OwnUnitError

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 21)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def changed(run: Any) -> int:
    """The verdict of a reviewer (2) on an answer of unit 1, told today; 3 is another colleague."""
    made = campaign(run)
    joined(run, made)
    for address, name in (("o1", "王处"), ("o2", "李工")):
        joined(run, made, address, name, role="office", unit=None)
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "10.2", 4)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "10.2")
    given = written(run, verdicts.change_in, NOW, 2, 1, TOWNS, "10.2", 3, "有一条是转发", basis=basis)
    written(run, verdicts.told_in, NOW, [given.verdict.id])
    return given.verdict.id


def appeal(run: Any, verdict_id: int, at: datetime = LATER, unit_id: int = 1, text: str = "四条都是原创") -> Appeal:
    return written(run, appeals.appeal_in, at, 1, unit_id, (TOWNS,), verdict_id, text, ZONE)


def may(run: Any, day: date) -> list[date]:
    found = written(run, appeals.appealable_in, 1, (TOWNS,), day, ZONE)
    return [last for _, last in found]


def alter(run: Any, one: Appeal, by: int = 3, basis: str | None = None) -> Appeal:
    basis = basis or written(run, verdicts.shown_in, 1, TOWNS, "10.2")
    return written(run, appeals.change_in, LATER, by, one, TOWNS, 4, "确是原创", basis=basis)


def test_an_appeal_keeps_the_verified_total_of_then(run: Any, changed: int) -> None:
    made = appeal(run, changed)

    assert (made.state, made.text, made.criterion_id, made.unit) == ("open", "四条都是原创", "10.2", "孟河镇")
    assert made.before is not None
    assert written(run, appeals.open_in, 1) == [made]


def test_upheld_the_verdict_stands_with_a_second_reason(run: Any, changed: int) -> None:
    done = written(run, appeals.uphold_in, LATER, 3, appeal(run, changed), "第四条是转发")

    assert (done.state, done.why, done.decider, done.before) == ("upheld", "第四条是转发", "李工", done.after)
    assert run(lambda database: unit_facts.read(database, 1, TOWNS)).verified == {"10.2": 3}


def test_changed_another_verdict_takes_its_place_and_both_are_kept(run: Any, changed: int) -> None:
    done = alter(run, appeal(run, changed))

    history = written(run, verdicts.history_in, 1, TOWNS.id, "10.2")
    assert [(one.how, one.fact, one.reason) for one in history] == [
        ("seen", 3, "有一条是转发"),
        ("appeal", 4, "确是原创"),
    ]
    assert (done.state, done.decision_id) == ("changed", history[1].id)
    assert done.before is not None
    assert done.after is not None
    assert done.after > done.before
    assert chain(run).broken == ()


def test_the_reviewer_does_not_decide_about_the_own_verdict(run: Any, changed: int) -> None:
    made = appeal(run, changed)

    with pytest.raises(SameReviewerError):
        alter(run, made, by=2)
    with pytest.raises(SameReviewerError):
        written(run, appeals.uphold_in, LATER, 2, made, "第四条是转发")


def test_nobody_decides_for_the_own_unit(run: Any, changed: int) -> None:
    with pytest.raises(OwnUnitError):
        alter(run, appeal(run, changed), by=1)


def test_a_verdict_is_appealed_against_once_and_decided_once(run: Any, changed: int) -> None:
    made = appeal(run, changed)
    with pytest.raises(StorageError, match="已经申诉过"):
        appeal(run, changed)

    written(run, appeals.uphold_in, LATER, 3, made, "第四条是转发")
    with pytest.raises(StorageError, match="已经答复过"):
        alter(run, made)


def test_there_are_so_many_days_after_it_was_told(run: Any, changed: int) -> None:
    assert may(run, TODAY + timedelta(days=5)) == [TODAY + timedelta(days=5)]
    assert may(run, TODAY + timedelta(days=6)) == []
    with pytest.raises(StorageError, match="过了期限"):
        appeal(run, changed, at=NOW + timedelta(days=6))


def test_the_feedback_opens_the_days_again_and_they_can_be_set(run: Any, changed: int) -> None:
    written(run, phases.set_in, NOW, "2", 1, "初评反馈", date(2026, 12, 20), date(2026, 12, 22))
    written(run, appeals.set_days_in, NOW, 2, 1, 7)

    assert may(run, date(2026, 12, 19)) == []
    assert may(run, date(2026, 12, 27)) == [date(2026, 12, 27)]
    assert may(run, date(2026, 12, 28)) == []
    with pytest.raises(StorageError):
        written(run, appeals.set_days_in, NOW, 2, 1, 0)


def test_what_was_not_told_or_lost_nothing_or_was_replaced_cannot_be_appealed_against(run: Any, changed: int) -> None:
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.1", True)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    passed = written(run, verdicts.pass_in, NOW, 2, 1, TOWNS, "1.1", basis=basis).verdict
    written(run, verdicts.told_in, NOW, [passed.id])
    basis = written(run, verdicts.shown_in, 1, TOWNS, "10.2")
    written(run, verdicts.change_in, LATER, 2, 1, TOWNS, "10.2", 2, "又少一条", basis=basis)

    assert may(run, TODAY) == []
    for verdict_id in (passed.id, changed):
        with pytest.raises(StorageError):
            appeal(run, verdict_id)


def test_an_answer_passed_that_earns_nothing_can_be_appealed_against(run: Any, changed: int) -> None:
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.1", False)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    passed = written(run, verdicts.pass_in, NOW, 2, 1, TOWNS, "1.1", basis=basis).verdict
    written(run, verdicts.told_in, NOW, [passed.id])

    assert appeal(run, passed.id).criterion_id == "1.1"


def test_another_unit_cannot_appeal_against_it(run: Any, changed: int) -> None:
    with pytest.raises(StorageError):
        appeal(run, changed, unit_id=2)


def test_a_decision_on_what_has_changed_meanwhile_is_refused(run: Any, changed: int) -> None:
    made = appeal(run, changed)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "10.2")
    written(run, answers.record_in, LATER, 1, 1, TOWNS, "10.2", Decimal(5))

    with pytest.raises(ChangedError):
        alter(run, made, basis=basis)
    assert written(run, appeals.find_in, 1, made.id).state == "open"


def test_reasons_are_needed_and_other_campaigns_are_closed_off(run: Any, changed: int) -> None:
    with pytest.raises(StorageError, match="申诉的理由"):
        appeal(run, changed, text=" ")
    made = appeal(run, changed)
    with pytest.raises(StorageError, match="写一句理由"):
        written(run, appeals.uphold_in, LATER, 3, made, "1")
    with pytest.raises(NotFoundError):
        written(run, appeals.find_in, 2, made.id)


def test_frozen_scores_take_no_appeal_and_no_decision(run: Any, changed: int) -> None:
    made = appeal(run, changed)
    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)

    with pytest.raises(FrozenError):
        written(run, appeals.uphold_in, LATER, 3, made, "第四条是转发")
