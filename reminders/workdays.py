"""Working days of the Chinese calendar with 调休, and the hours in which an office may be written to.

The published calendar ends somewhere. A year beyond it counts Monday to Friday, without the days that are a holiday
by law in every year; whoever plans with such a year is told (`guessed_years`).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

OPENS = time(9, 0)
CLOSES = time(17, 30)  # nothing is said from this minute on
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})  # those that follow no lunar date
_DAY = timedelta(days=1)


class YearDays(NamedTuple):
    """The working days of a year; ``published`` says whether its calendar is known or guessed."""

    days: frozenset[date]
    published: bool


@lru_cache(maxsize=16)
def of_year(year: int) -> YearDays:
    """The working days of a year."""
    # imported late: only planning needs it
    from chinese_calendar import is_workday as is_published_workday  # type: ignore[import-untyped]

    all_days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)]
    try:
        return YearDays(frozenset(day for day in all_days if is_published_workday(day)), published=True)
    except NotImplementedError:
        guessed = (d for d in all_days if d.weekday() < 5 and (d.month, d.day) not in FIXED_HOLIDAYS)
        return YearDays(frozenset(guessed), published=False)


def is_workday(day: date) -> bool:
    """Whether offices work on a day."""
    return day in of_year(day.year).days


def on_or_before(day: date) -> date:
    """The day itself where it is a working day, else the last one before it."""
    while not is_workday(day):
        day -= _DAY
    return day


def on_or_after(day: date) -> date:
    """The day itself where it is a working day, else the first one after it."""
    while not is_workday(day):
        day += _DAY
    return day


def after(day: date, working_days: int) -> date:
    """The working day that comes so many working days after a day; 0 gives the day itself or the next one."""
    found = on_or_after(day)
    for _ in range(working_days):
        found = on_or_after(found + _DAY)
    return found


def guessed_years(*days: date) -> tuple[int, ...]:
    """The years among these days whose holidays are not published, so that Monday to Friday was assumed."""
    return tuple(year for year in sorted({day.year for day in days}) if not of_year(year).published)


def is_open(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a moment lies in office hours of the zone: a working day, from 9:00 to before 17:30 by its clocks."""
    local = moment.astimezone(zone)
    return OPENS <= local.time() < CLOSES and is_workday(local.date())


def next_open(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself where it lies in office hours, else the next opening, in the zone."""
    if is_open(moment, zone):
        return moment.astimezone(zone)
    local = moment.astimezone(zone)
    day = local.date() if local.time() < OPENS else local.date() + _DAY
    return datetime.combine(on_or_after(day), OPENS, zone)
