"""What papers call the office: as the rules of the campaign name it."""

from __future__ import annotations

from collections.abc import Iterable

from rubrics.model import Rubric

NAMELESS = "考核办"


def office_of(rubrics: Iterable[Rubric]) -> str:
    """The office of the first rubric that names one; else 考核办."""
    return next((rubric.office for rubric in rubrics if rubric.office), NAMELESS)
