"""Which clauses of a rubric hold under the one that takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from rubrics.carrying import Clause, clauses, items
from rubrics.loader import load, load_with

OLD, NEW = load("towns-2010"), load("xinbei-2011-towns")


def overlaid(folder: Path, text: str, rubric: str = "towns-2010") -> dict[str, Clause]:
    """The clauses of a rubric with an overlay beside those without, by id."""
    path = folder / "year.yaml"
    path.write_text(f"overlay: year\nrubric: {rubric}\nset:\n  criteria:\n{text}", encoding="utf-8")
    found = clauses(load(rubric), load_with(rubric, {}, path))
    return {clause.new.id: clause for clause in found if clause.new}


def test_a_rubric_holds_under_itself() -> None:
    assert {clause.kind for clause in clauses(NEW, NEW)} == {"same"}


def test_every_clause_of_both_is_told_once() -> None:
    found = clauses(OLD, NEW)

    old = [clause.old.id for clause in found if clause.old]
    new = [clause.new.id for clause in found if clause.new]
    assert sorted(old) == sorted(OLD.criteria)
    assert new == list(NEW.criteria)


@pytest.mark.parametrize(
    ("ident", "kind"),
    [
        ("6.3", "same"),  # printed otherwise, and nothing else
        ("9.1", "worth"),  # 9.2 before, 5 points then and 4 now
        ("5.4", "changed"),  # covers more
        ("5.5", "changed"),  # another thing is counted: 省级计量示范 then, 诚信计量示范 now
        ("6.4", "changed"),  # counts once now
        ("9.2", "changed"),  # a rate of something else
        ("9.3a", "new"),
    ],
)
def test_a_clause_is_what_its_question_says_it_is(ident: str, kind: str) -> None:
    (found,) = [clause for clause in clauses(OLD, NEW) if clause.new and clause.new.id == ident]

    assert found.kind == kind
    assert found.carried == (kind in {"same", "worth"})


def test_clauses_of_the_same_number_in_unrelated_rubrics_are_not_taken_for_one() -> None:
    found = clauses(load("hunan"), NEW)

    assert {clause.kind for clause in found} == {"new", "dropped"}


def test_what_an_overlay_leaves_alone_is_the_same(tmp_path: Path) -> None:
    found = overlaid(tmp_path, '    "1.3": {score: {points: 2}}\n    "1.5": {score: {points: 2}}\n')

    assert {ident for ident, clause in found.items() if clause.kind != "same"} == {"1.3", "1.5"}
    assert (found["1.3"].kind, found["1.3"].details) == ("worth", ("分值：1 → 2",))


def test_another_way_to_ask_the_same_changes_nothing(tmp_path: Path) -> None:
    found = overlaid(tmp_path, '    "1.3": {ask: 质监协管员定下来没有？, label: 协管员}\n')

    assert found["1.3"].kind == "same"


def test_a_clause_the_office_fills_in_from_now_on_is_another(tmp_path: Path) -> None:
    found = overlaid(tmp_path, '    "1.3": {by: office}\n')

    assert (found["1.3"].kind, found["1.3"].details) == ("changed", ("填报人：改由考核办登记",))


def test_an_item_goes_where_its_carried_clauses_went() -> None:
    found = items(clauses(OLD, NEW), OLD, NEW)

    assert found == {item.id: item.id for item in OLD.items}


def test_an_item_whose_clauses_went_to_several_goes_nowhere() -> None:
    found = [*clauses(OLD, NEW)]
    other = next(clause for clause in found if clause.carried and clause.new and clause.new.id == "2.1")
    strayed = Clause("same", OLD.criteria["1.1"], other.new)

    assert "1" not in items([*found, strayed], OLD, NEW)
