"""What an official table says of review: what waits for it, what was sent back, which bonuses were verified for less."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rubrics.breakdown import Breakdown, ItemScore, Line
from rubrics.clauses import is_met
from rubrics.fact_words import fact_words


class Decided(NamedTuple):
    """A verdict on a clause that counts: its kind (return, change) and the reason the unit was told."""

    kind: str
    reason: str


class Review(NamedTuple):
    """Where the review of a unit stands, by clause; all empty for a table of what is not verified.

    ``waits``: the words for what has no verified fact yet; ``sent_back``: those of them that are the unit's to mend.
    ``claimed``: the words for what the unit reports. ``why``: why the office verified something else. ``final``: nothing
    is reviewed or answered any more (审定).
    """

    waits: Mapping[str, str]
    sent_back: frozenset[str]
    claimed: Mapping[str, str]
    why: Mapping[str, str]
    final: bool = False


def review_of(
    breakdown: Breakdown, claimed: Breakdown | None, decided: Mapping[str, Decided], *, final: bool = False
) -> Review:
    """How the review stands: ``还没核（自报 2 次）``, ``已退回：缺签到表（自报 2 次）``.

    Args:
        claimed: the scoring of what the unit reports; None where ``breakdown`` is not what was verified.
        decided: the verdicts that count, of those that send back or change.
        final: the scores were frozen: ``没有核定（自报 2 次）``.
    """
    if claimed is None:
        return Review({}, frozenset(), {}, {}, final)
    said = {line.clause.id: _claim(line) for line in claimed.lines if line.fact is not None}
    open_ones = [line for line in breakdown.lines if line.fact is None and not line.clause.criterion.derived]
    sent_back = {ident: one.reason for ident, one in decided.items() if one.kind == "return"}
    waits = {}
    for line in open_ones:
        ident = line.clause.id
        claim = f"（自报 {said[ident]}）" if ident in said else ""
        if ident in sent_back:
            waits[ident] = f"已退回：{sent_back[ident]}{claim}"
        elif claim:
            waits[ident] = f"{'没有核定' if final else '还没核'}{claim}"
    why = {ident: one.reason for ident, one in decided.items() if one.kind == "change"}
    return Review(waits, frozenset(waits.keys() & sent_back.keys()), said, why, final)


def unreviewed_item(score: ItemScore, breakdown: Breakdown, review: Review) -> str:
    """Why an item of deductions has no points yet, where that is the review; empty where it is something else."""
    lines = [line for line in breakdown.lines if line.plan is score.plan and line.fact is None]
    open_ones = {line.clause.id for line in lines if not line.clause.criterion.derived}
    if score.state != "unassessed" or not review.waits.keys() & open_ones:
        return ""
    derived = "、".join(line.clause.id for line in lines if line.clause.criterion.derived)
    rest = f"；{derived} 等分解表里本单位的目标都核完才算" if derived and not review.final else ""
    returned = len(review.sent_back & open_ones)
    back = f"，其中 {returned} 条已退回" if returned else ""
    return f"未考核：只有扣分的项目要全部核完才计分，还有 {len(open_ones)} 条没核{back}{rest}"


def bonus_words(line: Line, points: str, review: Review) -> str:
    """What a bonus adds, and where fewer were verified than the unit reports, how many and why."""
    ident, criterion = line.clause.id, line.clause.criterion
    named = f"{ident} {criterion.label}："
    if ident in review.waits:
        return f"{named}{review.waits[ident]}，{'' if review.final else '暂'}不加分"
    added = f"{named}加 {points} 分"
    if ident not in review.why or line.fact is None:
        return added
    claim = f"自报 {review.claimed[ident]}，" if ident in review.claimed else ""
    return f"{added}，核定 {fact_words(criterion, line.fact)}（{claim}{review.why[ident]}）；单位登记的："


def _claim(line: Line) -> str:
    assert line.fact is not None
    if line.plan.item.role == "task" and isinstance(line.fact, bool):
        return "完成" if is_met(line.clause.criterion, line.fact) else "没完成"
    return fact_words(line.clause.criterion, line.fact)
