"""Words that tell of trying or taking part, where a question counts what came of it: 参与起草了两项, 申报了8只."""

from __future__ import annotations

import re

from rubrics.amounts import COUNTERS, located
from rubrics.kinds import Bonus, Count, Threshold
from rubrics.model import Criterion

_ATTEMPT = re.compile("参与|参加|协助|申报|申请|争创|参评|推荐|送审|递交|在建|在创|筹建|筹备")
_RESULT = re.compile(
    "评上|评为|获|拿|得[到了]|创成|查实|核实|属实|采[用纳]|录用|[建办]成|成功|批|通过|主导|牵头|授|认定|入选|到手|发布|新增|新创|完成|[过成下]了|验收(?!中)"
)
_MARKS = re.compile("[,，。;；:：]")
_STILL_TO_COME = re.compile("(?:[没未]|等着?|待)[^,，。;；]{0,4}$")


def attempt_in(criterion: Criterion, words: str) -> str:
    """The word for trying that a figure is of, in place of a result; empty where there is none, or the question asks for it."""
    if not _counts_results(criterion):
        return ""
    about = f"{criterion.ask}{criterion.label}{criterion.entries.noun if criterion.entries else ''}"
    if any(not _STILL_TO_COME.search(words, 0, came.start()) for came in _RESULT.finditer(words)):
        return ""
    counted = [part for part in _MARKS.split(words) if any(number.value for _, _, number in located(part))]
    tried = [next((m[0] for m in _ATTEMPT.finditer(part) if m[0] not in about), "") for part in counted]
    return tried[0] if tried and all(tried) else ""


def _counts_results(criterion: Criterion) -> bool:
    counted = isinstance(criterion.score, Bonus | Count | Threshold) and criterion.answer.unit in COUNTERS
    return counted or (criterion.target is not None and criterion.target.how == "done")
