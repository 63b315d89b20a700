"""Entries of the unit with id 1: added, withdrawn, and the answers that follow."""

from __future__ import annotations

from datetime import date
from typing import Any

from stored import NOW, TOWNS, rows

from rubrics.model import Rubric
from storage import answers, entries, scorecards, unit_facts
from storage.database import Database
from storage.entries import Added


def do(run: Any, use_case: Any, *given: Any, **words: Any) -> Any:
    async def work(database: Database) -> Any:
        async with database.write() as connection:
            return await use_case(connection, *given, **words)

    return run(work)


def add(run: Any, criterion_id: str, name: str, day: date | None = None, number: str = "", **words: Any) -> Added:
    rubric = words.pop("rubric", TOWNS)
    given = (NOW, 1, words.pop("unit_id", 1), rubric, criterion_id)
    return do(run, entries.add_in, *given, name=name, happened_on=day, number=number, **words)


def withdraw(run: Any, added: Added, rubric: Rubric = TOWNS) -> tuple[str, ...]:
    assert added.entry is not None
    return do(run, entries.withdraw_in, NOW, 1, 1, rubric, added.entry.id)


def claim(run: Any, criterion_id: str, fact: Any, rubric: Rubric = TOWNS, **words: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, rubric, criterion_id, fact, **words))


def claimed(run: Any, *criteria: str, rubric: Rubric = TOWNS) -> list[Any]:
    """What the answers say, after a check that the stored scores are what a recomputation says."""
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    known = run(lambda database: unit_facts.read(database, 1, rubric)).own
    return [known.get(ident) for ident in criteria]


def names(run: Any, criterion_id: str, rubric: Rubric = TOWNS) -> list[str]:
    return [entry.name for entry in do(run, entries.of_clause_in, 1, rubric.id, criterion_id)]


def states(run: Any) -> list[tuple[str, str]]:
    return rows(run, "SELECT criterion_id, state FROM answer ORDER BY id")
