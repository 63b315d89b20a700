"""Last year's proof that is still in force (现行有效): offered to the unit of the same name, kept anew where it is taken.

Only clauses whose proof may be of an earlier year in both campaigns, and that ask the same; never what the office sent
back then. What is carried over is evidence of this campaign like any other: of the same content, withdrawn, replaced and
reviewed by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.compare import compare
from rubrics.model import Criterion, Rubric
from rubrics.proof import UNSAID
from storage import campaigns, editions, evidence, proof_notes, verdicts
from storage.campaigns import Campaign, Unit
from storage.evidence import Evidence
from storage.proof_notes import Note

_Pairs = dict[tuple[str, str], tuple[str, str]]


class Kept(NamedTuple):
    """A file of an earlier campaign, and which part of the proof it is."""

    file: Evidence
    part: int


class Earlier(NamedTuple):
    """What a unit had as proof of a clause in its campaign before."""

    year: int
    rubric: Rubric
    criterion: Criterion
    files: tuple[Kept, ...]
    notes: tuple[Note, ...]


async def of_unit_in(connection: AsyncConnection, campaign_id: int, unit_id: int) -> list[Earlier]:
    """What may be carried over, in the order of the rubrics; empty where there is nothing."""
    found = await _before(connection, campaign_id, unit_id)
    if found is None:
        return []
    before, old = found
    now = await editions.of_campaign(connection, campaign_id)
    pairs = _pairs(await editions.of_campaign(connection, before.id), now)
    refused = await _refused_in(connection, before.id, old.id)
    files = _files(await evidence.of_unit_in(connection, old.id), refused)
    earlier = []
    for rubric in now:
        for criterion in rubric.criteria.values():
            was = pairs.get((rubric.id, criterion.id))
            if was is not None and criterion.proof != "none" and criterion.proof.valid == "in_force":
                notes = await proof_notes.of_clause_in(connection, old.id, *was)
                numbers = (note for note in notes if note.kind == "number" and note.entry_id is None)
                named = tuple(note for note in numbers if was not in refused or note.at > refused[was])
                if files.get(was) or named:
                    earlier.append(Earlier(before.year, rubric, criterion, tuple(files.get(was, ())), named))
    return earlier


async def _before(connection: AsyncConnection, campaign_id: int, unit_id: int) -> tuple[Campaign, Unit] | None:
    """The newest campaign of an earlier year with a unit of the same name and kind, and that unit."""
    known = await campaigns.campaigns_in(connection)
    this = next(one for one in known if one.id == campaign_id)
    unit = next(one for one in await campaigns.units_in(connection, campaign_id) if one.id == unit_id)
    for before in sorted((one for one in known if one.year < this.year), key=lambda one: (-one.year, -one.id)):
        for old in await campaigns.units_in(connection, before.id):
            if (old.name, old.category) == (unit.name, unit.category):
                return before, old
    return None


def _pairs(old: Sequence[Rubric], new: Sequence[Rubric]) -> _Pairs:
    """This year's clauses that ask the same as one of last year's, with that one."""
    found: _Pairs = {}
    for rubric in new:
        for was in (one for one in old if one.id in (rubric.id, rubric.previous)):
            for change in compare(was, rubric):
                if not change.details and change.new in rubric.criteria and change.old in was.criteria:
                    found[rubric.id, change.new] = (was.id, change.old)
    return found


async def _refused_in(connection: AsyncConnection, campaign_id: int, unit_id: int) -> dict[tuple[str, str], datetime]:
    """The clauses whose proof the office did not take in the end, and when it said so; what came later it has not seen."""
    found = await verdicts.of_campaign_in(connection, campaign_id, unit_id)
    wanting = (v for v in found if v.kind == "return" or (v.kind == "change" and v.claimed is True and v.fact is False))
    return {(verdict.rubric_id, verdict.criterion_id): verdict.at for verdict in wanting}


def _files(
    filed: Sequence[evidence.Filed], refused: Mapping[tuple[str, str], datetime]
) -> dict[tuple[str, str], list[Kept]]:
    """By clause; not those of one entry, which happened in its year, those whose bytes are gone, or that were refused."""
    found: dict[tuple[str, str], list[Kept]] = {}
    for one in filed:
        for place in one.places:
            clause = (place.rubric_id, place.criterion_id)
            taken = clause not in refused or one.evidence.received_at > refused[clause]
            if taken and place.entry_id is None and one.evidence.erased_at is None:
                found.setdefault(clause, []).append(Kept(one.evidence, place.part))
    return found


async def carry_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, earlier: Earlier
) -> list[Evidence]:
    """Let last year's proof prove this year's clause; returns the files as they are kept now.

    Raises:
        NotFoundError: the rubric does not assess the unit.
    """
    by, clause = (connection, at, person_id, unit_id), (earlier.rubric, earlier.criterion.id)
    parts = 0 if earlier.criterion.proof == "none" else len(earlier.criterion.proof.parts)
    kept = {}
    for old, part in earlier.files:
        file = (old.ref, old.name, old.size_bytes, old.kind)
        new = await evidence.receive_in(*by, *file, macro=old.macro, dated_on=old.dated_on, number=old.number)
        await evidence.attach_in(*by, new.id, *clause, part=part if part < parts else UNSAID)
        kept[new.id] = new
    for note in earlier.notes:
        await proof_notes.add_in(*by, *clause, kind="number", title=note.title, number=note.number, part=note.part)
    return list(kept.values())
