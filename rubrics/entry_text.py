"""What a line about a meeting, a document or an award says: its day, its name, its 文号, who gave it, in any order."""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.dates import Day, Found, find_days
from rubrics.honours import Given, take_given
from rubrics.model import Criterion

_BLANK = r"[ \t\u3000]"
_YEAR_ON = (
    rf"[〔\[【（(]{_BLANK}*(?:19|20)[0-9]{{2}}{_BLANK}*[〕\]】）)]{_BLANK}*(?:第{_BLANK}*)?[0-9]+(?:{_BLANK}*号)?"
)
_LABELLED = re.compile(
    r"(?:文号|编号|证书号|证书编号|证号)\s*(?:是|为)?\s*[:：]?\s*"
    rf"(?P<said>[一-鿿A-Za-z]{{0,24}}{_BLANK}*{_YEAR_ON}|[^\s,，;；、。|]+)"
)
_OFFICIAL = re.compile(rf"[一-鿿A-Za-z]{{0,24}}{_YEAR_ON}")
_APART = re.compile(rf"(?<![一-鿿A-Za-z])(?P<code>[一-鿿A-Za-z]{{1,8}}){_BLANK}+$")
_LONGEST_ALONE = 5  # 国市监质发; what is longer and stands alone with a number is the name
_A_NAME = re.compile(
    "(?:会议?|班|奖|活动|培训|证书|名牌|信息|线索|意见|办法|规划|计划|方案|产品|企业|单位|通知|公告|文件|决定|报告|纪要|简报|通报)$"
)
_CODE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,8}[-/]?[0-9][0-9A-Za-z/-]{3,}")
_GLUED = re.compile(
    r"(?P<name>.{2,}(?:会议?|班|奖|活动|培训|证书|名牌|信息|线索|意见|办法|规划|计划|方案))(?P<number>[^会班奖]{1,8}[〔\[【（(].*)"
)
_NO_NUMBER = re.compile(r"(?:没有|没|无)(?:文号|编号|证书号)")
_UNTIL = re.compile(r"^\s*(?:至|到|-|—|~|－)\s*(?:[0-9]{1,2}月)?[0-9]{1,2}[日号]?")
_NAMES = re.compile(r"(?:名称|标题|题目|日期|时间|会议|存放地点|地点)\s*[:：]")
_MARKS = " \t\r\n,，;；、。|:："
_BETWEEN = re.compile(r"[,，;；\n|]+")


class Written(NamedTuple):
    """What was read; empty where nothing was. ``days`` are all days that were named, in order."""

    name: str
    days: tuple[Found, ...]
    number: str
    given: Given = Given()

    @property
    def day(self) -> Day | None:
        """The first day; None where there is none, or no such day."""
        return self.days[0].day if self.days else None


def read_entry(text: str, today: Day, year: int, honour: Criterion | None = None) -> Written:
    """Day, name and 文号 of a line; of an honour also who gave it and its level.

    Args:
        year: that of a day said without one.
        honour: the clause, where it counts honours (see `rubrics.honours`).
    """
    given, rest = take_given(text, honour) if honour else (Given(), text)
    rest = _NO_NUMBER.sub(" ", rest)
    days = tuple(find_days(rest, today, year))
    for found in reversed(days):
        rest = f"{rest[: found.start]} {_UNTIL.sub('', rest[found.end :])}"
    number, rest = take_number(rest)
    return Written(_tidy(rest), days, number, given)


def take_number(text: str) -> tuple[str, str]:
    """The 文号 of a text, empty where it has none, and the text without it."""
    if found := _LABELLED.search(text):
        return _together(_tidy(found["said"])), f"{text[: found.start()]} {text[found.end() :]}"
    if found := _OFFICIAL.search(text):
        start = _code_before(text, found)
        around = _tidy(text[:start] + text[found.end() :])
        if not around and (glued := _GLUED.fullmatch(found[0])):
            return _together(glued["number"]), glued["name"]
        return _together(_tidy(text[start : found.end()])), f"{text[:start]} {text[found.end() :]}"
    if found := _CODE.search(text):
        return found[0], f"{text[: found.start()]} {text[found.end() :]}"
    return "", text


def _code_before(text: str, found: re.Match[str]) -> int:
    """Where a 文号 begins: with its 机关代字 also where that stands apart (苏质 [2026] 5 号); a name before it is no part."""
    apart = _APART.search(text, 0, found.start()) if found[0][0] in "〔[【（(" else None
    if apart is None or _A_NAME.search(apart["code"]):
        return found.start()
    alone = not _tidy(text[: apart.start()] + text[found.end() :])
    return found.start() if alone and len(apart["code"]) > _LONGEST_ALONE else apart.start()


def _together(number: str) -> str:
    return re.sub(r"\s+", "", number) if _OFFICIAL.search(number) else number


def fields(text: str) -> tuple[str, ...]:
    """What commas and lines keep apart, without the words that only name a field (标题：)."""
    return tuple(tidied for field in _BETWEEN.split(text) if (tidied := _tidy(field)))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", _NAMES.sub(" ", text)).strip(_MARKS).strip("《》“”\"'")
