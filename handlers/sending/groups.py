"""Which units some words mean: by name, as a group (各镇和部门), without some (除孟河镇外, 春江镇除外)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from handlers.units import names
from rubrics.numerals import normalise
from storage.campaigns import Unit

_SUFFIX = re.compile("(?:街道办事处|街道|镇|乡|分局|局|委员会|委|办公室|办)$")
_ALL_UNITS = re.compile("全部单位|所有单位|各个?单位|大家|所有人")
_ALL = re.compile("全体|全[区市县]|全部|所有")
"""Everybody where nothing else is named: 全区各镇 are the towns."""
_GROUP = "(?:各个?|所有的?|全部的?|全体)"
_AND = "[、和及与,/]"
_BUT = re.compile(r"除了?(?P<these>[^外]{2,60}?)[以之]?外[,、的]*")
_WITHOUT = re.compile(r"\(?(?:不含|不包括|不包含)(?P<these>[^(),;。]{2,60})\)?")
_EXCEPTED = re.compile(r"(?P<these>[^(,;。]{2,60}?)除外")
_JOINED = re.compile(r"^[\s、和及与,()]+|[\s、和及与,()]+$")


def who(units: Sequence[Unit], words: str) -> tuple[tuple[Unit, ...], str]:
    """The units some words mean, in roster order, and the words without them; what could not be read stays there."""
    without, rest = _left_out(units, normalise(words))
    everybody = {unit.id for unit in units}
    if _ALL_UNITS.search(rest):
        found, rest = everybody, _ALL_UNITS.sub("", rest)
    else:
        found, rest = _named(units, rest)
        if not found and (without or _ALL.search(rest)):
            found, rest = everybody, _ALL.sub("", rest)
    return tuple(unit for unit in units if unit.id in found - without), rest


def _left_out(units: Sequence[Unit], words: str) -> tuple[set[int], str]:
    """The units that are not meant, and the words without them."""
    without: set[int] = set()

    def leave_out(hit: re.Match[str]) -> str:
        found, rest = _by_name(units, hit["these"])
        if not found:
            found, rest = _by_group(units, rest)
        without.update(found)
        return rest if found else hit[0]  # 各镇、街道,春江镇除外: what stands before the name is still meant

    for pattern in (_BUT, _WITHOUT):
        words = pattern.sub(lambda hit: _JOINED.sub("", leave_out(hit)), words)
    return without, _EXCEPTED.sub(leave_out, words)


def _named(units: Sequence[Unit], words: str) -> tuple[set[int], str]:
    found, rest = _by_name(units, words)
    groups, rest = _by_group(units, rest, joined=bool(found))
    return found | groups, rest


def _by_name(units: Sequence[Unit], rest: str) -> tuple[set[int], str]:
    found: set[int] = set()
    called = sorted(((name, unit) for unit in units for name in _called(unit)), key=lambda pair: -len(pair[0]))
    for name, unit in called:
        if name in rest:
            found.add(unit.id)
            rest = rest.replace(name, "", 1)
    return found, rest


def _by_group(units: Sequence[Unit], rest: str, *, joined: bool = False) -> tuple[set[int], str]:
    """The units of the categories some words name.

    Args:
        joined: units stand before, so that 和部门 goes on with them.
    """
    categories = sorted({unit.category for unit in units}, key=len, reverse=True)
    if "乡镇" not in categories:
        rest = rest.replace("乡镇", "镇")
    meant: dict[str, None] = {}
    before = None
    while before != rest:  # 各镇、街道和部门: each one found lets the next be read
        before = rest
        for category in categories:
            rest, hits = re.subn(_pattern(category, joined=joined or bool(meant)), "", rest)
            if hits:
                meant[category] = None
    return {unit.id for unit in units if unit.category in meant}, rest


def _pattern(category: str, *, joined: bool) -> str:
    """A group as it is named in words: 各镇, 镇的, 没填的镇; after another one also 、镇."""
    alone = f"(?:^|(?<=[^一-鿿])|(?<=的)){category}(?=的|[^一-鿿]|$)"
    return f"{_GROUP}{category}|{alone}" + (f"|{_AND}(?:{_GROUP})?{category}" if joined else "")


def _called(unit: Unit) -> Collection[str]:
    """All a unit is called, also without what kind of office it is (西夏墅)."""
    full = set(names(unit))
    return {name for name in full | {_SUFFIX.sub("", name) for name in full} if len(name) > 1}
