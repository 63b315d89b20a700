"""What papers call a snapshot."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from reports.snapshot_words import named
from storage.snapshots import Snapshot

LATE = datetime(2026, 12, 20, 17, 0, tzinfo=UTC)  # already the 21st in Shanghai


@pytest.mark.parametrize(
    ("name", "final", "words"),
    [
        ("", False, "快照 3 · 2026-12-21"),
        ("初评", False, "快照 3「初评」 · 2026-12-21"),
        ("终评", True, "快照 3「终评」 · 2026-12-21 · 审定"),
    ],
)
def test_a_snapshot_is_named_by_number_name_day_and_standing(name: str, final: bool, words: str) -> None:
    known = dict.fromkeys(Snapshot._fields)
    snapshot = Snapshot(**{**known, "number": 3, "name": name, "at": LATE, "final": final})  # type: ignore[arg-type]

    assert named(snapshot, ZoneInfo("Asia/Shanghai")) == words
