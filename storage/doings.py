"""经办记录: who did what for a unit on which day, from the rows themselves; what people did stays theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import CampaignRubricRow
from storage.tables_answers import AnswerRow, MembershipRow, PersonRow
from storage.tables_evidence import EvidenceRow
from storage.tables_ledger import EntryRow, OfficeFactRow, SubmissionRow
from storage.tables_review import VerdictRow
from storage.verdict_rows import department

KINDS = ("joined", "answered", "filed", "entered", "submitted", "reviewed", "booked", "left")
"""Joined, answers, files, 台账 entries, 自评 handed in, verdicts, the office's bookings, left; in this order on a day."""

_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_fact: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_submission: Any = SubmissionRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


_OFFICE = literal("").label("department")  # or the unit itself


class Day(NamedTuple):
    """What one person did on one day; ``counts`` by kind, in the order of `KINDS`.

    ``department``: the lead department in whose name they reviewed; empty for the office and the unit's own people.
    """

    on: date
    person: str
    counts: Mapping[str, int]
    department: str = ""


async def of_unit_in(connection: AsyncConnection, unit_id: int, zone: ZoneInfo) -> list[Day]:
    """All days, newest first; the days are those of the zone."""
    done = union_all(
        _done("answered", _answer, _answer.c.at, unit_id).where(_done_here(_answer)),
        _done("filed", _evidence, _evidence.c.received_at, unit_id),
        _done("entered", _entry, _entry.c.at, unit_id).where(_done_here(_entry)),
        _done("submitted", _submission, _submission.c.at, unit_id),
        _done("reviewed", _verdict, _verdict.c.at, unit_id, department()).where(_done_here(_verdict)),
        _done("booked", _fact, _fact.c.at, unit_id).where(_done_here(_fact)),
        _done("joined", _membership, _membership.c.joined_at, unit_id),
        _done("left", _membership, _membership.c.removed_at, unit_id).where(_membership.c.removed_at.is_not(None)),
    ).subquery()
    query = select(done, _person.c.name).join(_person, _person.c.id == done.c.person_id)
    days: dict[tuple[date, int, str], Counter[str]] = {}
    names: dict[int, str] = {}
    for row in await connection.execute(query):
        day = (row.at.astimezone(zone).date(), row.person_id, row.department)
        days.setdefault(day, Counter())[row.kind] += 1
        names[row.person_id] = row.name
    newest = sorted(days, key=lambda key: (-key[0].toordinal(), *key[1:]))
    return [Day(key[0], names[key[1]], {k: days[key][k] for k in KINDS if k in days[key]}, key[2]) for key in newest]


def _done(kind: str, table: Any, at: Any, unit_id: int, department: Any = _OFFICE) -> Select[Any]:
    columns = (literal(kind).label("kind"), table.c.person_id, at.label("at"), department)
    return select(*columns).where(table.c.unit_id == unit_id)


def _done_here(table: Any) -> ColumnElement[bool]:
    """Not what was carried over from a rubric that was replaced: whoever did that did it once, under the other one."""
    before = _rubric.alias("before")
    place = (before.c.campaign_id == _rubric.c.campaign_id, before.c.position == _rubric.c.position)
    earlier = select(before.c.id).where(*place, before.c.id < _rubric.c.id, before.c.ended_at > table.c.at)
    mine = (_rubric.c.campaign_id == table.c.campaign_id, _rubric.c.rubric_id == table.c.rubric_id)
    return ~select(_rubric.c.id).where(*mine, earlier.exists()).exists()
