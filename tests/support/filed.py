"""Evidence of units, through the use cases, and what it proves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from stored import NOW, TOWNS, rows

from rubrics.model import Rubric
from storage import answers, evidence, file_check, scorecards, unit_facts
from storage.database import Database
from storage.evidence import Evidence
from storage.file_references import Broken
from storage.files import FileStore
from storage.scorecards import SummaryRow

LATER = NOW + timedelta(minutes=5)
PDF = b"%PDF-1.7\n"
NAME = "培训签到表.pdf"


def kept(store: FileStore, content: bytes = PDF) -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return asyncio.run(store.store(chunks(), NAME, 1000))["ref"]


def do(run: Any, use_case: Any, *given: Any, **words: Any) -> Any:
    async def work(database: Database) -> Any:
        async with database.write() as connection:
            return await use_case(connection, *given, **words)

    return run(work)


def receive(run: Any, ref: str, unit_id: int = 1, name: str = NAME, at: Any = NOW, **words: Any) -> Evidence:
    return do(run, evidence.receive_in, at, 1, unit_id, ref, name, 9, "pdf", **words)


def attach(
    run: Any, evidence_id: int, criterion_id: str = "8.2a", *, unit_id: int = 1, rubric: Rubric = TOWNS, **words: Any
) -> None:
    do(run, evidence.attach_in, NOW, 1, unit_id, evidence_id, rubric, criterion_id, **words)


def detach(run: Any, evidence_id: int, criterion_id: str = "8.2a", unit_id: int = 1) -> None:
    do(run, evidence.detach_in, LATER, 1, unit_id, evidence_id, TOWNS, criterion_id)


def withdraw(run: Any, evidence_id: int, unit_id: int = 1) -> None:
    do(run, evidence.withdraw_in, LATER, 1, unit_id, evidence_id)


def replace(run: Any, old_id: int, new_id: int, unit_id: int = 1) -> None:
    do(run, evidence.replace_in, LATER, 1, unit_id, old_id, new_id)


def claim(run: Any, criterion_id: str, fact: Any, rubric: Rubric = TOWNS) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, rubric, criterion_id, fact))


def proves(run: Any, criterion_id: str = "8.2a", unit_id: int = 1) -> list[int]:
    return [use.evidence.id for use in do(run, evidence.of_clause_in, unit_id, TOWNS.id, criterion_id)]


def parts(run: Any, criterion_id: str) -> list[tuple[int, int | None, int]]:
    found = do(run, evidence.of_clause_in, 1, TOWNS.id, criterion_id)
    return [(use.evidence.id, use.entry_id, use.part) for use in found]


def unsorted(run: Any, unit_id: int = 1) -> list[int]:
    return [one.id for one in do(run, evidence.unsorted_in, unit_id)]


def proven(run: Any, criterion_id: str, rubric: Rubric = TOWNS) -> Any:
    known = run(lambda database: unit_facts.read(database, 1, rubric))
    return known.proven.get(criterion_id)


def score(run: Any, rubric: Rubric = TOWNS) -> SummaryRow:
    """The stored scores of unit 1, after a check that they are what a recomputation says."""
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    return next(row for row in run(lambda database: scorecards.summary(database, 1)) if row.rubric_id == rubric.id)


def actions(run: Any) -> list[str]:
    return [row[0] for row in rows(run, "SELECT action FROM audit WHERE action LIKE 'evidence.%' ORDER BY id")]


def broken(run: Any, store: FileStore) -> list[Broken]:
    return run(lambda database: file_check.missing_or_changed(database, store))
