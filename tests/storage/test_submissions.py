"""Submissions: numbered, one that stands a unit and rubric, closed by the signed page or waived, stale once changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from stored import NOW, TOWNS, campaign, chain, joined, rows
from written import written

from storage import answers, evidence, scorecards, submissions
from storage.errors import NotFoundError, StorageError
from storage.submissions import Submission

LATER = NOW + timedelta(hours=1)
SHEET = "5" * 64


@pytest.fixture
def chen(run: Any) -> int:
    made = campaign(run)
    joined(run, made, "o1", "王处", role="office", unit=None)
    return joined(run, made).person_id


def card(run: Any, unit_id: int = 1) -> str:
    found = run(lambda database: scorecards.summary(database, 1))
    return next(row.cards[0] for row in found if row.unit_id == unit_id)


def hand_in(run: Any, unit_id: int = 1, at: Any = NOW) -> Submission:
    return written(run, submissions.open_in, at, 2, unit_id, TOWNS, card(run, unit_id), SHEET)


def signed(run: Any, unit_id: int = 1) -> int:
    async def receive(connection: Any) -> int:
        return (await evidence.receive_in(connection, NOW, 2, unit_id, f"{unit_id:064d}", "签字页.jpg", 9, "jpeg")).id

    return written(run, receive)


def close(run: Any, submission_id: int, signed_id: int, unit_id: int = 1) -> Submission:
    return written(run, submissions.close_in, LATER, 2, unit_id, submission_id, signed_id)


def current(run: Any, unit_id: int = 1) -> Submission | None:
    return written(run, submissions.current_in, unit_id, TOWNS.id)


def answer(run: Any, fact: object = True) -> None:
    run(lambda database: answers.record(database, NOW, 2, 1, TOWNS, "1.1", fact))


def test_a_submission_has_a_number_its_figures_and_its_sheet(run: Any, chen: int) -> None:
    answer(run)

    opened = hand_in(run)

    assert (opened.number, opened.unit, opened.person, opened.state) == ("2026-S001", "孟河镇", "陈芳", "open")
    assert (opened.sheet_ref, opened.at, opened.closed_at) == (SHEET, NOW, None)
    assert opened.claimed == run(lambda database: scorecards.summary(database, 1))[0].claimed
    assert current(run) == opened


def test_numbers_count_the_submissions_of_a_campaign(run: Any, chen: int) -> None:
    assert [hand_in(run, 1).number, hand_in(run, 2).number] == ["2026-S001", "2026-S002"]
    assert [s.number for s in written(run, submissions.of_campaign_in, 1)] == ["2026-S001", "2026-S002"]


def test_handing_the_same_in_again_gives_the_same_submission(run: Any, chen: int) -> None:
    opened = hand_in(run)

    assert hand_in(run, at=LATER) == opened
    assert rows(run, "SELECT count(*) FROM submission") == [(1,)]


def test_other_figures_make_a_new_submission_and_end_the_old(run: Any, chen: int) -> None:
    hand_in(run)
    answer(run)

    second = hand_in(run, at=LATER)

    assert (second.number, current(run)) == ("2026-S002", second)
    assert rows(run, "SELECT number, reopened_at IS NULL FROM submission ORDER BY id") == [(1, 0), (2, 1)]


def test_the_signed_page_closes_a_submission(run: Any, chen: int) -> None:
    opened, page = hand_in(run), signed(run)

    closed = close(run, opened.id, page)

    assert (closed.state, closed.closed_at, closed.signed_id) == ("closed", LATER, page)
    assert current(run) == closed
    with pytest.raises(StorageError, match="自评 2026-S001 已经收到签字页"):
        close(run, opened.id, page)


def test_another_units_page_or_a_withdrawn_one_closes_nothing(run: Any, chen: int) -> None:
    opened, other, own = hand_in(run), signed(run, 2), signed(run)

    async def withdraw(connection: Any) -> None:
        await connection.execute(
            text(f"UPDATE evidence SET withdrawn_at = '{NOW:%Y-%m-%dT%H:%M:%SZ}' WHERE id = {own}")
        )

    written(run, withdraw)

    for page in (other, own, 99):
        with pytest.raises(NotFoundError, match="没有这份签字页"):
            close(run, opened.id, page)
    assert current(run) == opened


def test_a_submission_of_another_unit_or_campaign_is_not_reached(run: Any, chen: int) -> None:
    opened, page = hand_in(run, 2), signed(run)

    with pytest.raises(NotFoundError, match="没有这份自评"):
        close(run, opened.id, page)
    with pytest.raises(NotFoundError, match="没有这份自评"):
        written(run, submissions.waive_in, LATER, 1, 2, opened.id)


def test_the_office_may_waive_the_signature(run: Any, chen: int) -> None:
    opened = hand_in(run)

    waived = written(run, submissions.waive_in, LATER, 1, 1, opened.id)

    assert (waived.state, waived.waived_by, waived.signed_id) == ("waived", 1, None)
    assert current(run) == waived
    with pytest.raises(StorageError, match="已经免交签字页"):
        close(run, opened.id, signed(run))


@pytest.mark.parametrize("sign", [False, True])
def test_a_changed_answer_makes_a_submission_stale_signed_or_not(run: Any, chen: int, sign: bool) -> None:
    opened = hand_in(run)
    if sign:
        close(run, opened.id, signed(run))

    stale = written(run, submissions.reopen_in, LATER, 2, 1, TOWNS.id)

    assert (stale.id, stale.state) == (opened.id, "reopened")
    assert current(run) is None
    assert written(run, submissions.of_campaign_in, 1) == []
    with pytest.raises(StorageError, match="填报又改过"):
        close(run, opened.id, signed(run))


def test_reopening_where_nothing_stands_changes_nothing(run: Any, chen: int) -> None:
    before = chain(run).rows

    assert written(run, submissions.reopen_in, LATER, 2, 1, TOWNS.id) is None
    assert chain(run).rows == before


def test_a_unit_the_rubric_does_not_assess_cannot_submit_it(run: Any, chen: int) -> None:
    with pytest.raises(NotFoundError, match="不考核这个单位"):
        written(run, submissions.open_in, NOW, 2, 3, TOWNS, "{}", SHEET)


def test_every_step_is_in_the_trail(run: Any, chen: int) -> None:
    close(run, hand_in(run).id, signed(run))
    written(run, submissions.reopen_in, LATER, 2, 1, TOWNS.id)

    trail = rows(run, "SELECT action FROM audit WHERE action LIKE 'submission%' ORDER BY id")
    assert [row[0].removeprefix("submission.") for row in trail] == ["opened", "closed", "reopened"]
    assert chain(run).broken == ()
