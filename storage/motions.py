"""What takes two people of the office: one proposes it with a reason, another agrees to it, only then it is done.

A motion is decided once. Who proposed it, or belongs to a unit it concerns, cannot be the one that agrees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit, scorecards
from storage.errors import NotFoundError, StorageError
from storage.freezing import SCORES
from storage.tables_answers import MembershipRow, PersonRow
from storage.tables_closing import MOTIONS, MotionRow
from storage.texts import storable

WORD_CHARACTERS = 500
FEWEST_CHARACTERS = 2

_motion: Any = MotionRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_decider: Any = _person.alias("decider")


class OnePersonError(StorageError):
    """The same person would propose and agree, or there is nobody else who could."""


class Motion(NamedTuple):
    """A motion (提请). ``subject`` says what it is about by ids; its ``units`` are those it concerns."""

    id: int
    campaign_id: int
    kind: str
    subject: dict[str, Any]
    why: str
    person_id: int
    person: str
    at: datetime
    decided_by: int | None
    decider: str
    decided_at: datetime | None
    agreed: bool | None
    answer: str

    @property
    def state(self) -> Literal["open", "agreed", "refused", "withdrawn"]:
        """``withdrawn``: put down by who proposed it."""
        if self.decided_at is None:
            return "open"
        if self.agreed:
            return "agreed"
        return "withdrawn" if self.decided_by == self.person_id else "refused"


async def propose_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    kind: str,
    subject: Mapping[str, Any],
    why: str,
) -> Motion:
    """Propose something; nothing of it is done yet.

    Args:
        kind: one of `storage.tables_closing.MOTIONS`.
        subject: JSON values; ``units`` holds the ids of the units it concerns, where it concerns some.

    Raises:
        NotFoundError: the person does not work in the campaign's office; a file may also be erased at the wish of a
            liaison of its unit.
        OnePersonError: the person belongs to a unit it concerns, or nobody else could agree.
        StorageError: no reason, or the same waits already.
    """
    if kind not in MOTIONS:
        raise ValueError(f"no such kind of motion: {kind!r}")
    words = _words(why, "提请要写一句理由，另一位同事才好决定")
    if kind != "erase" or not await _answers_for(connection, campaign_id, person_id, subject):
        await _refuse_concerned(connection, campaign_id, person_id, subject)
    if not await deciders_in(connection, campaign_id, person_id, subject):
        raise OnePersonError("这件事要考核办两个人定，现在没有第二个人可以同意；请先发 邀请，再请一位考核办同事加入")
    text = storable(audit.canonical(dict(subject)))
    for old in await open_in(connection, campaign_id):
        if old.kind == kind and audit.canonical(old.subject) == text:
            raise StorageError(f"同样的提请已经有了（第 {old.id} 号，{old.person or '同事'} 提的），正等人同意")
    values = {"campaign_id": campaign_id, "kind": kind, "subject": text, "why": words, "answer": ""}
    added = await connection.execute(insert(_motion).values(**values, person_id=person_id, at=at))
    (motion_id,) = added.inserted_primary_key or (0,)
    made = await find_in(connection, campaign_id, motion_id)
    await _audit(connection, at, person_id, "motion.proposed", made, words)
    return made


async def deciders_in(
    connection: AsyncConnection, campaign_id: int, person_id: int, subject: Mapping[str, Any]
) -> frozenset[int]:
    """Who could agree to something that this person proposes: others of the office, of none of the units concerned."""
    office = await _office(connection, campaign_id)
    return office - {person_id} - await _of_units(connection, subject)


async def decidable_in(connection: AsyncConnection, campaign_id: int, person_id: int, motion_id: int) -> Motion:
    """An open motion that this person may decide: to be asked before it is carried out.

    Raises:
        NotFoundError: the campaign has no such motion, or the person does not work in its office.
        OnePersonError: the person proposed it, or belongs to a unit it concerns.
        StorageError: it is decided already.
    """
    found = await find_in(connection, campaign_id, motion_id)
    if found.state != "open":
        raise StorageError(f"第 {found.id} 号提请{_DECIDED[found.state]}，不用再处理")
    if found.person_id == person_id:
        raise OnePersonError("这是你自己提的，要由考核办另一位同事同意")
    await _refuse_concerned(connection, campaign_id, person_id, found.subject)
    return found


async def agree_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, motion_id: int
) -> Motion:
    """Agree to a motion; the caller carries it out in the same unit of work. Errors as `decidable_in`."""
    found = await decidable_in(connection, campaign_id, person_id, motion_id)
    agreed = await _decide(connection, at, person_id, found, agreed=True, answer="")
    if found.kind == "reopen" and found.subject.get("what") == SCORES:  # the agreement itself opens them
        await scorecards.follow_freezing_in(connection, at, campaign_id)
    return agreed


async def refuse_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, motion_id: int, answer: str
) -> Motion:
    """Refuse a motion with a reason; nothing is done.

    Raises:
        StorageError: no reason; else as `decidable_in`.
    """
    found = await decidable_in(connection, campaign_id, person_id, motion_id)
    words = _words(answer, "不同意要写一句理由，提请的人会看到")
    return await _decide(connection, at, person_id, found, agreed=False, answer=words)


async def withdraw_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, motion_id: int
) -> Motion:
    """Put the own motion down before anybody has decided it.

    Raises:
        NotFoundError: the campaign has no such motion, or it is not this person's.
        StorageError: it is decided already.
    """
    found = await find_in(connection, campaign_id, motion_id)
    if found.person_id != person_id:
        raise NotFoundError("这条提请不是你提的，只有提的人能收回")
    if found.state != "open":
        raise StorageError(f"第 {found.id} 号提请{_DECIDED[found.state]}，不用再处理")
    return await _decide(connection, at, person_id, found, agreed=False, answer="")


async def open_in(connection: AsyncConnection, campaign_id: int) -> list[Motion]:
    """The motions of a campaign that wait to be decided, oldest first."""
    return await _all(connection, _QUERY.where(_motion.c.campaign_id == campaign_id, _motion.c.decided_at.is_(None)))


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Motion]:
    """All motions of a campaign, oldest first."""
    return await _all(connection, _QUERY.where(_motion.c.campaign_id == campaign_id))


async def find_in(connection: AsyncConnection, campaign_id: int, motion_id: int) -> Motion:
    """A motion of a campaign.

    Raises:
        NotFoundError: the campaign has no such motion.
    """
    found = await _all(connection, _QUERY.where(_motion.c.id == motion_id, _motion.c.campaign_id == campaign_id))
    if not found:
        raise NotFoundError("没有找到这条提请，请发 提请 看现在等着的")
    return found[0]


_DECIDED = {"agreed": "已经同意并办了", "refused": "已经定为不同意", "withdrawn": "已经由提的人收回"}

_QUERY: Select[Any] = (
    select(_motion, _person.c.name.label("person"), _decider.c.name.label("decider"))
    .join(_person, _person.c.id == _motion.c.person_id)
    .join(_decider, _decider.c.id == _motion.c.decided_by, isouter=True)
    .order_by(_motion.c.id)
)


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Motion]:
    return [
        Motion(**{**row._mapping, "subject": json.loads(row.subject), "decider": row.decider or ""})
        for row in await connection.execute(query)
    ]


async def _office(connection: AsyncConnection, campaign_id: int) -> frozenset[int]:
    held = (
        _membership.c.campaign_id == campaign_id,
        _membership.c.role == "office",
        _membership.c.removed_at.is_(None),
    )
    return frozenset((await connection.execute(select(_membership.c.person_id).where(*held))).scalars())


async def _of_units(connection: AsyncConnection, subject: Mapping[str, Any]) -> frozenset[int]:
    """Who belongs, or has belonged, to a unit that is concerned."""
    query = select(_membership.c.person_id).where(_membership.c.unit_id.in_(tuple(subject.get("units", ()))))
    return frozenset((await connection.execute(query)).scalars())


async def _answers_for(
    connection: AsyncConnection, campaign_id: int, person_id: int, subject: Mapping[str, Any]
) -> bool:
    """Whether a person is a liaison of all units that are concerned."""
    mine = (_membership.c.person_id == person_id, _membership.c.campaign_id == campaign_id)
    live = (_membership.c.role == "liaison", _membership.c.removed_at.is_(None))
    held = set((await connection.execute(select(_membership.c.unit_id).where(*mine, *live))).scalars())
    return bool(subject.get("units")) and set(subject["units"]) <= held


async def _refuse_concerned(
    connection: AsyncConnection, campaign_id: int, person_id: int, subject: Mapping[str, Any]
) -> None:
    if person_id not in await _office(connection, campaign_id):
        raise NotFoundError("只有这次考核的考核办人员能提请和决定")
    if person_id in await _of_units(connection, subject):
        raise OnePersonError("这件事涉及你自己的单位，按回避要求请考核办其他人办")


async def _decide(
    connection: AsyncConnection, at: datetime, person_id: int, found: Motion, *, agreed: bool, answer: str
) -> Motion:
    values = {"decided_by": person_id, "decided_at": at, "agreed": agreed, "answer": answer}
    await connection.execute(update(_motion).where(_motion.c.id == found.id).values(**values))
    decided = await find_in(connection, found.campaign_id, found.id)
    await _audit(connection, at, person_id, f"motion.{decided.state}", decided, answer)
    return decided


def _words(text: str, missing: str) -> str:
    words = storable(text.strip(), WORD_CHARACTERS)
    if len(words) < FEWEST_CHARACTERS:
        raise StorageError(missing)
    return words


async def _audit(
    connection: AsyncConnection, at: datetime, person_id: int, action: str, motion: Motion, words: str
) -> None:
    about = hashlib.sha256(audit.canonical(motion.subject).encode()).hexdigest()
    subject = {
        "motion": motion.id,
        "kind": motion.kind,
        "subject_sha256": about,
        "words_sha256": hashlib.sha256(words.encode()).hexdigest(),
    }
    await audit.record(connection, at, str(person_id), action, subject, motion.campaign_id)
