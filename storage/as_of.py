"""What a unit said at a moment: all versions of its answers are kept, and all bookings with their days."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from rubrics.booked import with_booked
from rubrics.facts import Fact, read_json
from rubrics.model import Rubric
from storage import kept_facts
from storage.tables_answers import AnswerRow
from storage.tables_ledger import OfficeFactRow

_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_booked: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]


class Claimed(NamedTuple):
    """The facts the engine scores as 自报, and the state of each clause that was answered (see `answers.State`)."""

    facts: dict[str, Fact]
    states: dict[str, str]


async def claimed_in(connection: AsyncConnection, unit_id: int, rubric: Rubric, at: datetime) -> Claimed:
    """What a unit claimed at a moment, with what the office had booked by then.

    For rubrics whose clauses are all answered, as those of a tasks table are: what is derived from another rubric
    and 合理缺项 are left out.
    """
    own = (_answer.c.unit_id == unit_id, _answer.c.rubric_id == rubric.id, _answer.c.at <= at)
    newest: dict[str, Any] = {}
    for row in await connection.execute(kept_facts.ANSWERS.where(*own)):
        if row.criterion_id not in newest or newest[row.criterion_id].version < row.version:
            newest[row.criterion_id] = row
    asked = {ident: row for ident, row in newest.items() if ident in rubric.criteria}
    booked: dict[str, list[Fact]] = {}
    for row in await connection.execute(_booked_by(unit_id, rubric, at)):
        booked.setdefault(row.criterion_id, []).append(read_json(row.fact))
    facts = with_booked(rubric, kept_facts.facts_of(asked.values()), booked)
    return Claimed(facts, {ident: row.state for ident, row in asked.items()})


def _booked_by(unit_id: int, rubric: Rubric, at: datetime) -> Any:
    counted = or_(_booked.c.dismissed_at.is_(None), _booked.c.dismissed_at > at)
    own = (_booked.c.unit_id == unit_id, _booked.c.rubric_id == rubric.id, _booked.c.at <= at)
    return select(_booked.c.criterion_id, _booked.c.fact).where(*own, counted).order_by(_booked.c.id)
