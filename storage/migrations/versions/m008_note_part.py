"""Which part of a clause's proof a named document is."""

import sqlalchemy as sa
from alembic import op

revision = "m008"
down_revision = "m007"


def upgrade() -> None:
    """Let a note say its part; those there are stand for all parts (-1), as they did."""
    op.add_column("proof_note", sa.Column("part", sa.Integer, nullable=False, server_default="-1"))
