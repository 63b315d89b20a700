"""Words that tell only a half of what a yes-or-no clause asks: a remainder, a draft, a mention, a yes that a but takes back."""

from __future__ import annotations

import re

from rubrics.kinds import Gate, YesNo
from rubrics.matching.polarity import is_denied, none_at_all
from rubrics.matching.roles import Role, told
from rubrics.model import Criterion

_BUT = re.compile(r"[,;]?(?:就是(?![说要指])|不过(?!关)|但是?|只是|只不过|可惜|可是|可就是|倒是)[,;]?")
_GRANTED = re.compile(r"(?:[是倒]有的?|有倒?是有|(?P<deed>[\u4e00-\u9fff])[倒也]?是(?P=deed)了)[,;]?")  # 开是开了
_AFFIRMED = re.compile("[了有过]|已|齐|都")
_REST = re.compile(
    r"大部分|大半|过半|多半|大多数?|绝大|个别|少数|一部分|有些|有的(?=[\u4e00-\u9fff])"
    r"|(?:别的|其余|其他的?|剩下的?)[\u4e00-\u9fff]{0,4}[都全也]|除[了去][^,;]{1,8}[,;]?(?:别的|其余|其他|都|全)"
)
_MARKS = re.compile("[,;]")
_LATER = re.compile("明年|下个?月|准备|打算|年底|再[说讲议]")
_DONE = re.compile("了$|[有签定建开搞办做印发出设修聘立写成完]了|都有|齐|有$")
_DRAFT = re.compile("初稿|草稿|草案|讨论稿|征求意见|送审稿|提纲|(?:搭|有|弄|起)了?个?(?:框架|架子|雏形)")
_PAPERS = "讲话|报告|规划|纲要|总结|简报|纪要|公报|汇报"
_MENTIONED = re.compile(  # what stands in somebody's speech is not done yet
    rf"(?P<paper>{_PAPERS})[里中上][^,;没未不]{{0,6}}(?:写|提|讲|强调|单列)"
    rf"|(?:写|提|讲|列)[在进入到了][^,;]{{0,8}}(?P<where>{_PAPERS})"
)
_SEVERAL = re.compile("[、和]")
_LACKS = re.compile("(?:就|只|还|仅|单单?|独)[差缺欠剩](?!不多|一口)")
_SHORT = re.compile("[没未缺差剩欠除]|还有")


def is_half_told(criterion: Criterion, text: str) -> bool:
    """Whether folded words say that a part is so and a part is not, or only written of, where a yes or no is asked."""
    if criterion.nature == "omission" and _SEVERAL.search(criterion.ask):
        return _takes_back(text) or _is_mixed(text)
    if not isinstance(criterion.score, YesNo) or isinstance(criterion.score, Gate):
        return False
    if criterion.target or criterion.entries or criterion.measures:
        return False
    mention = _MENTIONED.search(text)
    if _DRAFT.search(text) or _LACKS.search(text) or (mention and not _asks_for_papers(criterion, mention)):
        return True
    return _leaves_rest(text) or _takes_back(text) or _is_mixed(text)


def _asks_for_papers(criterion: Criterion, mention: re.Match[str]) -> bool:
    """Whether the document that mentions something is what the clause asks about."""
    paper = mention["paper"] or mention["where"]
    return any(paper in said for said in (criterion.ask, criterion.label, *criterion.aliases))


def _leaves_rest(text: str) -> bool:
    """还剩四台没拆, 大部分换了，个别没换."""
    left = [one.number for one in told(text) if one.role is Role.MISSING and not none_at_all(text)]
    return any(number.value and number.unit != "分" for number in left) or bool(
        _REST.search(text) and _SHORT.search(text)
    )


def _takes_back(text: str) -> bool:
    """制度是有的，就是还没公布; 没建成，不过有一个在建."""
    for turn in (*_GRANTED.finditer(text), *_BUT.finditer(text)):
        before, after = text[: turn.start()], text[turn.end() :]
        granted = turn.re is _GRANTED or (_AFFIRMED.search(before) and not is_denied(before, good=True))
        if granted and is_denied(after, good=True):
            return True
        if is_denied(before, good=True) and _AFFIRMED.search(after) and not is_denied(after):
            return True
    return False


def _is_mixed(text: str) -> bool:
    """预案有了，演练也搞了，监测点还没设."""
    parts = [part for part in _MARKS.split(text) if not _LATER.search(part)]
    denied = [is_denied(part, good=True) for part in parts]
    return any(denied) and any(_DONE.search(part) and not no for part, no in zip(parts, denied, strict=True))
