"""What people's words turned out to mean (学到的说法): learnt for a campaign from a person's choice, removable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import NotFoundError, StorageError
from storage.tables_answers import PersonRow
from storage.tables_learnt import ALIAS_CHARACTERS, LearntAliasRow
from storage.texts import storable

_learnt: Any = LearntAliasRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Learnt(NamedTuple):
    """Words that mean a clause, and who has said so when."""

    id: int
    rubric_id: str
    criterion_id: str
    alias: str
    person_id: int
    person: str
    at: datetime


async def add_in(
    connection: AsyncConnection,
    at: datetime,
    person_id: int,
    campaign_id: int,
    rubric_id: str,
    criterion_id: str,
    alias: str,
) -> Learnt:
    """Remember what some words mean; what they were said to mean before under that rubric ends.

    Raises:
        StorageError: no words, or more than `ALIAS_CHARACTERS`: a sentence is no name of anything.
    """
    words = storable(alias.strip())
    if not 0 < len(words) <= ALIAS_CHARACTERS:
        raise StorageError(f"一个说法要有 1 到 {ALIAS_CHARACTERS} 个字，现在有 {len(words)} 个，请换短一点的")
    for old in await of_campaign_in(connection, campaign_id):
        if (old.rubric_id, old.alias) == (rubric_id, words):
            if old.criterion_id == criterion_id:
                return old
            await remove_in(connection, at, person_id, campaign_id, old.id)
    row = {"campaign_id": campaign_id, "rubric_id": rubric_id, "criterion_id": criterion_id, "alias": words}
    added = await connection.execute(insert(_learnt).values(**row, person_id=person_id, at=at))
    (ident,) = added.inserted_primary_key or (0,)
    subject = {"learnt": ident, "rubric": rubric_id, "criterion": criterion_id}
    subject["sha256"] = hashlib.sha256(words.encode()).hexdigest()
    await audit.record(connection, at, str(person_id), "alias.learnt", subject, campaign_id)
    name = (await connection.execute(select(_person.c.name).where(_person.c.id == person_id))).scalar() or ""
    return Learnt(int(ident), rubric_id, criterion_id, words, person_id, name, at)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Learnt]:
    """What counts in a campaign now, newest first."""
    query = (
        select(
            _learnt.c.id,
            _learnt.c.rubric_id,
            _learnt.c.criterion_id,
            _learnt.c.alias,
            _learnt.c.person_id,
            _person.c.name,
            _learnt.c.at,
        )
        .join(_person, _person.c.id == _learnt.c.person_id)
        .where(_learnt.c.campaign_id == campaign_id, _learnt.c.removed_at.is_(None))
        .order_by(_learnt.c.id.desc())
    )
    return [Learnt(*row) for row in await connection.execute(query)]


async def aliases_in(connection: AsyncConnection, campaign_id: int) -> Mapping[str, dict[str, str]]:
    """Rubric id → words → criterion id, as a `rubrics.matching.Matcher` takes them."""
    found: dict[str, dict[str, str]] = {}
    for one in await of_campaign_in(connection, campaign_id):
        found.setdefault(one.rubric_id, {})[one.alias] = one.criterion_id
    return found


async def remove_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, learnt_id: int
) -> None:
    """Let some words mean nothing in particular again.

    Raises:
        NotFoundError: the campaign has no such words, or they were removed already.
    """
    here = (_learnt.c.id == learnt_id, _learnt.c.campaign_id == campaign_id, _learnt.c.removed_at.is_(None))
    ended = await connection.execute(update(_learnt).where(*here).values(removed_at=at, removed_by=person_id))
    if not ended.rowcount:
        raise NotFoundError("这个说法已经删掉了，请重新打开“学到的说法”再看")
    await audit.record(connection, at, str(person_id), "alias.removed", {"learnt": learnt_id}, campaign_id)
