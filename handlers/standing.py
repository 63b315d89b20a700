"""Where a unit stands: its own score with the reasons, and the office's table of all units."""

from __future__ import annotations

from collections import defaultdict

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.guidance import help_with
from handlers.turn import Turn
from rubrics.tasks import asked
from storage import campaigns, scorecards
from storage.errors import NotFoundError


async def mine(turn: Turn) -> None:
    """The liaison's own unit: claimed points by item, and what would gain most."""
    membership = turn.liaison
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    unit_id = membership.unit_id or 0
    for rubric in membership.rubrics:
        breakdown = await turn.scored(unit_id, rubric)
        card = breakdown.as_json()
        own = asked(rubric, membership.unit_name, membership.unit_category)
        clauses = {c.id for part in own.values() for c in part}
        card["open"] = [g for g in card["open"] if g.get("criterion") in clauses or g.get("item") in own]
        options = (Option(keys.pack("next", unit_id), "下一项"), Option(keys.pack("list", unit_id), "清单"))
        turn.say("card", options, unit=membership.unit_name, rubric=rubric, total=breakdown.total, card=card)


async def scores(turn: Turn, key: Key | None = None) -> None:
    """All units of the campaign, in roster order: claimed points, answered of how many."""
    membership = turn.office
    if membership is None:
        turn.say("office-only")
        return
    if turn.event.in_group:
        turn.say("not-in-group")
        return
    by_rubric = defaultdict(list)
    for row in await scorecards.summary_in(turn.connection, membership.campaign_id):
        by_rubric[row.rubric_id].append(row)
    for rubric_id, rows in by_rubric.items():
        turn.say(
            "scores", rubric=membership.rubric(rubric_id), rows=rows, at=turn.now, campaign=membership.campaign_code
        )


async def unit(turn: Turn, name: str) -> None:
    """One unit's card, for the office."""
    if not name:
        await help_with(turn)
        return
    membership = turn.office
    if membership is None or turn.event.in_group:
        turn.say("office-only" if membership is None else "not-in-group")
        return
    try:
        unit_id = await campaigns.find_unit(turn.connection, membership.campaign_id, name)
    except NotFoundError as error:
        turn.say("refused", said=str(error))
        return
    for row in await scorecards.summary_in(turn.connection, membership.campaign_id):
        if row.unit_id == unit_id:
            rubric = next(r for r in membership.rubrics if r.id == row.rubric_id)
            breakdown = await turn.scored(unit_id, rubric)
            turn.say("card", unit=row.unit, rubric=rubric, total=breakdown.total, card=breakdown.as_json())
