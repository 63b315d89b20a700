"""Which of the units a person answers for is meant: named in what is asked, and chosen by its name."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from handlers.turn import Turn
from rubrics.numerals import normalise
from storage import campaigns


def named_of_several(turn: Turn, unit_id: int) -> str:
    """The name of a unit where the person answers for others too, as their own or in somebody's place; else empty."""
    units = {m.unit_id: m.unit_name for m in turn.memberships if m.role == "liaison"}
    return units.get(unit_id, "") if len(set(units.values())) > 1 else ""


def choose(turn: Turn, unit_id: int) -> None:
    """Go on with a unit whose button was pressed: 清单 and 我的得分 are then about the same one as the question."""
    if named_of_several(turn, unit_id):
        turn.state["unit"] = unit_id


async def typed(turn: Turn) -> Key | None:
    """The list of the unit of theirs whose name, or another name of it, is all that somebody typed."""
    said = normalise(turn.event.text[:60]).strip("。.!！ ")
    if len(said) < 2:
        return None
    first = turn.liaison
    mine = [m for m in turn.memberships if m.role == "liaison"]
    for membership in sorted(mine, key=lambda m: m != first):
        units = await campaigns.units_in(turn.connection, membership.campaign_id)
        unit = next(one for one in units if one.id == membership.unit_id)
        if any(said == normalise(name) for name in (unit.name, *unit.aliases)):
            return keys.parse(keys.pack("list", unit.id))
    return None
