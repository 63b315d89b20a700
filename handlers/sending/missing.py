"""未报: what is open by item and by unit, with how many, and a button to 催办 each."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.sending import (
    open_matters,
    selecting,
)
from handlers.sending.open_matters import Owing
from handlers.turn import Turn
from rubrics.model import Item, Rubric
from storage import campaigns
from storage.freezing import frozen_in
from storage.people import Membership

MOST_BUTTONS = 40
MOST_LINES = 40
NAMED = 4


class ItemLine(NamedTuple):
    """An item and the units that owe something of it."""

    rubric: Rubric
    item: Item
    units: tuple[str, ...]
    matters: int


class UnitLine(NamedTuple):
    """A unit, what it owes and what of it is late, with the points at stake."""

    unit_id: int
    unit: str
    matters: int
    late: int
    points: Fraction
    first: tuple[str, ...]


async def start(turn: Turn, words: str) -> None:
    """``/missing``: by item; 未报 按单位 by unit, 未报 孟河镇 what that unit owes."""
    membership = office.seeing(turn)
    if membership is None:
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    named, _ = selecting.who(units, words)
    if words and named and len(named) < len(units):
        ids = {unit.id for unit in named}
        await _by_unit(turn, membership, [one for one in await _owing(turn, membership) if one.unit.id in ids])
    elif "单位" in words:
        await _by_unit(turn, membership, await _owing(turn, membership))
    else:
        await _by_item(turn, membership)


async def pressed(turn: Turn, key: Key) -> None:
    """按单位 or 按条目."""
    membership = office.seeing(turn)
    if membership is None:
        return
    if key.parts == ("unit",):
        await _by_unit(turn, membership, await _owing(turn, membership))
    elif not key.parts:
        await _by_item(turn, membership)
    else:
        turn.say("stale")


async def _owing(turn: Turn, membership: Membership) -> list[Owing]:
    return await open_matters.of_campaign(turn, membership)


async def _by_item(turn: Turn, membership: Membership) -> None:
    lines = _items(membership, await _owing(turn, membership))
    options = [Option(keys.pack("missing", "unit"), "按单位")]
    if membership.role == "office" and lines:
        options.append(Option(keys.pack("push"), "全部催办"))
        most = sorted(lines, key=lambda line: -len(line.units))[:MOST_BUTTONS]
        alike = Counter(line.item.label for line in lines)
        options += [
            Option(
                keys.pack("push", line.rubric.id, line.item.id),
                _button(line, alone=alike[line.item.label] == 1),
            )
            for line in most
        ]
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    more = max(len(lines) - MOST_LINES, 0)
    turn.say("missing-items", tuple(options), lines=lines[:MOST_LINES], more=more, named=NAMED, frozen=frozen)


def _button(line: ItemLine, *, alone: bool) -> str:
    """With whom it is of where two rubrics have an item of that name."""
    return f"催 {'' if alone else line.rubric.categories[0]}{line.item.label}"[:10]


def _items(membership: Membership, owing: list[Owing]) -> list[ItemLine]:
    lines = []
    for rubric in membership.rubrics:
        for item in rubric.items:
            idents = {criterion.id for criterion in item.criteria}
            counts = {
                one.unit.name: sum(
                    matter.rubric_id == rubric.id and bool(idents.intersection(matter.criteria))
                    for matter in one.matters
                )
                for one in owing
            }
            units = tuple(name for name, count in counts.items() if count)
            if units:
                lines.append(ItemLine(rubric, item, units, sum(counts.values())))
    return lines


async def _by_unit(turn: Turn, membership: Membership, owing: list[Owing]) -> None:
    lines = [_line(turn, one) for one in owing if one.matters]
    options = [Option(keys.pack("missing"), "按条目")]
    if membership.role == "office" and lines:
        options.append(Option(keys.pack("push"), "全部催办"))
        most = sorted(lines, key=lambda line: -line.matters)[:MOST_BUTTONS]
        options += [Option(keys.pack("push", line.unit_id), f"催 {line.unit}"[:10]) for line in most]
    done = [one.unit.name for one in owing if not one.matters]
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    turn.say("missing-units", tuple(options), lines=lines, done=done, alone=len(owing) == 1, frozen=frozen)


def _line(turn: Turn, one: Owing) -> UnitLine:
    stakes = {(matter.rubric_id, matter.criteria[0]): matter.points for matter in one.matters}
    late = sum(matter.limit < turn.today for matter in one.matters)
    names = tuple(matter.what for matter in one.matters)
    return UnitLine(one.unit.id, one.unit.name, len(one.matters), late, sum(stakes.values(), Fraction(0)), names)
