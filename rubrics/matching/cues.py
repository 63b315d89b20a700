"""Signs that a message is no report: a question, a request, another office's business."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rubrics.matching.scoring import Cover
from rubrics.matching.splitting import Part
from rubrics.matching.words import either, words

_SENTENCE_END = re.compile(r"[,。;!?\n]|\.(?![0-9])")
_PARTICLE = re.compile("[吗么嘛]$")
_STATES = re.compile(
    r"了|就奖|就给|制度|规定|已|有制度|有文|都有|也有|齐|[0-9]%|发文|(?<!有)没有|还没|定给|就是|写在|写进|文件里|奖[0-9一二两三五十]"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_EXPLAINED = 0.6
_SMALL = re.compile(
    "[0-9零一二两三四五六七八九十百千万亿第几多没未不无好完成齐全只件张所台套名起项处届块村镇县区市省局科吧呢啊过拿评获得获报到通给]"
)
_RUN_BEFORE = re.compile(r"[\u4e00-\u9fff]*$")
_TOGETHER = re.compile(
    "(?:我们?|咱们?|会同|联合|配合|一起|跟|和|同|与)[和跟与同]?(?:公安|教育)?$"
)  # 我们和教育局: our own work
_FOR_THE_REASON = re.compile(
    "(?:^|[,;])(?:那[天次回]|当天|当时|人|大家|全?都)*(?:正好|刚好|恰好|正)?(?:因为?|由于|碰[上到]|撞[上到]|赶[上到]|遇[上到]|忙[着于]|抽去|被抽|顾着|在忙)[^,;]{0,4}$"
    "|[,;](?:那[天次回]|当天|人|大家|全?都)*[去搞]了?$"
)  # 缺了一次，那天撞上防汛: why, not what
_YEAR_BEFORE = re.compile("[今去本全上前每当一二三两]$")
_LIKENED = frozenset(("医生", "门诊", "体检", "挂号", "手术", "巡逻", "考试", "普查", "民警", "保安", "直播", "打卡"))
_TRADE_NAME = ("质量", "计量", "标准", "标准化", "名牌", "品牌")  # 质量医生, 计量体检: no doctor's
_LINKS = frozenset(
    "零一二两三四五六七八九十百千万第的了是有和与及在对把被将给让从到为以等也都还就又再才只很最各每本该此其这那我你他开报办做搞写签交发建设出进去来上下个次条份家"
)
_DATED = re.compile(
    "(?:[0-9今去本全当一二两三四五六七八九十]年度?|[0-9一二三四五六七八九十]月份?|[0-9]日|第[0-9一二三四五六七八九十]+[期场名位])$"
)


def is_asking(text: str, part: Part) -> bool:
    """Whether the sentence of a part asks for something instead of stating it."""
    start = max((m.end() for m in _SENTENCE_END.finditer(text, 0, part.start + 1)), default=0)
    last = _SENTENCE_END.search(text, max(part.end - 1, start))
    sentence = text[start : last.start() if last else len(text)]
    if words().asking.search(text):
        return True
    wonders = _PARTICLE.search(sentence) or words().wondering.search(sentence)
    return bool(wonders) and not _STATES.search(text)


def unexplained(text: str, best: Cover, start: int, end: int) -> int:
    """How many Chinese characters between two places neither the clause nor any benign word accounts for."""
    rest = "".join(text[at] if best.score(at, at + 1) < _EXPLAINED else "|" for at in range(start, end))
    return len(_HAN.findall(_harmless().sub("|", rest)))


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile(f"{either(sorted(words().benign)).pattern}|[{''.join(sorted(_LINKS))}]|{_SMALL.pattern}")


def is_foreign(text: str, best: Cover, part: Part, known: str) -> bool:
    """Whether the talk is of another office's business: its own word leads.

    Args:
        text: the folded message.
        best: what the best clause explains of it.
        part: the fact in question.
        known: all words of the rubric; what stands in them is not foreign.
    """
    if any(words().trade.search(match[0]) for match in _foreign_words(text, known)):
        return True  # 打假球: the trade's word is only a piece of another one
    if speaks_trade(text, best, part):
        return False
    if not best.specific(part.start, part.end):
        return has_foreign_word(text, known)
    return any(match.start() <= part.end for match in _foreign_words(text, known))


def has_foreign_word(text: str, known: str) -> bool:
    """Whether a word of another office's stands there, which the rubric itself does not know."""
    return any(True for _ in _foreign_words(text, known))


def _foreign_words(text: str, known: str) -> Iterator[re.Match[str]]:
    found = (match for match in words().foreign.finditer(text) if match[0] not in known)
    return (match for match in found if not _is_no_word(text, match) and not _is_beside(text, match))


def _is_beside(text: str, match: re.Match[str]) -> bool:
    """Whether the other office only took part, or its business is the reason why ours was not done."""
    return bool(_TOGETHER.search(text, 0, match.start()) or _FOR_THE_REASON.search(text, 0, match.start()))


def _is_no_word(text: str, match: re.Match[str]) -> bool:
    """Whether the word runs over the end of a year (今年|假货), or is only what people call something of ours (质量医生)."""
    torn = match[0].startswith("年") and _YEAR_BEFORE.search(text, 0, match.start())
    return bool(torn or (match[0] in _LIKENED and text.endswith(_TRADE_NAME, 0, match.start())))


def speaks_trade(text: str, best: Cover, part: Part) -> bool:
    """Whether a word that only this trade uses is part of what was found."""
    found = words().trade.finditer(text, part.start, part.end)
    return any(best.specific(match.start(), match.end()) for match in found)


def _first_explained(best: Cover, part: Part) -> int:
    return next((at for at in range(part.start, part.end) if best.score(at, at + 1) >= 1.0), part.start)


def is_qualified(text: str, best: Cover, part: Part) -> bool:
    """Whether unknown characters stand directly before what was found (禁毒|讲座)."""
    before = _RUN_BEFORE.search(text[: _first_explained(best, part)])
    run = before[0] if before else ""
    if not run or run[-1] in _LINKS or _DATED.search(run):
        return False
    return not any(run.endswith(word) for word in words().benign)
