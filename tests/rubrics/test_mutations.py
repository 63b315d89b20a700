"""Each figure of the data changed by one, in a copy, must turn at least one case red."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from casefiles import cases, differences, wrong_grades

from rubrics import loader
from rubrics.engine import Plan
from rubrics.model import Rubric

FIGURES = {"points", "threshold", "base", "target", "step", "per_step", "per", "at_least"}

# Changes no scoring can show, each with its reason.
EQUIVALENT = {
    # hunan 3.1 and 25.2: the bound maps a measured figure to a tier in the conversation; facts give the tier.
    ("hunan", "3.1", "at_least"),
    ("hunan", "25.2", "at_least"),
}


def mutants(data: dict[str, Any]) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Item or criterion, key, new value and the changed copy."""
    for i, item in enumerate(data["items"]):
        if "points" in item:
            yield from _changed(data, ("items", i, "points"), item["id"])
        for j, criterion in enumerate(item["criteria"]):
            for path in _figures(criterion["score"]):
                yield from _changed(data, ("items", i, "criteria", j, "score", *path), criterion["id"])
            for k, measure in enumerate(criterion.get("measures", [])):
                if "threshold" in measure:
                    yield from _changed(data, ("items", i, "criteria", j, "measures", k, "threshold"), criterion["id"])
    for i, band in enumerate(data.get("bands", [])):
        if Decimal(band["at_least"]):
            yield from _changed(data, ("bands", i, "at_least"), f"band {band['grade']}")


def _figures(score: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for key, value in score.items():
        if key in FIGURES:
            yield (key,)
        elif key == "allowed":
            yield from ((key, i) for i in range(len(value)))
        elif key == "tiers":
            yield from ((key, i, k) for i, tier in enumerate(value) for k in tier if k in FIGURES)


def _changed(data: dict[str, Any], path: tuple[Any, ...], owner: str) -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    for by in (1, -1):
        mutant = copy.deepcopy(data)
        node = mutant
        for step in path[:-1]:
            node = node[step]
        value = Decimal(str(node[path[-1]])) + by
        node[path[-1]] = str(value)
        key = next(str(step) for step in reversed(path) if isinstance(step, str))
        yield owner, key, value, mutant


def survivors(ident: str) -> list[str]:
    """The changes that no case notices."""
    data = loader._text(ident).data
    plain = [case for case in cases(ident) if not case.readings]
    alive = []
    for owner, key, value, mutant in mutants(data):
        if key in {"step", "per_step", "per"} and value <= 0:
            continue
        if (ident, owner, key) in EQUIVALENT:
            continue
        try:
            plan = Plan(msgspec.convert(mutant, Rubric))
        except msgspec.ValidationError:
            continue
        if wrong_grades(plan.rubric):
            continue
        first = sorted(plain, key=lambda case: owner not in case.given)
        if all(not differences(case, plan) for case in first):
            alive.append(f"{owner} {key} → {value}")
    return alive


@pytest.mark.parametrize("ident", loader.rubric_ids())
def test_every_figure_changed_by_one_turns_a_case_red(ident: str) -> None:
    assert survivors(ident) == []
