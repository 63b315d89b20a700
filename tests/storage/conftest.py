"""A fresh data folder with its database, and a clock that stands still."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from folders import fresh

from storage.data_folder import database_path
from storage.database import Database

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fresh(tmp_path / "data")


@pytest.fixture
def run(folder: Path) -> Callable[[Callable[[Database], Awaitable[Any]]], Any]:
    """Runs a use case against the folder's database with connections of its own, so only committed data counts."""

    def runner(use_case: Callable[[Database], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            database = Database(database_path(folder))
            try:
                return await use_case(database)
            finally:
                await database.close()

        return asyncio.run(main())

    return runner
