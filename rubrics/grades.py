"""The band of a total: a band is earned by reaching its lower bound (reading R3)."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from rubrics.model import Band, Rubric


class NextBand(NamedTuple):
    """The band above and the points still missing to it."""

    grade: str
    at_least: Fraction
    distance: Fraction


def grade_of(rubric: Rubric, total: Fraction | None, *, veto: bool = False, barred: bool = False) -> str | None:
    """The grade of an exact total; None where the rubric has no bands or there is no total.

    A veto or a precondition overrides the band and leaves the total as it is.
    """
    if barred and rubric.rules.precondition_grade:
        return rubric.rules.precondition_grade
    if veto and rubric.rules.veto_grade:
        return rubric.rules.veto_grade
    if total is None or not rubric.bands:
        return None
    return next(
        (band.grade for band in rubric.bands if _banded(rubric, total) >= band.at_least), rubric.bands[-1].grade
    )


def next_band(rubric: Rubric, total: Fraction) -> NextBand | None:
    """The next better band; None at the top or where the rubric has no bands."""
    better: Band | None = None
    for band in rubric.bands:
        if _banded(rubric, total) >= band.at_least:
            break
        better = band
    if better is None:
        return None
    bound = Fraction(better.at_least)
    if rubric.rules.band_rounding == "rounded":
        bound -= Fraction(1, 2)
    return NextBand(better.grade, Fraction(better.at_least), bound - total)


def _banded(rubric: Rubric, total: Fraction) -> Fraction:
    if rubric.rules.band_rounding == "exact":
        return total
    whole, rest = divmod(total, 1)
    return Fraction(whole + (rest >= Fraction(1, 2)))
