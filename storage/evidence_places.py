"""What a file proves: clauses, entries and parts, where what says more takes the place of what said less."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.proof import UNSAID
from storage.errors import NotFoundError
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.tables_ledger import EntryRow

_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]


class Place(NamedTuple):
    """A clause, or one entry of it, and which part of its proof a file is (see `rubrics.proof`)."""

    rubric_id: str
    criterion_id: str
    entry_id: int | None
    part: int


async def check_entry(connection: AsyncConnection, unit_id: int, place: Place) -> None:
    """Refuse an entry that is not the unit's own, or not of the clause.

    Raises:
        NotFoundError: no such entry of the unit in the clause, or withdrawn.
    """
    own = (_entry.c.id == place.entry_id, _entry.c.unit_id == unit_id, _entry.c.withdrawn_at.is_(None))
    clause = (_entry.c.rubric_id == place.rubric_id, _entry.c.criterion_id == place.criterion_id)
    if (await connection.execute(select(_entry.c.id).where(*own, *clause))).first() is None:
        raise NotFoundError("没有这条记录，或者已经撤回，请从清单里重新选择")


async def put(connection: AsyncConnection, at: datetime, person_id: int, evidence_id: int, place: Place) -> bool:
    """Note that a file proves this; whether anything changed.

    A named part takes the place of an unnamed one, and an entry that of the clause as a whole: one certificate must
    not count for its award and once more.
    """
    held = [old for old in await of_file(connection, evidence_id) if old[:2] == place[:2]]
    if any(_says(old, place) for old in held):
        return False
    for old in held:
        if _says(place, old):
            await end(connection, at, evidence_id, old.rubric_id, old.criterion_id, _use.c.place == _key(old))
    row = {**place._asdict(), "place": _key(place), "attached_at": at, "person_id": person_id}
    await connection.execute(insert(_use).values(evidence_id=evidence_id, **row))
    return True


async def end(
    connection: AsyncConnection, at: datetime, evidence_id: int, rubric_id: str, criterion_id: str, *which: Any
) -> bool:
    """Let a file no longer prove a clause; False where it did not."""
    clause = (_use.c.rubric_id == rubric_id, _use.c.criterion_id == criterion_id)
    return await _end(connection, at, _use.c.evidence_id == evidence_id, *clause, *which)


async def end_entry(connection: AsyncConnection, at: datetime, entry_id: int) -> bool:
    """Let every file go that proved an entry; False where none did."""
    return await _end(connection, at, _use.c.entry_id == entry_id)


async def of_file(connection: AsyncConnection, evidence_id: int) -> list[Place]:
    """What a file proves, in the order it was said."""
    found = await _places(connection, _use.c.evidence_id == evidence_id)
    return found.get(evidence_id, [])


async def of_unit(connection: AsyncConnection, unit_id: int) -> dict[int, list[Place]]:
    """What each file of a unit proves, by its id."""
    own = select(_evidence.c.id).where(_evidence.c.unit_id == unit_id)
    return await _places(connection, _use.c.evidence_id.in_(own))


def _says(one: Place, other: Place) -> bool:
    """Whether one place of a file says all that another place in the same clause does."""
    if one.entry_id != other.entry_id:
        return other.entry_id is None
    return one.part == other.part or other.part == UNSAID


def _key(place: Place) -> str:
    return f"{place.entry_id or 0}:{place.part}"


async def _end(connection: AsyncConnection, at: datetime, *which: Any) -> bool:
    held = update(_use).where(*which, _use.c.detached_at.is_(None))
    return bool((await connection.execute(held.values(detached_at=at))).rowcount)


async def _places(connection: AsyncConnection, *which: Any) -> dict[int, list[Place]]:
    columns = (_use.c.evidence_id, _use.c.rubric_id, _use.c.criterion_id, _use.c.entry_id, _use.c.part)
    query = select(*columns).where(*which, _use.c.detached_at.is_(None)).order_by(_use.c.id)
    found: dict[int, list[Place]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.evidence_id, []).append(Place(*row[1:]))
    return found
