"""Review, the year's end, people who come and go."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m009"
down_revision = "m008"


def upgrade() -> None:
    """Create the tables of review and of a year's end, and what older tables need for them."""
    op.add_column("campaign", sa.Column("appeal_days", sa.Integer, nullable=False, server_default="5"))
    op.add_column("campaign_rubric", sa.Column("provisional", sa.Boolean, nullable=False, server_default="0"))
    op.add_column("campaign_rubric", sa.Column("overlay", sa.String))
    op.add_column("campaign_rubric", sa.Column("ended_at", UtcDateTime))
    op.add_column("evidence", sa.Column("erased_at", UtcDateTime))
    op.add_column("evidence", sa.Column("erased_why", sa.String(500), nullable=False, server_default=""))
    op.create_table(
        "file_dates",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("made_on", sa.Date),
        sa.Column("saved_on", sa.Date),
        _must("read_at", UtcDateTime),
    )
    op.add_column("entry", sa.Column("granted_by", sa.String(200), nullable=False, server_default=""))
    op.add_column("entry", sa.Column("level", sa.String(40), nullable=False, server_default=""))
    _verdicts()
    _visits()
    _closing()
    _after()
    _people()


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _of(name: str, table: str, *, index: bool = False, unique: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=False, index=index, unique=unique or None)


