"""/invite: a unit, a role, a name → a code and a link; a fresh code in one tap; codes for all who are expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import (
    office,
    units,
)
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import campaigns, invitations
from storage.campaigns import Unit
from storage.invitations import Invitation
from storage.people import Membership

OF_OFFICE = ("office", "leader", "expert")
OF_UNIT = ("liaison", "leader", "provider")
LABELS = {"liaison": "联络员", "leader": "领导", "provider": "提供数据", "office": "考核办", "expert": "专家"}
OWN_PEOPLE = ("考核办", "考核办的人")
"""Who is invited for no unit."""
A_MESSAGE = 15
"""So many codes a message: it is to be forwarded, and read on a phone."""
MOST_CHARACTERS = 20
MOST_NAMED = 40
MOST_AT_ONCE = 300
"""Codes a tap: what is said stays readable, and the one writer is soon free again; who is left comes with the next."""


class _Missing(NamedTuple):
    """A liaison who is expected and has not joined; without a name where the roster has none."""

    unit: Unit
    name: str


async def start(turn: Turn, words: str = "") -> None:
    """Whom to invite; ``孟河镇 陈芳`` behind it is that unit's liaison at once."""
    membership = office.working(turn)
    if membership is None:
        return
    if not words.strip():
        turn.expect(keys.pack("invite-words"))
        turn.say("invite-whom", _beginnings())
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    name, _, person = words.strip().partition(" ")
    if name in OWN_PEOPLE:
        _ask_role(turn, None, person.strip())
        return
    found = units.find(known, name)
    if len(found) != 1:
        options = tuple(Option(keys.pack("invite-unit", unit.id), unit.name[:10]) for unit in found)
        turn.expect(keys.pack("invite-words"))
        turn.say("which-of-units" if found else "no-such-unit", options, said=name[:20])
    elif person.strip():
        await _invite(turn, membership, "liaison", found[0], person.strip())
    else:
        _ask_role(turn, found[0])


async def said(turn: Turn, key: Key) -> None:
    """The unit, or the unit and a name."""
    await start(turn, turn.event.text)


async def pressed(turn: Turn, key: Key) -> None:
    """The button of /invite, or of the office's own people."""
    if not key.parts:
        await start(turn)
    elif office.working(turn) is not None:
        _ask_role(turn, None)


async def of_unit(turn: Turn, key: Key) -> None:
    """A unit was chosen: as what?"""
    unit = await _unit(turn, key)
    if unit is not None:
        _ask_role(turn, unit)


async def role_chosen(turn: Turn, key: Key) -> None:
    """A role was chosen: who? The roster's names are buttons."""
    membership = office.working(turn)
    if membership is None:
        return
    unit = await _unit_of(turn, membership, key.parts[0]) if len(key.parts) == 2 else None
    allowed = OF_UNIT if unit else OF_OFFICE
    if len(key.parts) != 2 or key.parts[1] not in allowed or (unit is None and key.parts[0] != "0"):
        turn.say("stale")
        return
    expected = unit.expected if unit and key.parts[1] == "liaison" else ()
    options = [Option(keys.pack("invite-name", *key.parts, place), name[:10]) for place, name in enumerate(expected)]
    said = turn.state.pop("invite_name", None)
    if said and said["unit"] == (unit.id if unit else 0):
        await _invite(turn, membership, key.parts[1], unit, said["name"])
        return
    turn.expect(keys.pack("invite-named", *key.parts))
    nobody = Option(keys.pack("invite-name", *key.parts), "不写姓名")
    turn.say("invite-name", (*options, nobody), unit=unit, role=LABELS[key.parts[1]])


async def role_said(turn: Turn, key: Key) -> None:
    """What somebody is to do, in words; any other words are the name, and the role is asked for once more."""
    membership = office.working(turn)
    if membership is None:
        return
    unit = await _unit_of(turn, membership, key.parts[0]) if key.parts else None
    words = turn.event.text.strip()
    role = next((role for role in (OF_UNIT if unit else OF_OFFICE) if words == LABELS[role]), None)
    if role is not None:
        await role_chosen(turn, Key("invite-role", (key.parts[0], role), 0))
        return
    _ask_role(turn, unit, words)


async def name_chosen(turn: Turn, key: Key) -> None:
    """A name of the roster, or none."""
    await _named(turn, key, None)


async def name_said(turn: Turn, key: Key) -> None:
    """A typed name."""
    await _named(turn, key, turn.event.text.strip())


async def again(turn: Turn, key: Key) -> None:
    """重发: a fresh code for the same invitation; the old one is void."""
    membership = office.working(turn)
    if membership is None:
        return
    if len(key.parts) != 1 or not key.parts[0].isdigit():
        turn.say("stale")
        return
    by = (str(membership.person_id), membership.campaign_id, int(key.parts[0]))
    try:
        made = await invitations.reissue_in(turn.connection, turn.now, *by)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    await _hand_out(turn, membership, made)


