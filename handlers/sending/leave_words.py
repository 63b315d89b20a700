"""The days away and who stands in, as people say them: 11月25日-27日 李强代, 下周一到周三 由 王敏 代, 明天起三天."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers.sending.notice_days import coming
from rubrics.dates import Day, find_days
from rubrics.numerals import parse_run

NEAR = {"今天": 0, "明天": 1, "后天": 2}
MOST_DAYS = 180  # a longer one is no length of a leave, but a figure
_AHEAD = {**NEAR, "大后天": 3}
_NEAR = re.compile("大后天|今天|明天|后天")
_TO_DAY = re.compile(r"\s*(?:到|至|—|-|~|～)\s*(\d{1,2})\s*[日号]?")
_WEEKDAY = re.compile("(?P<which>下下|下|本|这)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?![周天])")
_WEEK = "一二三四五六日"
_LENGTH = re.compile(r"(?P<number>[0-9]+|[一二两三四五六七八九十]+)个?(?P<unit>天|周|星期|礼拜)")
_END = r"\s*(?:同志|老师)?\s*(?:来|帮忙|临时)?"
_NAMED = re.compile(rf"(?:由|请|托)\s*(?P<name>[^\s，。,、由请托]{{2,20}}?){_END}(?:代|替|负责)")
_BARE = re.compile(
    rf"(?:^|[\s，。,、])(?P<name>[一-鿿·]{{2,6}}?){_END}[代替](?=$|[\s，。,、;；!！)）]|[理办班管我填吧]|一下)"
)
_WHEN = re.compile(
    r"[0-9０-９]+\s*[年月日号]?|大后天|今天|明天|后天|(?:下下|下|本|这)?个?(?:周|星期|礼拜)[一二三四五六日天]|[-/.~～—]|[到至起]"
)


def deputy(words: str) -> str:
    """The name of who stands in; empty where none is said."""
    if found := _NAMED.search(words):
        return found["name"]
    found = _BARE.search(_WHEN.sub(" ", _LENGTH.sub(" ", words)))
    return found["name"] if found else ""


def span(words: str, today: date) -> tuple[date, date] | None:
    """The first and last day a text names, over or not; one day alone is both."""
    words = _with_weekdays(_NEAR.sub(lambda hit: _said(today + timedelta(days=_AHEAD[hit[0]])), words), today)
    found = [one for one in find_days(words[:200], Day(*today.timetuple()[:3])) if one.day]
    if not found or found[0].day is None:
        return None
    first = coming(date(*found[0].day), today)
    if len(found) > 1 and found[1].day:
        last = coming(date(*found[1].day), today)
    elif ends := _TO_DAY.match(words, found[0].end):
        last = _with_day(first, int(ends[1]))
    else:
        last = first + timedelta(days=max(length(words[: found[0].start] + words[found[0].end :]), 1) - 1)
    return first, last


def length(words: str) -> int:
    """How many days a text says somebody is away (三天, 一周); 0 where it does not."""
    found = _LENGTH.search(_WEEKDAY.sub(" ", words))
    number = parse_run(found["number"].replace("两", "二")) if found else None
    days = int(number * (1 if found["unit"] == "天" else 7)) if found and number else 0
    return days if days <= MOST_DAYS else 0


def _with_weekdays(words: str, today: date) -> str:
    """A text with its weekdays as days: 周三 is the next one, the second of 下周一到周三 that after the first."""
    after = today

    def day_of(hit: re.Match[str]) -> str:
        nonlocal after
        place = _WEEK.index(hit["day"].replace("天", "日"))
        if hit["which"]:
            weeks = {"下下": 2, "下": 1}.get(hit["which"], 0)
            on = today + timedelta(days=place - today.weekday() + 7 * weeks)
        else:
            on = after + timedelta(days=(place - after.weekday()) % 7)
        after = on
        return _said(on)

    return _WEEKDAY.sub(day_of, words)


def _said(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _with_day(first: date, day: int) -> date:
    try:
        return first.replace(day=day)
    except ValueError:
        return first - timedelta(days=1)  # no such day: the end is before the start, and that is said
