"""The year's own file laid over the rubric a campaign runs already, or last year's rubric taken as this year's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from adopting import LATER, NEW, OLD, OVERLAY, adopt, answer, begun, book, entry, file, passed, totals
from filed import unsorted
from stored import chain, rows
from written import written

from rubrics.errors import RubricError
from storage import answers, editions, entries, scorecards, unit_facts, verdicts
from storage.adoption_answers import ASK_AGAIN
from storage.errors import StorageError
from storage.roster import RosterUnit, Target


@pytest.fixture(autouse=True)
def year(run: Any) -> None:
    begun(run)


def known(run: Any) -> unit_facts.UnitFacts:
    (rubric, *_) = written(run, editions.of_campaign, 1)
    return run(lambda database: unit_facts.read(database, 1, rubric))


def test_what_the_overlay_does_not_touch_stays_as_it_is(run: Any) -> None:
    answer(run, "1.1", True)
    passed(run, "1.1")
    answer(run, "1.3", True)  # worth 2 now
    proof = file(run, "a", "1.1")

    done = adopt(run, OLD.id, overlay=OVERLAY)

    (rubric, *_) = written(run, editions.of_campaign, 1)
    assert (rubric.overlay, rubric.title, rubric.criteria["1.3"].score.points) == ("2026年度", OLD.title, 2)  # type: ignore[union-attr]
    assert known(run).claimed == {"1.1": True, "1.3": True}
    assert rows(run, "SELECT count(*) FROM answer") == [(2,)]
    assert rows(run, "SELECT evidence_id, detached_at FROM evidence_use") == [(proof, None)]
    assert (done.units[0].carried, done.units[0].before, done.units[0].after) == (2, 3, 4)
    assert run(lambda database: scorecards.recompute(database, LATER, 1)) == []


def test_what_the_overlay_changes_is_asked_again(run: Any) -> None:
    one = entry(run, "10.2", "质量信息一则")
    proof = file(run, "a", "10.2", entry_id=one)
    passed(run, "10.2")
    book(run, "10.2", 4)

    done = adopt(run, OLD.id, overlay=OVERLAY)

    history = run(lambda database: answers.history(database, 1, OLD.id, "10.2"))
    assert [(version.state, version.fact) for version in history] == [("answered", 1), ("withdrawn", None)]
    assert (history[-1].note, history[-1].person) == (ASK_AGAIN, "王处")
    assert (known(run).claimed, known(run).verified) == ({}, {})
    assert written(run, entries.of_clause_in, 1, OLD.id, "10.2") == []
    assert unsorted(run) == [proof]
    assert [(rebook.unit, rebook.label) for rebook in done.rebook] == [("孟河镇", "信息上报")]
    assert [criterion.id for criterion in done.units[0].again] == ["10.2"]
    assert chain(run).broken == ()


def test_nobody_has_reviewed_a_clause_that_changed_even_if_it_was_empty(run: Any) -> None:
    passed(run, "10.2")  # that nothing was answered

    adopt(run, OLD.id, overlay=OVERLAY)

    assert "10.2" not in known(run).reviewed
    assert written(run, verdicts.newest_in, 1, OLD.id, "10.2").kind == "open"


def test_last_years_rubric_is_taken_as_this_years(run: Any) -> None:
    answer(run, "1.1", True)

    done = adopt(run, OLD.id)

    assert {clause.kind for clause in done.clauses} == {"same"}
    assert written(run, editions.of_campaign, 1)[0].title == OLD.title
    assert totals(run)["孟河镇"] == Decimal(2)
    with pytest.raises(StorageError, match="没有要换的"):
        adopt(run, OLD.id)


def test_tasks_come_later_by_themselves(run: Any) -> None:
    adopt(run, OLD.id)
    sheet = (RosterUnit("西夏墅镇", "镇", (), (), (Target(OLD.id, "2.4", Decimal(5)),)),)

    done = adopt(run, OLD.id, handed_down=sheet)

    assert [change.tasks for change in done.units] == [0, 1, 0]


def test_an_overlay_stays_when_only_tasks_come(run: Any) -> None:
    adopt(run, OLD.id, overlay=OVERLAY)
    sheet = (RosterUnit("西夏墅镇", "镇", (), (), (Target(OLD.id, "2.4", Decimal(5)),)),)

    adopt(run, OLD.id, handed_down=sheet)

    assert written(run, editions.of_campaign, 1)[0].overlay == "2026年度"


@pytest.mark.parametrize(
    ("overlay", "words"),
    [
        ("overlay: x\nrubric: hunan\n", "这份年度细则是给「hunan」的"),
        (OVERLAY.replace('"1.5"', '"1.4"'), "合计"),
        ("]", "年度细则"),
    ],
)
def test_an_overlay_with_mistakes_changes_nothing(run: Any, overlay: str, words: str) -> None:
    with pytest.raises(RubricError, match=words):
        adopt(run, OLD.id, overlay=overlay)
    assert rows(run, "SELECT overlay, provisional FROM campaign_rubric WHERE id = 1") == [(None, 1)]


def test_a_command_takes_it_in_nobodys_name(run: Any) -> None:
    answer(run, "10.2", 1)

    adopt(run, OLD.id, overlay=OVERLAY, by=None)

    (version,) = run(lambda database: answers.history(database, 1, OLD.id, "10.2"))[1:]
    assert version.person == "陈芳"  # a row needs somebody; the trail says who it was
    actions = rows(run, "SELECT actor FROM audit WHERE action IN ('rubric.adopted', 'answers.carried')")
    assert actions == [("cli",), ("cli",)]


def test_the_years_rubric_comes_with_an_overlay_of_its_own(run: Any) -> None:
    answer(run, "1.3", True)
    overlay = OVERLAY.replace(OLD.id, NEW.id)

    adopt(run, NEW.id, overlay=overlay)

    assert written(run, editions.of_campaign, 1)[0].overlay == "2026年度"
    assert totals(run)["孟河镇"] == 2
