"""What an official table says of a clause that the unit answered and the office has not reviewed."""

from __future__ import annotations

from collections.abc import Mapping

from rubrics.breakdown import Breakdown, ItemScore, Line
from rubrics.clauses import is_met
from rubrics.fact_words import fact_words


def waiting(breakdown: Breakdown, claimed: Breakdown | None) -> dict[str, str]:
    """By clause, the words for what waits for its review: ``还没核（自报 2 次）``.

    Args:
        claimed: the scoring of what the unit reports; None where ``breakdown`` is not what was verified.
    """
    if claimed is None:
        return {}
    unknown = {line.clause.id for line in breakdown.lines if line.fact is None and not line.clause.criterion.derived}
    said = (line for line in claimed.lines if line.clause.id in unknown)
    return {line.clause.id: f"还没核（自报 {_claim(line)}）" for line in said if line.fact is not None}


def unreviewed_item(score: ItemScore, breakdown: Breakdown, waits: Mapping[str, str]) -> str:
    """Why an item of deductions has no points yet, where that is the review; empty where it is something else."""
    lines = [line for line in breakdown.lines if line.plan is score.plan and line.fact is None]
    open_ones = [line.clause.id for line in lines if not line.clause.criterion.derived]
    if score.state != "unassessed" or not waits.keys() & set(open_ones):
        return ""
    derived = "、".join(line.clause.id for line in lines if line.clause.criterion.derived)
    rest = f"；{derived} 等分解表里本单位的目标都核完才算" if derived else ""
    return f"未考核：只有扣分的项目要全部核完才计分，还有 {len(open_ones)} 条没核{rest}"


def _claim(line: Line) -> str:
    assert line.fact is not None
    if line.plan.item.role == "task" and isinstance(line.fact, bool):
        return "完成" if is_met(line.clause.criterion, line.fact) else "没完成"
    return fact_words(line.clause.criterion, line.fact)
