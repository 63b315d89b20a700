"""A misdirected file erased by two people: its bytes go for good; its row, its hash and the reason stay.

The decision is a row first (`erase_in`), the bytes follow (`clean`): a crash between leaves bytes that the next `clean`
takes, never a row whose bytes are gone unsaid. Bytes that another kept row has as well stay for that row.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit, erasing_packs, evidence, evidence_places, file_figures, file_references
from storage.clock import Clock, utc_now
from storage.database import Database
from storage.erasing_packs import Holding
from storage.errors import NotFoundError, StorageError
from storage.evidence import Evidence
from storage.file_references import Broken, Reference
from storage.files import FileStore
from storage.tables_evidence import EvidenceRow
from storage.texts import storable

WHY_CHARACTERS = 500

_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]


async def erasable_in(connection: AsyncConnection, campaign_id: int, evidence_id: int) -> Evidence:
    """A file that could be erased, also one that was withdrawn.

    Raises:
        NotFoundError: the campaign has no such file.
        StorageError: it was erased before.
    """
    wanted = (_evidence.c.id == evidence_id, _evidence.c.campaign_id == campaign_id)
    row = (await connection.execute(select(_evidence).where(*wanted))).first()
    if row is None:
        raise NotFoundError("没有这份材料，请发 误发 从名单里重新选")
    if row.erased_at is not None:
        raise StorageError("这份材料已经删除过了，只留着记录")
    return Evidence(*row)


async def candidates_in(connection: AsyncConnection, unit_id: int, most: int) -> list[Evidence]:
    """A unit's files that could be erased, newest first, each content once."""
    query = select(_evidence).where(_evidence.c.unit_id == unit_id, _evidence.c.erased_at.is_(None))
    rows = await connection.execute(query.order_by(_evidence.c.id.desc()))
    return list({row.sha256: Evidence(*row) for row in reversed(rows.all())}.values())[::-1][:most]


async def elsewhere_in(connection: AsyncConnection, file: Evidence) -> bool:
    """Whether something that stays has the same bytes: another unit's file, what `is_held_in` names."""
    others = (_evidence.c.sha256 == file.ref, _evidence.c.unit_id != file.unit_id, _evidence.c.erased_at.is_(None))
    held = (await connection.execute(select(_evidence.c.id).where(*others).limit(1))).first()
    return held is not None or await file_references.is_held_in(connection, file.ref)


async def erase_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, evidence_id: int, why: str
) -> tuple[Evidence, ...]:
    """Decide that a unit's file goes, under every name it was sent by; it proves nothing from now on.

    Args:
        person_id: who agreed to it; who proposed it stands in the motion.

    Returns: the rows as they are now. Errors as `erasable_in`.
    """
    file = await erasable_in(connection, campaign_id, evidence_id)
    same = (_evidence.c.unit_id == file.unit_id, _evidence.c.sha256 == file.ref, _evidence.c.erased_at.is_(None))
    rows = (await connection.execute(select(_evidence).where(*same).order_by(_evidence.c.id))).all()
    words = storable(why, WHY_CHARACTERS)
    for one in (Evidence(*row) for row in rows):
        if one.withdrawn_at is None:  # scores are written anew while it is known what the file was to prove
            await evidence.withdraw_in(connection, at, person_id, one.unit_id, one.id)
        for place in await evidence_places.of_file(connection, one.id):
            await evidence_places.end(connection, at, one.id, place.rubric_id, place.criterion_id)
        values = {"erased_at": at, "erased_why": words}
        await connection.execute(update(_evidence).where(_evidence.c.id == one.id).values(**values))
        subject = {"evidence": one.id, "unit": one.unit_id, "sha256": one.ref}
        subject["why_sha256"] = hashlib.sha256(words.encode()).hexdigest()
        await audit.record(connection, at, str(person_id), "evidence.erased", subject, campaign_id)
    await file_figures.forget_in(connection, file.ref)
    return tuple([await evidence.find_in(connection, file.unit_id, row.id) for row in rows])


async def clean(database: Database, store: FileStore, clock: Clock = utc_now) -> int:
    """Delete the bytes of what was erased and nothing else has, and the kept packs that hold them.

    How many files went. Harmless to repeat.
    """
    if not await left_over(database, store):
        return 0
    packs = await erasing_packs.erase(database, clock(), await _holding(database, store))
    async with database.write() as connection:  # so that the same content is not being received meanwhile
        gone = [ref for ref in await gone_in(connection) if store.path_of(ref).is_file()]
        for ref in gone:
            store.discard(ref)
    return len(gone) + packs


async def left_over(database: Database, store: FileStore) -> list[Broken]:
    """Every erased row whose bytes are still there, though nothing else has them, and every kept pack that holds some."""
    packs = [
        Broken(_named(one), "里面有已决定删除的材料，还没有删掉，请运行 kaoping serve")
        for one in await _holding(database, store)
    ]
    async with database.read() as connection:
        there = [ref for ref in await gone_in(connection) if store.path_of(ref).is_file()]
        erased = (_evidence.c.erased_at.is_not(None), _evidence.c.sha256.in_(there))
        rows = await file_references.evidence_in(connection, *erased) if there else []
    return [*(Broken(row, "已决定删除，内容还没有删掉，请运行 kaoping serve") for row in rows), *packs]


async def _holding(database: Database, store: FileStore) -> list[Holding]:
    async with database.read() as connection:
        return await erasing_packs.holding_in(connection, store, await gone_in(connection))


def _named(pack: Holding) -> Reference:
    return Reference(pack.ref or pack.path.name, "导出过的佐证包" if pack.ref else f"服务器上的佐证包 {pack.path.name}")


async def gone_in(connection: AsyncConnection) -> list[str]:
    """The erased contents that nothing else has."""
    kept = select(_evidence.c.sha256).where(_evidence.c.erased_at.is_(None))
    query = select(_evidence.c.sha256).distinct().where(_evidence.c.erased_at.is_not(None))
    refs = (await connection.execute(query.where(_evidence.c.sha256.not_in(kept)))).scalars().all()
    return [ref for ref in refs if not await file_references.is_held_in(connection, ref)]
