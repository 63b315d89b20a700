"""The hand-worked scoring cases: read from YAML and compared with what the engine gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rubrics.engine import Plan
from rubrics.errors import FactError
from rubrics.facts import parse_facts
from rubrics.grades import grade_of
from rubrics.model import Rubric

FOLDER = Path(__file__).parents[1] / "rubrics" / "cases"
KEYS = {"name", "given", "lines", "items", "bonus", "raw", "total", "max", "grade", "rows", "readings", "refused"}


@dataclass(frozen=True)
class Case:
    rubric: str
    name: str
    given: dict[str, Any]
    readings: dict[str, str] = field(default_factory=dict)
    refused: str | None = None
    expect: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rubric}: {self.name}"


class ExactLoader(yaml.SafeLoader):
    """Decimals from their text, so that 99.005 stays what was written."""


ExactLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))
ExactLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: Decimal(node.value))


@cache
def read(rubric_id: str) -> dict[str, Any]:
    data = yaml.load((FOLDER / f"{rubric_id}.yaml").read_text(encoding="utf-8"), Loader=ExactLoader)
    assert data["rubric"] == rubric_id
    return data


def wrong_grades(rubric: Rubric) -> list[str]:
    """Totals of the case file that get another grade than it says."""
    wanted = read(rubric.id).get("grades", {})
    return [total for total, grade in wanted.items() if grade_of(rubric, Fraction(total)) != grade]


@cache
def cases(rubric_id: str) -> tuple[Case, ...]:
    result = []
    for raw in read(rubric_id)["cases"]:
        assert set(raw) <= KEYS, f"{rubric_id} {raw['name']}: {set(raw) - KEYS}"
        expect = {k: raw[k] for k in raw if k not in {"name", "given", "readings", "refused"}}
        assert expect or raw.get("refused"), f"{rubric_id} {raw['name']} expects nothing"
        result.append(Case(rubric_id, raw["name"], raw["given"], raw.get("readings") or {}, raw.get("refused"), expect))
    assert len({case.name for case in result}) == len(result)
    return tuple(result)


def differences(case: Case, plan: Plan) -> list[str]:
    """What the engine says otherwise than the case; empty where they agree."""
    try:
        breakdown = plan.score(parse_facts(plan.rubric, case.given))
    except FactError as error:
        if case.refused is not None and str(case.refused) in str(error):
            return []
        return [f"refused: {error}"]
    if case.refused is not None:
        return [f"not refused, expected a sentence with {case.refused}"]
    got = breakdown.as_json()
    found = []
    for key, value in case.expect.items():
        if key == "lines":
            points = {line["criterion"]: line["points"] for line in got["lines"]}
            found += [f"line {i}: {points[i]} instead of {p}" for i, p in value.items() if not same(points[i], p)]
        elif key == "items":
            wanted = {ident: value.get(ident, 0) for ident in {*got["items"], *value}}
            found += [
                f"item {i}: {got['items'].get(i)} instead of {p}"
                for i, p in wanted.items()
                if not same(got["items"].get(i), p)
            ]
        elif key == "rows":
            found += [
                f"row {i}: {got['rows'][i]} instead of {row}" for i, row in value.items() if got["rows"][i] != row
            ]
        elif not same(got[key], value):
            found.append(f"{key}: {got[key]} instead of {value}")
    return found


def same(got: Any, wanted: Any) -> bool:
    if isinstance(got, int | float) and isinstance(wanted, int | float | Decimal):
        return Decimal(str(got)) == Decimal(str(wanted))
    return bool(got == wanted)
