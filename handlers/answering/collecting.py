"""Whether a campaign still takes answers of a clause, and whom to ask once it does not.

After the lock a clause is taken that the office sent back, keeps open (待年终) or has opened again (复开): which these
are is said by `storage.openings` alone.
"""

from __future__ import annotations

from handlers.turn import Place, Turn
from storage import openings, people, phases
from storage.freezing import frozen_in
from storage.people import Membership


async def closed(turn: Turn, membership: Membership, place: Place | None = None) -> bool:
    """Whether a clause may not be changed any more; without one, whether nothing may be. Says nothing."""
    about = (turn.connection, membership.campaign_id, membership.unit_id or 0)
    if place is None:
        return (await openings.open_in(*about, turn.today)).nothing
    return not await openings.may_answer(*about, place.rubric.id, place.criterion.id, turn.today)


async def over(turn: Turn, membership: Membership, place: Place | None = None) -> bool:
    """As `closed`; it is then said, with the office's names.

    Args:
        place: what is to be changed; None for what is not about one clause, which is taken while anything is.
    """
    if not await closed(turn, membership, place):
        return False
    calendar = await phases.of_campaign_in(turn.connection, membership.campaign_id)
    members = await people.members_in(turn.connection, membership.campaign_id)
    ended = next((phase.ends_on for phase in calendar if phase.name == phases.SELF_ASSESSMENT), None)
    frozen = await frozen_in(turn.connection, membership.campaign_id)
    turn.say("locked", ended=ended, frozen=frozen, office=[m.name for m in members if m.role == "office" and m.name])
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
    return None if await over(turn, membership, place) else (place, membership)
