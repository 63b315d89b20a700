"""Words that correct what was said before: how they begin, what is left of them, and whether its figure can be meant."""

from __future__ import annotations

import re

from rubrics.amounts import SHARES, Number, find_numbers
from rubrics.model import Criterion
from rubrics.numerals import normalise

LONGEST = 60  # characters; more is a report that also mentions a mistake

_BEFORE = "(?:[我您你]|刚才|刚刚|刚|上面|前面|上一?[条个句]|[那这]一?[条个句]|上次|之前|给)"
_WRONG = "(?:说|写|报|打|填|记|搞|弄|算|看|听)(?:的|得)?(?:不对|错)(?:了|地方|位置|条|的|一[条个])*"
_PART_WRONG = "(?:日期|时间|名称|名字|文号)(?:说|写|报|打|填|记|登记)?(?:的|得)?(?:不对|错了|有误)"
"""A part of an entry that is said to be wrong."""

_CORRECTS = re.compile(
    r"(?<![没不别未防])(?<!没有)(?:说|写|报|打|填|记|搞|弄|算|看|听)错|口误|[更纠]正(?=一下|[:：,，]|为|成|$)|(?:^|[,，。\s])(?:(?:不对|错了)[啊呀吧呢]?)+(?:[,，。!！~\s]|$)"
    rf"|{_PART_WRONG}"
    r"|(?:刚才?|刚刚)(?:说|报|写|填|记)的?[^,，。]{0,8}不是[^,，。]{1,12}?[,，]?而?是"
    r"|数字?(?:报|填|写|说)?得?(?:不对|错了|有误)|(?:刚才|上一?条|前面|刚刚).{0,6}(?:应该是|改成|改为)"
)
_SAYS_SO = re.compile(
    rf"{_BEFORE}*的?{_WRONG}|{_BEFORE}*(?:口误|[更纠]正(?:一下)?)|(?:^|(?<=[,，。\s]))(?:(?:不对|错了)[啊呀吧呢]?)+(?=[,，。!！~\s]|$)"
    rf"|{_PART_WRONG}"
    r"|(?<=数)字?(?:报|填|写|说)?得?(?:不对|错了|有误)"
)
_BECOMES = re.compile(
    r"(?:应该|还是|请|帮我|把它|那就|不对|错了)?[,，]?(?:换成|改成|改为|改到|改回|更正为|更正成|纠正为|应为|应该是|其实是|实际是)[:：]?(?P<value>.+)"
)
_NOT_OURS = re.compile("(?:这)?不是(?:我们?|咱们?|本)(?:镇|街道|区|局|办|单位|这里|这边|这儿)?的?(?:事|数|材料)?")
_MARKS = " \t,，.。;；:：!！~～、了吧啊呢哈"
_ONLY_FIGURE = re.compile("[是有为共只才就的该应实际其一总]*")

_ALIKE = (
    frozenset("次回趟场期届遍"),
    frozenset("条篇份期则件"),
    frozenset("家户处只项块张件枚种类"),
    frozenset("起次件例宗"),
)
"""Counters that people use for one another."""


def corrects(words: str) -> bool:
    """Whether words correct something that was said before."""
    return len(words) <= LONGEST and bool(_CORRECTS.search(words) or _BECOMES.fullmatch(words.strip()))


def begins(words: str) -> bool:
    """Whether words begin with saying that something was wrong, or are only what it is to become."""
    return corrects(words) and bool(_SAYS_SO.match(words.strip()) or _BECOMES.fullmatch(words.strip()))


def is_bare(words: str) -> bool:
    """Whether words say that something was wrong, and nothing else (不对。); they answer no question."""
    return begins(words) and not _SAYS_SO.sub("", words).strip(_MARKS)


def becomes(words: str) -> str | None:
    """What an answer is to become: 2家 of 改成2家."""
    said = _BECOMES.fullmatch(words.strip()) if len(words) <= LONGEST else None
    return said["value"] if said else None


def left_of(words: str) -> str:
    """What is said beside that there was a mistake; empty where that is all."""
    return _NOT_OURS.sub("", _SAYS_SO.sub("", words)).strip(_MARKS)


def value_of(words: str) -> str:
    """What words that correct something say is right; empty where they correct nothing, or only say that it is wrong."""
    return left_of(words) if corrects(words) else ""


def suits(criterion: Criterion, words: str, before: str = "") -> bool:
    """Whether the figure of a correction can be one of a clause: 三场 is none where 条 are counted.

    Args:
        before: what is corrected; what was counted there can be counted again.
    """
    text = normalise(words)[:200]
    numbers = [number for number in find_numbers(text) if isinstance(number, Number)]
    told = {number.unit for number in numbers} - {"", "个"}
    if not told:
        return True
    own = {number.unit for number in find_numbers(normalise(before)[:200]) if isinstance(number, Number)} | {
        criterion.answer.unit,
        criterion.entries.unit if criterion.entries else "",
        criterion.target.unit if criterion.target else "",
    } - {""}
    if own:
        return any(_alike(unit, other) for unit in told for other in own)
    for number in numbers:
        text = text.replace(number.text, "", 1)
    return not _ONLY_FIGURE.fullmatch(text.replace(next(iter(told)), "").strip(_MARKS))


def _alike(unit: str, other: str) -> bool:
    if unit == other or other == "个" or (unit in SHARES and other in SHARES):
        return True
    return (other in SHARES and unit in "家个只台") or any({unit, other} <= group for group in _ALIKE)
