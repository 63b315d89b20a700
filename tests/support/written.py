"""One call in a unit of work of its own, as a turn of the conversation makes it."""

from __future__ import annotations

from typing import Any

from storage.database import Database


def written(run: Any, function: Any, *given: Any, **words: Any) -> Any:
    async def use_case(database: Database) -> Any:
        async with database.write() as connection:
            return await function(connection, *given, **words)

    return run(use_case)
