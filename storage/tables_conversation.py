"""The tables of the conversation: what came in, what was said both ways, browsers, open questions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.clock import UtcDateTime

_WAITING = text("handled_at IS NULL AND dead_at IS NULL")
_UNSENT = text("outcome IS NULL AND NOT mine")
_UNREACHED = text("outcome IN ('blocked', 'unknown')")


class InboxRow(SQLModel, table=True):
    """A raw event, kept before it is confirmed to the messenger; ``dead_at`` after too many failures."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index("ix_inbox_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=20)
    event_id: str = Field(max_length=120)
    address: str = Field(max_length=120)
    raw: str  # JSON
    received_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int
    dead_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str  # why the last try failed; empty before


class MessageRow(SQLModel, table=True):
    """Something said at an address: transcript and outbox at once."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_channel_address", "channel", "address", "id"),
        Index("ix_message_unsent", "id", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("ix_message_unreached", "channel", "address", sqlite_where=_UNREACHED, postgresql_where=_UNREACHED),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=20)
    address: str = Field(max_length=120)
    at: datetime = Field(sa_type=UtcDateTime)
    mine: bool  # from the person
    text: str
    options: str  # JSON: [{"key", "label"}]
    settled: str | None = Field(default=None, max_length=60)  # the label that was pressed
    file: str | None = Field(default=None)  # JSON
    push: bool = Field(default=False)  # said unasked: an answer overtakes it
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # not to be tried before
    tries: int
    outcome: str | None = Field(default=None, max_length=20)  # how sending ended; none while it has not
    why: str  # of an outcome other than sent
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asks: str = Field(default="", max_length=20)  # what must still be true just before it is sent; empty: nothing
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # a page has shown it


class SessionRow(SQLModel, table=True):
    """A browser's cookie, as a hash."""

    __tablename__ = "session"

    id: int | None = Field(default=None, primary_key=True)
    token_sha256: str = Field(unique=True, max_length=64)
    address: str = Field(max_length=120)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DialogueRow(SQLModel, table=True):
    """Where the dialogue at an address stands."""

    __tablename__ = "dialogue"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(max_length=20)
    address: str = Field(max_length=120)
    state: str  # JSON
    updated_at: datetime = Field(sa_type=UtcDateTime)
