"""The tables of what the office sends and gets between the clauses: notices, information reports, clues (see ``tables``)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

NOTICE_KINDS = ("read", "meeting", "material")
"""What a notice asks for: 收到, 参加会议, 交材料."""

NOTICE_ANSWERS = ("got", "come", "not", "sent")
"""收到, 参加, 不参加, 材料已交."""

REPORT_STATES = ("reported", "adopted", "returned")
CLUE_STATES = ("waiting", "true", "false")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class NoticeRow(SQLModel, table=True):
    """A notice of the office (通知) as it went out."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint(_one_of("kind", NOTICE_KINDS), name="notice_kind"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    number: int  # counts the campaign's notices from 1
    kind: str = Field(max_length=10)
    text: str = Field(max_length=2000)
    file: str | None = Field(default=None)  # JSON
    answer_by: date | None = Field(default=None)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    sheet_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the attendance sheet is closed


class NoticeUnitRow(SQLModel, table=True):
    """A unit a notice is addressed to; ``came``: whether it was at the meeting, once the office has said."""

    __tablename__ = "notice_unit"
    __table_args__ = (UniqueConstraint("notice_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    unit_id: int = Field(foreign_key="unit.id")
    came: bool | None = Field(default=None)


class NoticeSentRow(SQLModel, table=True):
    """A message of a notice to a person, for one unit."""

    __tablename__ = "notice_sent"
    __table_args__ = (Index("ix_notice_sent_notice", "notice_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    unit_id: int = Field(foreign_key="unit.id")
    person_id: int = Field(foreign_key="person.id")
    message_id: int = Field(foreign_key="message.id")


class NoticeAnswerRow(SQLModel, table=True):
    """What a unit answered to a notice. Append only: the newest counts."""

    __tablename__ = "notice_answer"
    __table_args__ = (
        Index("ix_notice_answer_notice", "notice_id", "unit_id"),
        CheckConstraint(_one_of("answer", NOTICE_ANSWERS), name="notice_answer_answer"),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    unit_id: int = Field(foreign_key="unit.id")
    person_id: int = Field(foreign_key="person.id")
    answer: str = Field(max_length=10)
    words: str = Field(max_length=200)  # who comes, or what the files are called
    at: datetime = Field(sa_type=UtcDateTime)


class InformationRow(SQLModel, table=True):
    """An information report of a unit (信息上报)."""

    __tablename__ = "information"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        Index("ix_information_unit", "unit_id", "reported_on"),
        CheckConstraint(_one_of("state", REPORT_STATES), name="information_state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    number: int  # counts the campaign's reports from 1: its receipt
    unit_id: int = Field(foreign_key="unit.id")
    title: str = Field(max_length=200)
    text: str
    reported_on: date  # as the unit says
    received_on: date  # in the office's zone; what a 报送期限 asks for
    evidence: str  # JSON: ids of the unit's evidence, the receipt first
    state: str = Field(max_length=10)
    why: str = Field(max_length=500)  # of a return
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InformationEntryRow(SQLModel, table=True):
    """The entry an information report is counted by under a rubric."""

    __tablename__ = "information_entry"

    id: int | None = Field(default=None, primary_key=True)
    information_id: int = Field(foreign_key="information.id", index=True)
    entry_id: int = Field(foreign_key="entry.id")
    rubric_id: str = Field(max_length=60)


class InformationTermRow(SQLModel, table=True):
    """The days by which departments report (报送期限), set by the office; the newest row counts."""

    __tablename__ = "information_term"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    days: str  # JSON: ISO dates in order
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ClueRow(SQLModel, table=True):
    """A clue about counterfeits (打假线索): for its sender, the office and the verifying department only."""

    __tablename__ = "clue"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        CheckConstraint(_one_of("state", CLUE_STATES), name="clue_state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    number: int  # counts the campaign's clues from 1
    unit_id: int = Field(foreign_key="unit.id", index=True)
    text: str = Field(max_length=2000)
    files: str  # JSON: kept files that are no evidence, so that no pack has them
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    verifier_id: int | None = Field(
        default=None, foreign_key="unit.id", index=True
    )  # the department that looks into it
    state: str = Field(max_length=10)
    why: str = Field(max_length=500)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    same_case_id: int | None = Field(default=None, foreign_key="clue.id")  # the clue that counts for the case
