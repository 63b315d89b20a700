"""The one Jinja2 environment of the house: strict about missing names, filters for points, rates and dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(folders: Path | Sequence[Path], zone: ZoneInfo, *, markup: bool = False) -> Environment:
    """Templates of a room.

    Args:
        folders: where they lie; a name is looked for in one after the other.
        zone: where dates and times are shown.
        markup: escape values, where the channel shows markup.
    """
    made = Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,  # the default prints a missing name as nothing
        autoescape=markup,  # noqa: S701 - replies are plain text where no channel shows markup
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.filters["points"] = points
    made.filters["date"] = lambda moment: date(moment, zone)
    made.filters["time"] = lambda moment: f"{moment.astimezone(zone):%m-%d %H:%M}"
    return made


def points(value: Decimal | Fraction | int) -> str:
    """Points with at most two decimals, half up, without trailing zeros."""
    exact = Fraction(value)
    cents, rest = divmod(abs(exact.numerator) * 100, exact.denominator)
    whole, part = divmod(cents + (2 * rest >= exact.denominator), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if exact < 0 and text != "0" else text


def date(moment: datetime, zone: ZoneInfo) -> str:
    """``6月30日``."""
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日"
