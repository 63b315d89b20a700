"""Notices, information reports, clues."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m007"
down_revision = "m006"


def upgrade() -> None:
    """Create the tables of what the office sends and gets between the clauses."""
    _notices()
    _information()
    _clues()


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(name: str, table: str, *, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=False, index=index)


def _maybe(name: str, table: str, *, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), index=index)


def _must(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _notices() -> None:
    op.create_table(
        "notice",
        _id(),
        _of("campaign_id", "campaign"),
        _must("number", sa.Integer),
        _must("kind", sa.String(10)),
        _must("text", sa.String(2000)),
        sa.Column("file", sa.String),
        sa.Column("answer_by", sa.Date),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("sheet_at", UtcDateTime),
        sa.UniqueConstraint("campaign_id", "number"),
        sa.CheckConstraint("kind IN ('read', 'meeting', 'material')", name="notice_kind"),
    )
    op.create_table(
        "notice_unit",
        _id(),
        _of("notice_id", "notice"),
        _of("unit_id", "unit"),
        sa.Column("came", sa.Boolean),
        sa.UniqueConstraint("notice_id", "unit_id"),
    )
    op.create_table(
        "notice_sent",
        _id(),
        _of("notice_id", "notice"),
        _of("unit_id", "unit"),
        _of("person_id", "person"),
        _of("message_id", "message"),
    )
    op.create_index("ix_notice_sent_notice", "notice_sent", ["notice_id", "unit_id"])
    op.create_table(
        "notice_answer",
        _id(),
        _of("notice_id", "notice"),
        _of("unit_id", "unit"),
        _of("person_id", "person"),
        _must("answer", sa.String(10)),
        _must("words", sa.String(200)),
        _must("at", UtcDateTime),
        sa.CheckConstraint("answer IN ('got', 'come', 'not', 'sent')", name="notice_answer_answer"),
    )
    op.create_index("ix_notice_answer_notice", "notice_answer", ["notice_id", "unit_id"])


def _information() -> None:
    op.create_table(
        "information",
        _id(),
        _of("campaign_id", "campaign"),
        _must("number", sa.Integer),
        _of("unit_id", "unit"),
        _must("title", sa.String(200)),
        _must("text", sa.String),
        _must("reported_on", sa.Date),
        _must("received_on", sa.Date),
        _must("evidence", sa.String),
        _must("state", sa.String(10)),
        _must("why", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        _maybe("decided_by", "person"),
        sa.Column("decided_at", UtcDateTime),
        sa.UniqueConstraint("campaign_id", "number"),
        sa.CheckConstraint("state IN ('reported', 'adopted', 'returned')", name="information_state"),
    )
    op.create_index("ix_information_unit", "information", ["unit_id", "reported_on"])
    op.create_table(
        "information_entry",
        _id(),
        _of("information_id", "information", index=True),
        _of("entry_id", "entry"),
        _must("rubric_id", sa.String(60)),
    )
    op.create_table(
        "information_term",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _must("days", sa.String),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
    )


def _clues() -> None:
    op.create_table(
        "clue",
        _id(),
        _of("campaign_id", "campaign"),
        _must("number", sa.Integer),
        _of("unit_id", "unit", index=True),
        _must("text", sa.String(2000)),
        _must("files", sa.String),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        _maybe("verifier_id", "unit", index=True),
        _must("state", sa.String(10)),
        _must("why", sa.String(500)),
        _maybe("decided_by", "person"),
        sa.Column("decided_at", UtcDateTime),
        _maybe("same_case_id", "clue"),
        sa.UniqueConstraint("campaign_id", "number"),
        sa.CheckConstraint("state IN ('waiting', 'true', 'false')", name="clue_state"),
    )
