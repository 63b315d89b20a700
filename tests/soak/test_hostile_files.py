"""A twentieth of bench/hostile_files.py: files nobody should send, and kills during uploads."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.hostile_files import FILES, kill, send

SEED = 20261121


def test_no_hostile_file_is_kept_or_leaves_the_folder(tmp_path: Path) -> None:
    counts, faults = asyncio.run(send(SEED, FILES // 20, tmp_path))
    print(f"seed {SEED}: {dict(counts)}")  # noqa: T201 - which seed it was

    assert faults == []
    assert counts["good", "kept"] > 0
    assert counts["program", "refused"] > 0


def test_a_kill_during_an_upload_leaves_no_row_without_its_file(tmp_path: Path) -> None:
    rows, faults = kill(SEED, 2, tmp_path)

    assert faults == []
    assert rows >= 2
