"""What is on trial leaves nothing behind, and takes nothing else of its unit of work with it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from stored import NOW, chain, rows

from storage import audit
from storage.trial import on_trial


async def note(connection: Any, what: str) -> None:
    await audit.record(connection, NOW, "test", what, {})


@pytest.mark.parametrize("fails", [False, True])
def test_only_the_trial_is_undone(run: Any, fails: bool) -> None:
    async def work(database: Any) -> None:
        async with database.write() as connection:
            await note(connection, "before")
            try:
                async with on_trial(connection):
                    await note(connection, "tried")
                    if fails:
                        raise ValueError("refused")
            except ValueError:
                await note(connection, "told")
            await note(connection, "after")

    run(work)

    expected = [("before",), ("told",), ("after",)] if fails else [("before",), ("after",)]
    assert rows(run, "SELECT action FROM audit ORDER BY id") == expected
    assert chain(run).broken == ()


def test_several_units_of_work_in_one_commit_each_have_their_trial(run: Any) -> None:
    async def one(database: Any, name: str) -> None:
        async with database.write() as connection:
            await note(connection, name)
            async with on_trial(connection):
                await note(connection, f"{name} tried")

    async def work(database: Any) -> None:
        await asyncio.gather(*(one(database, name) for name in "abc"))

    run(work)

    assert rows(run, "SELECT action FROM audit ORDER BY id") == [("a",), ("b",), ("c",)]
