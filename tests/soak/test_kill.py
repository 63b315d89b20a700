"""A small part of bench/kill.py: a real server killed at seeded moments, over the page and over Telegram."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.kill import Killing
from reminders.delivery import MOST_UNMARKED


@pytest.mark.parametrize(("seed", "telegram", "kills"), [(20261121, False, 4), (20261122, True, 1)])
def test_a_kill_at_any_moment_loses_doubles_and_breaks_nothing(
    tmp_path: Path, seed: int, telegram: bool, kills: int
) -> None:
    counts, faults = asyncio.run(Killing(tmp_path / "data", seed, telegram=telegram).run(kills))
    print(f"seed {seed}: {dict(counts)}")  # noqa: T201 - which seed it was

    assert faults == []
    assert (counts["kills"], counts["lost"], counts["stored twice"], counts["sent twice"]) == (kills, 0, 0, 0)
    assert counts["sent again over Telegram"] <= MOST_UNMARKED * kills
    assert counts["confirmed"] > kills
