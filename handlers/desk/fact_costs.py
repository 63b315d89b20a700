"""What a booking costs or brings a unit, also where its total only moves once the item is answered in full."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from channels.text import points
from handlers.desk.fact_news import is_nothing
from handlers.turn import Turn
from rubrics import reasons
from rubrics.breakdown import Breakdown
from rubrics.facts import Fact, Facts
from rubrics.gains import best_facts
from rubrics.kinds import Bonus, Deduct, Gate
from rubrics.model import Criterion, Rubric
from storage import scorecards
from storage.office_facts import Booked


async def cost_words(turn: Turn, rubric: Rubric, criterion: Criterion, one: Booked) -> str:
    """What a booking that was just made, or is tried, does to its unit; in a half sentence."""
    fact = one.fact.fact
    if not is_nothing(fact) and criterion.kind in {"veto", "precondition"}:
        return "得分不变，等次按一票否决" if criterion.kind == "veto" else "得分不变，按不予受理"
    if one.before is None or one.after is None:
        return "这份细则不算总分"
    moved = _moved(one.before, one.after)
    if is_nothing(fact):
        return moved or "得分不变"
    if isinstance(criterion.score, Gate):
        zeroed = f"第 {rubric.item_of[criterion.id].id} 项记 0 分"
        return f"{zeroed}，{moved}" if moved else zeroed
    if isinstance(criterion.score, Bonus):
        capped = capped_words(await turn.scored(one.fact.unit_id, rubric), rubric.item_of[criterion.id].id)
        return "，".join(filter(None, (moved or "得分不变", capped)))
    if moved or not isinstance(criterion.score, Deduct) or not isinstance(fact, Decimal):
        return moved or "得分不变"
    facts = (await turn.known(one.fact.unit_id, rubric)).claimed
    lost = _lost_in_the_end(rubric, criterion, facts, fact)
    return f"这一项答完后会扣 {points(lost)} 分" if lost else "这一项已经扣完，得分不变"


def capped_words(result: Breakdown, item_id: str) -> str:
    """Where the cap of an item's 加分 bites: what they come to, and what counts of it; else empty."""
    score = next(one for one in result.items if one.plan.item.id == item_id)
    bites = score.state == "bonus-capped" or (score.plan.item.role == "bonus" and score.state == "capped")
    return reasons.item_why(result, score) if bites else ""


def _moved(before: Decimal, after: Decimal) -> str:
    if before == after:
        return ""
    sign = "+" if after > before else ""
    return f"自报 {points(before)} → {points(after)} 分（{sign}{points(after - before)}）"


def _lost_in_the_end(rubric: Rubric, criterion: Criterion, facts: Facts, fact: Decimal) -> Fraction:
    """The points of the item that a deduction takes, were all that is open answered at its best."""
    plan = scorecards.plan_of(rubric)
    item = next(one for one in plan.items if criterion.id in {clause.id for clause in one.clauses})
    now: Fact = facts.get(criterion.id, fact)
    assert isinstance(now, Decimal)
    best = best_facts(item, facts)
    without = {**best, criterion.id: max(now - fact, Decimal(0))}
    lost = plan.score_item(item, without).points - plan.score_item(item, {**best, criterion.id: now}).points
    return Fraction(lost) / Fraction(plan.unit)
