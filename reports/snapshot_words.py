"""What a paper calls a snapshot."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from storage.snapshots import Snapshot


def named(snapshot: Snapshot, zone: ZoneInfo) -> str:
    """``快照 3「初评」 · 2026-12-20 · 审定``: its number, its name, the day in a zone, and whether it froze the scores."""
    called = f"「{snapshot.name}」" if snapshot.name else ""
    final = " · 审定" if snapshot.final else ""
    return f"快照 {snapshot.number}{called} · {snapshot.at.astimezone(zone):%Y-%m-%d}{final}"
