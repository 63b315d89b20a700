"""Reminders: what was said, who asked to hear later, who is away; what a page has shown; when a rubric was issued."""

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m006"
down_revision = "m005"


def upgrade() -> None:
    """Create the tables of reminders, and what a message and a campaign tell them."""
    _said()
    _rest()
    op.add_column("campaign", sa.Column("issued_on", sa.Date))
    op.add_column("message", sa.Column("asks", sa.String(20), nullable=False, server_default=""))
    op.add_column("message", sa.Column("seen_at", UtcDateTime))
    blocked = sa.text("outcome IN ('blocked', 'unknown')")
    op.create_index(
        "ix_message_unreached", "message", ["channel", "address"], sqlite_where=blocked, postgresql_where=blocked
    )


def _whose() -> list[sa.Column[int]]:
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    ]


def _said() -> None:
    op.create_table(
        "reminder_said",
        *_whose(),
        sa.Column("key", sa.String(60), nullable=False, unique=True),
        sa.Column("said_on", sa.Date, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("matters", sa.String, nullable=False),
        sa.Column("close_on", sa.Date),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("message.id"), nullable=False, unique=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('regular', 'deadline', 'asked')", name="reminder_said_kind"),
        sa.Index("ix_reminder_said_campaign", "campaign_id", "person_id"),
    )


def _rest() -> None:
    op.create_table(
        "snooze",
        *_whose(),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Index("ix_snooze_campaign", "campaign_id", "person_id"),
    )
    op.create_table(
        "leave",
        *_whose(),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("deputy_id", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint("starts_on <= ends_on", name="leave_days"),
        sa.Index("ix_leave_campaign", "campaign_id", "person_id"),
    )
