"""Facts in words: a share that was worked out has two decimals, what was said as a figure stays as it was said."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from rubrics import loader
from rubrics.amounts import figure
from rubrics.fact_words import fact_words
from rubrics.figures import legible, with_unit
from rubrics.values import Known, parse_answer

TASKS = loader.load("xinbei-2011-tasks")


def test_a_share_is_shown_with_two_decimals() -> None:
    criterion = TASKS.criteria["1.2"]
    parsed = parse_answer(criterion, "6/7")
    assert isinstance(parsed, Known)

    assert fact_words(criterion, parsed.fact) == "85.71%"


@pytest.mark.parametrize(
    ("said", "shown"), [("3.125", "3.125%"), ("99.996", "99.996%"), ("95.50", "95.5%"), ("1E+2", "100%")]
)
def test_a_figure_somebody_typed_stays_as_it_was_typed(said: str, shown: str) -> None:
    assert with_unit(Decimal(said), "%") == shown


def test_a_figure_that_was_worked_out_is_rounded_half_up() -> None:
    assert legible(figure(Fraction(2, 3))) == "0.67"
