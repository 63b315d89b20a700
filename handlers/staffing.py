"""The people of a campaign by unit: who joined, who was invited, and how somebody is removed."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.status import ROLES
from handlers.turn import Turn
from storage import campaigns, invitations, people
from storage.people import Member, Membership

MOST_LINES = 50


async def show(turn: Turn, key: Key | None = None) -> None:
    """Who takes part, in roster order; of many units only those where nobody has joined."""
    membership = office.working(turn)
    if membership is None:
        return
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    members = await people.members_in(turn.connection, membership.campaign_id)
    pending = await invitations.pending_in(turn.connection, membership.campaign_id)
    invited: dict[int | None, list[str]] = {}
    for one in pending:
        invited.setdefault(one.unit_id, []).append(one.name or "没写姓名")
    missing = [unit for unit in units if not any(m.role == "liaison" for m in unit.members)]
    options = (
        Option(keys.pack("invite-missing"), "剩余未加入"),
        Option(keys.pack("invite"), "邀请"),
        Option(keys.pack("remove"), "移出"),
    )
    turn.say(
        "people",
        options,
        units=(units if len(units) <= MOST_LINES else missing)[:MOST_LINES],
        count=len(units),
        missing=len(missing),
        central=[m for m in members if m.unit_id is None],
        invited=invited,
        roles=ROLES,
    )


async def ask_removal(turn: Turn, key: Key) -> None:
    """移出: who? A key with a person asks once more, with version 1 it is done."""
    membership = office.working(turn)
    if membership is None:
        return
    if not key.parts:
        turn.expect(keys.pack("remove-who"))
        turn.say("remove-who")
        return
    held = [m for m in await _members(turn, membership) if [str(m.person_id)] == list(key.parts)]
    if not held:
        turn.say("stale")
    elif held[0].person_id == membership.person_id:
        turn.say("remove-self")
    elif key.version == 0:
        yes = Option(keys.pack("remove", held[0].person_id, version=1), "确认")
        turn.say("remove-sure", (yes, Option(keys.pack("people"), "取消")), held=held, roles=ROLES)
    else:
        by = (str(membership.person_id), held[0].person_id, membership.campaign_id)
        await people.remove_in(turn.connection, turn.now, *by)
        turn.say("removed", (Option(keys.pack("people"), "人员"),), held=held)


async def named(turn: Turn, key: Key) -> None:
    """The name of who is to be removed, or the unit they are of."""
    membership = office.working(turn)
    if membership is None:
        return
    said = turn.event.text.strip()
    members = await _members(turn, membership)
    found = [m for m in members if said and (said in m.name or said in m.unit)]
    options = {
        m.person_id: Option(keys.pack("remove", m.person_id), f"{m.name or '没写姓名'} {m.unit}".strip()[:10])
        for m in found
    }
    if not found:
        turn.expect(keys.pack("remove-who"))
    turn.say("remove-which", tuple(options.values()), found=found, said=said[:20], roles=ROLES)


async def _members(turn: Turn, membership: Membership) -> list[Member]:
    return await people.members_in(turn.connection, membership.campaign_id)
