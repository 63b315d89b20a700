"""采标完成 孟河6 西夏墅4: what a department's message says about several towns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from handlers.sending.selecting import who
from rubrics.amounts import located
from rubrics.figures import plain
from rubrics.numerals import normalise
from rubrics.providing import Led
from storage.campaigns import Unit

_MARKS = re.compile(r"[、，,;；。:：/\s]|和|与|及|完成了?|确认|已经|分别|各|都|是|有|了")
_EACH = re.compile("各|都|均")
_BESIDES = 3  # characters


class Figures(NamedTuple):
    """What was read: each town with its figure, the words about what, and what could not be understood."""

    figures: tuple[tuple[Unit, Decimal], ...]
    words: str
    unclear: str = ""


def read(units: Sequence[Unit], text: str) -> Figures:
    """The towns with their figures: each number belongs to the town named before it.

    Several towns before one number only with 各 or 都. A town that is named twice with different figures is unclear.
    """
    said = normalise(text)
    found: dict[int, tuple[Unit, Decimal]] = {}
    words, at = [], 0
    for start, end, number in located(said):
        before = said[at:start]
        named, rest = who(units, before)
        if not named or (len(named) > 1 and not _EACH.search(before)):
            return Figures((), "", f"{before}{said[start:end]}"[-20:])
        words.append(rest)
        for unit in named:
            if unit.id in found and found[unit.id][1] != number.value:
                return Figures((), "", f"{unit.name} {plain(found[unit.id][1])}、{plain(number.value)}")
            found[unit.id] = (unit, number.value)
        at = end
    named, rest = who(units, said[at:])
    if named:
        return Figures((), "", f"{named[0].name}没有写数")
    return Figures(tuple(found.values()), _MARKS.sub("", "".join(words) + rest))


def meant(places: Sequence[Led], words: str) -> tuple[Led, ...]:
    """Which targets the words name by label or by a word people use for it, the longest first; all where none is said."""
    if not words or len(places) == 1:
        return tuple(places)
    hits = [(max((len(name) for name in _names(one) if name in words), default=0), one) for one in places]
    longest = max((length for length, _ in hits), default=0)
    return tuple(one for length, one in hits if length == longest) if longest else ()


def nothing_else(places: Sequence[Led], words: str) -> bool:
    """Whether words name a target and say hardly anything besides: then figures beside them need no command."""
    found = meant(places, words) if words else ()
    longest = max((len(name) for one in found for name in _names(one) if name in words), default=0)
    return bool(longest) and len(words) - longest <= _BESIDES


def _names(place: Led) -> set[str]:
    clauses = (place.criterion, place.clause)
    said = {normalise(name) for clause in clauses for name in (clause.label, *clause.aliases) if " " not in name}
    return {name for name in said if len(name) > 1}
