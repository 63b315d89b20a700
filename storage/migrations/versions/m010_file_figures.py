"""The figures in files' text, once a content."""

import sqlalchemy as sa
from alembic import op

from storage.clock import UtcDateTime

revision = "m010"
down_revision = "m009"


def upgrade() -> None:
    """Create the table; files that are there already are read in the background, as new ones are."""
    op.create_table(
        "file_figures",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("lines", sa.String),
        sa.Column("read_at", UtcDateTime, nullable=False),
    )
