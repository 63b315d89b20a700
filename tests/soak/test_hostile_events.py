"""A twentieth of bench/hostile_events.py: duplicated, reordered, day-old, edited and malformed events."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.hostile_events import EVENTS, soak

SEED = 20261121


def test_hostile_events_lose_no_answer_touch_no_wrong_unit_and_meet_no_silence(tmp_path: Path) -> None:
    counts, faults = asyncio.run(soak(SEED, EVENTS // 20, tmp_path / "data"))
    print(f"seed {SEED}: {dict(counts)}")  # noqa: T201 - which seed it was

    assert faults == []
    assert counts["fresh"] + counts["duplicates"] == EVENTS // 20
    assert min(counts["dead"], counts["versions"], counts["restarts"]) > 0
