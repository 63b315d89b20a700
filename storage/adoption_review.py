"""What reviewers and lead departments said, moved to the clauses of the rubric that takes another's place (see `adoption_rows`).

Findings on site with their photos, experts' opinions, figures that departments confirmed, and what they say about rows
of the tasks. Samples stay as they were drawn: each names the clauses it was drawn from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert, update

from rubrics import carrying
from rubrics.carrying import Clause
from rubrics.model import Criterion, Rubric
from storage import unit_facts
from storage.adoption_rows import Move, copied, live
from storage.tables_review import FindingRow, OpinionRow, ProvidedRow, TaskNoteRow
from storage.unit_facts import UnitFacts

_finding: Any = FindingRow.__table__  # type: ignore[attr-defined]
_opinion: Any = OpinionRow.__table__  # type: ignore[attr-defined]
_provided: Any = ProvidedRow.__table__  # type: ignore[attr-defined]
_note: Any = TaskNoteRow.__table__  # type: ignore[attr-defined]


class Given(NamedTuple):
    """The newest opinion of an expert on a clause, and whether answer and proof are still what it was given on."""

    row: Any
    stands: bool


async def opinions_that_count(about: Move) -> list[Given]:
    """The newest of each expert on each clause, in the order they were given; to be asked before anything is moved."""
    newest = {(r.unit_id, r.criterion_id, r.person_id): r for r in await live(about, _opinion, None)}
    rows = sorted((row for row in newest.values() if about.goes_to(row)), key=lambda row: row.id)
    known = await _facts(about, rows, about.old)
    return [Given(row, row.basis == known[row.unit_id].bases.of(row.criterion_id)) for row in rows]


async def move(about: Move, clauses: Sequence[Clause], given: Sequence[Given]) -> None:
    """Copy what has a clause, or a row, under the new rubric; a rubric that stays keeps it where it is, but opinions on
    clauses that are others now count no more.

    To be called once answers and proof have moved.
    """
    if about.in_place:
        await _outdate_opinions(about)
        return
    await _findings(about)
    await _opinions(about, given)
    await _figures(about)
    await _task_notes(about, carrying.items(clauses, about.old, about.new))


async def _findings(about: Move) -> None:
    """The old row ends where a copy takes its place, so that a finding is seen once; else it stays with its clause."""
    for old in await copied(about, _finding, await live(about, _finding, "withdrawn_at")):
        ended = update(_finding).where(_finding.c.id == old)
        await about.connection.execute(ended.values(withdrawn_at=about.at))


async def _opinions(about: Move, given: Sequence[Given]) -> None:
    known = await _facts(about, [one.row for one in given], about.new)
    stands = {one.row.id: one.stands for one in given}

    def basis(row: Any, new: Criterion) -> dict[str, Any]:
        return {"basis": known[row.unit_id].bases.of(new.id)} if stands[row.id] else {}

    await copied(about, _opinion, [one.row for one in given], basis)


async def _outdate_opinions(about: Move) -> None:
    """An opinion on no version that is there is shown as one on an earlier version; its mark may not even be allowed."""
    of = (_opinion.c.campaign_id == about.campaign_id, _opinion.c.rubric_id == about.old.id)
    gone = update(_opinion).where(*of, _opinion.c.criterion_id.in_(about.leaving))
    await about.connection.execute(gone.values(basis=""))


async def _figures(about: Move) -> None:
    """A town's figure belongs to the row of the department that confirmed it."""
    rows = [row for row in await live(about, _provided, None) if row.provider_id in about.units]
    await copied(about, _provided, rows, of_units=False)


async def _task_notes(about: Move, goes_to: Mapping[str, str]) -> None:
    """All that was said about a row, so that the table of an earlier day finds it."""
    for row in await live(about, _note, None):
        if row.item_id in goes_to and row.unit_id in about.units:
            values = {**row._mapping, "rubric_id": about.new.id, "item_id": goes_to[row.item_id]}
            del values["id"]
            await about.connection.execute(insert(_note).values(**values))


async def _facts(about: Move, rows: Sequence[Any], rubric: Rubric) -> dict[int, UnitFacts]:
    units = {row.unit_id for row in rows}
    return {unit_id: await unit_facts.of_unit(about.connection, unit_id, rubric) for unit_id in units}
