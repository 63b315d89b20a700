"""Evidence (佐证): which file a unit sent, which clauses it is to prove, and whether its bytes still are what was sent.

The file comes first (`files.FileStore`), then its row: a crash between leaves a file without a row, never the reverse.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.database import Database
from storage.errors import NotFoundError
from storage.files import FileStore, sha256_of
from storage.tables import CampaignRubricRow, UnitRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.texts import storable

NAME_CHARACTERS = 255

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]


class Evidence(NamedTuple):
    """A file a unit sent. ``ref`` is its sha256; ``macro`` (含宏) is only ever sent back as a download."""

    id: int
    campaign_id: int
    unit_id: int
    ref: str
    name: str
    size_bytes: int
    kind: str
    macro: bool
    person_id: int
    received_at: datetime
    message_id: int | None
    withdrawn_at: datetime | None
    dated_on: date | None
    number: str
    replaced_by: int | None


class Broken(NamedTuple):
    """A row of evidence whose file is not what was sent."""

    evidence_id: int
    ref: str
    why: str


async def receive(database: Database, *given: Any, **words: Any) -> Evidence:
    """`receive_in` in a unit of work of its own."""
    async with database.write() as connection:
        return await receive_in(connection, *given, **words)


async def receive_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    ref: str,
    name: str,
    size_bytes: int,
    kind: str,
    *,
    macro: bool = False,
    message_id: int | None = None,
) -> Evidence:
    """Note a kept file as a unit's evidence; what the unit already has and did not withdraw is given back as it is.

    Args:
        ref, size_bytes: as the file store gave them.
        name: as the sender wrote it, kept to 255 characters.
        kind, macro: of `FileStore.type_of`.

    Raises:
        NotFoundError: no such unit.
    """
    held = (_evidence.c.unit_id == unit_id, _evidence.c.sha256 == ref, _evidence.c.withdrawn_at.is_(None))
    if old := (await connection.execute(select(_evidence).where(*held))).first():
        return Evidence(*old)
    campaign_id = (await connection.execute(select(_unit.c.campaign_id).where(_unit.c.id == unit_id))).scalar()
    if campaign_id is None:
        raise NotFoundError("没有这个单位，请重新选择单位后再发文件")
    row = {
        "campaign_id": campaign_id,
        "unit_id": unit_id,
        "sha256": ref,
        "name": storable(name, NAME_CHARACTERS),
        "size_bytes": size_bytes,
        "kind": kind,
        "macro": macro,
        "person_id": person_id,
        "received_at": at,
        "message_id": message_id,
    }
    made = (await connection.execute(insert(_evidence).values(**row).returning(_evidence))).one()
    evidence = Evidence(*made)
    await _audit(connection, at, person_id, "evidence.received", evidence)
    return evidence


async def attach(database: Database, *given: Any, **words: Any) -> None:
    """`attach_in` in a unit of work of its own."""
    async with database.write() as connection:
        await attach_in(connection, *given, **words)


async def attach_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    evidence_id: int,
    rubric_id: str,
    criterion_id: str,
    *,
    unit_id: int | None = None,
) -> None:
    """Let a file prove a clause; where it does already, nothing changes.

    Args:
        unit_id: the person's own; an id that came from a person must not reach another unit's file.

    Raises:
        NotFoundError: no such evidence of the unit, withdrawn, or its campaign does not run the rubric.
    """
    evidence = await _held(connection, evidence_id, unit_id)
    runs = select(_rubric.c.id).where(_rubric.c.campaign_id == evidence.campaign_id, _rubric.c.rubric_id == rubric_id)
    if (await connection.execute(runs)).first() is None:
        raise NotFoundError(f"今年没有细则「{rubric_id}」，请从清单里重新选一条")
    if (await connection.execute(_attached(evidence_id, rubric_id, criterion_id))).first():
        return
    clause = {"rubric_id": rubric_id, "criterion_id": criterion_id}
    await connection.execute(
        insert(_use).values(evidence_id=evidence_id, **clause, part=-2, place="0:-2", attached_at=at, person_id=person_id)
    )
    await _audit(connection, at, person_id, "evidence.attached", evidence, rubric=rubric_id, criterion=criterion_id)


async def detach(database: Database, *given: Any, **words: Any) -> None:
    """`detach_in` in a unit of work of its own."""
    async with database.write() as connection:
        await detach_in(connection, *given, **words)


async def detach_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    evidence_id: int,
    rubric_id: str,
    criterion_id: str,
    *,
    unit_id: int | None = None,
) -> None:
    """Let a file no longer prove a clause; the file stays. Arguments as `attach_in`.

    Raises:
        NotFoundError: no such evidence of the unit, withdrawn, or it does not prove the clause.
    """
    evidence = await _held(connection, evidence_id, unit_id)
    use = (await connection.execute(_attached(evidence_id, rubric_id, criterion_id))).first()
    if use is None:
        raise NotFoundError("这份材料没有归到这一条，请从清单里重新选择")
    await connection.execute(update(_use).where(_use.c.id == use.id).values(detached_at=at))
    await _audit(connection, at, person_id, "evidence.detached", evidence, rubric=rubric_id, criterion=criterion_id)


async def withdraw(database: Database, *given: Any, **words: Any) -> None:
    """`withdraw_in` in a unit of work of its own."""
    async with database.write() as connection:
        await withdraw_in(connection, *given, **words)


async def withdraw_in(
    connection: AsyncConnection, at: datetime, person_id: int, evidence_id: int, unit_id: int
) -> None:
    """Take a unit's own evidence back: it proves nothing any more; row and file stay.

    Raises:
        NotFoundError: no such evidence of the unit, or already withdrawn.
    """
    evidence = await _held(connection, evidence_id, unit_id)
    await connection.execute(update(_evidence).where(_evidence.c.id == evidence_id).values(withdrawn_at=at))
    await _audit(connection, at, person_id, "evidence.withdrawn", evidence)


async def of_clause(database: Database, unit_id: int, rubric_id: str, criterion_id: str) -> list[Evidence]:
    """`of_clause_in` as committed."""
    async with database.read() as connection:
        return await of_clause_in(connection, unit_id, rubric_id, criterion_id)


async def of_clause_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Evidence]:
    """What a unit has to prove a clause, oldest first; not what was withdrawn."""
    clause = (_use.c.rubric_id == rubric_id, _use.c.criterion_id == criterion_id)
    attached = select(_use.c.id).where(_use.c.evidence_id == _evidence.c.id, *clause, _use.c.detached_at.is_(None))
    return await _all(connection, _of_unit(unit_id).where(attached.exists()))


async def unsorted(database: Database, unit_id: int) -> list[Evidence]:
    """`unsorted_in` as committed."""
    async with database.read() as connection:
        return await unsorted_in(connection, unit_id)


async def unsorted_in(connection: AsyncConnection, unit_id: int) -> list[Evidence]:
    """A unit's 待归类材料, oldest first: attached to no clause, not withdrawn."""
    attached = select(_use.c.id).where(_use.c.evidence_id == _evidence.c.id, _use.c.detached_at.is_(None))
    return await _all(connection, _of_unit(unit_id).where(~attached.exists()))


