"""Every version of an answer, seen from inside a unit of work: what an undo goes back to."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.facts import read_json
from storage import kept_facts
from storage.answers import Answer
from storage.tables_answers import AnswerRow

_answer = AnswerRow.__table__  # type: ignore[attr-defined]


async def of_clause_in(connection: AsyncConnection, unit_id: int, rubric_id: str, criterion_id: str) -> list[Answer]:
    """The versions of a clause's answer, oldest first, seeing what this unit of work has already changed."""
    clause = (
        _answer.c.unit_id == unit_id,
        _answer.c.rubric_id == rubric_id,
        _answer.c.criterion_id == criterion_id,
    )
    rows = await connection.execute(kept_facts.ANSWERS.where(*clause))
    return [
        Answer(
            row.criterion_id,
            row.version,
            row.state,
            None if row.fact is None else read_json(row.fact),
            row.note,
            row.said,
            row.person_id,
            row.person_name,
            row.at,
            row.message_id,
        )
        for row in rows
    ]
