"""A twentieth of bench/kill.py: a real server killed at seeded moments, in two halves for two cores."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.kill import Killing

KILLS = 5


@pytest.mark.parametrize("seed", [20261121, 20261122])
def test_a_kill_at_any_moment_loses_doubles_and_breaks_nothing(tmp_path: Path, seed: int) -> None:
    counts, faults = asyncio.run(Killing(tmp_path / "data", seed).run(KILLS))
    print(f"seed {seed}: {dict(counts)}")  # noqa: T201 - which seed it was

    assert faults == []
    assert (counts["kills"], counts["lost"], counts["stored twice"], counts["sent twice"]) == (KILLS, 0, 0, 0)
    assert counts["confirmed"] > 2 * KILLS
