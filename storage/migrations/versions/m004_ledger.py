"""The ledger: entries, proof without a file, facts of the office, submissions; readings and phases; three scores."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m004"
down_revision = "m003"


def upgrade() -> None:
    """Create the ledger's tables, and give evidence its part, date and number."""
    _campaign()
    _ledger()
    _desk()
    _evidence()
    _scorecard()
    with op.batch_alter_table("target") as target:
        target.add_column(sa.Column("number", sa.String(100), nullable=False, server_default=""))
        target.add_column(sa.Column("issued_on", sa.Date))
        target.add_column(sa.Column("confirmed_by", sa.Integer))
        target.add_column(sa.Column("confirmed_at", UtcDateTime))
        target.create_foreign_key("fk_target_confirmed_by", "person", ["confirmed_by"], ["id"])
    op.add_column("message", sa.Column("push", sa.Boolean, nullable=False, server_default=sa.false()))


def _campaign() -> None:
    op.create_table(
        "campaign_reading",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("reading_id", sa.String(20), nullable=False),
        sa.Column("option", sa.String(40), nullable=False),
        sa.UniqueConstraint("campaign_id", "rubric_id", "reading_id"),
    )
    op.create_table(
        "campaign_phase",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.UniqueConstraint("campaign_id", "name"),
    )


def _clause() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("criterion_id", sa.String(20), nullable=False),
    ]


def _by_person() -> list[sa.Column[Any]]:
    person = sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False)
    return [person, sa.Column("at", UtcDateTime, nullable=False)]


def _ledger() -> None:
    clause = ("unit_id", "rubric_id", "criterion_id")
    op.create_table(
        "entry",
        *_clause(),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("happened_on", sa.Date),
        sa.Column("number", sa.String(100), nullable=False),
        *_by_person(),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.Index("ix_entry_clause", *clause),
    )
    op.create_table(
        "proof_note",
        *_clause(),
        sa.Column("entry_id", sa.Integer, sa.ForeignKey("entry.id")),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        *_by_person(),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.CheckConstraint("kind IN ('number', 'offline')", name="proof_note_kind"),
        sa.Index("ix_proof_note_clause", *clause),
    )
    op.create_table(
        "office_fact",
        *_clause(),
        sa.Column("fact", sa.String, nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        *_by_person(),
        sa.Column("disputed_at", UtcDateTime),
        sa.Column("disputed_by", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("dispute", sa.String(500), nullable=False),
        sa.Column("dismissed_at", UtcDateTime),
        sa.Column("dismissed_by", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("dismissed_why", sa.String(500), nullable=False),
        sa.Index("ix_office_fact_clause", *clause),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False, index=True),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("criterion_id", sa.String(20), nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        *_by_person(),
    )


def _desk() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False, index=True),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("claimed", sa.String, nullable=False),
        sa.Column("sheet_ref", sa.String(64), nullable=False),
        *_by_person(),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("signed_id", sa.Integer, sa.ForeignKey("evidence.id")),
        sa.Column("waived_by", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("reopened_at", UtcDateTime),
        sa.UniqueConstraint("campaign_id", "number"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False, index=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "device_code",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("code_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
    )


def _evidence() -> None:
    with op.batch_alter_table("evidence") as evidence:
        evidence.add_column(sa.Column("dated_on", sa.Date))
        evidence.add_column(sa.Column("number", sa.String(100), nullable=False, server_default=""))
        evidence.add_column(sa.Column("replaced_by", sa.Integer))
        evidence.create_foreign_key("fk_evidence_replaced_by", "evidence", ["replaced_by"], ["id"])
    attached = sa.text("detached_at IS NULL")
    clause = ("evidence_id", "rubric_id", "criterion_id", "place")
    op.drop_index("ix_evidence_use_attached", "evidence_use")
    with op.batch_alter_table("evidence_use") as use:
        use.add_column(sa.Column("entry_id", sa.Integer))
        use.add_column(sa.Column("part", sa.Integer, nullable=False, server_default="-2"))  # not said which
        use.add_column(sa.Column("place", sa.String(40), nullable=False, server_default="0:-2"))
        use.create_foreign_key("fk_evidence_use_entry", "entry", ["entry_id"], ["id"])
    op.create_index(
        "ix_evidence_use_attached",
        "evidence_use",
        clause,
        unique=True,
        sqlite_where=attached,
        postgresql_where=attached,
    )


def _scorecard() -> None:
    """A cache: made anew, filled again when the data folder is brought up to date."""
    op.drop_table("scorecard")
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("claimed", sa.String, nullable=False),
        sa.Column("proven", sa.String, nullable=False),
        sa.Column("verified", sa.String, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("lacking", sa.Integer, nullable=False),
        sa.Column("reviewed", sa.Integer, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("unit_id", "rubric_id"),
    )
