"""What people's words turned out to mean."""

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m005"
down_revision = "m004"


def upgrade() -> None:
    """Create the table of learnt words."""
    op.create_table(
        "learnt_alias",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("campaign_id", sa.Integer, sa.ForeignKey("campaign.id"), nullable=False, index=True),
        sa.Column("rubric_id", sa.String(60), nullable=False),
        sa.Column("criterion_id", sa.String(20), nullable=False),
        sa.Column("alias", sa.String(8), nullable=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("removed_at", UtcDateTime),
        sa.Column("removed_by", sa.Integer, sa.ForeignKey("person.id")),
    )
