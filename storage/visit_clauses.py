"""What is worth looking at on site in a unit: doubtful clauses, those to be verified there (线下核验), sampled ones."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import answers, doubts, proof_notes, review_queue, samples
from storage.answers import Answer
from storage.doubts import Doubt
from storage.proof_notes import Note
from storage.review_queue import Look
from storage.tables_ledger import ProofNoteRow

_note: Any = ProofNoteRow.__table__  # type: ignore[attr-defined]


class ToLook(NamedTuple):
    """A clause and why it is looked at: the open questions, what lies at the unit, whether a sample drew it."""

    look: Look
    answer: Answer | None
    doubts: tuple[Doubt, ...]
    offline: tuple[Note, ...]
    sampled: bool


async def of_unit_in(
    connection: AsyncConnection, campaign_id: int, unit_id: int, today: date, zone: ZoneInfo
) -> list[ToLook]:
    """In the order of the rubrics; a clause the office has settled is not gone to look at again.

    Args:
        zone: the office's, in which a moment is a day.

    Raises:
        NotFoundError: no such campaign.
    """
    odd = await doubts.of_campaign_in(connection, campaign_id, zone, unit_id)
    sample = await samples.newest_in(connection, campaign_id)
    drawn = {one.clause for one in sample.chosen} if sample else set()
    offline = await _offline(connection, unit_id)
    found = []
    said: dict[str, dict[str, Answer]] = {}  # by rubric
    for look in await review_queue.of_campaign_in(connection, campaign_id, today, unit_id):
        asked, sampled = tuple(odd.get(look.clause, ())), look.clause in drawn
        there = look.clause[1:] in offline
        if look.state != "settled" and (asked or there or sampled):
            if look.rubric.id not in said:
                said[look.rubric.id] = await answers.current_in(connection, unit_id, look.rubric.id)
            notes = await proof_notes.of_clause_in(connection, *look.clause) if there else []
            lying = tuple(note for note in notes if note.kind == "offline")
            found.append(ToLook(look, said[look.rubric.id].get(look.criterion.id), asked, lying, sampled))
    return found


async def _offline(connection: AsyncConnection, unit_id: int) -> set[tuple[str, str]]:
    """The clauses of a unit whose proof is to be seen where it lies."""
    held = (_note.c.unit_id == unit_id, _note.c.kind == "offline", _note.c.withdrawn_at.is_(None))
    rows = await connection.execute(select(_note.c.rubric_id, _note.c.criterion_id).where(*held).distinct())
    return {(row.rubric_id, row.criterion_id) for row in rows}
