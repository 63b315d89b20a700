"""转同事: a link for one clause. Whoever has it may answer once, without joining; a liaison of the unit then decides.

Only the link's hash is kept. It is good for seven days, for one answer, and only while who made it answers for the
unit. What comes is no answer yet: its files are kept withdrawn and prove nothing until they are taken over.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.model import Rubric
from storage import audit, evidence, openings, reaching, standing_in
from storage.errors import NotFoundError, StorageError
from storage.evidence import Evidence
from storage.tables_closing import ClauseLinkRow
from storage.texts import storable

LINK_DAYS = 7
MOST_OPEN = 5
"""Links of one clause that wait for an answer at once."""

NAME_CHARACTERS = 60
SAID_CHARACTERS = 500

_link: Any = ClauseLinkRow.__table__  # type: ignore[attr-defined]


class LinkError(StorageError):
    """A link that cannot be used any more; the sentence is for who opened it."""


class UsedError(LinkError):
    """A link that was answered."""


class Link(NamedTuple):
    """A link and what came by it. ``files`` are ids of evidence; ``taken``: 采用, or 不用; None until it is decided."""

    id: int
    campaign_id: int
    unit_id: int
    rubric_id: str
    criterion_id: str
    person_id: int
    at: datetime
    expires_at: datetime
    name: str
    said: str
    files: tuple[int, ...]
    answered_at: datetime | None
    decided_at: datetime | None
    taken: bool | None
    revoked_at: datetime | None


class Sent(NamedTuple):
    """A file that came by a link, kept already: as `evidence.receive_in` takes it."""

    ref: str
    name: str
    size_bytes: int
    kind: str
    macro: bool


async def make_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    unit_id: int,
    rubric: Rubric,
    criterion_id: str,
) -> tuple[Link, str]:
    """Make a link; with its code, which is shown once and never stored.

    Args:
        person_id: a liaison of the unit; the caller has seen to that.

    Raises:
        NotFoundError: the rubric has no such clause.
        StorageError: so many links of the clause wait already.
    """
    if criterion_id not in rubric.criteria:
        raise NotFoundError(f"细则「{rubric.id}」没有编号「{criterion_id}」的要点，请从清单里重新选一条")
    about = {"campaign_id": campaign_id, "unit_id": unit_id, "rubric_id": rubric.id, "criterion_id": criterion_id}
    same = [_link.c[name] == value for name, value in about.items()]
    waiting = (_link.c.answered_at.is_(None), _link.c.revoked_at.is_(None), _link.c.expires_at > at)
    if ((await connection.execute(select(func.count()).where(*same, *waiting))).scalar() or 0) >= MOST_OPEN:
        raise StorageError(f"这一条已有 {MOST_OPEN} 个链接在等同事填，请先作废不用的再转")
    code = secrets.token_urlsafe(18)
    row = {**about, "person_id": person_id, "at": at, "expires_at": at + timedelta(days=LINK_DAYS)}
    row |= {"name": "", "said": "", "files": "[]", "code_sha256": _hashed(code)}
    made = _link_of((await connection.execute(insert(_link).values(**row).returning(_link))).one())
    await _audit(connection, at, str(person_id), "link.made", made)
    return made, code


async def open_in(connection: AsyncConnection, at: datetime, today: date, code: str) -> Link:
    """The link of a code, while it may be answered.

    Raises:
        NotFoundError: no such link.
        UsedError: it was answered.
        LinkError: revoked, expired, its maker answers for the unit no more, or the clause is closed.
    """
    row = (await connection.execute(select(_link).where(_link.c.code_sha256 == _hashed(code)))).first()
    if row is None:
        raise NotFoundError("没有这个链接，请向发给您的同事再要一个")
    found = _link_of(row)
    if found.answered_at is not None:
        raise UsedError("这个链接已经填过了，一个链接只填一次；要改请告诉发给您的同事")
    if found.revoked_at is not None or not await _still_answers(connection, found, today):
        raise LinkError("这个链接已经作废，请向发给您的同事再要一个")
    if found.expires_at <= at:
        raise LinkError(f"这个链接已经过期（{LINK_DAYS} 天内有效），请向发给您的同事再要一个")
    about = (found.campaign_id, found.unit_id, found.rubric_id, found.criterion_id)
    if not await openings.may_answer(connection, *about, today):
        raise LinkError("这次考核的填报已经截止，这一条不能再填，请联系发给您的同事")
    return found


async def answer_in(
    connection: AsyncConnection, at: datetime, today: date, code: str, name: str, said: str, files: Sequence[Sent]
) -> tuple[Link, bool]:
    """Keep what a colleague sends; whether it is new: the same once more, after a lost reply, changes nothing.

    Errors as `open_in`.
    """
    name, said = storable(name.strip(), NAME_CHARACTERS), storable(said.strip(), SAID_CHARACTERS)
    if again := await _same_again(connection, code, name, said, files):
        return again, False
    found = await open_in(connection, at, today, code)
    kept = [await _keep(connection, at, found, file) for file in files]
    values = {"name": name, "said": said, "answered_at": at, "files": json.dumps(list(dict.fromkeys(kept)))}
    await connection.execute(update(_link).where(_link.c.id == found.id).values(**values))
    answered = await find_in(connection, found.unit_id, found.id)
    await _audit(connection, at, f"link {found.id}", "link.answered", answered)
    return answered, True


async def decide_in(
    connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, link_id: int, *, taken: bool
) -> list[Evidence]:
    """采用 or 不用, once; gives the files that are the unit's proof from now on, attached to nothing yet.

    Raises:
        NotFoundError: the unit has no such link.
        StorageError: nobody has answered it yet, or it is decided.
    """
    found = await waiting_in(connection, unit_id, link_id)
    values = {"decided_at": at, "taken": taken}
    await connection.execute(update(_link).where(_link.c.id == link_id).values(**values))
    files = [await evidence.find_in(connection, unit_id, ident) for ident in found.files] if taken else []
    there = [
        await evidence.receive_in(
            connection,
            at,
            person_id,
            unit_id,
            file.ref,
            file.name,
            file.size_bytes,
            file.kind,
            macro=file.macro,
        )
        for file in files
        if file.erased_at is None
    ]
    action = "link.taken" if taken else "link.left"
    await _audit(connection, at, str(person_id), action, found, taken_as=[file.id for file in there])
    return there


async def waiting_in(connection: AsyncConnection, unit_id: int, link_id: int) -> Link:
    """A link of the unit whose answer waits to be decided. Errors as `decide_in`."""
    found = await find_in(connection, unit_id, link_id)
    if found.answered_at is None:
        raise StorageError("这个链接还没有人填，填好了会告诉您")
    if found.decided_at is not None:
        raise StorageError(f"同事填的这一条已经定过了：{'采用' if found.taken else '不用'}")
    return found


async def revoke_in(connection: AsyncConnection, at: datetime, person_id: int, unit_id: int, link_id: int) -> Link:
    """Make a link worth nothing.

    Raises:
        NotFoundError: the unit has no such link.
        StorageError: it was answered or revoked before.
    """
    found = await find_in(connection, unit_id, link_id)
    if found.answered_at is not None:
        raise StorageError("这个链接同事已经填过了，请看填的内容，选“采用”或“不用”")
    if found.revoked_at is not None:
        raise StorageError("这个链接已经作废过了，不用再点")
    await connection.execute(update(_link).where(_link.c.id == link_id).values(revoked_at=at))
    await _audit(connection, at, str(person_id), "link.revoked", found)
    return found


async def find_in(connection: AsyncConnection, unit_id: int, link_id: int) -> Link:
    """A link of a unit.

    Raises:
        NotFoundError: the unit has no such link.
    """
    query = select(_link).where(_link.c.id == link_id, _link.c.unit_id == unit_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError("没有这个转同事的链接，请从清单里打开那一条再转一次")
    return _link_of(row)


async def _keep(connection: AsyncConnection, at: datetime, link: Link, file: Sent) -> int:
    """A file as evidence that proves nothing: withdrawn at once, unless the unit has it already."""
    about = (connection, at, link.person_id, link.unit_id, file.ref, file.name, file.size_bytes, file.kind)
    before = {one.evidence.ref for one in await evidence.of_unit_in(connection, link.unit_id)}
    kept = await evidence.receive_in(*about, macro=file.macro)
    if file.ref not in before:
        await evidence.withdraw_in(connection, at, link.person_id, link.unit_id, kept.id)
    return kept.id


async def _same_again(
    connection: AsyncConnection, code: str, name: str, said: str, files: Sequence[Sent]
) -> Link | None:
    row = (await connection.execute(select(_link).where(_link.c.code_sha256 == _hashed(code)))).first()
    if row is None or row.answered_at is None or (row.name, row.said) != (name, said):
        return None
    found = _link_of(row)
    refs = {(await evidence.find_in(connection, found.unit_id, ident)).ref for ident in found.files}
    return found if refs == {file.ref for file in files} else None


async def _still_answers(connection: AsyncConnection, link: Link, today: date) -> bool:
    """Whether who made the link answers for the unit yet: as its liaison, or in the place of one who is away."""
    for one in (await reaching.member_in(connection, link.campaign_id, link.person_id))[:1]:
        held = await standing_in.memberships_in(connection, one.channel, one.address, today)
        return any(m.role == "liaison" and m.unit_id == link.unit_id for m in held)
    return False


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogateescape")).hexdigest()


def _link_of(row: Any) -> Link:
    values = {**row._mapping, "files": tuple(json.loads(row.files))}
    return Link(**{name: values[name] for name in Link._fields})


async def _audit(connection: AsyncConnection, at: datetime, actor: str, action: str, link: Link, **more: Any) -> None:
    subject = {"link": link.id, "unit": link.unit_id, "rubric": link.rubric_id, "criterion": link.criterion_id, **more}
    if link.answered_at is not None:
        content = audit.canonical([link.name, link.said])
        subject |= {"files": list(link.files), "content": hashlib.sha256(content.encode()).hexdigest()}
    await audit.record(connection, at, actor, action, subject, link.campaign_id)
