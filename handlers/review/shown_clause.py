"""A unit's clause as who judges or confirms it sees it: the answer in words, the files themselves, what is named."""

from __future__ import annotations

from typing import NamedTuple

from channels.port import FileRef
from handlers.proof.proving import PICTURES
from handlers.turn import Turn
from rubrics.fact_words import fact_words
from rubrics.model import Criterion, Rubric
from storage import entries, evidence, proof_notes
from storage.entries import Entry
from storage.evidence import Evidence
from storage.proof_notes import Note

MOST_FILES = 6


class Shown(NamedTuple):
    """What there is; ``claimed`` is empty where nothing was answered. ``lacks``: the parts of proof that are missing."""

    unit: str
    rubric: Rubric
    criterion: Criterion
    claimed: str
    files: tuple[Evidence, ...]
    notes: tuple[Note, ...]
    entries: tuple[Entry, ...]
    lacks: tuple[str, ...]
    basis: str


async def show(turn: Turn, unit_id: int, unit: str, rubric: Rubric, criterion: Criterion) -> Shown:
    """Send the files (pictures as pictures, at most six) and return what a screen says beside them."""
    clause = (turn.connection, unit_id, rubric.id, criterion.id)
    used = await evidence.of_clause_in(*clause)
    files = tuple({use.evidence.id: use.evidence for use in used}.values())
    for file in [one for one in files if one.erased_at is None][:MOST_FILES]:
        picture = file.kind in PICTURES and not file.macro
        text = f"{unit} {criterion.label}：{file.name}"
        turn.show(FileRef(file.ref, file.name, file.size_bytes), text, as_picture=picture)
    known = await turn.known(unit_id, rubric)
    fact = known.own.get(criterion.id)
    return Shown(
        unit,
        rubric,
        criterion,
        "" if fact is None else fact_words(criterion, fact),
        files,
        tuple(await proof_notes.of_clause_in(*clause)),
        tuple(await entries.of_clause_in(*clause)),
        known.proofs.lacking(criterion) if criterion.id in known.lacking else (),
        known.bases.of(criterion.id),
    )
