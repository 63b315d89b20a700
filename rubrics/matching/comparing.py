"""What is said of this year, without the figures it is only compared with."""

from __future__ import annotations

import re

from rubrics.amounts import COUNTERS, located
from rubrics.kinds import Bonus
from rubrics.model import Criterion
from rubrics.years_told import OF_CHANGE, of_this_year

_N = r"(?:[0-9]+(?:\.[0-9]+)?|[零一二两三四五六七八九十百千万俩仨]+(?:点[零一二三四五六七八九]+)?)"
_UNIT = f"(?:个?百分点|%|‰|{'|'.join(sorted(COUNTERS, key=len, reverse=True))}|万亩|万元|万|亿|亩|人|分|台)?"
_EARLIER = "(?:去年|上一?年|前年|往年|上年度|去年度|上期|原来|原先|以前|此前|同期)"
_MORE = "(?:多|少|高|低|升|降|涨|跌|增|减|提高|提升|上升|下降|增加|增长|减少|高出|超出|超过|下滑|回落)了?"
_CHANGE = re.compile(
    rf"(?:比|较)[^,;.0-9]{{1,8}}?(?:还|又|都)?{_MORE}(?:完成|拿|评)?了?{_N}{_UNIT}"
    rf"|(?:同比|环比){_MORE}{_N}{_UNIT}"
    rf"|[高低多少优快]于[^,;.0-9]{{0,8}}{_N}{_UNIT}"
    rf"|{_MORE}{_N}{_UNIT}(?=[,;]?(?:达到?|升?[至到])[0-9])"
    rf"|(?<=[,;(]){_MORE}{_N}(?:个?百分点|%)"
)
_BASE = re.compile(
    rf"(?:比|较)?{_EARLIER}(?:同期)?(?:的|是|为|有|才|只有|得|拿|开|报|办|做|评上?|创|成|新增|完成|共|只|就)*了?{_N}{_UNIT}"
)
_FROM = re.compile(rf"[从由](?:{_EARLIER})?的?{_N}{_UNIT}(?=[^,;0-9]{{0,4}}[到至为])")
_NONE_NOW = re.compile("今年[^,;.0-9]{0,4}(?:[没未无]|零)")
_TASK = re.compile("任务|目标|指标")


def of_now(criterion: Criterion, text: str) -> str:
    """The words without last year's figures and without mere differences, where another figure is left.

    A clause that asks for a change (下降了百分之几) keeps both; one that counts what goes beyond a task keeps that.
    """
    if OF_CHANGE.search(criterion.ask):
        return text
    text = of_this_year(criterion.ask, text)
    beyond = criterion.target is not None or isinstance(criterion.score, Bonus)
    for other in (_CHANGE, _BASE, _FROM):
        bare = other.sub(lambda match: match[0] if beyond and _TASK.search(match[0]) else "", text)
        if bare != text and (located(bare) or _NONE_NOW.search(bare)):
            text = bare
    return text
