"""The days of a text, in every notation people use: 3月14日, 2026-03-14, 2026.3.14, 三月十四, 3/14, 上月5号, 昨天.

Pure: what today is, and which year a day without one belongs to, the caller says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.numerals import normalise, parse_run

_HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {ord("〇"): "零", ord("○"): "零"}
_HAN = "零一二三四五六七八九十廿卅"
_ONE = rf"(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[零一二三四五六七八九]{4})"
_DAY = re.compile(
    rf"(?P<compact>(?<![0-9A-Za-z])20[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9]))"
    rf"|(?:(?:(?P<year>{_YEAR})\s*年|(?P<near_year>今年|本年|去年|明年))\s*的?\s*)?"  # no blank may begin it: time squared
    rf"(?:(?P<month>(?<![0-9{_HAN}]){_ONE})\s*月份?|(?P<near_month>上个?月|本月|这个月|当月))\s*(?P<day>{_ONE})\s*(?:[日号]|(?![0-9{_HAN}次个条只家项场份]))"
    r"|(?<![0-9.\-/])(?P<full>20[0-9]{2})(?P<mark>[-./])(?P<m>[0-9]{1,2})(?P=mark)(?P<d>[0-9]{1,2})日?(?![0-9]|[-./][0-9])"
    r"|(?<![0-9.\-/〔\[(])(?P<m2>1[0-2]|0?[1-9])[./-](?P<d2>3[01]|[12][0-9]|0?[1-9])(?![0-9%‰万亿次个条只家项场份人件起]|[-./][0-9])"
    r"|(?P<word>今天|昨天|前天)"
)
_NEAR_YEAR = {"去年": -1, "明年": 1}
_WORD = {"今天": 0, "昨天": 1, "前天": 2}


class Day(NamedTuple):
    """A day of the calendar."""

    year: int
    month: int
    day: int


class Found(NamedTuple):
    """A day in a text, from ``start`` to ``end``; ``day`` is None where the calendar has no such day (2月30日).

    ``bare``: 3/14 or 3.14, which elsewhere is a share or a figure.
    """

    start: int
    end: int
    text: str
    day: Day | None
    bare: bool = False


def find_days(text: str, today: Day, year: int | None = None) -> list[Found]:
    """The days a text names, in order; positions are those of the text as it is given.

    Args:
        today: for 昨天 and 上月5号.
        year: that of a day said without one; that of today where None.
    """
    words = text.translate(_HALF_WIDTH)
    return [
        Found(m.start(), m.end(), text[m.start() : m.end()].strip(), _day(m, today, year or today.year), bool(m["m2"]))
        for m in _DAY.finditer(words)
    ]


def _day(match: re.Match[str], today: Day, year: int) -> Day | None:
    group = match.groupdict()
    if word := group["word"]:
        return _before(today, _WORD[word])
    if compact := group["compact"]:
        return _real(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    if group["full"]:
        return _real(int(group["full"]), int(group["m"]), int(group["d"]))
    if group["m2"]:
        return _real(year, int(group["m2"]), int(group["d2"]))
    said = _year(group["year"]) if group["year"] else None
    if near := group["near_year"]:
        said = today.year + _NEAR_YEAR.get(near, 0)
    if near := group["near_month"]:
        months = today.year * 12 + today.month - 1 - near.startswith("上")
        return _real(said or months // 12, months % 12 + 1, _figure(group["day"]))
    return _real(said or year, _figure(group["month"]), _figure(group["day"]))


def _figure(run: str) -> int:
    value = parse_run(normalise(run))
    return int(value) if value is not None else 0


def _year(run: str) -> int:
    return (
        int(run) if run.isdigit() and run.isascii() else int("".join(str("零一二三四五六七八九".index(c)) for c in run))
    )


def _real(year: int, month: int, day: int) -> Day | None:
    return Day(year, month, day) if 1 <= month <= 12 and 1 <= day <= _days_in(year, month) else None


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def _before(today: Day, days: int) -> Day:
    year, month, day = today
    for _ in range(days):
        day -= 1
        if day == 0:
            month -= 1
            if month == 0:
                year, month = year - 1, 12
            day = _days_in(year, month)
    return Day(year, month, day)
