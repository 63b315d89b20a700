"""经办记录: who did what for a unit on which day, from the rows themselves; what people did stays theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import CampaignRubricRow
from storage.tables_answers import AnswerRow, MembershipRow, PersonRow
from storage.tables_closing import ClauseLinkRow, MotionRow, RectificationRow
from storage.tables_evidence import EvidenceRow
from storage.tables_ledger import EntryRow, OfficeFactRow, SubmissionRow
from storage.tables_reminding import LeaveRow
from storage.tables_review import AppealRow, VerdictRow
from storage.verdict_rows import department

KINDS = (
    "joined",
    "answered",
    "filed",
    "entered",
    "passed-on",
    "helped",
    "submitted",
    "appealed",
    "mended",
    "away",
    "unwanted",
    "erased",
    "reviewed",
    "booked",
    "left",
)
"""Joined, answers, files, 台账 entries, 转同事 and what a colleague wrote, 自评 handed in, 申诉, 整改 reported, 请假, 误发
proposed and agreed to, verdicts, the office's bookings, left; in this order on a day."""

_appeal: Any = AppealRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_fact: Any = OfficeFactRow.__table__  # type: ignore[attr-defined]
_leave: Any = LeaveRow.__table__  # type: ignore[attr-defined]
_line: Any = RectificationRow.__table__  # type: ignore[attr-defined]
_link: Any = ClauseLinkRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_motion: Any = MotionRow.__table__  # type: ignore[attr-defined]
_person: Any = PersonRow.__table__  # type: ignore[attr-defined]
_rubric: Any = CampaignRubricRow.__table__  # type: ignore[attr-defined]
_submission: Any = SubmissionRow.__table__  # type: ignore[attr-defined]
_verdict: Any = VerdictRow.__table__  # type: ignore[attr-defined]


_OFFICE = literal("").label("department")  # or the unit itself
_NOBODY_ELSE = literal("").label("colleague")


class Day(NamedTuple):
    """What one person did on one day; ``counts`` by kind, in the order of `KINDS`.

    ``department``: the lead department in whose name they reviewed; empty for the office and the unit's own people.
    ``colleague``: ``person`` is how somebody signed who never joined and only answered a link (转同事).
    """

    on: date
    person: str
    counts: Mapping[str, int]
    department: str = ""
    colleague: bool = False


async def of_unit_in(connection: AsyncConnection, unit_id: int, zone: ZoneInfo) -> list[Day]:
    """All days, newest first; the days are those of the zone."""
    done = union_all(*_own(unit_id), *_offices(unit_id)).subquery()
    query = select(done, _person.c.name).join(_person, _person.c.id == done.c.person_id)
    days: dict[tuple[date, int, str, str], Counter[str]] = {}
    names: dict[int, str] = {}
    for row in await connection.execute(query):
        day = (row.at.astimezone(zone).date(), row.person_id, row.department, row.colleague)
        days.setdefault(day, Counter())[row.kind] += 1
        names[row.person_id] = row.name
    newest = sorted(days, key=lambda key: (-key[0].toordinal(), *key[1:]))
    counted = {key: {kind: days[key][kind] for kind in KINDS if kind in days[key]} for key in newest}
    return [Day(key[0], key[3] or names[key[1]], counted[key], key[2], bool(key[3])) for key in newest]


def _own(unit_id: int) -> Iterator[Select[Any]]:
    """What the unit's people did, and who was passed a question."""
    yield _done("joined", _membership, _membership.c.joined_at, unit_id)
    yield _done("answered", _answer, _answer.c.at, unit_id).where(_done_here(_answer))
    came = _evidence.c.received_at  # what came by a link is kept withdrawn until somebody takes it, as a row of its own
    by_them = or_(_evidence.c.withdrawn_at.is_(None), _evidence.c.withdrawn_at != came)
    yield _done("filed", _evidence, came, unit_id).where(by_them)
    yield _done("entered", _entry, _entry.c.at, unit_id).where(_done_here(_entry))
    yield _done("passed-on", _link, _link.c.at, unit_id)
    signed = case((_link.c.name == "", "同事"), else_=_link.c.name).label("colleague")
    yield _done("helped", _link, _link.c.answered_at, unit_id, colleague=signed)
    yield _done("submitted", _submission, _submission.c.at, unit_id)
    yield _done("appealed", _appeal, _appeal.c.at, unit_id)
    yield _done("mended", _line, _line.c.reported_at, unit_id, person=_line.c.reported_by)
    yield _done("away", _leave, _leave.c.at, None).where(_of_unit_then(_leave.c.person_id, _leave.c.at, unit_id))
    yield _done("left", _membership, _membership.c.removed_at, unit_id)


def _offices(unit_id: int) -> Iterator[Select[Any]]:
    """What was done for the unit by those who review, book, or have to agree."""
    yield _done("reviewed", _verdict, _verdict.c.at, unit_id, department()).where(_done_here(_verdict))
    yield _done("booked", _fact, _fact.c.at, unit_id).where(_done_here(_fact))
    erasing = (_motion.c.kind == "erase", func.json_extract(_motion.c.subject, "$.units[0]") == unit_id)
    yield _done("unwanted", _motion, _motion.c.at, None).where(*erasing)
    agreed = (*erasing, _motion.c.agreed.is_(True))
    yield _done("erased", _motion, _motion.c.decided_at, None, person=_motion.c.decided_by).where(*agreed)


def _done(
    kind: str,
    table: Any,
    at: Any,
    unit_id: int | None,
    department: Any = _OFFICE,
    *,
    person: Any = None,
    colleague: Any = _NOBODY_ELSE,
) -> Select[Any]:
    """Rows that have a moment, of a unit where the table names one."""
    who = table.c.person_id if person is None else person
    columns = (literal(kind).label("kind"), who.label("person_id"), at.label("at"), department, colleague)
    query = select(*columns).where(at.is_not(None))
    return query if unit_id is None else query.where(table.c.unit_id == unit_id)


def _of_unit_then(person_id: Any, at: Any, unit_id: int) -> ColumnElement[bool]:
    """Whether somebody spoke for the unit at a moment."""
    held = (_membership.c.unit_id == unit_id, _membership.c.person_id == person_id, _membership.c.joined_at <= at)
    still = or_(_membership.c.removed_at.is_(None), _membership.c.removed_at > at)
    return select(_membership.c.id).where(*held, still).exists()


def _done_here(table: Any) -> ColumnElement[bool]:
    """Not what was carried over from a rubric that was replaced: whoever did that did it once, under the other one."""
    before = _rubric.alias("before")
    place = (before.c.campaign_id == _rubric.c.campaign_id, before.c.position == _rubric.c.position)
    earlier = select(before.c.id).where(*place, before.c.id < _rubric.c.id, before.c.ended_at > table.c.at)
    mine = (_rubric.c.campaign_id == table.c.campaign_id, _rubric.c.rubric_id == table.c.rubric_id)
    return ~select(_rubric.c.id).where(*mine, earlier.exists()).exists()