def _maybe(name: str, table: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{table}.id"))


def _must(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _verdicts() -> None:
    op.create_table(
        "verdict",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        _must("kind", sa.String(10)),
        _must("how", sa.String(10)),
        sa.Column("fact", sa.String),
        sa.Column("claimed", sa.String),
        _must("reason", sa.String(500)),
        _must("answer_version", sa.Integer),
        _must("basis", sa.String(64)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("told_at", UtcDateTime),
        sa.CheckConstraint(
            "how IN ('seen', 'rest', 'sample', 'visit', 'provider', 'expert', 'appeal')", name="verdict_how"
        ),
        sa.CheckConstraint("kind IN ('pass', 'change', 'return', 'open')", name="verdict_kind"),
    )
    op.create_index("ix_verdict_clause", "verdict", ["unit_id", "rubric_id", "criterion_id"])
    op.create_index("ix_verdict_campaign", "verdict", ["campaign_id", "id"])
    op.create_table(
        "review_hold",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        _of("person_id", "person"),
        _must("until", UtcDateTime),
        sa.UniqueConstraint("unit_id", "rubric_id", "criterion_id"),
    )
    op.create_table(
        "appeal",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit"),
        _of("verdict_id", "verdict", unique=True),
        _must("text", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("before", sa.String),
        _maybe("decided_by", "person"),
        sa.Column("decided_at", UtcDateTime),
        _must("why", sa.String(500)),
        _maybe("decision_id", "verdict"),
        sa.Column("after", sa.String),
    )
    op.create_index("ix_appeal_campaign", "appeal", ["campaign_id", "unit_id"])
    op.create_table(
        "opinion",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        _must("fact", sa.String),
        _must("basis", sa.String(64)),
        _must("words", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
    )
    op.create_index("ix_opinion_clause", "opinion", ["unit_id", "rubric_id", "criterion_id"])
    op.create_table(
        "provided",
        _id(),
        _of("campaign_id", "campaign"),
        _of("provider_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        _of("unit_id", "unit"),
        _must("figure", sa.String(30)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
    )
    op.create_index("ix_provided_clause", "provided", ["campaign_id", "rubric_id", "criterion_id"])


def _visits() -> None:
    op.create_table(
        "review_group",
        _id(),
        _of("campaign_id", "campaign"),
        _must("name", sa.String(60)),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.UniqueConstraint("campaign_id", "name"),
    )
    op.create_table(
        "review_group_member",
        _id(),
        _of("group_id", "review_group", index=True),
        _of("person_id", "person"),
        _must("lead", sa.Boolean),
        _must("at", UtcDateTime),
        sa.Column("removed_at", UtcDateTime),
    )
    op.create_table(
        "review_group_unit",
        _id(),
        _of("group_id", "review_group", index=True),
        _of("unit_id", "unit"),
        sa.Column("visit_on", sa.Date),
        _must("at", UtcDateTime),
        sa.Column("removed_at", UtcDateTime),
    )
    op.create_table(
        "sample",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _must("seed", sa.String(40)),
        _must("population", sa.String),
        _must("chosen", sa.String),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
    )
    op.create_table(
        "finding",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        _maybe("group_id", "review_group"),
        _must("outcome", sa.String(10)),
        _must("words", sa.String(500)),
        _must("files", sa.String),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.CheckConstraint("outcome IN ('fine', 'doubtful', 'wrong')", name="finding_outcome"),
    )
    op.create_index("ix_finding_clause", "finding", ["unit_id", "rubric_id", "criterion_id"])
    op.create_table(
        "task_note",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("item_id", sa.String(20)),
        _must("problem", sa.String(500)),
        _must("next_step", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
    )
    op.create_index("ix_task_note_row", "task_note", ["unit_id", "rubric_id", "item_id"])


def _closing() -> None:
    op.create_table(
        "snapshot",
        _id(),
        _of("campaign_id", "campaign"),
        _must("number", sa.Integer),
        _must("name", sa.String(60)),
        _must("final", sa.Boolean),
        _must("content", sa.String),
        _must("sha256", sa.String(64)),
        _maybe("person_id", "person"),
        _must("at", UtcDateTime),
        sa.UniqueConstraint("campaign_id", "number"),
    )
    op.create_table(
        "motion",
        _id(),
        _of("campaign_id", "campaign"),
        _must("kind", sa.String(10)),
        _must("subject", sa.String),
        _must("why", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        _maybe("decided_by", "person"),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("agreed", sa.Boolean),
        _must("answer", sa.String(500)),
        sa.CheckConstraint("kind IN ('veto', 'erase', 'reading', 'reopen')", name="motion_kind"),
    )
    op.create_index("ix_motion_campaign", "motion", ["campaign_id", "kind"])
    op.create_table(
        "opening",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _maybe("unit_id", "unit"),
        sa.Column("rubric_id", sa.String(60)),
        sa.Column("criterion_id", sa.String(20)),
        _must("kind", sa.String(10)),
        _must("until", sa.Date),
        _must("why", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint("kind IN ('year_end', 'reopened')", name="opening_kind"),
    )
    op.create_table(
        "late_answer",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        sa.Column("fact", sa.String),
        _must("said", sa.String(200)),
        _must("files", sa.String),
        _must("named", sa.String),
        _must("why", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        _maybe("decided_by", "person"),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("granted", sa.Boolean),
        _must("answer", sa.String(500)),
    )
    op.create_index("ix_late_answer_campaign", "late_answer", ["campaign_id", "unit_id"])


def _after() -> None:
    op.create_table(
        "result_step",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _maybe("unit_id", "unit"),
        _must("name", sa.String(100)),
        sa.Column("due_on", sa.Date),
        _must("note", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        sa.Column("done_on", sa.Date),
        _maybe("done_by", "person"),
        sa.Column("dropped_at", UtcDateTime),
    )
    op.create_table(
        "rectification",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _of("unit_id", "unit"),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        _must("lost", sa.String(30)),
        _must("because", sa.String(500)),
        _must("measure", sa.String(500)),
        _must("who", sa.String(60)),
        _must("due_on", sa.Date),
        _must("files", sa.String),
        _must("at", UtcDateTime),
        sa.Column("reported_at", UtcDateTime),
        _maybe("reported_by", "person"),
        sa.Column("closed_at", UtcDateTime),
        _maybe("closed_by", "person"),
        _must("answer", sa.String(500)),
        sa.UniqueConstraint("unit_id", "rubric_id", "criterion_id"),
    )


def _people() -> None:
    op.create_table(
        "handover",
        _id(),
        _of("campaign_id", "campaign", index=True),
        _of("unit_id", "unit"),
        _of("from_id", "person"),
        _maybe("to_id", "person"),
        _maybe("invitation_id", "invitation"),
        _must("starts_on", sa.Date),
        _must("words", sa.String(500)),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        _maybe("confirmed_by", "person"),
        sa.Column("confirmed_at", UtcDateTime),
        sa.Column("dropped_at", UtcDateTime),
        sa.Column("done_at", UtcDateTime),
    )
    op.create_table(
        "clause_link",
        _id(),
        _of("campaign_id", "campaign"),
        _of("unit_id", "unit", index=True),
        _must("rubric_id", sa.String(60)),
        _must("criterion_id", sa.String(20)),
        sa.Column("code_sha256", sa.String(64), nullable=False, unique=True),
        _of("person_id", "person"),
        _must("at", UtcDateTime),
        _must("expires_at", UtcDateTime),
        _must("name", sa.String(60)),
        _must("said", sa.String(500)),
        _must("files", sa.String),
        sa.Column("answered_at", UtcDateTime),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("taken", sa.Boolean),
        sa.Column("revoked_at", UtcDateTime),
    )
