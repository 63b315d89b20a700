"""The tables of people, of what they answered, and of the scores that follow (see ``tables`` for the rules)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime
from storage.tables import ROLES

STATES = ("answered", "not_yet", "unknown", "not_here", "withdrawn")
"""What an answer may be: a fact, 还没到时候, 不清楚, 本地没有, or taken back."""


class PersonRow(SQLModel, table=True):
    """A person who has joined at least once."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AddressRow(SQLModel, table=True):
    """Where a person is reached; one person an address."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str = Field(max_length=20)
    address: str = Field(max_length=120)


class MembershipRow(SQLModel, table=True):
    """What a person is in a campaign; for a unit, or for the campaign as a whole."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="membership_role"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    role: str = Field(max_length=20)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnswerRow(SQLModel, table=True):
    """One version of an answer (申报). Append only: the newest version counts."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("unit_id", "rubric_id", "criterion_id", "version"),
        UniqueConstraint("campaign_id", "receipt"),
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="answer_state"),
        CheckConstraint("(state = 'answered') = (fact IS NOT NULL)", name="answer_fact"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    receipt: int  # counts the campaign's answers from 1
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    version: int
    state: str = Field(max_length=20)
    fact: str | None = Field(default=None)  # JSON text: decimals stay exact
    note: str = Field(max_length=500)  # until when, why, where it lies
    said: str = Field(max_length=200)  # as the person typed it
    person_id: int = Field(foreign_key="person.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ScorecardRow(SQLModel, table=True):
    """What the engine made of a unit's answers: a cache, rewritten in each answer's own transaction."""

    __tablename__ = "scorecard"
    __table_args__ = (UniqueConstraint("unit_id", "rubric_id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    claimed: str  # JSON, see scorecards.Figures: decimals as text
    proven: str
    verified: str
    answered: int  # criteria with a fact
    lacking: int  # criteria that claim points without (all of) their proof
    reviewed: int  # criteria with a fact of the office
    updated_at: datetime = Field(sa_type=UtcDateTime)  # of the newest answer
