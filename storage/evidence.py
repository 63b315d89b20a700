"""Evidence (佐证): which file a unit sent, which clauses it proves as which part.

The file comes first (`files.FileStore`), then its row: a crash between leaves a file without a row, never the reverse.
What a file proves is known in the unit's scores as soon as it is said: each change rewrites them in its own unit of work.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Criterion, Rubric
from rubrics.proof import UNSAID, WHOLE
from storage import audit, editions, evidence_places, filed_elsewhere, kept_facts, scorecards
from storage.errors import NotFoundError, StorageError
from storage.evidence_places import Place
from storage.tables import UnitRow
from storage.tables_evidence import EvidenceRow, EvidenceUseRow
from storage.texts import storable

NAME_CHARACTERS = 255
NUMBER_CHARACTERS = 100

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_use: Any = EvidenceUseRow.__table__  # type: ignore[attr-defined]


class Evidence(NamedTuple):
    """A file a unit sent. ``ref`` is its sha256; ``macro`` (含宏) is only ever sent back as a download.

    ``erased_at``: its bytes are gone for good, for the reason ``erased_why``.
    """

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
    erased_at: datetime | None
    erased_why: str


class Use(NamedTuple):
    """A file that proves a clause, or one entry of it. ``part`` as `rubrics.proof` counts them."""

    evidence: Evidence
    entry_id: int | None
    part: int


class Filed(NamedTuple):
    """A file with all it proves; no places while it waits to be sorted."""

    evidence: Evidence
    places: tuple[Place, ...]


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
    dated_on: date | None = None,
    number: str = "",
) -> Evidence:
    """Note a kept file as a unit's evidence; what the unit already has and did not withdraw is given back as it is.

    Args:
        ref, size_bytes: as the file store gave them.
        name: as the sender wrote it, kept to 255 characters.
        kind, macro: of `FileStore.type_of`.
        dated_on, number: the day the proof is about and its 文号, where given.

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
        "dated_on": dated_on,
        "number": storable(number, NUMBER_CHARACTERS),
    }
    evidence = Evidence(*(await connection.execute(insert(_evidence).values(**row).returning(_evidence))).one())
    await _audit(connection, at, person_id, "evidence.received", evidence)
    return evidence


async def describe_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    evidence_id: int,
    *,
    dated_on: date | None = None,
    number: str | None = None,
) -> Evidence:
    """Note the day a file is about and its 文号; None leaves what is there.

    Raises:
        NotFoundError: no such evidence of the unit, or withdrawn.
    """
    old = await _held(connection, unit_id, evidence_id)
    new = old._replace(
        dated_on=dated_on or old.dated_on,
        number=old.number if number is None else storable(number, NUMBER_CHARACTERS),
    )
    said = {"dated_on": new.dated_on, "number": new.number}
    await connection.execute(update(_evidence).where(_evidence.c.id == evidence_id).values(**said))
    content = audit.canonical([str(new.dated_on), new.number])
    await _audit(
        connection, at, person_id, "evidence.described", new, content=hashlib.sha256(content.encode()).hexdigest()
    )
    return new


async def attach_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    evidence_id: int,
    rubric: Rubric,
    criterion_id: str,
    *,
    entry_id: int | None = None,
    part: int = UNSAID,
) -> None:
    """Let a file prove a clause or one entry of it; a file may be several parts of it, each said in turn.

    What says more takes the place of what said less: a named part that of an unnamed one, an entry that of the clause
    as a whole (a certificate must not count for its award and once more). What is said already changes nothing.

    Args:
        unit_id: the person's own; an id that came from a person must not reach another unit's file.
        rubric: as it is in force in the campaign.
        part: the position in the proof's parts, `WHOLE` or `UNSAID`; where there is one part, it is that one.

    Raises:
        NotFoundError: no such evidence of the unit, or withdrawn; no such clause, entry or part; a rubric that does not
            assess the unit.
    """
    evidence = await _held(connection, unit_id, evidence_id)
    await kept_facts.campaign_of(connection, unit_id, rubric)
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有编号「{criterion_id}」的要点，请从清单里重新选一条")
    place = Place(rubric.id, criterion_id, entry_id, _part(rubric.criteria[criterion_id], part))
    if entry_id is not None:
        await evidence_places.check_entry(connection, unit_id, place)
    if await _prove(connection, at, person_id, evidence, place):
        await scorecards.rewrite(connection, at, unit_id, rubric)


async def detach_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    unit_id: int,
    evidence_id: int,
    rubric: Rubric,
    criterion_id: str,
) -> None:
    """Let a file no longer prove a clause, as whatever part of it; the file stays. Arguments as `attach_in`.

    Raises:
        NotFoundError: no such evidence of the unit, withdrawn, or it does not prove the clause.
    """
    evidence = await _held(connection, unit_id, evidence_id)
    if not await evidence_places.end(connection, at, evidence_id, rubric.id, criterion_id):
        raise NotFoundError("这份材料没有归到这一条，请从清单里重新选择")
    await _audit(connection, at, person_id, "evidence.detached", evidence, rubric=rubric.id, criterion=criterion_id)
    await scorecards.rewrite(connection, at, unit_id, rubric)


