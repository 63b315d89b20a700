"""What the linter finds: where, what, what to do, and the reading that covers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rubrics.model import Criterion, Item, Reading, Rubric


class Finding(NamedTuple):
    """``path`` leads into the rubric's data, so that a file's line can be named."""

    code: str
    path: tuple[str | int, ...]
    what: str
    advice: str
    covered_by: str | None = None


def item_path(rubric: Rubric, item: Item) -> tuple[str | int, ...]:
    """Where an item stands in its file."""
    return ("items", rubric.items.index(item))


def criterion_path(rubric: Rubric, item: Item, criterion: Criterion) -> tuple[str | int, ...]:
    """Where a criterion stands in its file."""
    return (*item_path(rubric, item), "criteria", item.criteria.index(criterion))


def covering(rubric: Rubric, code: str, readings: Iterable[str]) -> str | None:
    """The first of the named readings that covers findings of this code."""
    for reading_id in readings:
        reading: Reading | None = rubric.reading.get(reading_id)
        if reading is not None and code in reading.covers:
            return reading_id
    return None


def readings_of(item: Item, criterion: Criterion | None = None) -> tuple[str, ...]:
    """Readings attached to a criterion and its item, or to an item and all it holds."""
    if criterion is not None:
        return criterion.readings + item.readings
    return item.readings + tuple(r for c in item.criteria for r in c.readings)
