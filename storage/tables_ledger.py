"""The tables of the ledger (台账): entries, proof without a file, facts of the office, what is not there (see ``tables``)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

NOTE_KINDS = ("number", "offline")
"""Title and 文号 where they suffice, or 线下核验: title, 文号 and where it lies."""


class EntryRow(SQLModel, table=True):
    """One meeting, report or award (台账记录): what a count is made of."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_clause", "unit_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    name: str = Field(max_length=200)
    happened_on: date | None = Field(default=None)
    number: str = Field(max_length=100)  # 文号 or certificate number; empty where none is given
    granted_by: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})  # who gave an honour
    level: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})  # 国家级, 省级 …
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProofNoteRow(SQLModel, table=True):
    """Proof that is named, not sent."""

    __tablename__ = "proof_note"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in NOTE_KINDS)})", name="proof_note_kind"),
        Index("ix_proof_note_clause", "unit_id", "rubric_id", "criterion_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    entry_id: int | None = Field(default=None, foreign_key="entry.id")
    kind: str = Field(max_length=10)
    title: str = Field(max_length=200)
    number: str = Field(max_length=100)
    place: str = Field(max_length=200)  # where it lies; empty for a number
    part: int = Field(default=-1, sa_column_kwargs={"server_default": "-1"})  # as in rubrics.proof; -1 is all of it
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OfficeFactRow(SQLModel, table=True):
    """A fact the office booked against a unit (记情况), with its 依据; it counts until it is 不计."""

    __tablename__ = "office_fact"
    __table_args__ = (Index("ix_office_fact_clause", "unit_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    fact: str  # JSON text, as an answer's
    basis: str = Field(max_length=500)  # 文号, report or link; for 曝光 medium, level and date
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    disputed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disputed_by: int | None = Field(default=None, foreign_key="person.id")
    dispute: str = Field(max_length=500)
    dismissed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dismissed_by: int | None = Field(default=None, foreign_key="person.id")
    dismissed_why: str = Field(max_length=500)


class AbsenceRow(SQLModel, table=True):
    """What the office decided about 本地没有 of a clause, for all units alike; the newest counts."""

    __tablename__ = "absence"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    granted: bool
    why: str = Field(max_length=500)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class SubmissionRow(SQLModel, table=True):
    """A unit's 自评 of a rubric: handed in with a sheet to sign, closed by the signed page or waived by the office."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    number: int  # counts the campaign's submissions from 1
    unit_id: int = Field(foreign_key="unit.id", index=True)
    rubric_id: str = Field(max_length=60)
    claimed: str  # the printed figures as they were, JSON
    sheet_ref: str = Field(max_length=64)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    signed_id: int | None = Field(default=None, foreign_key="evidence.id")
    waived_by: int | None = Field(default=None, foreign_key="person.id")
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FeedbackRow(SQLModel, table=True):
    """What a person thinks of the bot or the assessment (意见反馈)."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    text: str = Field(max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)


class DeviceCodeRow(SQLModel, table=True):
    """A single-use code that lets a person in from another device. Only its hash is kept."""

    __tablename__ = "device_code"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_sha256: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
