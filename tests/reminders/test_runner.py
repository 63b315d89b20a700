"""The jobs: again and again, one at a time, whatever one of them does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from reminders.runner import Runner


def runs(job: object, seconds: float, every: float = 0.02) -> None:
    async def scene() -> None:
        runner = Runner({"job": (job, timedelta(seconds=every))})  # type: ignore[dict-item]
        running = asyncio.ensure_future(runner.run())
        await asyncio.sleep(seconds)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scene())


def test_a_job_that_fails_runs_again() -> None:
    ran: list[int] = []

    async def job() -> None:
        ran.append(1)
        raise RuntimeError("the disk is full")

    runs(job, 2)

    assert len(ran) >= 2


def test_a_job_never_runs_beside_itself_and_what_it_missed_is_one_run() -> None:
    at_once: list[int] = []
    most: list[int] = []

    async def job() -> None:
        at_once.append(1)
        most.append(len(at_once))
        await asyncio.sleep(0.3)  # many intervals
        at_once.pop()

    runs(job, 2)

    assert max(most) == 1
    assert 2 <= len(most) <= 8
