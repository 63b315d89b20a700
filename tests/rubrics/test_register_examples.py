"""The cases that came with the register of criteria; an item that a case does not list is worth 0."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import parse_facts, read_json

LINES = Path(__file__).with_name("register_examples.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [read_json(line) for line in LINES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_register_case_scores_as_the_register_says(case: dict[str, Any]) -> None:
    plan = Plan(loader.load(case["rubric"]))
    got = plan.score(parse_facts(plan.rubric, case["facts"])).as_json()
    wanted = case["expect"]
    scored = [item.id for item in plan.rubric.items if item.role == "scored"]
    assert set(wanted["items"]) <= set(scored)
    assert exact(got["items"]) == {ident: wanted["items"].get(ident, 0) for ident in scored}
    rest = {key: value for key, value in wanted.items() if key != "items"}
    assert exact({key: got[key] for key in rest}) == rest


def exact(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures of the answer as decimals, to compare with the register's own."""
    return {key: Decimal(str(x)) if isinstance(x, int | float) else x for key, x in figures.items()}
