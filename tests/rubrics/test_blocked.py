"""加分 that was counted and adds nothing."""

from __future__ import annotations

from decimal import Decimal

from rubrics import loader
from rubrics.blocked import blocked
from rubrics.engine import Plan

TOWNS = loader.load("xinbei-2011-towns")


def test_a_bonus_before_its_task_is_done_is_blocked_and_says_why() -> None:
    found = blocked(Plan(TOWNS).score({"2.5b": Decimal(3)}))

    assert [(one.criterion.id, one.why) for one in found] == [
        ("2.5b", "新增市名牌：“名牌任务”还没完成，超出部分不计分")
    ]


def test_a_bonus_that_counts_or_was_never_earned_is_not_blocked() -> None:
    assert blocked(Plan(TOWNS).score({"2.4": True, "2.5b": Decimal(3), "3.3a": Decimal(0)})) == []
