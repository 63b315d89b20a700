"""What separates 自报 and 已核: how many points and items, what can still be mended, and the list of them."""

from __future__ import annotations

from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from rubrics.model import Rubric
from storage import campaigns, editions, phases, score_history, scorecards
from storage.freezing import frozen_in
from storage.score_gaps import Gap, gap_of

GAP, LOG = "差在哪", "历次得分"


class Told(NamedTuple):
    """A gap with how many of its items the unit can still mend."""

    gap: Gap
    mendable: int


class _Unit(NamedTuple):
    """A unit somebody may look into, and where."""

    id: int
    name: str
    campaign_id: int


async def of_unit(turn: Turn, campaign_id: int, unit_id: int, rubric: Rubric) -> Told | None:
    """What separates a unit's two scores under a rubric; None where nothing does."""
    gap = gap_of(scorecards.plan_of(rubric), await turn.known(unit_id, rubric))
    if gap is None or not gap.items:
        return None
    frozen = await frozen_in(turn.connection, campaign_id) is not None
    return Told(gap, 0 if frozen else gap.mendable(collecting=await _collecting(turn, campaign_id)))


def buttons(unit_id: int) -> tuple[Option, ...]:
    """差在哪 and 历次得分 of a unit."""
    return Option(keys.pack("gap", unit_id), GAP), Option(keys.pack("score-log", unit_id), LOG)


async def show(turn: Turn, key: Key) -> None:
    """差在哪: each item with both figures and what of it lacks, was sent back, has changed or waits."""
    unit = await _unit(turn, key)
    if unit is None:
        return
    collecting = await _collecting(turn, unit.campaign_id)
    frozen = await frozen_in(turn.connection, unit.campaign_id)
    rows = await scorecards.summary_in(turn.connection, unit.campaign_id, unit.id)
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(turn.connection, unit.campaign_id)}
    said = 0
    for row in rows:
        rubric = rubrics[row.rubric_id]
        gap = gap_of(scorecards.plan_of(rubric), await turn.known(unit.id, rubric))
        if gap is not None and gap.items:
            said += 1
            turn.say("gap", unit=unit.name, rubric=rubric, gap=gap, collecting=collecting, frozen=frozen)
    if not said:
        turn.say("gap-none", unit=unit.name)


async def log(turn: Turn, key: Key) -> None:
    """历次得分: the three totals at each snapshot."""
    unit = await _unit(turn, key)
    if unit is None:
        return
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(turn.connection, unit.campaign_id)}
    found = await score_history.of_unit_in(turn.connection, unit.campaign_id, unit.id)
    turn.say("score-log", unit=unit.name, found=[one for one in found if one.claimed is not None], rubrics=rubrics)


async def _unit(turn: Turn, key: Key) -> _Unit | None:
    """The unit a button names: a liaison's own, or any of the campaign for who works in its office."""
    ident = int(key.parts[0]) if len(key.parts) == 1 and key.parts[0].isdigit() else 0
    own = turn.of_unit(ident)
    if own is not None and not turn.event.in_group:
        return _Unit(ident, own.unit_name, own.campaign_id)
    membership = office.working(turn)
    if membership is None:
        return None
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    found = next((unit for unit in known if unit.id == ident), None)
    if found is None:
        turn.say("stale")
        return None
    return _Unit(found.id, found.name, membership.campaign_id)


async def _collecting(turn: Turn, campaign_id: int) -> bool:
    return phases.collecting(await phases.of_campaign_in(turn.connection, campaign_id), turn.today)