async def missing(turn: Turn, key: Key) -> None:
    """Who is expected and has not joined, and one tap for codes for all of them."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await _missing(turn, membership)
    every = (Option(keys.pack("invite-all"), "全部发码"),) if found else ()
    turn.say("invite-missing", every, missing=found[:MOST_NAMED], more=max(len(found) - MOST_NAMED, 0))


async def everybody(turn: Turn, key: Key) -> None:
    """全部发码: a code for each who is expected and has not joined, in the roster's order."""
    membership = office.working(turn)
    if membership is None:
        return
    made = [
        await invitations.invite_in(
            turn.connection,
            turn.now,
            str(membership.person_id),
            membership.campaign_id,
            "liaison",
            unit=one.unit.name,
            name=one.name,
        )
        for one in (await _missing(turn, membership))[:MOST_AT_ONCE]
    ]
    for start in range(0, len(made), A_MESSAGE):
        turn.say("codes", made=made[start : start + A_MESSAGE], home=turn.home.rstrip("/"), first=not start)
    if not made:
        turn.say("invite-missing", missing=(), more=0)


async def _named(turn: Turn, key: Key, name: str | None) -> None:
    membership = office.working(turn)
    if membership is None:
        return
    unit = await _unit_of(turn, membership, key.parts[0]) if len(key.parts) >= 2 else None
    if len(key.parts) < 2 or key.parts[1] not in (OF_UNIT if unit else OF_OFFICE):
        turn.say("stale")
        return
    if name is None:
        place = key.parts[2] if len(key.parts) == 3 else ""
        names = unit.expected if unit else ()
        name = names[int(place)] if place.isdigit() and int(place) < len(names) else ""
    await _invite(turn, membership, key.parts[1], unit, name)


async def _invite(turn: Turn, membership: Membership, role: str, unit: Unit | None, name: str) -> None:
    by = (str(membership.person_id), membership.campaign_id, role)
    try:
        made = await invitations.invite_in(turn.connection, turn.now, *by, unit=unit.name if unit else None, name=name)
    except KaopingError as error:
        turn.say("refused", said=str(error))
        return
    await _hand_out(turn, membership, made)


async def _hand_out(turn: Turn, membership: Membership, made: Invitation) -> None:
    """The code as a message to be forwarded, and a fresh one in one tap."""
    pending = await invitations.pending_in(turn.connection, membership.campaign_id)
    ident = max(one.id for one in pending)
    turn.say("code", made=made, role=LABELS[made.role], home=turn.home.rstrip("/"), campaign=membership.campaign_code)
    options = (Option(keys.pack("invite-again", ident), "重发"), Option(keys.pack("invite"), "再邀请"))
    turn.say("code-hint", options)


async def _missing(turn: Turn, membership: Membership) -> list[_Missing]:
    """Names of the roster nobody joined under; a unit without names and without a liaison counts as one."""
    found = []
    for unit in await campaigns.units_in(turn.connection, membership.campaign_id):
        joined = {member.name for member in unit.members if member.role == "liaison"}
        if unit.expected:
            found += [_Missing(unit, name) for name in unit.expected if name not in joined]
        elif not joined:
            found.append(_Missing(unit, ""))
    return found


def _ask_role(turn: Turn, unit: Unit | None, name: str = "") -> None:
    """Ask for the role; a name that was said already is not asked for again."""
    turn.state.pop("invite_name", None)
    if name:
        turn.state["invite_name"] = {"unit": unit.id if unit else 0, "name": name[:MOST_CHARACTERS]}
    _say_roles(turn, unit, name[:MOST_CHARACTERS])


def _say_roles(turn: Turn, unit: Unit | None, name: str = "") -> None:
    ident = unit.id if unit else 0
    turn.expect(keys.pack("invite-role", ident))
    turn.say("invite-role", _roles(OF_UNIT if unit else OF_OFFICE, ident), unit=unit, name=name)


def _roles(roles: Sequence[str], unit_id: int) -> tuple[Option, ...]:
    return tuple(Option(keys.pack("invite-role", unit_id, role), LABELS[role]) for role in roles)


def _beginnings() -> tuple[Option, ...]:
    return Option(keys.pack("invite", "office"), "考核办的人"), Option(keys.pack("invite-missing"), "剩余未加入")


async def _unit(turn: Turn, key: Key) -> Unit | None:
    membership = office.working(turn)
    if membership is None:
        return None
    unit = await _unit_of(turn, membership, key.parts[0]) if len(key.parts) == 1 else None
    if unit is None:
        turn.say("stale")
    return unit


async def _unit_of(turn: Turn, membership: Membership, ident: str) -> Unit | None:
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    return next((unit for unit in known if str(unit.id) == ident), None)
