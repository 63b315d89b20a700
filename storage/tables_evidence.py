"""The tables of evidence (佐证): which file a unit sent, and which clauses it is to prove (see ``tables`` for the rules)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime
from storage.file_types import KINDS

_HELD = text("withdrawn_at IS NULL")
_ATTACHED = text("detached_at IS NULL")


class EvidenceRow(SQLModel, table=True):
    """A file a unit sent; its bytes lie under their hash. Once a unit and content while not withdrawn."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="evidence_kind"),
        Index("ix_evidence_held", "unit_id", "sha256", unique=True, sqlite_where=_HELD, postgresql_where=_HELD),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    sha256: str = Field(max_length=64)
    name: str = Field(max_length=255)  # as the sender wrote it: data, never a path
    size_bytes: int
    kind: str = Field(max_length=10)
    macro: bool  # 含宏: only ever sent back as a download
    person_id: int = Field(foreign_key="person.id")
    received_at: datetime = Field(sa_type=UtcDateTime)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dated_on: date | None = Field(default=None)  # the day the proof is about
    number: str = Field(default="", max_length=100)  # its 文号, where given
    replaced_by: int | None = Field(default=None, foreign_key="evidence.id")
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # its bytes are gone, by two people
    erased_why: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})


class EvidenceUseRow(SQLModel, table=True):
    """That a file is to prove a clause; one file may prove several."""

    __tablename__ = "evidence_use"
    __table_args__ = (
        Index(
            "ix_evidence_use_attached",
            "evidence_id",
            "rubric_id",
            "criterion_id",
            "place",
            unique=True,
            sqlite_where=_ATTACHED,
            postgresql_where=_ATTACHED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    evidence_id: int = Field(foreign_key="evidence.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    entry_id: int | None = Field(default=None, foreign_key="entry.id")  # of a clause that counts entries
    part: int  # which part of the proof it is, see rubrics.proof
    place: str = Field(max_length=40)  # entry and part as one key: a unique index sees no equal nulls
    attached_at: datetime = Field(sa_type=UtcDateTime)
    person_id: int = Field(foreign_key="person.id")
    detached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class FileDatesRow(SQLModel, table=True):
    """When a file says it was made and last saved, once a content; no dates where it says nothing that can be."""

    __tablename__ = "file_dates"

    sha256: str = Field(primary_key=True, max_length=64)
    made_on: date | None = Field(default=None)
    saved_on: date | None = Field(default=None)
    read_at: datetime = Field(sa_type=UtcDateTime)


class FileFiguresRow(SQLModel, table=True):
    """The parts of a file's text that have numbers, once a content; goes when the file is erased."""

    __tablename__ = "file_figures"

    sha256: str = Field(primary_key=True, max_length=64)
    lines: str | None = Field(default=None)  # none where there is more text than was read
    read_at: datetime = Field(sa_type=UtcDateTime)
