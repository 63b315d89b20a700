"""未报: what is open by item and by unit, with how many, and a button to 催办 each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.free_text import matchers
from handlers.sending import (
    escalating,
    open_matters,
    pushing,
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
_LISTED = re.compile("(?:按|看|[各每]个?)?(?P<by>单位|条目|条|项)")


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
    """``/missing``: by item; 未报 按单位 by unit, 未报 孟河镇 what that unit owes, 未报 信息上报 who owes that."""
    membership = office.seeing(turn)
    if membership is None:
        return
    listed = _LISTED.fullmatch(words.strip())
    if listed and listed["by"] == "单位":
        await _by_unit(turn, membership, await _owing(turn, membership))
        return
    if listed or not words.strip():
        await _by_item(turn, membership)
        return
    if lacking := matchers.missing(await matchers.wanted(turn)):
        turn.prepare(partial(matchers.build, lacking), lambda again, _: start(again, words))
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    chosen = await selecting.select(turn, membership, units, words)
    if chosen.unclear:
        turn.say("missing-unclear", (Option(keys.pack("missing"), "按条目"),), said=chosen.unclear[:20])
        return
    ids = {unit.id for unit in chosen.units}
    owing = [one for one in await _owing(turn, membership) if one.unit.id in ids]
    cut = [one.only(chosen.clauses, late=chosen.late) for one in owing]
    about = [*selecting.labels(membership, chosen.clauses), *(["过了期限的"] if chosen.late else [])]
    await _by_unit(turn, membership, cut, about, _push_these(turn, chosen))


def _push_these(turn: Turn, chosen: selecting.Selection) -> Option:
    """A button for what words selected; too much to stand in a key."""
    version = int(turn.state.get("missing", {}).get("version", 0)) + 1
    units = [unit.id for unit in chosen.units]
    draft = pushing.Draft(version, units, [list(one) for one in chosen.clauses], chosen.late)
    turn.state["missing"] = draft._asdict()
    return Option(keys.pack("missing", "push", version=version), "催办这些")


async def _push(turn: Turn, key: Key) -> None:
    """催办这些."""
    membership = office.working(turn)
    held = turn.held("missing", key) if membership else None
    if membership and held:
        draft = pushing.Draft(**held)
        clauses = [(rubric_id, ident) for rubric_id, ident in draft.clauses]
        await pushing.preview(turn, membership, draft.units, clauses, late=draft.late)


async def pressed(turn: Turn, key: Key) -> None:
    """按单位, 按条目, or 催办这些."""
    if key.parts == ("push",):
        await _push(turn, key)
        return
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
    owing = await _owing(turn, membership)
    lines = _items(membership, owing)
    options = [Option(keys.pack("missing", "unit"), "按单位")]
    if membership.role == "office" and lines:
        options.append(Option(keys.pack("push"), "全部催办"))
        options += await _escalating(turn, membership, owing)
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
    words = {"lines": lines[:MOST_LINES], "more": more, "named": NAMED, "frozen": frozen}
    turn.say("missing-items", tuple(options), **words, closed_on=await _closed_on(turn, membership))


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


async def _by_unit(
    turn: Turn,
    membership: Membership,
    owing: list[Owing],
    about: Sequence[str] = (),
    these: Option | None = None,
) -> None:
    """What units owe.

    Args:
        about: what was asked for, where that is not everything; ``these`` pushes just that.
    """
    lines = [_line(one) for one in owing if one.matters]
    options = [Option(keys.pack("missing"), "按条目")]
    if membership.role == "office" and lines:
        options.append(these or Option(keys.pack("push"), "全部催办"))
        options += await _escalating(turn, membership, owing)
        most = sorted(lines, key=lambda line: -line.matters)[:MOST_BUTTONS]
        options += [Option(keys.pack("push", line.unit_id), f"催 {line.unit}"[:10]) for line in most]
    done = [one.unit.name for one in owing if not one.matters]
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    words = {"lines": lines, "done": done, "alone": len(owing) == 1, "frozen": frozen}
    turn.say("missing-units", tuple(options), **words, about=about, closed_on=await _closed_on(turn, membership))


async def _closed_on(turn: Turn, membership: Membership) -> date | None:
    return await open_matters.closed_on(turn, membership, turn.today)


async def _escalating(turn: Turn, membership: Membership, owing: list[Owing]) -> tuple[Option, ...]:
    """The way to what may be taken up with a superior; who was told is only read where something is late at all."""
    late = any(one.overdue for one in owing)
    return await escalating.button(turn, membership.campaign_id) if late else ()


def _line(one: Owing) -> UnitLine:
    stakes = {(matter.rubric_id, matter.criteria[0]): matter.points for matter in one.matters}
    late = sum(matter.key in one.overdue for matter in one.matters)
    names = tuple(matter.what for matter in one.matters)
    return UnitLine(one.unit.id, one.unit.name, len(one.matters), late, sum(stakes.values(), Fraction(0)), names)
