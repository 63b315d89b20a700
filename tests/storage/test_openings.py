"""待年终 and 复开: which clause is taken on which day, decided in one place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, chain, joined
from written import written

from storage import answers, openings, phases, snapshots, verdicts
from storage.errors import NotFoundError, StorageError
from storage.freezing import FrozenError

LOCK, AFTER = date(2026, 11, 15), date(2026, 11, 21)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(run: Any) -> int:
    """A campaign whose 自评 is over, with a liaison (1) and somebody of the office (2)."""
    made = campaign(run)
    joined(run, made)
    person = joined(run, made, "o1", "王处", role="office", unit=None).person_id
    written(run, phases.set_in, NOW, "2", 1, "自评", date(2026, 11, 1), LOCK)
    return person


def may(run: Any, ident: str, unit_id: int = 1, day: date = AFTER) -> bool:
    return written(run, openings.may_answer, 1, unit_id, TOWNS.id, ident, day)


def year_end(run: Any, ident: str = "3.1", until: date = date(2027, 1, 31), why: str = "检测报告一月才出") -> Any:
    return written(run, openings.year_end_in, NOW, 2, 1, TOWNS, ident, until, why)


def reopen(run: Any, unit_id: int = 1, until: date = date(2026, 12, 20), **words: Any) -> Any:
    return written(run, openings.reopen_in, NOW, 2, 1, unit_id, until, "漏报会议", AFTER, **words)


def test_everything_is_taken_until_the_lock_and_nothing_after_it(run: Any, office: int) -> None:
    assert (may(run, "1.1", day=LOCK), may(run, "1.1", day=AFTER)) == (True, False)


def test_a_clause_whose_proof_comes_later_stays_open_for_all_units_until_its_own_day(run: Any, office: int) -> None:
    year_end(run)

    assert [may(run, "3.1", unit) for unit in (1, 2)] == [True, True]
    assert may(run, "1.1") is False
    assert may(run, "3.1", day=date(2027, 1, 31)) is True
    assert may(run, "3.1", day=date(2027, 2, 1)) is False


def test_a_unit_or_one_clause_of_it_is_opened_again_and_no_other(run: Any, office: int) -> None:
    reopen(run, rubric=TOWNS, criterion_id="1.2")
    reopen(run, unit_id=2)

    assert [may(run, ident) for ident in ("1.2", "1.1")] == [True, False]
    assert [may(run, ident, 2) for ident in ("1.2", "1.1")] == [True, True]


def test_what_is_closed_again_is_taken_no_more(run: Any, office: int) -> None:
    made = reopen(run)

    written(run, openings.end_in, LATER, 2, 1, made.id)

    assert may(run, "1.1") is False
    with pytest.raises(NotFoundError):
        written(run, openings.end_in, LATER, 2, 1, made.id)
    assert chain(run).broken == ()


def test_a_new_day_takes_the_place_of_the_old_one(run: Any, office: int) -> None:
    year_end(run)
    later = year_end(run, until=date(2027, 2, 28))

    assert written(run, openings.standing_in, 1, AFTER) == [later]


def test_an_opening_of_another_campaign_cannot_be_closed(run: Any, office: int) -> None:
    made = reopen(run)
    campaign(run, year=2027)

    with pytest.raises(NotFoundError):
        written(run, openings.end_in, LATER, 2, 2, made.id)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"until": LOCK}, "要晚于这一天"),
        ({"why": " "}, "请写一句理由"),
        ({"ident": "99.9"}, "没有「99.9」"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Any, office: int, words: Any, said: str) -> None:
    with pytest.raises((StorageError, NotFoundError), match=said):
        year_end(run, **words)


def test_nothing_is_opened_again_before_the_lock_for_a_day_gone_or_for_no_unit(run: Any, office: int) -> None:
    with pytest.raises(StorageError, match="已经过了"):
        reopen(run, until=date(2026, 11, 20))
    with pytest.raises(NotFoundError):
        reopen(run, unit_id=99)
    with pytest.raises(StorageError, match="还没有截止"):
        written(run, openings.reopen_in, NOW, 2, 1, 1, AFTER, "漏报会议", LOCK)


def test_a_returned_clause_is_taken_until_it_is_settled_also_for_proof_after_the_answer(run: Any, office: int) -> None:
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.1", True)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    written(run, verdicts.return_in, NOW, 2, 1, TOWNS, "1.1", "缺会议纪要", basis=basis)
    assert may(run, "1.1") is False

    written(run, verdicts.told_in, NOW, [1])
    assert may(run, "1.1") is True

    written(run, answers.record_in, LATER, 1, 1, TOWNS, "1.1", False)
    assert may(run, "1.1") is True

    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    written(run, verdicts.pass_in, LATER, 2, 1, TOWNS, "1.1", basis=basis)
    assert may(run, "1.1") is False


def test_once_the_scores_are_frozen_nothing_is_open_and_nothing_can_be_opened(run: Any, office: int) -> None:
    year_end(run)
    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)

    assert may(run, "3.1") is False
    with pytest.raises(FrozenError):
        reopen(run)
