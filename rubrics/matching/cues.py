"""Signs that a message is no report: a question, a request, another office's business."""

from __future__ import annotations

import re

from rubrics.matching.scoring import Cover
from rubrics.matching.splitting import Part
from rubrics.matching.words import words

_SENTENCE_END = re.compile(r"[,.。;!?\n]")
_STATES = re.compile(r"了|已|有制度|有文|都有|也有|齐|[0-9]%|发文|没有|还没|定给|就是")
_WORD = re.compile(r"[\u4e00-\u9fff]{2}$")
_RUN_BEFORE = re.compile(r"[\u4e00-\u9fff]*$")
_LINKS = frozenset("的了是有和与及在对把被将给让从到为以等也都还就又再才只很最各每本该此其这那我你他开报办做搞写签交发建设出进去来上下个次条份家名位年月日号期场")


def is_asking(text: str, part: Part) -> bool:
    """Whether the sentence of a part asks for something instead of stating it."""
    start = max((m.end() for m in _SENTENCE_END.finditer(text, 0, part.start + 1)), default=0)
    last = _SENTENCE_END.search(text, max(part.end - 1, start))
    sentence = text[start : last.start() if last else len(text)]
    if words().asking.search(text):
        return True
    return bool(words().wondering.search(sentence)) and not _STATES.search(text)


def is_foreign(text: str, best: Cover, part: Part) -> bool:
    """Whether the talk is of another office's business: its own word stands there, or qualifies a common one."""
    for match in words().foreign.finditer(text):
        if best.specific(match.start(), match.end()) == 0:
            return True
    return best.specific(part.start, part.end) == 0 and _is_qualified(text, best, part)


def _is_qualified(text: str, best: Cover, part: Part) -> bool:
    """Whether unknown characters stand directly before the common word that was found (禁毒|讲座)."""
    first = next((at for at in range(part.start, part.end) if best.score(at, at + 1) >= 1.0), part.start)
    before = _RUN_BEFORE.search(text[:first])
    run = before[0] if before else ""
    if not run or run[-1] in _LINKS:
        return False
    return not any(run.endswith(word) for word in words().benign)
