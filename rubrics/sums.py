"""Whether the printed points add up: clauses to items, items to sections, all to the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rubrics.figures import plain
from rubrics.findings import Finding, covering, criterion_path, item_path, readings_of
from rubrics.kinds import Bonus, Deduct, Judged, Shortfall, Tiers
from rubrics.model import Criterion, Item, Rubric, earned

ZERO = Decimal(0)


def sum_findings(rubric: Rubric) -> Iterator[Finding]:
    """Everything about an item's points that a careful clerk would query (register: readings, section 1)."""
    for item in rubric.items:
        if item.role == "scored":
            yield from _earned(rubric, item)
            yield from _deducted(rubric, item)
            yield from _bonuses(rubric, item)
    for i, section in enumerate(rubric.sections):
        points = [item.points for item in rubric.items if item.section == section.id and item.role == "scored"]
        if section.points is not None and points and None not in points:
            total = sum((p for p in points if p is not None), ZERO)
            if total != section.points:
                what = f"「{section.title}」各项合计 {plain(total)} 分，应为 {plain(section.points)} 分"
                yield Finding("section-sum", ("sections", i), what, "请改各项分值")
    scored = [item.points for item in rubric.items if item.role == "scored"]
    if rubric.total is not None and None not in scored:
        total = sum((p for p in scored if p is not None), ZERO)
        if total != rubric.total:
            yield Finding(
                "total",
                ("total",),
                f"各项合计 {plain(total)} 分，总分写的是 {plain(rubric.total)} 分",
                "请改总分或各项分值",
            )


def _finding(
    rubric: Rubric, item: Item, code: str, what: str, advice: str, criterion: Criterion | None = None
) -> Finding:
    path = criterion_path(rubric, item, criterion) if criterion else item_path(rubric, item)
    return Finding(code, path, what, advice, covering(rubric, code, readings_of(item, criterion)))


def _earned(rubric: Rubric, item: Item) -> Iterator[Finding]:
    sharing = item.sharing
    if item.points is None:
        yield _finding(rubric, item, "no-points", f"第{item.id}项没有分值", "请在年度细则里给出分值")
        return
    if sharing:
        what = f"第{item.id}项 {plain(item.points)} 分没有分到 {len(sharing)} 个要点"
        yield _finding(rubric, item, "no-points", what, "请给各要点分值，或写明怎么分")
    total = sum((earned(c) for c in item.criteria), ZERO)
    for criterion in item.criteria:
        yield from _clause(rubric, item, criterion, total)
    above = [c for c in item.criteria if isinstance(c.score, Tiers | Judged) and c.score.points > item.points]
    wrong = total > item.points if sharing else total != item.points
    if total and not above and wrong:
        what = f"第{item.id}项各要点合计 {plain(total)} 分，标准分是 {plain(item.points)} 分"
        yield _finding(rubric, item, "sum", what, "请改要点分值，或写明怎么读")


def _clause(rubric: Rubric, item: Item, criterion: Criterion, total: Decimal) -> Iterator[Finding]:
    assert item.points is not None
    score = criterion.score
    if isinstance(score, Tiers | Judged) and score.points > item.points:
        what = f"{criterion.id} 的最高档 {plain(score.points)} 分，高于本项标准分 {plain(item.points)} 分"
        yield _finding(rubric, item, "tier-above-item", what, "请改档分，或写明封顶还是折算", criterion)
    if isinstance(score, Tiers) and score.printed_as == "clauses":
        printed = total - score.points + sum((tier.points for tier in score.tiers), ZERO)
        if printed != item.points:
            what = (
                f"{criterion.id} 各档按分条印出，连同其他要点合计 {plain(printed)} 分，标准分是 {plain(item.points)} 分"
            )
            yield _finding(rubric, item, "clauses-above-item", what, "请写明是互斥的档还是相加的条", criterion)
    if isinstance(score, Judged):
        marks = "、".join(plain(mark) for mark in score.allowed)
        yield _finding(
            rubric,
            item,
            "judged",
            f"{criterion.id} 只给了 {marks} 分几个分数，没写各自的条件",
            "请写明由谁评定",
            criterion,
        )
    if earned(criterion) and criterion.printed is None:
        yield _finding(
            rubric,
            item,
            "no-figure",
            f"{criterion.id} 源文没有印分值，本项 {plain(item.points)} 分",
            "请写明怎么给分",
            criterion,
        )


def _deducted(rubric: Rubric, item: Item) -> Iterator[Finding]:
    clauses = [
        c for c in item.criteria if isinstance(c.score, Deduct) or (isinstance(c.score, Shortfall) and not c.score.base)
    ]
    if not clauses or item.points is None:
        return
    if not any(earned(c) for c in item.criteria) and not item.sharing:
        what = f"第{item.id}项只有扣分、没有得分的要点"
        yield _finding(rubric, item, "deductions-only", what, "请写明没填时怎么计")
    openended = [c for c in clauses if isinstance(c.score, Deduct) and not c.score.once]
    if openended:
        ids = "、".join(c.id for c in openended)
        yield _finding(
            rubric,
            item,
            "deductions-open",
            f"第{item.id}项 {ids} 按次扣分，次数不限，可能超过 {plain(item.points)} 分",
            "请写明扣到几分为止",
        )
    most = sum((_most_deducted(c) for c in clauses), ZERO)
    if most > item.points:
        what = f"第{item.id}项扣分合计 {plain(most)} 分，标准分只有 {plain(item.points)} 分"
        yield _finding(rubric, item, "deductions-above-item", what, "请写明扣到几分为止")


def _most_deducted(criterion: Criterion) -> Decimal:
    """What a clause takes when it happens once, or falls short altogether."""
    score = criterion.score
    if isinstance(score, Shortfall):
        return score.target / score.step * score.per_step
    return score.per if isinstance(score, Deduct) else ZERO


def _bonuses(rubric: Rubric, item: Item) -> Iterator[Finding]:
    bonuses = [c for c in item.criteria if isinstance(c.score, Bonus)]
    if not bonuses or item.points is None:
        return
    ids = "、".join(c.id for c in bonuses)
    if len(bonuses) == len(item.criteria):
        what = f"第{item.id}项只有加分（{ids}），分值栏印了 {plain(item.points)} 分，没写是不是上限"
        yield _finding(rubric, item, "bonus-above-item", what, "请写明加分封不封顶")
    else:
        what = f"第{item.id}项的加分 {ids} 在标准分 {plain(item.points)} 分以外，没写封不封顶"
        yield _finding(rubric, item, "bonus-open", what, "请写明加分封不封顶")
