"""The day until which something has to wait, as people say it: 6月30日, 下个月才有数, 12月份, 年底."""

from __future__ import annotations

import re
from datetime import date, timedelta

from rubrics.dates import Day, find_days
from rubrics.numerals import normalise, parse_run

_MONTH = re.compile(
    "(?<![0-9一二三四五六七八九十])(?P<month>[0-9]{1,2}|十[一二]?|[一二三四五六七八九])月"
    "份?(?=底|末|初|[上中下]旬|[才再就能会左前以之]|出|[,，.。;；]|$)"
)
_NEXT_MONTH = re.compile("下个?月")
_THIS_MONTH = re.compile("(?:本|这个?|当)月|月底|月末")
_NEXT_QUARTER = re.compile("下个?季度?")
_NEXT_WEEK = re.compile("下个?(?:周|星期|礼拜)")
_YEAR_END = re.compile("年底|年末|年终|年尾|到年[关终]")
_DAYS = {"明天": 1, "明日": 1, "后天": 2}
_MONTHS = 12


def day_said(words: str, today: date) -> date | None:
    """The day, or the last one of the week, month or quarter, that words name; None where they name none."""
    text = normalise(words[:200])
    found = next((one.day for one in find_days(text, Day(today.year, today.month, today.day)) if one.day), None)
    if found is not None:
        return date(*found)
    if near := next((days for word, days in _DAYS.items() if word in text), 0):
        return today + timedelta(days=near)
    if _NEXT_WEEK.search(text):
        return today + timedelta(days=13 - today.weekday())
    if _NEXT_MONTH.search(text):
        return month_end(today.year, today.month + 1)
    if (named := _MONTH.search(text)) and (month := parse_run(named["month"])) and month <= _MONTHS:
        return month_end(today.year + (month < today.month), int(month))
    return _of_the_year(text, today)


def _of_the_year(text: str, today: date) -> date | None:
    if _YEAR_END.search(text):
        return date(today.year, 12, 31)
    if _NEXT_QUARTER.search(text):
        return quarter_end(today, 1)
    return month_end(today.year, today.month) if _THIS_MONTH.search(text) else None


def quarter_end(today: date, later: int) -> date:
    """The last day of this quarter, or of one so many later."""
    return month_end(today.year, (today.month - 1) // 3 * 3 + 3 + 3 * later)


def month_end(year: int, month: int) -> date:
    """The last day of a month; the 13th is January of the next year."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
