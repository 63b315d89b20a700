"""Every hand-worked case, every criterion covered, and every figure of the data guarded by a case."""

from __future__ import annotations

import pytest
from casefiles import Case, cases, differences, wrong_grades

from rubrics import loader
from rubrics.engine import Plan

RUBRICS = loader.rubric_ids()


@pytest.mark.parametrize("case", [case for ident in RUBRICS for case in cases(ident)], ids=str)
def test_case_scores_as_worked_by_hand(case: Case) -> None:
    plan = Plan(loader.load_with(case.rubric, case.readings))
    assert differences(case, plan) == []


@pytest.mark.parametrize("ident", RUBRICS)
def test_bands_are_earned_by_reaching_their_lower_bound(ident: str) -> None:
    assert wrong_grades(loader.load(ident)) == []


@pytest.mark.parametrize("ident", RUBRICS)
def test_every_criterion_has_a_case(ident: str) -> None:
    given = {key for case in cases(ident) if case.refused is None for key in case.given}
    assert set(loader.load(ident).criteria) - given == set()


@pytest.mark.parametrize("ident", RUBRICS)
def test_every_switchable_reading_that_changes_scores_has_a_case_for_each_option(ident: str) -> None:
    used = {(r, option) for case in cases(ident) for r, option in case.readings.items()}
    rubric = loader.load(ident)
    wanted = {
        (r.id, name)
        for r in rubric.readings
        for name, option in r.options.items()
        if name != r.use and _touches_scores(option.set)
    }
    assert wanted - used == set()


def _touches_scores(patch: dict) -> bool:
    changes = [*patch.get("criteria", {}).values(), *patch.get("items", {}).values()]
    return bool(patch.get("rules")) or any({"score", "fit", "points"} & set(change) for change in changes)
