"""What a message about a handover names: to whom, from which day on, and a word for the successor."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from handlers.sending.notice_days import coming
from rubrics.dates import Day, find_days

_TO = re.compile(
    r"(?:移?交给|转给|给|由)\s*(?P<name>[^\s\d，。,、；;]{2,20}?)"
    r"(?=接|负责|管|来|了|吧|从|自|起|于|今天|明天|后天|[\s\d，。,、；;]|$)"
)
_NEAR = {"今天": 0, "明天": 1, "后天": 2}
_JOINT = "起，,。、；; \n接手负责从自开始吧"


class Said(NamedTuple):
    """What was named; empty or None where it was not."""

    name: str
    day: date | None
    words: str


def read(text: str, today: date) -> Said:
    """What a message names; what stands behind name and day is for the successor."""
    for word, days in _NEAR.items():
        near = today + timedelta(days=days)
        text = text.replace(word, f" {near.year}年{near.month}月{near.day}日")
    if glued := _TO.search(text):  # 李四12月1日: no number runs from the name into the day
        text = f"{text[: glued.end()]} {text[glued.end() :]}"
    named = _TO.search(text)
    found = next((one for one in find_days(text[:300], Day(*today.timetuple()[:3])) if one.day), None)
    end = max(named.end() if named else 0, found.end if found else 0)
    day = coming(date(*found.day), today) if found and found.day else None
    return Said(named["name"] if named else "", day, text[end:].strip(_JOINT) if named and day else "")


def without_name(text: str) -> str:
    """A message without who takes over: what is left may name the unit."""
    return _TO.sub(" ", text, count=1)
