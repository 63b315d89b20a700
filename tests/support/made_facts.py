"""Facts drawn at random, on and about every edge of each clause: thresholds, steps, parts, silence, 合理缺项."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from rubrics.facts import Facts, parse_facts
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Rate, Scale, Shortfall, Threshold, Tiers, YesNo
from rubrics.model import NA, Criterion, Measure, Rubric

_NEAR = (Decimal(-2), Decimal(-1), Decimal("-0.1"), Decimal(0), Decimal(0), Decimal("0.1"), Decimal(1))


def drawn(rubric: Rubric, draw: random.Random) -> Facts:
    """Checked facts of a unit; an eighth is left open."""
    raw = {c.id: _fact(c, draw) for c in rubric.criteria.values() if draw.random() > 1 / 8}
    return parse_facts(rubric, raw)


def _fact(criterion: Criterion, draw: random.Random) -> Any:
    score = criterion.score
    if criterion.na_allowed and draw.random() < 0.3:
        return NA
    if criterion.measures and draw.random() < 0.8:
        return {m.key: _part(m, draw) for m in criterion.measures if draw.random() < 0.9}
    if isinstance(score, Gate):
        return draw.random() < 0.15
    if isinstance(score, YesNo):
        return draw.random() < 0.75
    if isinstance(score, Tiers):
        return draw.randrange(len(score.tiers))
    if isinstance(score, Judged):
        return draw.choice(score.allowed)
    if isinstance(score, Deduct | Bonus):
        return draw.choice((0, 0, 0, 0, 1, 1, 2, 3))
    return _figure(criterion, score, draw)


def _figure(criterion: Criterion, score: Any, draw: random.Random) -> Decimal:
    assert isinstance(score, Threshold | Shortfall | Scale)
    if isinstance(score, Shortfall):
        about = score.target - draw.randrange(0, 15) * score.step * draw.choice((Decimal(1), Decimal("0.9")))
    elif isinstance(score, Scale):
        about = draw.choice(score.steps).at_least + draw.choice(_NEAR)
    else:
        about = (score.threshold if score.threshold is not None else Decimal(50)) + draw.choice(_NEAR)
    percent = isinstance(score, Rate | Scale) or criterion.answer.unit == "%"
    low, high = criterion.answer.range or (Decimal(0), Decimal(100 if percent else 1000))
    whole = isinstance(score, Count) or criterion.answer.whole
    return min(max(about.to_integral_value() if whole else about, low), high)


def _part(measure: Measure, draw: random.Random) -> Any:
    if measure.threshold is None:
        return draw.random() < 0.7
    low, high = measure.range or (Decimal(0), Decimal(100))
    return min(max(measure.threshold + draw.choice(_NEAR), low), high)
