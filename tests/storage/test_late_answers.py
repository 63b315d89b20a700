"""补报: kept with its reason, counted only when granted, in the name of who sent it and as of then."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from filed import kept, receive, withdraw
from stored import NOW, TOWNS, campaign, chain, joined
from written import written

from storage import answers, late_answers, scorecards, snapshots, unit_facts
from storage.errors import NotFoundError, StorageError
from storage.files import FileStore
from storage.freezing import FrozenError
from storage.late_answers import LateAnswer
from storage.verdicts import OwnUnitError

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(run: Any) -> int:
    made = campaign(run)
    joined(run, made)
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


@pytest.fixture
def file(run: Any, folder: Any) -> int:
    return receive(run, kept(FileStore(folder / "evidence"))).id


def ask(run: Any, fact: Any = Decimal(4), files: Any = (), why: str = "汇总晚了", unit_id: int = 1) -> LateAnswer:
    return written(run, late_answers.ask_in, NOW, 1, unit_id, TOWNS, "10.2", fact, "4条", files, why)


def grant(run: Any, late: LateAnswer, by: int = 2) -> late_answers.Granted:
    return written(run, late_answers.grant_in, LATER, by, late, TOWNS)


def test_what_comes_late_waits_and_changes_no_score(run: Any, office: int, file: int) -> None:
    late = ask(run, files=(file,))

    assert (late.fact, late.files, late.why, late.person, late.state) == (4, (file,), "汇总晚了", "陈芳", "open")
    assert written(run, late_answers.open_in, 1) == [late]
    assert run(lambda database: unit_facts.read(database, 1, TOWNS)).own == {}


def test_granted_it_is_an_answer_with_its_files_of_who_sent_it_as_of_then(run: Any, office: int, file: int) -> None:
    done = grant(run, ask(run, files=(file,)))

    answer = written(run, answers.current_in, 1, TOWNS.id)["10.2"]
    assert (answer.fact, answer.person, answer.at, answer.said) == (4, "陈芳", LATER, "4条")
    assert (done.attached, done.gone, done.late.state) == (1, 0, "granted")
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    assert chain(run).broken == ()


def test_refused_it_stays_on_record_with_the_reason(run: Any, office: int) -> None:
    done = written(run, late_answers.refuse_in, LATER, 2, ask(run), "时间太晚")

    assert (done.state, done.answer, done.decided_by) == ("refused", "时间太晚", 2)
    assert written(run, late_answers.of_unit_in, 1) == [done]
    assert written(run, answers.current_in, 1, TOWNS.id) == {}


def test_it_is_decided_once(run: Any, office: int) -> None:
    late = ask(run)
    grant(run, late)

    with pytest.raises(StorageError, match="已经答复过"):
        written(run, late_answers.refuse_in, LATER, 2, late, "时间太晚")


def test_nobody_decides_for_the_own_unit(run: Any, office: int) -> None:
    with pytest.raises(OwnUnitError):
        grant(run, ask(run), by=1)


def test_a_file_that_was_withdrawn_meanwhile_is_left_out_and_counted(run: Any, office: int, file: int) -> None:
    late = ask(run, files=(file,))
    withdraw(run, file)

    done = grant(run, late)

    assert (done.attached, done.gone) == (0, 1)


def test_proof_alone_that_was_withdrawn_leaves_nothing_to_grant(run: Any, office: int, file: int) -> None:
    late = ask(run, fact=None, files=(file,))
    withdraw(run, file)

    with pytest.raises(StorageError, match="已经被单位撤掉"):
        grant(run, late)


def test_a_reason_and_something_to_report_are_needed(run: Any, office: int) -> None:
    with pytest.raises(StorageError, match="为什么补报"):
        ask(run, why=" ")
    with pytest.raises(StorageError, match="没有要补的内容"):
        ask(run, fact=None)


def test_another_units_file_is_not_taken(run: Any, office: int, file: int) -> None:
    with pytest.raises(NotFoundError):
        ask(run, files=(file,), unit_id=2)


def test_once_the_scores_are_frozen_none_is_taken_or_granted(run: Any, office: int) -> None:
    late = ask(run)
    written(run, snapshots.take_in, NOW, 2, 1, "2026", final=True)

    with pytest.raises(FrozenError):
        ask(run)
    with pytest.raises(FrozenError):
        grant(run, late)
