"""A 考核组 as people type it: 一组 王处、李工：孟河镇 12月3日，西夏墅镇 12月4日."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from handlers.sending.groups import who
from rubrics.dates import Day, Found, find_days
from storage.campaigns import Unit

MOST_BEFORE = timedelta(days=183)
"""A day without a year that would be longer ago is meant in the year to come: 1月5日, said in December."""

_BETWEEN = re.compile(r"[,，;；\n]+")
_NAMES = re.compile(r"[\s、,，;；/]+")
_GLUED = re.compile(r"(.{0,6}?组)(?=\S)")
_NOISE = re.compile(r"[、和及与去到看在上下午的\s.。()（）]+")


class Said(NamedTuple):
    """What was read; ``wrong`` is a sentence where something could not be, and the rest is then not to be used."""

    name: str = ""
    people: tuple[str, ...] = ()
    visits: tuple[tuple[Unit, date | None], ...] = ()
    wrong: str = ""


def read(words: str, units: Sequence[Unit], today: date) -> Said:
    """The group some words describe: its name and people before the colon, units with their days behind it."""
    left, colon, right = words.replace("：", ":").rpartition(":")
    if not colon:
        return Said(wrong="没有看到冒号，冒号前写组名和成员，冒号后写单位和日期")
    names = [part for part in _NAMES.split(_GLUED.sub(r"\1 ", left.replace(":", " "), count=1)) if part]
    if len(names) < 2:
        return Said(wrong="冒号前要有组名和成员，例如“一组 王处、李工”")
    visits: list[tuple[Unit, date | None]] = []
    for piece in filter(str.strip, _BETWEEN.split(right)):
        found, wrong = _visits(piece, units, today)
        if wrong:
            return Said(wrong=wrong)
        visits += found
    if not visits:
        return Said(wrong="冒号后要写去哪些单位")
    return Said(names[0], tuple(names[1:]), tuple(visits))


def _visits(piece: str, units: Sequence[Unit], today: date) -> tuple[list[tuple[Unit, date | None]], str]:
    """The units of a piece with its day; where it names several days, each unit has the next one."""
    days = find_days(piece, Day(today.year, today.month, today.day), today.year)
    if bad := next((day for day in days if day.day is None), None):
        return [], f"“{bad.text}”日历上没有这一天"
    parts = [(piece, days[0] if days else None)]
    if len(days) > 1:
        starts = [0, *(day.end for day in days[:-1])]
        parts = [(piece[start : day.end], day) for start, day in zip(starts, days, strict=True)]
    found = []
    for text, day in parts:
        named, rest = who(units, text.replace(day.text, " ") if day else text)
        left = _NOISE.sub("", rest)
        if not named or len(left) > 1:
            return [], f"“{(left or text).strip()[:20]}”没有对上单位，请写花名册里的名称"
        found += [(unit, _meant(day, today)) for unit in named]
    return found, ""


def _meant(found: Found | None, today: date) -> date | None:
    if found is None or found.day is None:
        return None
    day = date(*found.day)
    dated = "年" in found.text or re.search(r"\d{4}", found.text)
    if not dated and today - day > MOST_BEFORE and (day.month, day.day) != (2, 29):
        return day.replace(year=day.year + 1)
    return day
