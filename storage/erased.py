"""Whether a file was ever erased: asked at every start, so without the tables that erasing needs."""

from __future__ import annotations

from sqlalchemy import Select, column, select, table

from storage.database import Database

_ANY: Select[tuple[int]] = (
    select(column("id")).select_from(table("evidence")).where(column("erased_at").is_not(None)).limit(1)
)


async def ever(database: Database) -> bool:
    """Whether `erasing.clean` may find something to do."""
    async with database.read() as connection:
        return (await connection.execute(_ANY)).first() is not None
