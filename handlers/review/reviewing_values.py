"""What a clause may be verified as instead of what was claimed: its possible values, for buttons and typed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from handlers.desk import fact_notes
from rubrics.answers import asked_of
from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.figures import plain
from rubrics.kinds import Gate, Judged, Tiers, YesNo
from rubrics.model import Criterion

FEWER = 4
"""So many smaller counts than the claimed one are offered; others are typed."""


def of(criterion: Criterion, claimed: Fact | None) -> tuple[tuple[str, Fact], ...]:
    """Labels of at most 10 characters with what they mean; not what was claimed."""
    found = {label[:10]: fact for label, fact in _all(criterion, claimed) if fact != claimed}
    return tuple(found.items())


def can_be_typed(criterion: Criterion) -> bool:
    """Whether there are more values than buttons."""
    return not (criterion.measures or isinstance(criterion.score, YesNo | Gate | Tiers | Judged))


def read(criterion: Criterion, words: str) -> Fact:
    """What typed words mean for a clause, in any notation.

    Raises:
        FactError: they mean nothing; the sentence tells what to type.
    """
    for label, fact in of(criterion, None):
        if label == words.strip():
            return fact
    return fact_notes.fact_of(criterion, words)


def _all(criterion: Criterion, claimed: Fact | None) -> Iterator[tuple[str, Fact]]:
    score = criterion.score
    if isinstance(score, Tiers):
        yield from ((tier.label, Decimal(place)) for place, tier in enumerate(score.tiers))
    elif isinstance(score, Judged):
        yield from ((f"{plain(mark)} 分", mark) for mark in score.allowed)
    elif isinstance(score, YesNo | Gate):
        yield from ((fact_words(criterion, fact), fact) for fact in (True, False))
    else:
        yield from _figures(criterion, claimed)


def _figures(criterion: Criterion, claimed: Fact | None) -> Iterator[tuple[str, Fact]]:
    """What the buttons of the question say; of a count also one fewer each, then none."""
    buttons = criterion.answer.buttons
    yield from ((label, Decimal(figure)) for label, figure in buttons.items() if type(figure) is int)
    whole = asked_of(criterion, None).whole
    if whole and isinstance(claimed, Decimal) and claimed > 0:
        fewer = (claimed - n for n in range(1, min(FEWER, int(claimed)) + 1))
        yield from ((fact_words(criterion, figure), figure) for figure in fewer)
    if whole and 0 not in buttons.values():
        yield fact_words(criterion, Decimal(0)), Decimal(0)
