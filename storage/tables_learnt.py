"""The table of what people's words turned out to mean (see ``tables``)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

ALIAS_CHARACTERS = 8


class LearntAliasRow(SQLModel, table=True):
    """Words (学到的说法) that a person of the campaign has said a clause by; the newest of the same words counts."""

    __tablename__ = "learnt_alias"

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    rubric_id: str = Field(max_length=60)
    criterion_id: str = Field(max_length=20)
    alias: str = Field(max_length=ALIAS_CHARACTERS)
    person_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_by: int | None = Field(default=None, foreign_key="person.id")
