"""Which units have answered a clause: one read for a whole campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.kept_facts import NEWEST
from storage.tables_answers import AnswerRow

_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]


async def units_in(connection: AsyncConnection, campaign_id: int, rubric_id: str, criterion_id: str) -> set[int]:
    """The units whose answer to a clause stands, an honest state (还没到时候) included; not one taken back."""
    clause = (
        _answer.c.campaign_id == campaign_id,
        _answer.c.rubric_id == rubric_id,
        _answer.c.criterion_id == criterion_id,
        _answer.c.state != "withdrawn",
    )
    return {row.unit_id for row in await connection.execute(NEWEST.where(*clause))}
