"""The office's facts beside a unit's own: what counts once, what adds up, what replaces."""

from __future__ import annotations

from decimal import Decimal

from rubrics import loader
from rubrics.booked import office_facts, with_booked
from rubrics.engine import Plan

TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
FINE = {measure.key: not measure.holds_when for measure in TOWNS.criteria["6.5"].measures}


def test_occurrences_the_office_books_add_up_and_one_both_have_seen_counts_once() -> None:
    booked = {"6.2": [Decimal(94)], "2.5a": [Decimal(1), Decimal(2)]}

    assert office_facts(TOWNS, booked)["2.5a"] == 3
    assert with_booked(TOWNS, {"2.5a": Decimal(2)}, booked)["2.5a"] == 3
    assert with_booked(TOWNS, {"2.5a": Decimal(5)}, booked)["2.5a"] == 5


def test_the_newest_figure_of_the_office_replaces_the_units() -> None:
    assert with_booked(TOWNS, {"8.2a": Decimal(100)}, {"8.2a": [Decimal(97), Decimal(99)]})["8.2a"] == 99


def test_a_zero_clause_that_is_answered_by_measures_and_fine_stays_fine() -> None:
    assert with_booked(TOWNS, {"6.5": FINE}, {"6.5": [False]})["6.5"] is False
    assert with_booked(TOWNS, {}, {"6.5": [FINE]})["6.5"] is False
    assert (
        Plan(TOWNS).score(with_booked(TOWNS, {"6.1": True, "6.5": FINE}, {"6.5": [FINE]})).as_json()["items"]["6"] > 0
    )


def test_one_bad_thing_is_enough_whoever_says_it() -> None:
    bad = {**FINE, "重大质量事故": True}

    assert with_booked(TOWNS, {"6.5": bad}, {"6.5": [False]})["6.5"] is True
    assert with_booked(TOWNS, {"6.5": FINE}, {"6.5": [False, True, False]})["6.5"] is True


def test_the_office_overrules_a_derived_fact() -> None:
    assert with_booked(DEPARTMENTS, {"4.2": Decimal(3)}, {"4.2": [Decimal(1)]})["4.2"] == 1
