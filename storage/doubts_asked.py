"""Which questions a unit was asked already: nobody is asked the same twice, whoever of the office looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import audit
from storage.doubts import Doubt
from storage.review_queue import Clause
from storage.tables import AuditRow

_audit: Any = AuditRow.__table__  # type: ignore[attr-defined]
_ACTION = "doubt.asked"


async def asked_in(connection: AsyncConnection, campaign_id: int, clause: Clause, doubt: Doubt) -> datetime | None:
    """When a unit was asked this; None where it was not."""
    same = (_audit.c.action == _ACTION, _audit.c.campaign_id == campaign_id)
    query = select(_audit.c.at).where(*same, _audit.c.subject == audit.canonical(_subject(clause, doubt)))
    found: datetime | None = (await connection.execute(query.order_by(_audit.c.id.desc()))).scalar()
    return found


async def note_in(
    connection: AsyncConnection, at: datetime, person_id: int, campaign_id: int, clause: Clause, doubt: Doubt
) -> None:
    """Note that a unit is asked, in the unit of work that asks it."""
    await audit.record(connection, at, str(person_id), _ACTION, _subject(clause, doubt), campaign_id)


def _subject(clause: Clause, doubt: Doubt) -> dict[str, Any]:
    unit_id, rubric_id, criterion_id = clause
    return {"unit": unit_id, "rubric": rubric_id, "criterion": criterion_id, "kind": doubt.kind, "doubt": doubt.ident}
