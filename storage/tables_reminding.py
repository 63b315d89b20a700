"""The tables of reminders: what was said unasked, who asked to hear later, who is away (see ``tables``)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

TOLD_AS = ("regular", "deadline", "asked")
"""As what a digest counts in the quiet contract: the weekly one, one before a close, one that was asked for (稍后)."""


class ReminderSaidRow(SQLModel, table=True):
    """A digest that was said to a person; its message tells how sending ended."""

    __tablename__ = "reminder_said"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in TOLD_AS)})", name="reminder_said_kind"),
        Index("ix_reminder_said_campaign", "campaign_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    person_id: int = Field(foreign_key="person.id")
    key: str = Field(unique=True, max_length=60)  # a second plan of the day says nothing twice
    said_on: date  # in the campaign's zone
    kind: str = Field(max_length=10)
    why: str = Field(max_length=500)  # for the office
    matters: str  # JSON: [[unit id, key]]
    close_on: date | None = Field(default=None)  # the next deadline of what was open
    message_id: int = Field(foreign_key="message.id", unique=True)
    at: datetime = Field(sa_type=UtcDateTime)


class SnoozeRow(SQLModel, table=True):
    """A person asked to hear again on a day (稍后); the newest counts."""

    __tablename__ = "snooze"
    __table_args__ = (Index("ix_snooze_campaign", "campaign_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    person_id: int = Field(foreign_key="person.id")
    until: date
    at: datetime = Field(sa_type=UtcDateTime)


class LeaveRow(SQLModel, table=True):
    """Days away (请假), both inclusive, and who stands in; ended early by ``ended_at``."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="leave_days"),
        Index("ix_leave_campaign", "campaign_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    person_id: int = Field(foreign_key="person.id")
    starts_on: date
    ends_on: date
    deputy_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
