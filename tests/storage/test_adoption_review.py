"""What reviewers, experts and departments said when the year's rubric is taken: carried where the clause is the same, shown once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from adopting import LATER, NEW, OLD, OVERLAY, adopt, begun
from filed import receive
from next_year import next_year
from sqlalchemy import insert
from stored import NOW, TASKS, TOWNS, campaign, chain, joined, rows
from written import written

from rubrics import loader
from rubrics.model import Rubric
from storage import (
    editions,
    evidence,
    findings,
    opinions,
    proof_listing,
    proof_notes,
    provided,
    samples,
    task_notes,
    unit_facts,
    verdicts,
)
from storage.findings import Finding, Photo
from storage.roster import RosterUnit, Target
from storage.samples import Drawn
from storage.tables_review import TaskNoteRow
from storage.task_notes import TaskNote

HUNAN = loader.load("hunan")
JUDGED = "26.1"
PHOTO = {"ref": "a" * 64, "name": "现场.jpg", "size_bytes": 12}


def found(run: Any, ident: str, words: str = "台账停在九月") -> Finding:
    about = (NOW, 2, 1, OLD, ident, "wrong", words, (PHOTO,))
    return written(run, findings.add_in, *about)  # type: ignore[no-any-return]


def test_a_finding_goes_with_its_clause_and_is_seen_once(run: Any) -> None:
    begun(run)
    before = found(run, "1.1")

    adopt(run)

    (now,) = written(run, findings.of_unit_in, 1)
    assert now == before._replace(id=now.id, rubric_id=NEW.id)
    assert now.files == (Photo("a" * 64, "现场.jpg", 12),)
    assert written(run, findings.of_clause_in, 1, NEW.id, "1.1") == [now]
    assert rows(run, "SELECT count(*) FROM finding") == [(2,)]
    assert chain(run).broken == ()


def test_a_finding_about_a_clause_that_changed_stays_with_what_it_was_about(run: Any) -> None:
    begun(run)
    before = found(run, "3.2")

    adopt(run)

    assert written(run, findings.of_unit_in, 1) == [before]


def test_a_finding_that_was_taken_back_does_not_come_again(run: Any) -> None:
    begun(run)
    written(run, findings.withdraw_in, NOW, 2, found(run, "1.1"))

    adopt(run)

    assert written(run, findings.of_unit_in, 1) == []


def test_under_an_overlay_findings_stay_where_they_are(run: Any) -> None:
    begun(run)
    before = [found(run, "1.1"), found(run, "10.2")]  # the second is asked otherwise now

    adopt(run, OLD.id, overlay=OVERLAY)

    assert written(run, findings.of_unit_in, 1) == before


@pytest.fixture
def judges(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rubric:
    """浏阳市 is judged by 李 and 周 (persons 2 and 3); next year's rubric waits."""
    made = campaign(run, rubrics=(HUNAN,), units=(RosterUnit("浏阳市", "市", (), (), ()),))
    joined(run, made, unit="浏阳市")
    for n, name in enumerate(("李", "周"), 1):
        joined(run, made, f"e{n}", name, role="expert", unit=None)
    return next_year(monkeypatch, tmp_path, HUNAN.id)


def judge(run: Any, person: int, mark: int, words: str) -> None:
    basis = written(run, verdicts.shown_in, 1, HUNAN, JUDGED)
    written(run, opinions.give_in, NOW, person, 1, HUNAN, JUDGED, Decimal(mark), words, basis=basis)


def standing(run: Any, rubric: Rubric) -> list[list[tuple[str, Decimal, str]]]:
    """The opinions that count and those given on something else."""
    both = written(run, opinions.standing_in, 1, 1, rubric, JUDGED)
    return [[(one.person, one.mark, one.words) for one in opinions] for opinions in both]


def test_experts_opinions_count_on_where_nothing_has_changed_since(run: Any, judges: Rubric) -> None:
    judge(run, 3, 5, "渠道少")
    kept = receive(run, "1" * 64)
    written(run, evidence.attach_in, NOW, 1, 1, kept.id, HUNAN, JUDGED)
    judge(run, 2, 5, "先这样")
    judge(run, 2, 20, "形式多样")
    before = standing(run, HUNAN)
    assert before == [[("李", 20, "形式多样")], [("周", 5, "渠道少")]]

    adopt(run, judges.id, by=None, instead_of=HUNAN.id)

    assert standing(run, judges) == before
    assert written(run, opinions.settle_in, LATER, 2, 1, judges, JUDGED, Decimal(20), **shown(run, judges)).verdict
    assert rows(run, f"SELECT count(*) FROM opinion WHERE rubric_id = '{judges.id}'") == [(2,)]


