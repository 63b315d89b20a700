"""Evidence: the files of a unit and the clauses they prove."""

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m003"
down_revision = "m002"

# as they were at this revision
KINDS = "'pdf', 'png', 'jpeg', 'gif', 'webp', 'heic', 'video', 'ole', 'docx', 'xlsx', 'pptx', 'ofd', 'ceb', 'zip', 'rar', '7z', 'text'"


def upgrade() -> None:
    """Create the tables of evidence."""
    held, attached = sa.text("withdrawn_at IS NULL"), sa.text("detached_at IS NULL")
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False, index=True),
        sa.Column("unit_id", sa.Integer, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("macro", sa.Boolean, nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("message.id")),
        sa.Column("withdrawn_at", UtcDateTime),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="evidence_kind"),
        sa.Index("ix_evidence_held", "unit_id", "sha256", unique=True, sqlite_where=held, postgresql_where=held),
    )
    clause = ("evidence_id", "rubric_id", "criterion_id")
    op.create_table(
        "evidence_use",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("evidence_id", sa.Integer, sa.ForeignKey("evidence.id"), nullable=False),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("criterion_id", sa.String(20), nullable=False),
        sa.Column("attached_at", UtcDateTime, nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("detached_at", UtcDateTime),
        sa.Index("ix_evidence_use_attached", *clause, unique=True, sqlite_where=attached, postgresql_where=attached),
    )
