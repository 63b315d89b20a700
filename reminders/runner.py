"""When the planner runs: three interval jobs, never a job a reminder.

A job that is late runs late, several missed runs are one, and none runs beside itself: what is due is computed anew
each time, so that nothing depends on a run that was missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

log = logging.getLogger(__name__)

PLAN_EVERY = timedelta(minutes=5)
WAKE_EVERY = timedelta(minutes=1)
RETURNS_EVERY = timedelta(minutes=1)  # how often it is looked whether a unit is to hear what was sent back
WEEK_EVERY = timedelta(minutes=30)  # how often it is looked whether the office's week is to be told

Job = Callable[[], Awaitable[Any]]


class Runner:
    """Runs jobs again and again until it is cancelled."""

    def __init__(self, jobs: Mapping[str, tuple[Job, timedelta]]) -> None:
        """Nothing runs before `run`.

        Args:
            jobs: by name, what to run and how long after its last start again; the first time after that long.
        """
        self._jobs = jobs

    async def run(self) -> None:
        """Run the jobs until cancelled."""
        scheduler = await asyncio.to_thread(_scheduler)
        for name, (job, every) in self._jobs.items():
            scheduler.add_job(_told(name, job), "interval", seconds=every.total_seconds(), id=name)
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)


def _scheduler() -> Any:
    # imported late, and beside the loop: its import takes longer than a page may wait
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    return AsyncIOScheduler(job_defaults=defaults, timezone="UTC")


def _told(name: str, job: Job) -> Callable[[], Awaitable[None]]:
    """The job, whose failure is told and ends nothing."""

    async def run() -> None:
        try:
            await job()
        except Exception:
            log.exception("the job %s failed; it runs again", name)

    return run
