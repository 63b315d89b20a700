"""The tables. Classes here say what a row holds; no object of theirs leaves this room.

A row is never deleted: what ends gets an end (``removed_at``, ``used_at``), what changes gets a new version.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

ROLES = ("liaison", "office", "leader", "provider", "expert")
"""What a person may be in a campaign (see the glossary in ARCHITECTURE.md)."""


class CampaignRow(SQLModel, table=True):
    """A year's work (考核年度)."""

    __tablename__ = "campaign"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=20)
    year: int
    issued_on: date | None = Field(default=None)  # when its rules went out; else the day it was set up
    appeal_days: int = Field(default=5, sa_column_kwargs={"server_default": "5"})  # from the feedback to the last 申诉
    created_at: datetime = Field(sa_type=UtcDateTime)


class CampaignRubricRow(SQLModel, table=True):
    """A rubric a campaign runs, in the edition it began with."""

    __tablename__ = "campaign_rubric"
    __table_args__ = (UniqueConstraint("campaign_id", "rubric_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    rubric_id: str = Field(max_length=60)
    edition_sha256: str = Field(max_length=64)
    position: int
    provisional: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})  # 暂用, until the year's own
    overlay: str | None = Field(default=None)  # the year's overlay as YAML, laid over the file
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # another rubric took its place


class CampaignReadingRow(SQLModel, table=True):
    """A reading a campaign switched: when it was set up, or later by two people."""

    __tablename__ = "campaign_reading"
    __table_args__ = (UniqueConstraint("campaign_id", "rubric_id", "reading_id"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    rubric_id: str = Field(max_length=60)
    reading_id: str = Field(max_length=20)
    option: str = Field(max_length=40)


class CampaignPhaseRow(SQLModel, table=True):
    """A step of the campaign's year with its days, both inclusive; one row a name, changed by the office."""

    __tablename__ = "campaign_phase"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    name: str = Field(max_length=40)
    starts_on: date
    ends_on: date


class UnitRow(SQLModel, table=True):
    """An assessed unit (被考核单位)."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    name: str = Field(max_length=60)
    category: str = Field(max_length=20)
    position: int


class UnitAliasRow(SQLModel, table=True):
    """Another name people use for a unit; one unit a name in a campaign."""

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("campaign_id", "alias"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    alias: str = Field(max_length=60)


class ExpectedLiaisonRow(SQLModel, table=True):
    """A liaison the roster names, before anybody has joined."""

    __tablename__ = "expected_liaison"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str = Field(max_length=60)


class TargetRow(SQLModel, table=True):
    """A task handed down to a unit (目标任务)."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("unit_id", "rubric_id", "criterion_id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    figure: str = Field(max_length=30)  # a decimal as text: nothing is lost
    number: str = Field(default="", max_length=100)  # 文号 of the paper that hands it down
    issued_on: date | None = Field(default=None)
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")  # the unit's liaison has read it
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InvitationRow(SQLModel, table=True):
    """A single-use way in. Only the hash of its code is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="invitation_role"),
        Index("ix_invitation_campaign_unit", "campaign_id", "unit_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    role: str = Field(max_length=20)
    name: str = Field(default="", max_length=60)
    code_sha256: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_by: int | None = Field(default=None, foreign_key="person.id")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditRow(SQLModel, table=True):
    """One change: who did what when. Append only; each row's hash covers the one before."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=120)
    action: str = Field(max_length=60)
    campaign_id: int | None = Field(default=None)
    subject: str  # canonical JSON: ids and hashes, never a token or a person's words
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
