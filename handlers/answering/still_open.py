"""What a unit can still do once 自评 is over: mend what was sent back, answer what is kept open, 补报."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers.turn import Turn
from storage import openings, phases
from storage.freezing import frozen_in
from storage.openings import Open, Opening
from storage.people import Membership

MOST_BUTTONS = 6


async def of(turn: Turn, membership: Membership) -> Open | None:
    """What is still taken; None while 自评 is not over and everything is."""
    found = await openings.open_in(turn.connection, membership.campaign_id, membership.unit_id or 0, turn.today)
    return None if found.collecting else found


def shut(membership: Membership, found: Open | None) -> set[tuple[object, ...]]:
    """The clauses that are not taken any more, as (unit, rubric, clause)."""
    if found is None:
        return set()
    places = ((rubric.id, ident) for rubric in membership.rubrics for ident in rubric.criteria)
    return {(membership.unit_id or 0, *place) for place in places if not found.takes(*place)}


async def say(turn: Turn, membership: Membership, found: Open) -> None:
    """The lock, and what there is to do, each clause that was sent back as a button."""
    unit_id = membership.unit_id or 0
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    ended = next((phase.ends_on for phase in calendar if phase.name == phases.SELF_ASSESSMENT), None)
    returned = [
        (rubric.id, criterion)
        for rubric in membership.rubrics
        for criterion in rubric.criteria.values()
        if (rubric.id, criterion.id) in found.returned
    ]
    options = [Option(keys.pack("ask", unit_id, rubric_id, c.id), c.label) for rubric_id, c in returned]
    turn.say(
        "still-open",
        (*options[:MOST_BUTTONS], Option(keys.pack("list", unit_id), "清单")),
        unit=membership.unit_name,
        ended=ended,
        frozen=await frozen_in(turn.connection, membership.campaign_id),
        returned=[criterion.label for _, criterion in returned],
        openings=[(_called(membership, one), one.until) for one in found.openings],
    )


def _called(membership: Membership, opening: Opening) -> str:
    """What an opening keeps open; empty where that is no clause of the unit's."""
    if opening.criterion_id is None:
        return "全部条目"
    for rubric in membership.rubrics:
        if opening.covers(rubric.id, opening.criterion_id) and opening.criterion_id in rubric.criteria:
            return rubric.criteria[opening.criterion_id].label
    return ""
