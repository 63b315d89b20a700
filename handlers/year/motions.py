"""提请: something that takes two people of the office is proposed, and the others are asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from channels import keys
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import motions, reaching
from storage.motions import Motion
from storage.people import Membership


class Kind(NamedTuple):
    """A kind of motion.

    ``about`` says what a subject would come to now, and changes nothing. ``carry`` does it in this turn's unit of work
    and says what was done; it checks everything before it writes anything, because a refusal ends in a reply. Its
    membership is that of who agrees.

    Raises (both): KaopingError, what cannot be done and why.
    """

    about: Callable[[Turn, Membership, Mapping[str, Any]], Awaitable[str]]
    carry: Callable[[Turn, Membership, Motion], Awaitable[str]]


async def propose(
    turn: Turn, membership: Membership, name: str, kind: Kind, subject: Mapping[str, Any], why: str
) -> Motion | None:
    """Propose something and ask the others of the office; says why where it cannot be proposed."""
    try:
        about = await kind.about(turn, membership, subject)
        made = await motions.propose_in(
            turn.connection, turn.now, membership.person_id, membership.campaign_id, name, subject, why
        )
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return None
    asked = await motions.deciders_in(turn.connection, made.campaign_id, made.person_id, made.subject)
    reached = [one for one in await reaching.office_in(turn.connection, made.campaign_id) if one.person_id in asked]
    told = await office.tell(turn, reached, "motion", deciding(made), motion=made, about=about)
    turn.say("motion-proposed", withdrawing(made), motion=made, about=about, told=told)
    return made


def deciding(motion: Motion) -> tuple[Option, ...]:
    """The buttons of who may decide a motion."""
    return Option(keys.pack("motion-yes", motion.id), "同意"), Option(keys.pack("motion-no", motion.id), "不同意")


def withdrawing(motion: Motion) -> tuple[Option, ...]:
    """The button of who proposed it."""
    return (Option(keys.pack("motion-drop", motion.id), "收回"),)
