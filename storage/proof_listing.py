"""All proof of a campaign, a line for each thing a piece of it proves: what an evidence pack and its index are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import filed_elsewhere
from storage.tables import CampaignRubricRow
from storage.tables_answers import PersonRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.tables_ledger import EntryRow, ProofNoteRow

_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]


class Listed(NamedTuple):
    """A file or a named document, and one thing it proves; no clause while a file waits to be sorted.

    ``ref`` is the sha256 of a file, empty for what is only named; ``version`` counts a file and those it replaced,
    ``versions`` all of them. ``happened_on`` is the day of the entry it proves, ``part`` as in `rubrics.proof`.
    """

    unit_id: int
    evidence_id: int | None
    kind: Literal["file", "number", "offline"]
    rubric_id: str
    criterion_id: str
    part: int
    entry: str
    happened_on: date | None
    name: str
    number: str
    place: str
    file_kind: str
    ref: str
    size_bytes: int
    dated_on: date | None
    received_at: datetime
    sender: str
    withdrawn: bool
    replaced: bool
    erased: bool
    version: int = 1
    versions: int = 1
    serves: str = ""  # what a file without a clause is there for


async def of_campaign_in(connection: AsyncConnection, campaign_id: int, unit_id: int | None = None) -> list[Listed]:
    """Files in the order they came, each thing they prove in the order it was said, then what is only named.

    Withdrawn, replaced and erased proof is among them, but not what goes on under another rubric. Of one unit where it is given.
    """
    files = [_of_file(row) for row in await connection.execute(_files(_of(_evidence, campaign_id, unit_id)))]
    notes = [_of_note(row) for row in await connection.execute(_notes(_of(_note, campaign_id, unit_id)))]
    chains = await _versions(connection, _of(_evidence, campaign_id, unit_id))
    elsewhere = await filed_elsewhere.of_campaign_in(connection, campaign_id)
    numbered = []
    for one in files:
        version, versions = chains[one.evidence_id or 0]
        serves = "" if one.rubric_id else elsewhere.get(one.evidence_id or 0, "")
        numbered.append(one._replace(version=version, versions=versions, serves=serves))
    return numbered + notes


def _of(table: Any, campaign_id: int, unit_id: int | None) -> tuple[Any, ...]:
    whole = table.c.campaign_id == campaign_id
    return (whole,) if unit_id is None else (whole, table.c.unit_id == unit_id)


def _files(which: tuple[Any, ...]) -> Any:
    used = and_(_use.c.evidence_id == _evidence.c.id, _use.c.detached_at.is_(None))
    return (
        select(
            _evidence,
            _person.c.name.label("sender"),
            _use.c.rubric_id,
            _use.c.criterion_id,
            _use.c.part,
            _entry.c.name.label("entry"),
            _entry.c.happened_on,
        )
        .join(_person, _person.c.id == _evidence.c.person_id)
        .join(_use, used, isouter=True)
        .join(_entry, _entry.c.id == _use.c.entry_id, isouter=True)
        .where(*which)
        .order_by(_evidence.c.id, _use.c.id)
    )


def _notes(which: tuple[Any, ...]) -> Any:
    return (
        select(_note, _person.c.name.label("sender"), _entry.c.name.label("entry"), _entry.c.happened_on)
        .join(_person, _person.c.id == _note.c.person_id)
        .join(_entry, _entry.c.id == _note.c.entry_id, isouter=True)
        .where(*which, ~_goes_on())
        .order_by(_note.c.id)
    )


def _goes_on() -> ColumnElement[bool]:
    """A document that ended with its rubric and is named again under the one that took its place: one thing, listed once."""
    again = _note.alias("again")
    said = ("unit_id", "kind", "title", "number", "place", "person_id", "at")
    same = (again.c[name] == _note.c[name] for name in said)
    ended = (_rubric.c.campaign_id == _note.c.campaign_id, _rubric.c.rubric_id == _note.c.rubric_id)
    with_it = select(_rubric.c.id).where(*ended, _rubric.c.ended_at == _note.c.withdrawn_at).exists()
    later = select(again.c.id).where(*same, again.c.id > _note.c.id, again.c.rubric_id != _note.c.rubric_id)
    return and_(with_it, later.exists())


def _of_file(row: Any) -> Listed:
    return Listed(
        unit_id=row.unit_id,
        evidence_id=row.id,
        kind="file",
        rubric_id=row.rubric_id or "",
        criterion_id=row.criterion_id or "",
        part=-1 if row.part is None else row.part,
        entry=row.entry or "",
        happened_on=row.happened_on,
        name=row.name,
        number=row.number,
        place="",
        file_kind=row.kind,
        ref=row.sha256,
        size_bytes=row.size_bytes,
        dated_on=row.dated_on,
        received_at=row.received_at,
        sender=row.sender,
        withdrawn=row.withdrawn_at is not None,
        replaced=row.replaced_by is not None,
        erased=row.erased_at is not None,
    )


def _of_note(row: Any) -> Listed:
    return Listed(
        unit_id=row.unit_id,
        evidence_id=None,
        kind=row.kind,
        rubric_id=row.rubric_id,
        criterion_id=row.criterion_id,
        part=row.part,
        entry=row.entry or "",
        happened_on=row.happened_on,
        name=row.title,
        number=row.number,
        place=row.place,
        file_kind="",
        ref="",
        size_bytes=0,
        dated_on=None,
        received_at=row.at,
        sender=row.sender,
        withdrawn=row.withdrawn_at is not None,
        replaced=False,
        erased=False,
    )


async def _versions(connection: AsyncConnection, which: tuple[Any, ...]) -> dict[int, tuple[int, int]]:
    """Each file's place in the chain of files that replaced one another, and how long that chain is."""
    rows = (await connection.execute(select(_evidence.c.id, _evidence.c.replaced_by).where(*which))).all()
    after = {row.id: row.replaced_by for row in rows}
    behind = {ident: _steps(after, ident) for ident in after}  # how many have replaced it since
    replaced = set(after.values())
    longest: dict[int, int] = {}  # the chain that ends in a file, from its oldest one on
    for ident in after:
        if ident not in replaced:
            end = _end(after, ident)
            longest[end] = max(longest.get(end, 1), behind[ident] + 1)
    return {ident: (longest[_end(after, ident)] - behind[ident], longest[_end(after, ident)]) for ident in after}


def _steps(after: Mapping[int, int | None], ident: int) -> int:
    return sum(1 for _ in _successors(after, ident))


def _end(after: Mapping[int, int | None], ident: int) -> int:
    return [ident, *_successors(after, ident)][-1]


def _successors(after: Mapping[int, int | None], ident: int) -> Iterable[int]:
    following = after.get(ident)
    while following is not None and following in after:
        yield following
        following = after[following]
