"""Clauses called by their number, as on the printed sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rubrics import loader
from rubrics.matching import Matcher

TOWNS = Matcher(loader.load("xinbei-2011-towns"))


def test_several_clauses_are_reported_by_their_numbers() -> None:
    facts = TOWNS.match("8.2a 98.5%，8.2b 100%，8.2c：97%")

    assert {fact.criterion: fact.value for fact in facts} == {
        "8.2a": Decimal("98.5"), "8.2b": Decimal(100), "8.2c": Decimal(97),
    }  # fmt: skip
    assert {fact.decision for fact in facts} == {"sure"}


def test_a_bare_number_that_may_be_a_day_is_asked_about() -> None:
    (fact,) = TOWNS.match("10.1有讲座")

    assert (fact.criterion, fact.value, fact.decision) == ("10.1", True, "ask")


@pytest.mark.parametrize("text", ["2.3万亩", "99.9：有", "10.1放假"])
def test_other_figures_name_no_clause(text: str) -> None:
    assert TOWNS.match(text) == ()


def test_a_clause_by_number_without_a_value_is_read_as_words() -> None:
    facts = TOWNS.match("7.2：打假联络员名单")

    assert [fact.criterion for fact in facts] == ["7.2"]


def test_hedged_words_about_a_numbered_clause_are_asked_about() -> None:
    (fact,) = TOWNS.match("8.2b：大概98%")

    assert (fact.value, fact.decision) == (Decimal(98), "ask")


def test_a_warmed_matcher_says_the_same() -> None:
    matcher = Matcher(loader.load("xinbei-2011-towns"))
    matcher.warm()

    assert matcher.match("明牌任务完成了") == TOWNS.match("明牌任务完成了")
