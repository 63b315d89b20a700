"""What the office has said about a unit's clause, in the unit's words: 退回 and why, 变更待核, 已核."""

from __future__ import annotations

from collections.abc import Mapping

from rubrics.fact_words import fact_words
from rubrics.model import Criterion
from storage.returns import Returned
from storage.unit_facts import UnitFacts
from storage.verdict_basis import Standing


def words(criterion: Criterion, facts: UnitFacts, returned: Mapping[str, Returned]) -> str:
    """Empty where nobody has looked yet, or where the unit was not told of a return yet.

    Args:
        returned: what was sent back, as `storage.returns.standing_in` gives it.
    """
    if criterion.id in returned:
        return f"退回：{returned[criterion.id].reason}"
    verdict = facts.verdicts.get(criterion.id)
    if verdict is None or verdict.returned:
        return ""
    if waits_again(verdict):
        return "变更待核"
    if verdict.kind == "change" and verdict.fact is not None:
        return f"已核为 {fact_words(criterion, verdict.fact)}"
    return "已核"


def waits_again(verdict: Standing | None) -> bool:
    """Whether something has changed since the office looked."""
    return verdict is not None and not verdict.current
