"""Passing many clauses in one unit of work, with the same outcome as one by one (`storage.verdicts.pass_in`).

One by one each verdict reads its unit and scores it again; here a unit is read once and scored once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import scorecards, unit_facts, verdicts
from storage.errors import StorageError
from storage.verdict_rows import Place, keep_in, row_of


class Shown(NamedTuple):
    """A clause of a unit as the reviewer was shown it; ``basis`` as `verdicts.shown_in` gave it."""

    unit_id: int
    rubric: Rubric
    criterion_id: str
    basis: str


class Outcome(NamedTuple):
    """What was passed, and what was left with the reason; each in the order it was given."""

    passed: tuple[Shown, ...]
    left: tuple[tuple[Shown, str], ...]


async def pass_many_in(
    connection: AsyncConnection, at: datetime, person_id: int, those: Sequence[Shown], *, how: str
) -> Outcome:
    """Verify what units claim, in these clauses; one that cannot be passed is left, the others are passed all the same.

    Args:
        those: each clause once.
    """
    places: dict[tuple[int, str], Place | StorageError] = {}
    passed, left, rows = [], [], []
    for one in those:
        key = (one.unit_id, one.rubric.id)
        if key not in places:
            places[key] = await _place(connection, person_id, one)
        try:
            rows.append(await _row(connection, at, one, places[key], how))
            passed.append(one)
        except StorageError as error:
            left.append((one, str(error)))
    await keep_in(connection, rows)
    for unit_id, rubric in {(one.unit_id, one.rubric.id): (one.unit_id, one.rubric) for one in passed}.values():
        await scorecards.rewrite(connection, at, unit_id, rubric)
    return Outcome(tuple(passed), tuple(left))


async def _place(connection: AsyncConnection, person_id: int, one: Shown) -> Place | StorageError:
    """Where the verdicts of a unit under a rubric belong, or why there can be none."""
    try:
        return await verdicts.place_for_in(connection, person_id, one.unit_id, one.rubric)
    except StorageError as error:
        return error


async def _row(
    connection: AsyncConnection, at: datetime, one: Shown, place: Place | StorageError, how: str
) -> dict[str, Any]:
    """The verdict on a clause, checked as every other one is."""
    criterion = verdicts.own_clause(one.rubric, one.criterion_id)
    if isinstance(place, StorageError):
        raise place
    known = await unit_facts.of_unit(connection, one.unit_id, one.rubric)  # read once: nothing is written in between
    fact = known.own.get(criterion.id)
    verdicts.refuse_unfit(known, criterion, fact, one.basis)
    return row_of(at, place, known, criterion.id, "pass", fact, "", how)
