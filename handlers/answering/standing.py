"""Where the liaison's own unit stands: the three scores, what lacks its proof and would gain most; or what was approved."""

from __future__ import annotations

from channels import keys
from channels.port import Option
from handlers.answering import (
    gaps,
    reviewed,
)
from handlers.proof import lacking
from handlers.turn import Turn
from rubrics.model import Rubric
from rubrics.tasks import asked
from storage import returns, scorecards, snapshots
from storage.people import Membership
from storage.snapshots import Card, SnapshotContent


async def mine(turn: Turn) -> None:
    """Claimed, proven and verified points of the unit under each rubric; once they are frozen, what was frozen."""
    membership = turn.liaison
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    approved = await snapshots.approved_in(turn.connection, membership.campaign_id)
    for rubric in membership.rubrics:
        card = approved.card(membership.unit_id or 0, rubric.id) if approved else None
        if approved is None or card is None:
            await _under(turn, membership, rubric)
        else:
            _approved(turn, approved, card)


def _approved(turn: Turn, approved: SnapshotContent, card: Card) -> None:
    """The approved score from its snapshot alone: nothing lacks or could gain any more."""
    rubric = approved.rubric(card.row.rubric_id)
    result = scorecards.plan_of(rubric).score(card.verified)
    told = result.as_json()
    turn.say(
        "me-approved",
        gaps.buttons(card.row.unit_id),
        unit=card.row.unit,
        rubric=rubric,
        snapshot=approved.snapshot,
        claimed=card.row.claimed,
        proven=card.row.proven,
        verified=card.row.verified,
        items=told["item_lines"],
        notes=told["notes"],
    )


async def _under(turn: Turn, membership: Membership, rubric: Rubric) -> None:
    unit_id = membership.unit_id or 0
    facts = await turn.known(unit_id, rubric)
    returned = await returns.standing_in(turn.connection, facts)
    plan = scorecards.plan_of(rubric)
    claimed = plan.score(facts.claimed)
    card = claimed.as_json()
    own = asked(rubric, membership.unit_name, membership.unit_category)
    clauses = {c.id for part in own.values() for c in part}
    options = (
        Option(keys.pack("next", unit_id), "下一项"),
        Option(keys.pack("list", unit_id), "清单"),
        Option(keys.pack("submit", unit_id), "提交自评"),
        *gaps.buttons(unit_id),
    )
    turn.say(
        "me",
        options,
        unit=membership.unit_name,
        rubric=rubric,
        claimed=scorecards.figures_of(claimed),
        proven=scorecards.figures_of(plan.score(facts.proven)),
        verified=scorecards.figures_of(plan.score(facts.verified)),
        gap=await gaps.of_unit(turn, membership.campaign_id, unit_id, rubric),
        items=card["item_lines"],
        notes=card["notes"],
        returned=[(rubric.criteria[ident].label, one.reason) for ident, one in returned.items()],
        changed=sum(reviewed.waits_again(verdict) for verdict in facts.verdicts.values()),
        lacking=[
            (rubric.criteria[i].label, lacking.words(rubric.criteria[i], facts))
            for i in facts.lacking
            if i not in returned  # those stand above with the reason
        ],
        gains=[g for g in card["open"] if g.get("criterion") in clauses or g.get("item") in own],
    )
