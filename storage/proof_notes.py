"""Proof that is named, not sent: title and 文号 where they suffice, or what the office looks at on the spot (线下核验)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion, Rubric
from rubrics.proof import WHOLE
from storage import audit, evidence_places, kept_facts, scorecards
from storage.errors import NotFoundError, StorageError
from storage.evidence_places import Place
from storage.tables_ledger import ProofNoteRow
from storage.texts import storable

Kind = Literal["number", "offline"]
"""Title and 文号, or 线下核验: title, 文号 where there is one, and where it lies."""

TITLE_CHARACTERS = 200
NUMBER_CHARACTERS = 100
PLACE_CHARACTERS = 200

_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]


class Note(NamedTuple):
    """Proof by name, for a clause or one entry of it. ``place`` is empty for a number.

    ``part``: which part of the proof it is, as in `rubrics.proof`; `WHOLE` where it stands for all of them.
    """

    id: int
    criterion_id: str
    entry_id: int | None
    kind: Kind
    title: str
    number: str
    place: str
    person_id: int
    at: datetime
    part: int = WHOLE


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
    *,
    kind: Kind,
    title: str,
    number: str = "",
    place: str = "",
    entry_id: int | None = None,
    part: int = WHOLE,
) -> Note:
    """Note proof by its name; what is noted already, word for word, is given back as it is.

    Args:
        rubric: as it is in force in the campaign.
        place: where it lies (县档案室 3 号柜), only for 线下核验.
        part: which part of the proof it is; it proves no other one.

    Raises:
        NotFoundError: no such clause, part of its proof or entry of the unit.
        StorageError: a number does not suffice for this clause, it needs no proof, or a word is missing.
    """
    campaign_id = await kept_facts.campaign_of(connection, unit_id, rubric)
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有编号「{criterion_id}」的要点，请从清单里重新选一条")
    words = {
        "title": storable(title.strip(), TITLE_CHARACTERS),
        "number": storable(number.strip(), NUMBER_CHARACTERS),
        "place": storable(place.strip(), PLACE_CHARACTERS) if kind == "offline" else "",
    }
    _check(rubric.criteria[criterion_id], kind, part, words)
    if entry_id is not None:
        await evidence_places.check_entry(connection, unit_id, Place(rubric.id, criterion_id, entry_id, WHOLE))
    said = {"criterion_id": criterion_id, "entry_id": entry_id, "kind": kind, "part": part, **words}
    held = await of_clause_in(connection, unit_id, rubric.id, criterion_id)
    if known := next((note for note in held if said.items() <= note._asdict().items()), None):
        return known
    row = {"campaign_id": campaign_id, "unit_id": unit_id, "rubric_id": rubric.id, **said}
    added = insert(_note).values(**row, person_id=person_id, at=at).returning(_note)
    note = _of((await connection.execute(added)).one())
    content = audit.canonical([kind, *words.values()])
    more = {"entry": entry_id, "part": part, "sha256": hashlib.sha256(content.encode()).hexdigest()}
    await _audit(connection, at, person_id, "proof_note.added", (campaign_id, unit_id, rubric.id), note, **more)
    await scorecards.rewrite(connection, at, unit_id, rubric)
    return note


async def withdraw_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, rubric: Rubric, note_id: int
) -> None:
    """Take proof by name back; the row stays.

    Raises:
        NotFoundError: no such note of the unit under the rubric, or already withdrawn.
    """
    campaign_id = await kept_facts.campaign_of(connection, unit_id, rubric)
    held = (_note.c.id == note_id, *_held(unit_id, rubric.id))
    ended = update(_note).where(*held).values(withdrawn_at=at).returning(_note)
    row = (await connection.execute(ended)).first()
    if row is None:
        raise NotFoundError("没有这份材料，或者已经撤回，请从清单里重新选择")
    await _audit(connection, at, person_id, "proof_note.withdrawn", (campaign_id, unit_id, rubric.id), _of(row))
    await scorecards.rewrite(connection, at, unit_id, rubric)


async def end_entry(connection: AsyncConnection, at: datetime, entry_id: int) -> None:
    """Let the notes of an entry end with it; who withdraws the entry notes and scores it."""
    of_entry = (_note.c.entry_id == entry_id, _note.c.withdrawn_at.is_(None))
    await connection.execute(update(_note).where(*of_entry).values(withdrawn_at=at))


async def of_clause_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Note]:
    """A clause's proof by name, oldest first; not what was withdrawn."""
    wanted = (*_held(unit_id, rubric_id), _note.c.criterion_id == criterion_id)
    return [_of(row) for row in await connection.execute(select(_note).where(*wanted).order_by(_note.c.id))]


def _check(criterion: Criterion, kind: Kind, part: int, words: dict[str, str]) -> None:
    if criterion.proof == "none":
        raise StorageError(f"「{criterion.label}」不用材料，请直接回答")
    if part != WHOLE and not 0 <= part < len(criterion.proof.parts):
        raise NotFoundError(f"「{criterion.label}」没有这一部分材料，请重新选是哪一部分")
    if kind == "number" and not criterion.proof.by_number:
        raise StorageError(
            f"「{criterion.label}」只报文号不够，请发{'、'.join(criterion.proof.parts)}，涉密的走线下核验"
        )
    wanted = {"title": "标题", "number": "文号"} if kind == "number" else {"title": "标题", "place": "存放地点"}
    missing = [name for field, name in wanted.items() if not words[field]]
    if missing:
        raise StorageError(f"「{criterion.label}」的材料还缺{'和'.join(missing)}，请补上再发")


def _held(unit_id: int, rubric_id: str) -> tuple[Any, ...]:
    return _note.c.unit_id == unit_id, _note.c.rubric_id == rubric_id, _note.c.withdrawn_at.is_(None)


async def _audit(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    action: str,
    where: tuple[int, int, str],
    note: Note,
    **more: Any,
) -> None:
    campaign_id, unit_id, rubric_id = where
    subject = {"note": note.id, "unit": unit_id, "rubric": rubric_id, "criterion": note.criterion_id, **more}
    await audit.record(connection, at, str(person_id), action, subject, campaign_id)


def _of(row: Any) -> Note:
    return Note(*(getattr(row, field) for field in Note._fields))