async def withdraw_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, evidence_id: int
) -> None:
    """Take a unit's own evidence back: it proves nothing any more; row and file stay.

    Raises:
        NotFoundError: no such evidence of the unit, or already withdrawn.
    """
    evidence = await _held(connection, unit_id, evidence_id)
    await connection.execute(update(_evidence).where(_evidence.c.id == evidence_id).values(withdrawn_at=at))
    await _audit(connection, at, person_id, "evidence.withdrawn", evidence)
    await _rewrite(connection, at, evidence)


async def replace_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, old_id: int, new_id: int
) -> None:
    """Let a newer file prove all that an older one did; the older one is withdrawn and names its successor.

    Raises:
        NotFoundError: one of them is no evidence of the unit, or withdrawn.
        StorageError: both are the same file.
    """
    if old_id == new_id:
        raise StorageError("新旧是同一份材料，不用替换，请发修改后的文件")
    old, new = await _held(connection, unit_id, old_id), await _held(connection, unit_id, new_id)
    for place in await evidence_places.of_file(connection, old_id):
        await _prove(connection, at, person_id, new, place)
    ended = {"withdrawn_at": at, "replaced_by": new_id}
    await connection.execute(update(_evidence).where(_evidence.c.id == old_id).values(**ended))
    await _audit(connection, at, person_id, "evidence.replaced", old, by=new_id)
    await _rewrite(connection, at, old)


async def find_in(connection: AsyncConnection, unit_id: int, evidence_id: int) -> Evidence:
    """A unit's evidence, also when it was withdrawn: what was sent can be sent back.

    Raises:
        NotFoundError: no such evidence of the unit.
    """
    wanted = select(_evidence).where(_evidence.c.id == evidence_id, _evidence.c.unit_id == unit_id)
    row = (await connection.execute(wanted)).first()
    if row is None:
        raise NotFoundError("没有这份材料，请从清单里重新选择")
    return Evidence(*row)


async def of_clause_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Use]:
    """What a unit has to prove a clause, oldest file first, once a part; not what was withdrawn."""
    clause = (_use.c.rubric_id == rubric_id, _use.c.criterion_id == criterion_id, _use.c.detached_at.is_(None))
    used = _of_unit(unit_id).where(_use.c.evidence_id == _evidence.c.id, *clause)
    rows = await connection.execute(used.add_columns(_use.c.entry_id, _use.c.part).order_by(_use.c.id))
    return [Use(Evidence(*row[:-2]), row[-2], row[-1]) for row in rows]


async def of_unit_in(connection: AsyncConnection, unit_id: int) -> list[Filed]:
    """All files of a unit, oldest first, each with what it proves; not what was withdrawn."""
    files = await _all(connection, _of_unit(unit_id))
    places = await evidence_places.of_unit(connection, unit_id)
    return [Filed(file, tuple(places.get(file.id, ()))) for file in files]


async def unsorted_in(connection: AsyncConnection, unit_id: int) -> list[Evidence]:
    """A unit's 待归类材料, oldest first: attached to no clause, serving nothing else, not withdrawn."""
    attached = select(_use.c.id).where(_use.c.evidence_id == _evidence.c.id, _use.c.detached_at.is_(None))
    found = await _all(connection, _of_unit(unit_id).where(~attached.exists()))
    elsewhere = await filed_elsewhere.of_unit_in(connection, unit_id) if found else {}
    return [one for one in found if one.id not in elsewhere]


def _part(criterion: Criterion, part: int) -> int:
    """The part as it is kept."""
    parts = () if criterion.proof == "none" else criterion.proof.parts
    if part not in (WHOLE, UNSAID) and not 0 <= part < len(parts):
        raise NotFoundError(f"「{criterion.label}」的材料没有这一部分，请重新选择是哪一部分")
    return 0 if len(parts) == 1 else part


async def _prove(connection: AsyncConnection, at: datetime, person_id: int, evidence: Evidence, place: Place) -> bool:
    if not await evidence_places.put(connection, at, person_id, evidence.id, place):
        return False
    more = {"rubric": place.rubric_id, "criterion": place.criterion_id, "entry": place.entry_id, "part": place.part}
    await _audit(connection, at, person_id, "evidence.attached", evidence, **more)
    return True


async def _rewrite(connection: AsyncConnection, at: datetime, evidence: Evidence) -> None:
    """Score every rubric again under which a file proved something."""
    used = {place.rubric_id for place in await evidence_places.of_file(connection, evidence.id)}
    for rubric in await editions.of_campaign(connection, evidence.campaign_id) if used else ():
        if rubric.id in used:
            await scorecards.rewrite(connection, at, evidence.unit_id, rubric)


def _of_unit(unit_id: int) -> Select[Any]:
    held = (_evidence.c.unit_id == unit_id, _evidence.c.withdrawn_at.is_(None))
    return select(_evidence).where(*held).order_by(_evidence.c.id)


async def _all(connection: AsyncConnection, wanted: Select[Any]) -> list[Evidence]:
    return [Evidence(*row) for row in await connection.execute(wanted)]


async def _held(connection: AsyncConnection, unit_id: int, evidence_id: int) -> Evidence:
    evidence = await find_in(connection, unit_id, evidence_id)
    if evidence.withdrawn_at is not None:
        raise NotFoundError("这份材料已经撤回，请从清单里重新选择")
    return evidence


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, evidence: Evidence, **more: Any
) -> None:
    subject = {"evidence": evidence.id, "unit": evidence.unit_id, "sha256": evidence.ref, **more}
    await audit.record(connection, at, str(person_id), action, subject, evidence.campaign_id)
