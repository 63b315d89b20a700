"""The day by which a notice asks for something, as offices write it: 11月28日前, 明天下班前, 本周五前, 三天内, 月底前."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from handlers.answering.until_when import month_end
from reminders import workdays
from rubrics.dates import Day, find_days
from rubrics.numerals import normalise, parse_run

NEXT_YEAR_DAYS = 180
"""A day so long ago, said without its year, is one of next year."""

_FIGURE = "[0-9零一二三四五六七八九十两]{1,3}"
_BEFORE = re.compile(r"[^，,。；;\n]*?(?:之?前|以前|截止|为止|之?内|以内)")
_UNTIL = re.compile(r"截[止至][^，,。；;\n]{2,20}")
_YEAR = re.compile("年|(?:19|20)[0-9]{2}")
_WORD = re.compile("大后天|[今明]日|明天|后天")
_AHEAD = {"今日": 0, "明日": 1, "明天": 1, "后天": 2, "大后天": 3}
_WEEKDAY = re.compile("(?P<which>下下|下个?|本|这个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
_WEEK = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 4}  # before the weekend
_SPAN = re.compile(f"(?<![月0-9])(?P<many>{_FIGURE})个?(?P<unit>工作日|天|日|周|星期)(?=之?内|以内)")
_OF_MONTH = re.compile(f"(?:(?P<next>下个?月)|(?<![0-9月年]))(?P<day>{_FIGURE})[日号](?!之?内|以内)")
_END = re.compile(f"(?:(?P<next>下个?)|(?P<month>{_FIGURE}))?月[底末]|(?P<year>年[底末])")


def by(text: str, today: date) -> date | None:
    """The day by which something is asked, also one that has passed; None where a text names none."""
    for pattern in (_BEFORE, _UNTIL):
        for hit in pattern.finditer(text):
            if found := named(hit[0], today):
                return found[-1]
    return None


def named(text: str, today: date) -> list[date]:
    """The days some words name, in their order; a day the calendar does not have is none."""
    found: dict[int, date] = {}
    for one in find_days(text, Day(today.year, today.month, today.day)):
        if one.day is not None:
            day = date(*one.day)
            found[one.start] = day if _YEAR.search(one.text) else coming(day, today)
        text = text[: one.start] + "，" * (one.end - one.start) + text[one.end :]  # read
    for pattern, day_of in _READ:
        for hit in pattern.finditer(text):
            if (on := day_of(hit, today)) is not None:
                found[hit.start()] = on
    return [on for _, on in sorted(found.items())]


def coming(on: date, today: date) -> date:
    """A day said without its year: next year's, where this year's lies too long ago to be meant."""
    if (today - on).days <= NEXT_YEAR_DAYS:
        return on
    return date(on.year + 1, on.month, min(on.day, 28) if on.month == 2 else on.day)


def _on(year: int, month: int, day: int) -> date | None:
    """A day of a month, the thirteenth being next year's first."""
    last = month_end(year, month)
    return last.replace(day=day) if 1 <= day <= last.day else None


def _figure(run: str) -> int:
    return int(parse_run(normalise(run)) or 0)


def _ahead(hit: re.Match[str], today: date) -> date:
    return today + timedelta(days=_AHEAD[hit[0]])


def _weekday(hit: re.Match[str], today: date) -> date:
    """本周五 also where it has passed; 周五 alone is the next one."""
    weeks = (hit["which"] or "").count("下")
    on = today + timedelta(days=_WEEK[hit["day"]] - today.weekday() + 7 * weeks)
    return on + timedelta(days=7) if on < today and not hit["which"] else on


def _span(hit: re.Match[str], today: date) -> date:
    many = _figure(hit["many"])
    if hit["unit"] == "工作日":
        return workdays.after(today, many)
    return today + timedelta(days=many * (7 if hit["unit"] in {"周", "星期"} else 1))


def _of_month(hit: re.Match[str], today: date) -> date | None:
    """26日 alone is the next one."""
    day = _figure(hit["day"])
    if hit["next"]:
        return _on(today.year, today.month + 1, day)
    return _on(today.year, today.month + (day < today.day), day)


def _end(hit: re.Match[str], today: date) -> date | None:
    if hit["year"]:
        return date(today.year, 12, 31)
    if hit["month"]:
        month = _figure(hit["month"])
        return coming(month_end(today.year, month), today) if 1 <= month <= 12 else None
    return month_end(today.year, today.month + bool(hit["next"]))


_READ: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_WORD, _ahead),
    (_WEEKDAY, _weekday),
    (_SPAN, _span),
    (_OF_MONTH, _of_month),
    (_END, _end),
)
"""What the calendar's own notations leave, and how it is read."""
