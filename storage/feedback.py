"""What people think of the bot or the assessment (意见反馈): kept as they wrote it, for the office to read."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.errors import StorageError
from storage.tables_answers import PersonRow
from storage.tables_ledger import FeedbackRow
from storage.texts import storable

TEXT_CHARACTERS = 2000

_feedback: Any = FeedbackRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]


class Feedback(NamedTuple):
    """What somebody wrote."""

    id: int
    person_id: int
    person: str
    text: str
    at: datetime


async def add_in(connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, text: str) -> int:
    """Keep what a person wrote and return its id; the audit trail holds only a hash of it.

    Raises:
        StorageError: nothing was written, or more than is kept: it is not cut behind the person's back.
    """
    words = storable(text.strip())
    if not words:
        raise StorageError("意见还没有写，请把想说的话发一遍")
    if len(words) > TEXT_CHARACTERS:
        raise StorageError(f"意见有 {len(words)} 个字，最多 {TEXT_CHARACTERS} 个字，请分几次发")
    row = {"campaign_id": campaign_id, "person_id": person_id, "text": words, "at": at}
    added = await connection.execute(insert(_feedback).values(**row))
    (feedback_id,) = added.inserted_primary_key or (0,)
    subject = {"feedback": feedback_id, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    await audit.record(connection, at, str(person_id), "feedback.given", subject, campaign_id)
    return int(feedback_id)


async def of_campaign_in(connection: AsyncConnection, campaign_id: int) -> list[Feedback]:
    """Everything that was written in a campaign, newest first."""
    query = (
        select(_feedback.c.id, _feedback.c.person_id, _person.c.name, _feedback.c.text, _feedback.c.at)
        .join(_person, _person.c.id == _feedback.c.person_id)
        .where(_feedback.c.campaign_id == campaign_id)
        .order_by(_feedback.c.id.desc())
    )
    return [Feedback(*row) for row in await connection.execute(query)]
