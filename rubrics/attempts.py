"""Words that tell of trying or taking part, where a question counts what came of it: 参与起草了两项, 申报了8只."""

from __future__ import annotations

import re

from rubrics.amounts import COUNTERS, located
from rubrics.kinds import Bonus, Count, Threshold
from rubrics.model import Criterion

_ATTEMPT = re.compile(
    "参与|参加|协助|申报|申请|争创|参评|推荐|提名|入围|受理|送审|递交|在建|在创|筹建|筹备|报(?:了|上去了?|过)(?!名)"
)
_RESULT = re.compile(
    "评上|评为|获|拿|得[到了]|创成|查实|核实|属实|采[用纳]|录用|[建办]成|成功|批|通过|主导|牵头|第一起草|起草[人单]|授|认定|入选|到手|发布|新增|新创|完成|[过成下]了|验收(?!中)"
)
_MARKS = re.compile("[,，。;；:：]")
_STILL_TO_COME = re.compile("(?:[没未]|等着?|待)[^,，。;；]{0,4}$")


def attempt_in(criterion: Criterion, words: str) -> str:
    """The word for trying that a figure, or without any the talk, is of, in place of a result; empty where there is none, or the question asks for it."""
    if not _counts_results(criterion):
        return ""
    about = f"{criterion.ask}{criterion.label}{criterion.entries.noun if criterion.entries else ''}"
    if any(not _STILL_TO_COME.search(words, 0, came.start()) for came in _RESULT.finditer(words)):
        return ""
    parts = _MARKS.split(words)
    counted = [part for part in parts if any(number.value for _, _, number in located(part))] or parts
    if not isinstance(criterion.score, Bonus | Count | Threshold):
        about += "报"  # a task is done by handing in, an award is not
    tried = [next((m[0] for m in _ATTEMPT.finditer(part) if not _is_asked_for(m[0], about)), "") for part in counted]
    if not tried or not all(tried):
        return ""
    return "申报" if tried[0].startswith("报") else tried[0]


def _is_asked_for(tried: str, about: str) -> bool:
    return tried in about or (tried.startswith("报") and "报" in about)


def _counts_results(criterion: Criterion) -> bool:
    counted = isinstance(criterion.score, Bonus | Count | Threshold) and criterion.answer.unit in COUNTERS
    return counted or (criterion.target is not None and criterion.target.how == "done")
