"""The tables of a year's end: snapshots, what takes two people, what stays open, late answers, steps, rectification;
and of people who come and go (see ``tables`` for the rules)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

MOTIONS = ("veto", "erase", "reading", "reopen")
"""What takes two people: 一票否决 and preconditions, erasing a file, switching a reading, opening again what is frozen."""

OPENINGS = ("year_end", "reopened")
"""Why answers are taken after the lock: 待年终 (the proof comes later), or opened again with a reason."""


def _one_of(column: str, words: tuple[str, ...], name: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=name)


class SnapshotRow(SQLModel, table=True):
    """All scorecards of a campaign as they were, numbered. Never changed."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    number: int
    name: str = Field(max_length=60)
    final: bool  # 审定: taken when the scores were frozen
    content: str  # JSON, see `storage.snapshots`
    sha256: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")  # none: taken by a command
    at: datetime = Field(sa_type=UtcDateTime)


class MotionRow(SQLModel, table=True):
    """What one person proposes and another has to agree to before it is done."""

    __tablename__ = "motion"
    __table_args__ = (_one_of("kind", MOTIONS, "motion_kind"), Index("ix_motion_campaign", "campaign_id", "kind"))

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    kind: str = Field(max_length=10)
    subject: str  # JSON: what it is about, by ids
    why: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    agreed: bool | None = Field(default=None)
    answer: str = Field(default="", max_length=500)


class OpeningRow(SQLModel, table=True):
    """What is still taken after the lock: a clause for all, or of one unit, until a day (inclusive)."""

    __tablename__ = "opening"
    __table_args__ = (_one_of("kind", OPENINGS, "opening_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")  # none: all units
    rubric_id: str | None = Field(default=None, max_length=60)  # none: all clauses
    criterion_id: str | None = Field(default=None, max_length=20)
    kind: str = Field(max_length=10)
    until: date
    why: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LateAnswerRow(SQLModel, table=True):
    """An answer given after the lock: it waits for the office and counts only when that grants it."""

    __tablename__ = "late_answer"
    __table_args__ = (Index("ix_late_answer_campaign", "campaign_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    fact: str | None = Field(default=None)  # JSON text; none where only proof came
    said: str = Field(max_length=200)
    files: str  # JSON: evidence ids
    named: str  # JSON: proof by name and entries, as `storage.late_named` reads them
    why: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    granted: bool | None = Field(default=None)
    answer: str = Field(default="", max_length=500)


class ResultStepRow(SQLModel, table=True):
    """A step of 结果运用 with its day: 通报表扬, 抄送, 纳入目标考核, 约谈, 回头看."""

    __tablename__ = "result_step"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    name: str = Field(max_length=100)
    due_on: date | None = Field(default=None)
    note: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    done_on: date | None = Field(default=None)
    done_by: int | None = Field(default=None, foreign_key="person.id")
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RectificationRow(SQLModel, table=True):
    """A line of a unit's 整改清单: the clause that lost points, what is done about it, by whom, until when; 销号."""

    __tablename__ = "rectification"
    __table_args__ = (UniqueConstraint("unit_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    lost: str = Field(max_length=30)  # a decimal as text
    because: str = Field(max_length=500)
    measure: str = Field(default="", max_length=500)
    who: str = Field(default="", max_length=60)
    due_on: date
    files: str  # JSON: evidence ids
    at: datetime = Field(sa_type=UtcDateTime)
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reported_by: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    answer: str = Field(default="", max_length=500)  # of the office when it sends a line back


class HandoverRow(SQLModel, table=True):
    """A unit handed from one person to another, with the day it begins."""

    __tablename__ = "handover"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    from_id: int = Field(foreign_key="person.id")
    to_id: int | None = Field(default=None, foreign_key="person.id")  # none until the invitation is used
    invitation_id: int | None = Field(default=None, foreign_key="invitation.id")
    starts_on: date
    words: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")  # of the office
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ClauseLinkRow(SQLModel, table=True):
    """A link for one clause (转同事), answered without joining and confirmed by the liaison. Only its hash is kept."""

    __tablename__ = "clause_link"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    code_sha256: str = Field(unique=True, max_length=64)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    name: str = Field(default="", max_length=60)  # as the colleague signed
    said: str = Field(default="", max_length=500)
    files: str  # JSON: evidence ids, kept unattached until confirmed
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken: bool | None = Field(default=None)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