async def missing_or_changed(database: Database, store: FileStore) -> list[Broken]:
    """Every row whose file is gone or has other bytes; reads each file once, also those of withdrawn evidence."""
    async with database.read() as connection:
        rows = await _all(connection, select(_evidence).order_by(_evidence.c.id))
    whys = {ref: await asyncio.to_thread(_why, store, ref) for ref in dict.fromkeys(row.ref for row in rows)}
    return [Broken(row.id, row.ref, why) for row in rows if (why := whys[row.ref])]


def _why(store: FileStore, ref: str) -> str:
    try:
        return "" if sha256_of(store.path_of(ref)) == ref else "文件内容被改过"
    except (FileNotFoundError, NotFoundError):
        return "文件不见了"


def _of_unit(unit_id: int) -> Select[Any]:
    held = (_evidence.c.unit_id == unit_id, _evidence.c.withdrawn_at.is_(None))
    return select(_evidence).where(*held).order_by(_evidence.c.id)


def _attached(evidence_id: int, rubric_id: str, criterion_id: str) -> Select[Any]:
    clause = (_use.c.rubric_id == rubric_id, _use.c.criterion_id == criterion_id)
    return select(_use.c.id).where(_use.c.evidence_id == evidence_id, *clause, _use.c.detached_at.is_(None))


async def _all(connection: AsyncConnection, wanted: Select[Any]) -> list[Evidence]:
    return [Evidence(*row) for row in await connection.execute(wanted)]


async def _held(connection: AsyncConnection, evidence_id: int, unit_id: int | None) -> Evidence:
    wanted = select(_evidence).where(_evidence.c.id == evidence_id, _evidence.c.withdrawn_at.is_(None))
    row = (await connection.execute(wanted)).first()
    if row is None or unit_id not in (None, row.unit_id):
        raise NotFoundError("没有这份材料，或者已经撤回，请从清单里重新选择")
    return Evidence(*row)


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, evidence: Evidence, **more: str
) -> None:
    subject = {"evidence": evidence.id, "unit": evidence.unit_id, "sha256": evidence.ref, **more}
    await audit.record(connection, at, str(person_id), action, subject, evidence.campaign_id)
