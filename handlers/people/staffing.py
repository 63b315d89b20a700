"""The people of a campaign by unit: who joined, who was invited, and how somebody is removed."""

from __future__ import annotations

from collections.abc import Sequence

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
    members_of: dict[int | None, list[str]] = {}
    for member in members:
        members_of.setdefault(member.unit_id, []).append(_named(member, members, turn))
    missing = [unit for unit in units if not any(m.role == "liaison" for m in unit.members)]
    options = (
        Option(keys.pack("invite-missing"), "剩余未加入"),
        Option(keys.pack("invite"), "邀请"),
        Option(keys.pack("remove"), "移出"),
        *((Option(keys.pack("revoke"), "撤回邀请"),) if pending else ()),
    )
    turn.say(
        "people",
        options,
        units=(units if len(units) <= MOST_LINES else missing)[:MOST_LINES],
        count=len(units),
        missing=len(missing),
        members=members_of,
        invited=invited,
    )


def _named(member: Member, members: Sequence[Member], turn: Turn) -> str:
    """Name and role; with the day of joining where another one of the unit could not be told apart."""
    name = member.name or "没写姓名"
    alike = [m for m in members if (m.unit_id, m.name) == (member.unit_id, member.name)]
    notes = [] if member.role == "liaison" else [ROLES[member.role]]
    notes += [f"{member.joined_at.astimezone(turn.zone):%m-%d %H:%M} 加入"] if len(alike) > 1 else []
    return f"{name}（{'，'.join(notes)}）" if notes else name


async def ask_revoking(turn: Turn, key: Key) -> None:
    """撤回邀请: which of those that wait? A key with an invitation revokes it."""
    membership = office.working(turn)
    if membership is None:
        return
    pending = await invitations.pending_in(turn.connection, membership.campaign_id)
    if not key.parts:
        options = [
            Option(keys.pack("revoke", one.id), f"撤{place} {one.unit or '考核办'}{one.name}"[:10])
            for place, one in enumerate(pending, 1)
        ]
        turn.say("revoke-which", tuple(options), pending=pending, roles=ROLES)
        return
    found = next((one for one in pending if [str(one.id)] == list(key.parts)), None)
    if found is None:
        turn.say("stale")
        return
    await invitations.revoke_in(turn.connection, turn.now, str(membership.person_id), membership.campaign_id, found.id)
    turn.say("revoked", (Option(keys.pack("people"), "人员"),), one=found, roles=ROLES)


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


async def removal(turn: Turn, words: str) -> None:
    """移出, typed; with a name behind it (移出 陈芳) who that may be."""
    if words:
        await _which(turn, words)
    else:
        await ask_removal(turn, Key("remove", (), 0))


async def named(turn: Turn, key: Key) -> None:
    """The name of who is to be removed, or the unit they are of."""
    await _which(turn, turn.event.text)


async def _which(turn: Turn, words: str) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    said = words.strip()
    members = await _members(turn, membership)
    found = [m for m in members if said and (said in m.name or said in m.unit)]
    options = {m.person_id: Option(keys.pack("remove", m.person_id), _button(m, found)) for m in found}
    if not found:
        turn.expect(keys.pack("remove-who"))
    named = [(_named(m, members, turn), m) for m in found]
    turn.say("remove-which", tuple(options.values()), found=named, said=said[:20])


def _button(member: Member, found: Sequence[Member]) -> str:
    """Name and unit; numbered as in the list above where they are the same for several."""
    label = f"{member.name or '没写姓名'} {member.unit}".strip()
    alike = [m.person_id for m in found if (m.unit_id, m.name) == (member.unit_id, member.name)]
    place = next(place for place, one in enumerate(found, 1) if one is member)
    return (f"{place} {label}" if len(set(alike)) > 1 else label)[:10]


async def _members(turn: Turn, membership: Membership) -> list[Member]:
    return await people.members_in(turn.connection, membership.campaign_id)
