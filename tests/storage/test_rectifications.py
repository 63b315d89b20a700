"""整改: one line a clause that lost points, due a month after the notice, planned, proved, reported, struck off."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from filed import kept, receive
from stored import NOW, TOWNS, campaign, chain, joined
from written import written

from storage import answers, phases, rectifications, snapshots, verdicts
from storage.errors import NotFoundError, StorageError
from storage.files import FileStore
from storage.rectifications import Rectification, one_month_after
from storage.verdicts import OwnUnitError

NOTICED, TODAY = date(2027, 1, 31), date(2027, 2, 1)
DUE = date(2027, 2, 28)
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2027-01-31", "2027-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2027-02-28", "2027-03-28"),
        ("2026-12-31", "2027-01-31"),
        ("2027-03-31", "2027-04-30"),
        ("2027-01-15", "2027-02-15"),
    ],
)
def test_a_month_after_a_day_is_the_same_day_or_the_last_of_the_next(day: str, due: str) -> None:
    assert one_month_after(date.fromisoformat(day)) == date.fromisoformat(due)


@pytest.fixture
def office(run: Any) -> int:
    made = campaign(run)
    joined(run, made)
    person = joined(run, made, "o1", "王处", role="office", unit=None).person_id
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.1", True)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.1")
    written(run, verdicts.pass_in, NOW, 2, 1, TOWNS, "1.1", basis=basis)
    return person


@pytest.fixture
def file(run: Any, folder: Any) -> int:
    return receive(run, kept(FileStore(folder / "evidence"))).id


def begin(run: Any, noticed: date = NOTICED) -> list[Rectification]:
    return written(run, rectifications.begin_in, NOW, 2, 1, noticed, TODAY)


def line(run: Any, ident: str = "1.2", unit_id: int = 1) -> Rectification:
    found = written(run, rectifications.lines_in, 1, unit_id)
    return next(one for one in found if (one.rubric_id, one.criterion_id) == (TOWNS.id, ident))


def plan(run: Any, due: date = DUE) -> Rectification:
    return written(run, rectifications.plan_in, NOW, 1, line(run), "补开例会并留纪要", "王主任", due)


def reported(run: Any, file: int) -> Rectification:
    written(run, rectifications.prove_in, NOW, 1, plan(run), [file])
    return written(run, rectifications.report_in, LATER, 1, line(run))


def test_each_clause_that_lost_points_is_a_line_with_its_reason_and_a_month(run: Any, office: int) -> None:
    made = begin(run)

    mine = [one for one in made if one.unit_id == 1]
    assert "1.1" not in {one.criterion_id for one in mine}
    assert (line(run).lost, line(run).due_on, line(run).state) == (Decimal(2), DUE, "open")
    assert line(run).because == "还没填，暂记 0 分"
    found = {phase.name: phase for phase in written(run, phases.of_campaign_in, 1)}
    assert (found["整改"].starts_on, found["整改"].ends_on) == (NOTICED, DUE)


def test_begun_again_nothing_is_listed_twice_and_what_was_said_stays(run: Any, office: int) -> None:
    begin(run)
    planned = plan(run)

    assert begin(run) == []
    assert line(run) == planned


def test_it_begins_once_the_notice_is_out(run: Any, office: int) -> None:
    with pytest.raises(StorageError, match="通报发出后"):
        begin(run, noticed=TODAY + timedelta(days=1))


def test_the_frozen_score_counts_where_there_is_one(run: Any, office: int) -> None:
    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)
    written(run, answers.record_in, LATER, 1, 1, TOWNS, "1.1", False)

    assert "1.1" not in {one.criterion_id for one in begin(run) if one.unit_id == 1}


def test_what_was_answered_and_not_looked_at_is_no_loss_before_it_is_frozen(run: Any, office: int) -> None:
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.2", True)
    assert "1.2" not in {one.criterion_id for one in begin(run) if one.unit_id == 1}

    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)
    begin(run)

    assert line(run).because == "到审定时没有核定，记 0 分"
    assert line(run, "2.2").because == "还没填，暂记 0 分"  # listed before it was frozen


def test_once_frozen_what_nobody_answered_is_not_told_to_be_still_open(run: Any, office: int) -> None:
    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)
    begin(run)

    assert line(run, "2.2").because == "到审定时没有填报"


def test_what_was_sent_back_says_why(run: Any, office: int) -> None:
    written(run, answers.record_in, NOW, 1, 1, TOWNS, "1.2", True)
    basis = written(run, verdicts.shown_in, 1, TOWNS, "1.2")
    given = written(run, verdicts.return_in, NOW, 2, 1, TOWNS, "1.2", "会议没有记录", basis=basis)
    written(run, verdicts.told_in, NOW, [given.verdict.id])

    begin(run)

    assert line(run).because == "被退回：会议没有记录"


def test_a_line_is_planned_proved_reported_and_struck_off(run: Any, office: int, file: int) -> None:
    begin(run)

    done = reported(run, file)
    assert (done.state, done.measure, done.who, done.files) == ("reported", "补开例会并留纪要", "王主任", (file,))

    closed = written(run, rectifications.close_in, LATER, 2, done)
    assert (closed.state, closed.closed_by) == ("closed", 2)
    with pytest.raises(StorageError, match="已经销号"):
        plan(run)
    assert chain(run).broken == ()


def test_sent_back_it_is_open_again_with_the_reason_until_it_is_reported_anew(run: Any, office: int, file: int) -> None:
    begin(run)

    back = written(run, rectifications.send_back_in, LATER, 2, reported(run, file), "纪要没有签字")
    assert (back.state, back.answer) == ("planned", "纪要没有签字")

    again = written(run, rectifications.report_in, LATER, 1, back)
    assert (again.state, again.answer) == ("reported", "")


def test_without_measure_and_proof_nothing_is_reported_and_without_a_report_nothing_struck_off(
    run: Any, office: int
) -> None:
    begin(run)

    with pytest.raises(StorageError, match="先写整改措施"):
        written(run, rectifications.report_in, LATER, 1, plan(run))
    with pytest.raises(StorageError, match="不是等销号"):
        written(run, rectifications.close_in, LATER, 2, line(run))


def test_a_day_beyond_the_month_is_refused_and_all_three_are_needed(run: Any, office: int) -> None:
    begin(run)

    with pytest.raises(StorageError, match="2月28日 前完成"):
        plan(run, due=DUE + timedelta(days=1))
    with pytest.raises(StorageError, match="责任人"):
        written(run, rectifications.plan_in, NOW, 1, line(run), "补开例会", " ", DUE)
    with pytest.raises(StorageError, match="措施"):
        written(run, rectifications.plan_in, NOW, 1, line(run), "", "王主任", DUE)


def test_nobody_strikes_off_for_the_own_unit(run: Any, office: int, file: int) -> None:
    begin(run)

    with pytest.raises(OwnUnitError):
        written(run, rectifications.close_in, LATER, 1, reported(run, file))


def test_another_units_file_proves_nothing(run: Any, office: int, file: int) -> None:
    begin(run)

    with pytest.raises(NotFoundError):
        written(run, rectifications.prove_in, NOW, 1, line(run, unit_id=2), [file])
