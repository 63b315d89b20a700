"""Whether a campaign still takes answers, and whom to ask once it does not."""

from __future__ import annotations

from handlers.turn import Place, Turn
from storage import people, phases
from storage.people import Membership


async def over(turn: Turn, membership: Membership) -> bool:
    """Whether 自评 is over, so that nothing may be changed; it is then said, with the office's names."""
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    if phases.collecting(calendar, turn.today):
        return False
    members = await people.members_in(turn.connection, membership.campaign_id)
    closed = next(phase.ends_on for phase in calendar if phase.name == phases.SELF_ASSESSMENT)
    turn.say("locked", ended=closed, office=[m.name for m in members if m.role == "office" and m.name])
    return True


async def changeable(turn: Turn, place: Place | None, otherwise: str = "stale") -> tuple[Place, Membership] | None:
    """The clause of a key and whose it is, while what is known of it may be changed; else why not is said.

    Args:
        place: None where the key names none that it can be about.
        otherwise: what is said then.
    """
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        turn.say(otherwise)
        return None
    return None if await over(turn, membership) else (place, membership)
