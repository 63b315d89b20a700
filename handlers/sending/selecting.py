"""Whom, and about what, the office means by a few words: 一下西夏墅的特种设备, 各镇的信息上报, 环保局."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from handlers.free_text import matchers
from handlers.turn import Turn
from handlers.units import names
from rubrics.model import Rubric
from rubrics.numerals import normalise
from storage.campaigns import Unit
from storage.people import Membership

_SUFFIX = re.compile("(?:街道办事处|街道|镇|乡|分局|局|委员会|委|办公室|办)$")
_EVERYBODY = re.compile("全部单位|所有单位|各单位|全体|大家|所有人|全区|全部|所有(?!的?[镇街部])")
_NOISE = re.compile(
    "还没有?(?:报|填|交)?|没有?(?:报|填|交)|未(?:报|填|交)|催一?催|催办?一?下?|催促|提醒一?下?|请|麻烦|帮我?|一下|[把给的和、，,。:：\\s]"
)
_GROUP = "(?:各个?|所有的?|全部的?)"

Clause = tuple[str, str]
"""Rubric id and criterion id."""


class Selection(NamedTuple):
    """The units that are meant, and the clauses; no clauses means whatever is open. ``unclear``: words nothing was found for."""

    units: tuple[Unit, ...]
    clauses: tuple[Clause, ...] = ()
    unclear: str = ""


async def select(turn: Turn, membership: Membership, units: Sequence[Unit], words: str) -> Selection:
    """What some words select; without words everybody and everything. The readings of the campaign are built before."""
    chosen, rest = who(units, words)
    rest = _NOISE.sub("", rest)
    if len(rest) < 2:
        return Selection(chosen or tuple(units))
    clauses = tuple(_of_items(membership.rubrics, rest)) or await _of_matches(turn, membership, rest)
    return Selection(chosen or tuple(units), clauses, "" if clauses else rest)


def who(units: Sequence[Unit], words: str) -> tuple[tuple[Unit, ...], str]:
    """The units some words name, alone or as a group, in roster order; and the words without them."""
    rest = normalise(words)
    if _EVERYBODY.search(rest):
        return tuple(units), _EVERYBODY.sub("", rest)
    found: set[int] = set()
    called = sorted(((name, unit) for unit in units for name in _called(unit)), key=lambda pair: -len(pair[0]))
    for name, unit in called:
        if name in rest:
            found.add(unit.id)
            rest = rest.replace(name, "", 1)
    for category in {unit.category for unit in units}:
        rest, hits = re.subn(f"{_GROUP}{category}|^{category}(?![一-鿿])", "", rest)
        found |= {unit.id for unit in units if hits and unit.category == category}
    if found and re.search("[、和及与]街道", rest):  # 各镇、街道
        rest = re.sub("[、和及与]街道", "", rest)
        found |= {unit.id for unit in units if unit.category == "街道"}
    return tuple(unit for unit in units if unit.id in found), rest


def _called(unit: Unit) -> set[str]:
    """All a unit is called, also without what kind of office it is (西夏墅)."""
    full = set(names(unit))
    return {name for name in full | {_SUFFIX.sub("", name) for name in full} if len(name) > 1}


def _of_items(rubrics: Iterable[Rubric], rest: str) -> Iterable[Clause]:
    for rubric in rubrics:
        for item in rubric.items:
            said = (normalise(item.label), normalise(item.title))
            if rest in said or (len(rest) > 2 and any(rest in name for name in said)) or said[0] in rest:
                yield from ((rubric.id, criterion.id) for criterion in item.criteria)
        for criterion in rubric.criteria.values():
            if normalise(criterion.label) == rest:
                yield rubric.id, criterion.id


async def _of_matches(turn: Turn, membership: Membership, rest: str) -> tuple[Clause, ...]:
    found = []
    for rubric in membership.rubrics:
        reading = await matchers.of(turn, membership.campaign_id, rubric)
        found += [(rubric.id, fact.criterion) for fact in reading.matcher.match(rest)]
    return tuple(dict.fromkeys(found))
