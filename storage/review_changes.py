"""What a unit changed about a clause's proof since a moment: what came, and what was taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.tables_ledger import EntryRow, ProofNoteRow

_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]
_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]


class Changes(NamedTuple):
    """Names of files, named documents and entries, as they came and went; what came and went in between is in neither."""

    came: tuple[str, ...]
    went: tuple[str, ...]


async def since_in(
    connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str, moment: datetime
) -> Changes:
    """What came after a moment and is there, and what was there then and is gone."""
    ended = func.coalesce(_use.c.detached_at, _evidence.c.withdrawn_at)  # what is withdrawn cannot be detached later
    files = _rows(_evidence.c.name, _use.c.attached_at, ended, _use, moment)
    files = files.join(_evidence, _evidence.c.id == _use.c.evidence_id)
    notes = _rows(_note.c.title, _note.c.at, _note.c.withdrawn_at, _note, moment)
    entries = _rows(_entry.c.name, _entry.c.at, _entry.c.withdrawn_at, _entry, moment)
    parts = []
    for query, table, unit in ((files, _use, _evidence), (notes, _note, _note), (entries, _entry, _entry)):
        clause = (table.c.rubric_id == rubric_id, table.c.criterion_id == criterion_id)
        parts.append(query.where(unit.c.unit_id == unit_id, *clause))
    rows = (await connection.execute(union_all(*parts))).all()
    came = tuple(dict.fromkeys(row.name for row in rows if row.came))
    went = tuple(dict.fromkeys(row.name for row in rows if not row.came))
    return Changes(came, went)


def _rows(name: Any, begun: Any, ended: Any, table: Any, moment: datetime) -> Any:
    """Names with whether they came; what did neither is left out."""
    bound = literal(moment, type_=begun.type)
    came, went = and_(begun > bound, ended.is_(None)), and_(begun <= bound, ended > bound)
    return select(name.label("name"), came.label("came")).select_from(table).where(or_(came, went))
