"""Official tables made for tests: units with facts at random, honours that are as hostile as they like."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from made_facts import drawn

from reports.official_table import Honour, OfficialTable, basis_of, official
from rubrics import loader
from rubrics.breakdown import Breakdown
from rubrics.engine import Plan

AT = datetime(2026, 12, 20, 1, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
SNAPSHOT = "快照 3 · 2026-12-20"
UNITS = {
    "changzhou": ("新北区", "区"),
    "hunan": ("浏阳市", "市"),
    "towns-2010": ("孟河镇", "镇"),
    "xinbei-2011-towns": ("孟河镇", "镇"),
    "xinbei-2011-departments": ("质监分局", "部门"),
    "xinbei-2011-tasks": ("质监分局", "部门"),
    "ziyang-2016": ("安岳县", "县"),
}
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://127.0.0.1/","x")', "{=1}")


def scored(rubric_id: str, seed: int = 1) -> Breakdown:
    plan = Plan(loader.load(rubric_id))
    return plan.score(drawn(plan.rubric, random.Random(seed)))


def made(
    breakdown: Breakdown,
    unit: str = "",
    honoured: Mapping[str, Sequence[Honour]] | None = None,
    *,
    score: str = "verified",
    snapshot: str = SNAPSHOT,
) -> OfficialTable:
    """The table of a scoring, for the unit that its rubric usually assesses."""
    name, category = UNITS[breakdown.rubric.id]
    return official(breakdown, unit or name, category, score, basis_of(2026, score, snapshot, AT, ZONE), AT, honoured)
