"""提请, decided: 同意 carries it out in the same turn, 不同意 with a reason, 收回 by who proposed it."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.turn import Turn
from handlers.year.motion_kinds import kind_of
from handlers.year.motions import Kind, deciding, withdrawing
from rubrics.errors import KaopingError
from storage import motions, reaching
from storage.motions import Motion
from storage.people import Membership

SURE = 1
"""The version of the button that carries out; the one before it asks once more."""


async def show(turn: Turn, key: Key | None = None) -> None:
    """The motions that wait in this campaign, each with what this person may do about it."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await motions.open_in(turn.connection, membership.campaign_id)
    for motion in found:
        may = await motions.deciders_in(turn.connection, motion.campaign_id, motion.person_id, motion.subject)
        own = motion.person_id == membership.person_id
        options = withdrawing(motion) if own else deciding(motion) if membership.person_id in may else ()
        turn.say("motion", options, motion=motion, about=await _about(turn, membership, motion))
    if not found:
        turn.say("motions-none")


async def agree(turn: Turn, key: Key) -> None:
    """同意: what it does now is shown once more; confirmed, it is done and who proposed it is told."""
    found = await _decidable(turn, key)
    if found is None:
        return
    membership, kind, motion = found
    try:
        if key.version != SURE:
            about = await kind.about(turn, membership, motion.subject)
            sure = Option(keys.pack("motion-yes", motion.id, version=SURE), "确认")
            turn.say("motion-sure", (sure, Option(keys.pack("motions"), "返回")), motion=motion, about=about)
            return
        done = await kind.carry(turn, membership, motion)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    by = (membership.person_id, motion.campaign_id, motion.id)
    agreed = await motions.agree_in(turn.connection, turn.now, *by)
    told = await _tell(turn, agreed, done)
    turn.say("motion-agreed", motion=agreed, done=done, told=told)


async def ask_refusal(turn: Turn, key: Key) -> None:
    """不同意: the reason is asked for."""
    found = await _decidable(turn, key)
    if found is not None:
        turn.expect(keys.pack("motion-why", found[2].id))
        turn.say("motion-why", motion=found[2])


async def refused(turn: Turn, key: Key) -> None:
    """The reason of 不同意; who proposed it reads it."""
    found = await _decidable(turn, key)
    if found is None:
        return
    membership, _, motion = found
    by = (membership.person_id, motion.campaign_id, motion.id)
    try:
        decided = await motions.refuse_in(turn.connection, turn.now, *by, turn.event.text)
    except KaopingError as error:
        turn.expect(keys.pack("motion-why", motion.id))
        turn.say("refused", said=str(error))
        return
    turn.say("motion-refused", motion=decided, told=await _tell(turn, decided, ""))


async def withdraw(turn: Turn, key: Key) -> None:
    """收回: the own motion is put down."""
    found = await _found(turn, key)
    if found is None:
        return
    membership, motion = found
    by = (membership.person_id, motion.campaign_id, motion.id)
    try:
        turn.say("motion-withdrawn", motion=await motions.withdraw_in(turn.connection, turn.now, *by))
    except KaopingError as error:
        turn.say("refused", said=str(error))


async def _about(turn: Turn, membership: Membership, motion: Motion) -> str:
    """What a motion would do now, or why it can be carried out no more: it then waits to be refused or withdrawn."""
    kind = kind_of(motion)
    try:
        return await kind.about(turn, membership, motion.subject) if kind else ""
    except KaopingError as error:
        return str(error)


async def _decidable(turn: Turn, key: Key) -> tuple[Membership, Kind, Motion] | None:
    """The motion of a key, if this person may decide it; else why not is said."""
    found = await _found(turn, key)
    if found is None:
        return None
    membership, motion = found
    kind = kind_of(motion)
    if kind is None:
        turn.say("stale")
        return None
    try:
        by = (membership.campaign_id, membership.person_id, motion.id)
        return membership, kind, await motions.decidable_in(turn.connection, *by)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return None


async def _found(turn: Turn, key: Key) -> tuple[Membership, Motion] | None:
    """The motion a key names, in whichever campaign's office this person works; a key can be forged."""
    if office.working(turn) is None:
        return None
    ident = int(key.parts[0]) if len(key.parts) == 1 and key.parts[0].isdigit() else 0
    for membership in office.campaigns_of(turn):
        waiting = await motions.of_campaign_in(turn.connection, membership.campaign_id)
        motion = next((one for one in waiting if one.id == ident), None)
        if motion is not None and membership.role == "office":
            return membership, motion
    turn.say("stale")
    return None


async def _tell(turn: Turn, motion: Motion, done: str) -> int:
    """Tell who proposed a motion how it was decided; returns how many people that reached."""
    reached = await reaching.member_in(turn.connection, motion.campaign_id, motion.person_id)
    return await office.tell(turn, reached, "motion-decided", motion=motion, done=done)
