"""What the office sees of a day: what came in by unit, who has been silent, what waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import absences, appeals, late_answers, office_facts, submissions
from storage.tables import UnitRow
from storage.tables_answers import AnswerRow, MembershipRow
from storage.tables_closing import LateAnswerRow
from storage.tables_conversation import InboxRow
from storage.tables_evidence import EvidenceRow
from storage.tables_ledger import EntryRow, FeedbackRow, ProofNoteRow, SubmissionRow
from storage.tables_push import ClueRow, InformationRow, NoticeAnswerRow
from storage.tables_review import AppealRow, TaskNoteRow

_unit: Any = UnitRow.__table__  # type: ignore[attr-defined]
_answer: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_evidence: Any = EvidenceRow.__table__  # type: ignore[attr-defined]
_entry: Any = EntryRow.__table__  # type: ignore[attr-defined]
_inbox: Any = InboxRow.__table__  # type: ignore[attr-defined]
_membership: Any = MembershipRow.__table__  # type: ignore[attr-defined]
_feedback: Any = FeedbackRow.__table__  # type: ignore[attr-defined]
_SIGNS: tuple[Any, ...] = (
    NoticeAnswerRow,
    InformationRow,
    ClueRow,
    ProofNoteRow,
    SubmissionRow,
    LateAnswerRow,
    AppealRow,
    TaskNoteRow,
)
"""What units do beside answers, files and entries, each row with ``unit_id`` and ``at``."""


class CameIn(NamedTuple):
    """What a unit sent since a moment: versions of answers, files, entries."""

    unit_id: int
    unit: str
    answers: int
    files: int
    entries: int


class Silent(NamedTuple):
    """A unit nothing came from since a moment; ``last`` is when something last did, be it that somebody joined."""

    unit_id: int
    unit: str
    last: datetime | None


class Waits(NamedTuple):
    """What waits for the office. ``dead_letters``: events of all campaigns that were given up since a moment.

    ``appeals`` and ``late``: how many 申诉 and 补报 nobody has decided.
    """

    disputes: tuple[office_facts.OfficeFact, ...]
    absences: tuple[absences.Waiting, ...]
    submissions: tuple[submissions.Submission, ...]
    dead_letters: int
    appeals: int = 0
    late: int = 0


async def came_in_in(connection: AsyncConnection, campaign_id: int, since: datetime) -> list[CameIn]:
    """The units something came from since a moment, in roster order; also what was withdrawn later."""
    came = _came()
    counted = (
        select(
            _unit.c.id,
            _unit.c.name,
            *(func.count().filter(came.c.what == what) for what in ("answer", "file", "entry")),
        )
        .join(came, and_(came.c.unit_id == _unit.c.id, came.c.at >= since))
        .where(_unit.c.campaign_id == campaign_id)
        .group_by(_unit.c.id, _unit.c.name, _unit.c.position)
        .order_by(_unit.c.position)
    )
    return [CameIn(*row) for row in await connection.execute(counted)]


async def silent_in(connection: AsyncConnection, campaign_id: int, since: datetime) -> list[Silent]:
    """The units nothing came from since a moment, in roster order: no answer, file or report, no word of any other kind.

    Nobody joined for them since then, either.
    """
    came = _signs()
    query = (
        select(_unit.c.id, _unit.c.name, func.max(came.c.at, type_=_answer.c.at.type))
        .join(came, came.c.unit_id == _unit.c.id, isouter=True)
        .where(_unit.c.campaign_id == campaign_id)
        .group_by(_unit.c.id, _unit.c.name, _unit.c.position)
        .order_by(_unit.c.position)
    )
    found = [Silent(*row) for row in await connection.execute(query)]
    return [unit for unit in found if unit.last is None or unit.last < since]


async def waits_in(connection: AsyncConnection, campaign_id: int, since: datetime) -> Waits:
    """What waits for the office now, and how many events were given up since a moment."""
    booked = await office_facts.of_campaign_in(connection, campaign_id)
    standing = await submissions.of_campaign_in(connection, campaign_id)
    dead = select(func.count()).select_from(_inbox).where(_inbox.c.dead_at >= since)
    return Waits(
        tuple(fact for fact in booked if fact.state == "disputed"),
        tuple(await absences.waiting_in(connection, campaign_id)),
        tuple(submission for submission in standing if submission.state == "open"),
        (await connection.execute(dead)).scalar_one(),
        len(await appeals.open_in(connection, campaign_id)),
        len(await late_answers.open_in(connection, campaign_id)),
    )


def _came() -> Any:
    return union_all(
        select(_answer.c.unit_id, _answer.c.at.label("at"), literal("answer").label("what")),
        select(_evidence.c.unit_id, _evidence.c.received_at, literal("file")),
        select(_entry.c.unit_id, _entry.c.at, literal("entry")),
    ).subquery("came")


def _signs() -> Any:
    """Every sign of life of a unit: what came in, and what its liaisons said and did in other ways."""
    mine = and_(_membership.c.role == "liaison", _membership.c.unit_id.is_not(None))
    said = and_(_feedback.c.person_id == _membership.c.person_id, _feedback.c.campaign_id == _membership.c.campaign_id)
    came = _came()
    return union_all(
        select(came.c.unit_id, came.c.at),
        *(select(row.__table__.c.unit_id, row.__table__.c.at) for row in _SIGNS),
        select(_membership.c.unit_id, _membership.c.joined_at).where(mine),
        select(_membership.c.unit_id, _feedback.c.at).join(_feedback, said).where(mine),
    ).subquery("signs")
