"""采标完成 孟河6 西夏墅4: what a department's message says about several towns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from handlers.sending.groups import who
from rubrics.amounts import located
from rubrics.figures import plain
from rubrics.model import Criterion
from rubrics.numerals import normalise
from rubrics.providing import Led
from storage.campaigns import Unit

_MARKS = re.compile(r"[、，,;；。:：/\s]|和|与|及|完成了?|确认|已经|分别|各|都|是|有|了")
_EACH = re.compile("各|都|均")
_BESIDES = 3  # characters
_SHOWN = 20  # characters


class Figures(NamedTuple):
    """What was read: each unit with its figure, the words about what, and a sentence about what could not be understood.

    No figures where anything could not: half a message is not what was said.
    """

    figures: tuple[tuple[Unit, Decimal], ...]
    words: str
    unclear: str = ""


def read(units: Sequence[Unit], text: str) -> Figures:
    """The units with their figures: each number belongs to the unit named before it.

    Several before one number only with 各 or 都. One that is named twice with different figures is unclear.
    """
    said = normalise(text)
    found: dict[int, tuple[Unit, Decimal]] = {}
    words, unclear, at = [], [], 0
    for start, end, number in located(said):
        named, rest = who(units, said[at:start])
        words.append(rest)
        shown = said[at:end][-_SHOWN:]
        if not named or (len(named) > 1 and not _EACH.search(said[at:start])):
            unclear.append(f"“{shown}”没看懂是哪个单位的多少")
        elif number.value < 0 or said[start - 1] == "-":
            unclear.append(f"“{shown}”里有减号，没看懂是多少")
        for unit in named:
            before = found.setdefault(unit.id, (unit, number.value))[1]
            if before != number.value:
                unclear.append(f"{unit.name}写了 {plain(before)} 和 {plain(number.value)}，不知道哪个对")
        at = end
    named, rest = who(units, said[at:])
    if named:
        unclear.append(f"{named[0].name}没有写是多少")
    about = _MARKS.sub("", "".join(words) + rest)
    return Figures((), about, unclear[0]) if unclear else Figures(tuple(found.values()), about)


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
    return names_of(place.criterion, place.clause)


def names_of(*clauses: Criterion) -> set[str]:
    """What clauses are called by people, as the words of `Figures` are left."""
    said = {_MARKS.sub("", normalise(name)) for one in clauses for name in (one.label, *one.aliases) if " " not in name}
    return {name for name in said if len(name) > 1}
