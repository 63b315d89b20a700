"""What a line about a meeting, a document or an award says: its day, its name, its 文号, who gave it, in any order."""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.dates import Day, Found, find_days
from rubrics.honours import Given, take_given
from rubrics.model import Criterion

_LABELLED = re.compile(r"(?:文号|编号|证书号|证书编号|证号)\s*(?:是|为)?\s*[:：]?\s*(?P<said>[^\s,，;；、。|]+)")
_OFFICIAL = re.compile(r"[一-鿿A-Za-z]{0,24}[〔\[【（(]\s*(?:19|20)[0-9]{2}\s*[〕\]】）)]\s*(?:第\s*)?[0-9]+\s*号?")
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
        return _tidy(found["said"]), f"{text[: found.start()]} {text[found.end() :]}"
    if found := _OFFICIAL.search(text):
        around = _tidy(text[: found.start()] + text[found.end() :])
        if not around and (glued := _GLUED.fullmatch(found[0])):
            return glued["number"], glued["name"]
        return _tidy(found[0]), f"{text[: found.start()]} {text[found.end() :]}"
    if found := _CODE.search(text):
        return found[0], f"{text[: found.start()]} {text[found.end() :]}"
    return "", text


def fields(text: str) -> tuple[str, ...]:
    """What commas and lines keep apart, without the words that only name a field (标题：)."""
    return tuple(tidied for field in _BETWEEN.split(text) if (tidied := _tidy(field)))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", _NAMES.sub(" ", text)).strip(_MARKS).strip("《》“”\"'")