def test_opinions_on_a_clause_that_an_overlay_asks_otherwise_count_no_more(run: Any, judges: Rubric) -> None:
    judge(run, 2, 20, "形式多样")
    marks = '{score: {kind: judged, allowed: ["20", "15", "5"]}}'
    overlay = f'overlay: 2026年度\nrubric: {HUNAN.id}\nset:\n  criteria:\n    "{JUDGED}": {marks}\n'

    adopt(run, HUNAN.id, by=None, overlay=overlay)

    (rubric,) = written(run, editions.of_campaign, 1)
    assert standing(run, rubric) == [[], [("李", 20, "形式多样")]]


def shown(run: Any, rubric: Rubric) -> dict[str, str]:
    return {"basis": written(run, verdicts.shown_in, 1, rubric, JUDGED)}


@pytest.fixture
def tasks(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rubric:
    """孟河镇 has a task of its own, 质监分局 (unit 2, person 1) leads rows of the tasks; next year's tasks wait."""
    units = (
        RosterUnit("孟河镇", "镇", (), (), (Target(TOWNS.id, "4.2", Decimal(5)),)),
        RosterUnit("质监分局", "部门", (), (), ()),
    )
    made = campaign(run, rubrics=(TOWNS, TASKS), units=units)
    joined(run, made, "p1", "赵工", role="provider", unit="质监分局")
    return next_year(monkeypatch, tmp_path, TASKS.id)


def notes(run: Any, rubric: Rubric, **words: Any) -> dict[tuple[int, str], TaskNote]:
    return written(run, task_notes.newest_in, 1, rubric.id, **words)  # type: ignore[no-any-return]


def note(run: Any, at: Any, problem: str) -> None:
    about = (at, 1, 2, TASKS, "5")
    written(run, task_notes.add_in, *about, problem=problem, next_step="添置设备")


def test_what_a_department_says_about_a_row_stands_in_the_new_table_also_as_of_an_earlier_day(
    run: Any, tasks: Rubric
) -> None:
    note(run, NOW, "能力不足")
    note(run, NOW + timedelta(days=2), "设备已到")
    before, earlier = notes(run, TASKS), notes(run, TASKS, as_of=NOW)

    adopt(run, tasks.id, by=None, instead_of=TASKS.id)

    assert (notes(run, tasks), notes(run, tasks, as_of=NOW)) == (before, earlier)
    assert before[2, "5"].problem == "设备已到"


def test_words_about_a_row_that_is_another_now_stay_where_they_were(run: Any) -> None:
    begun(run)
    words = {"problem": "能力不足", "next_step": ""}
    row = {"campaign_id": 1, "unit_id": 1, "rubric_id": OLD.id, "item_id": "99", "person_id": 1, "at": NOW}

    async def keep(connection: Any) -> None:
        await connection.execute(insert(TaskNoteRow).values(**row, **words))

    written(run, keep)

    adopt(run)

    assert (len(notes(run, OLD)), notes(run, NEW)) == (1, {})


def test_figures_a_department_confirmed_are_not_asked_for_again(run: Any, tasks: Rubric) -> None:
    basis = written(run, verdicts.shown_in, 1, TOWNS, "4.2")
    written(run, provided.confirm_in, NOW, 1, 1, 2, TASKS.id, "5.3", {1: (Decimal(6), basis)})

    adopt(run, tasks.id, by=None, instead_of=TASKS.id)

    held = written(run, provided.newest_in, 1)
    assert held[tasks.id, "5.3", 1] == held[TASKS.id, "5.3", 1]
    assert held[tasks.id, "5.3", 1].figure == 6
    assert run(lambda database: unit_facts.read(database, 1, TOWNS)).verified["4.2"] is True


def test_a_sample_keeps_what_it_was_drawn_from(run: Any) -> None:
    begun(run)
    basis = written(run, verdicts.shown_in, 1, OLD, "1.1")
    drawn = written(run, samples.draw_in, NOW, 2, 1, [Drawn((1, OLD.id, "1.1"), basis)], 1)

    adopt(run)

    assert written(run, samples.find_in, 1, drawn.id) == drawn


def test_proof_that_goes_on_is_listed_once_and_what_ended_is_listed_as_ended(run: Any) -> None:
    begun(run)
    named = {"kind": "number", "title": "年度计划", "number": "孟政〔2026〕1号"}
    lying = {"kind": "offline", "title": "培训名册", "place": "孟河镇档案室"}
    for ident, words in (("1.4", named), ("3.2", lying)):  # the second is asked otherwise now
        written(run, proof_notes.add_in, NOW, 1, 1, OLD, ident, **words)

    adopt(run)

    listed = written(run, proof_listing.of_campaign_in, 1)
    assert [(one.name, one.rubric_id, one.withdrawn) for one in listed] == [
        ("培训名册", OLD.id, True),
        ("年度计划", NEW.id, False),
    ]
