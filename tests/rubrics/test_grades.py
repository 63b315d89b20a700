"""A band is earned by reaching its lower bound, on the exact total."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from rubrics import loader
from rubrics.engine import Plan
from rubrics.facts import parse_facts
from rubrics.grades import NextBand, grade_of, next_band

FOUR = {
    "changzhou": [("A", 90, "B"), ("B", 80, "C"), ("C", 60, "D")],
    "ziyang-2016": [("A", 95, "B"), ("B", 85, "C"), ("C", 60, "D")],
    "hunan": [("合格", 800, "不合格")],
}
BOUNDS = [(ident, *bound) for ident, bounds in FOUR.items() for bound in bounds]
A_HAIR = Fraction(1, 10**9)


@pytest.mark.parametrize(("ident", "grade", "bound", "below"), BOUNDS)
def test_a_band_begins_exactly_at_its_bound(ident: str, grade: str, bound: int, below: str) -> None:
    rubric = loader.load(ident)
    assert grade_of(rubric, Fraction(bound)) == grade
    assert grade_of(rubric, bound - A_HAIR) == below
    assert grade_of(rubric, bound - Fraction("0.01")) == below


@pytest.mark.parametrize(("ident", "grade", "bound", "below"), BOUNDS)
def test_rounded_totals_reach_a_band_half_a_point_earlier(ident: str, grade: str, bound: int, below: str) -> None:
    rubric = loader.load_with(ident, {"R3": "rounded"})
    half = bound - Fraction(1, 2)
    assert grade_of(rubric, half) == grade
    assert grade_of(rubric, half - A_HAIR) == below


@pytest.mark.parametrize("ident", FOUR)
def test_the_lowest_band_reaches_down_to_nothing_and_the_best_has_no_end(ident: str) -> None:
    rubric = loader.load(ident)
    assert grade_of(rubric, Fraction(0)) == FOUR[ident][-1][2]
    assert grade_of(rubric, Fraction(10_000)) == FOUR[ident][0][0]


@pytest.mark.parametrize("total", [Fraction(0), Fraction(100), None])
def test_a_rubric_without_bands_has_no_grade(total: Fraction | None) -> None:
    assert grade_of(loader.load("xinbei-2011-towns"), total) is None


@pytest.mark.parametrize("ident", ["changzhou", "ziyang-2016"])
@pytest.mark.parametrize("total", [Fraction(100), Fraction(0), None])
def test_a_veto_sets_the_grade_whatever_the_total(ident: str, total: Fraction | None) -> None:
    assert grade_of(loader.load(ident), total, veto=True) == "D"


@pytest.mark.parametrize("total", [Fraction(1060), Fraction(800), Fraction(0)])
def test_a_precondition_bars_whatever_the_total(total: Fraction) -> None:
    assert grade_of(loader.load("hunan"), total, barred=True) == "不予受理"


def test_a_veto_leaves_the_total_as_it_is() -> None:
    plan = Plan(loader.load("changzhou"))
    fine = {"6.1": True, "19.1": Decimal(100)}
    for vetoed in (True, False):
        answer = plan.score(parse_facts(plan.rubric, {**fine, "veto.1": vetoed}))
        assert (answer.total, answer.grade) == (4, "D")
    assert plan.score(parse_facts(plan.rubric, {**fine, "veto.1": True})).as_json()["notes"] == ["一票否决：等次定为 D"]


@pytest.mark.parametrize("ident", ["pre.1", "pre.2", "pre.3", "pre.4"])
def test_each_precondition_alone_bars_and_only_where_it_holds(ident: str) -> None:
    plan = Plan(loader.load("hunan"))
    assert plan.score(parse_facts(plan.rubric, {ident: True})).grade == "不予受理"
    assert plan.score(parse_facts(plan.rubric, {ident: False})).grade == "不合格"


def test_the_next_band_is_the_one_right_above_with_the_points_still_missing() -> None:
    rubric = loader.load("changzhou")
    assert next_band(rubric, Fraction(0)) == NextBand("C", Fraction(60), Fraction(60))
    assert next_band(rubric, Fraction(60)) == NextBand("B", Fraction(80), Fraction(20))
    assert next_band(rubric, Fraction(239, 3)) == NextBand("B", Fraction(80), Fraction(1, 3))
    assert next_band(rubric, Fraction(80)) == NextBand("A", Fraction(90), Fraction(10))
    assert next_band(rubric, Fraction(90)) is None


def test_the_next_band_of_rounded_totals_is_half_a_point_nearer() -> None:
    rubric = loader.load_with("changzhou", {"R3": "rounded"})
    assert next_band(rubric, Fraction(79)) == NextBand("B", Fraction(80), Fraction(1, 2))
    assert next_band(rubric, Fraction("79.5")) == NextBand("A", Fraction(90), Fraction(10))
    assert next_band(rubric, Fraction("89.5")) is None


def test_whoever_gains_the_distance_has_reached_the_band() -> None:
    for ident, bounds in FOUR.items():
        rubric = loader.load(ident)
        for total in (Fraction(n, 7) for n in range(7 * (bounds[0][1] + 1))):
            above = next_band(rubric, total)
            reached = total if above is None else total + above.distance
            assert grade_of(rubric, reached) == (bounds[0][0] if above is None else above.grade)


def test_a_rubric_without_bands_has_no_next_band() -> None:
    assert next_band(loader.load("towns-2010"), Fraction(50)) is None
