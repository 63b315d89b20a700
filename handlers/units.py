"""Which unit somebody means: by its name, another name of it, or nearly so."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from rubrics.numerals import normalise
from storage.campaigns import Unit

NEAR = 75
"""How alike two names must be, of 100."""

MOST_NEAR = 6


def find(units: Sequence[Unit], words: str) -> tuple[Unit, ...]:
    """The units somebody may mean: one where it is clear, several where it is not, none where nothing is near."""
    said = normalise(words)
    exact = tuple(unit for unit in units if said in names(unit))
    if exact or not said:
        return exact
    parts = tuple(
        unit for unit in units if any(said in name or (len(name) > 1 and name in said) for name in names(unit))
    )
    if parts:
        return parts[:MOST_NEAR]
    alike = [(max(fuzz.ratio(said, name) for name in names(unit)), unit) for unit in units]
    near = sorted((pair for pair in alike if pair[0] >= NEAR), key=lambda pair: -pair[0])
    return tuple(unit for _, unit in near[:MOST_NEAR])


def names(unit: Unit) -> tuple[str, ...]:
    """What a unit is called, its full name first, in one spelling."""
    return tuple(normalise(name) for name in (unit.name, *unit.aliases))
