"""Alembic's entry: migrations run on the connection they are given."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables
import storage.tables_answers
import storage.tables_conversation
import storage.tables_evidence
import storage.tables_learnt
import storage.tables_ledger  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
