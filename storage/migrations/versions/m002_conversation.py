"""People, answers, scorecards, and the conversation: inbox, messages, sessions, dialogues."""

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m002"
down_revision = "m001"


def upgrade() -> None:
    """Create the tables of the conversation."""
    _people()
    _conversation()
    _answers()
    # in plain SQL: SQLite takes a reference only together with its column
    op.execute("ALTER TABLE invitation ADD COLUMN used_by INTEGER REFERENCES person (id)")
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER answer_no_{change.lower()} BEFORE {change} ON answer "
            "BEGIN SELECT RAISE(ABORT, 'answers are append only'); END"
        )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.UniqueConstraint("channel", "address"),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False, index=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id")),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("joined_at", UtcDateTime, nullable=False),
        sa.Column("removed_at", UtcDateTime),
        sa.CheckConstraint("role IN ('liaison', 'office', 'leader', 'provider', 'expert')", name="membership_role"),
    )


def _conversation() -> None:
    waiting = sa.text("handled_at IS NULL AND dead_at IS NULL")
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("event_id", sa.String(120), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("raw", sa.String, nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("handled_at", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("dead_at", UtcDateTime),
        sa.Column("error", sa.String, nullable=False),
        sa.UniqueConstraint("channel", "event_id"),
        sa.Index("ix_inbox_waiting", "id", sqlite_where=waiting, postgresql_where=waiting),
    )
    unsent = sa.text("outcome IS NULL AND NOT mine")
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("mine", sa.Boolean, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("options", sa.String, nullable=False),
        sa.Column("settled", sa.String(60)),
        sa.Column("file", sa.String),
        sa.Column("due_at", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Index("ix_message_channel_address", "channel", "address", "id"),
        sa.Index("ix_message_unsent", "id", sqlite_where=unsent, postgresql_where=unsent),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("channel", "address"),
    )


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("receipt", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("criterion_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("fact", sa.String),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("said", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("message.id")),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("unit_id", "rubric_id", "criterion_id", "version"),
        sa.UniqueConstraint("campaign_id", "receipt"),
        sa.CheckConstraint("state IN ('answered', 'not_yet', 'unknown', 'not_here', 'withdrawn')", name="answer_state"),
        sa.CheckConstraint("(state = 'answered') = (fact IS NOT NULL)", name="answer_fact"),
    )
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("claimed", sa.String, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("open", sa.Integer, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("unit_id", "rubric_id"),
    )
