"""交接: a unit is handed to another person from a day on; by the office, or by the liaison with the office's consent."""

from __future__ import annotations

from datetime import date
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import (
    office,
    units,
)
from handlers.people import handing_over_words
from handlers.people.inviting import LABELS
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from rubrics.errors import KaopingError
from storage import campaigns, handovers, people, reaching
from storage.campaigns import Unit, UnitMember
from storage.handovers import Handover
from storage.people import Member, Membership


async def start(turn: Turn, words: str) -> None:
    """交接 给李四 12月1日起: a draft to be confirmed; how to say it where it is not all there."""
    membership = _as(turn)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    said = handing_over_words.read(words, turn.today)
    unit = await _unit(turn, membership, words)
    if unit is None or not said.name or said.day is None:
        turn.expect(keys.pack("handover"))
        turn.state["handover_said"] = words[:200]  # what is still lacking may come by itself
        await _how(turn, membership, said.name if unit else "")
        return
    turn.state.pop("handover_said", None)
    old = [m for m in unit.members if m.role == "liaison"]
    own = [m for m in old if m.person_id == membership.person_id] if membership.role == "liaison" else old
    draft = {"unit": unit.id, "name": said.name, "day": said.day.isoformat(), "words": said.words[:500]}
    if not own:
        turn.say("handover-nobody", unit=unit)
    else:
        await _draft(turn, membership, unit, own, {**draft, "from": own[0].person_id if len(own) == 1 else 0})


async def typed(turn: Turn, key: Key) -> None:
    """The words that were asked for: all of it again, or only what was lacking."""
    words, before = turn.event.text, turn.state.get("handover_said", "")
    again = handing_over_words.read(words, turn.today)
    await start(turn, words if again.name or not before else f"{before} {words}")


@told
async def chosen(turn: Turn, key: Key) -> None:
    """Whom of several liaisons, or of several people of that name; 0 is somebody new."""
    draft = turn.held("handover", key)
    found = await _again(turn, draft) if draft else None
    if found is None or draft is None or len(key.parts) != 2 or key.parts[0] not in ("from", "to"):
        turn.say("stale")
        return
    membership, unit = found
    known = {0} | {m.person_id for m in await _called(turn, membership, draft)}
    known = {m.person_id for m in unit.members if m.role == "liaison"} if key.parts[0] == "from" else known
    if at(key, 1) not in known:
        turn.say("stale")
        return
    old = [m for m in unit.members if m.role == "liaison"]
    await _draft(turn, membership, unit, old, {**draft, key.parts[0]: at(key, 1)})


@told
async def go(turn: Turn, key: Key) -> None:
    """The draft is meant so: the office's begins, a liaison's is put to the office."""
    draft = turn.held("handover", key)
    found = await _again(turn, draft) if draft else None
    if draft is None or found is None or "to" not in draft or not draft["from"]:
        turn.say("stale")
        return
    membership, unit = found
    if membership.role == "liaison" and draft["from"] != membership.person_id:
        turn.say("stale")
        return
    by = (turn.connection, turn.now, turn.today, membership.person_id, unit.id, draft["from"])
    made = await handovers.propose_in(
        *by, draft["to"] or draft["name"], date.fromisoformat(draft["day"]), draft["words"]
    )
    turn.state.pop("handover")
    if membership.role == "office":
        await _confirm(turn, membership, made)
        return
    options = (Option(keys.pack("handover-yes", made.id), "同意"), Option(keys.pack("handover-no", made.id), "不同意"))
    reached = await reaching.office_in(turn.connection, made.campaign_id)
    await office.tell(turn, reached, "handover-asked", options, one=made)
    turn.say("handover-waits", (Option(keys.pack("handover-no", made.id), "撤销"),), one=made)


@told
async def agree(turn: Turn, key: Key) -> None:
    """同意: the office confirms what a liaison proposed."""
    membership = office.working(turn)
    found = await _found(turn, membership, at(key, 0)) if membership else None
    if membership is None or found is None or await _refused_own(turn, membership, found):
        return
    await _confirm(turn, membership, found)


@told
async def drop(turn: Turn, key: Key) -> None:
    """不同意 or 撤销: by the office, or by the liaison who proposed it while the office has not agreed."""
    for membership in turn.memberships:
        if membership.role not in ("office", "liaison"):
            continue
        found = await _found(turn, membership, at(key, 0), quiet=True)
        proposed = found is not None and found.confirmed_at is None and found.from_id == membership.person_id
        mine = proposed and membership.role == "liaison"
        if found is None or not (mine or (membership.role == "office" and not turn.event.in_group)):
            continue
        await handovers.drop_in(turn.connection, turn.now, membership.person_id, membership.campaign_id, found.id)
        about: dict[str, Any] = {"one": found, "by": membership}
        turn.say("handover-dropped", **about)
        concerned = {found.from_id, found.to_id, found.person_id} - {membership.person_id, None}
        for person in sorted(one for one in concerned if one is not None):
            reached = await reaching.member_in(turn.connection, found.campaign_id, person)
            await office.tell(turn, reached, "handover-dropped", **about)
        return
    turn.say("stale")


def _as(turn: Turn) -> Membership | None:
    """As what this person may hand a unit over: of the office, else as a liaison."""
    held = next((m for m in office.campaigns_of(turn) if m.role == "office"), None)
    return office.working(turn) if held and not turn.event.in_group else turn.liaison


async def _how(turn: Turn, membership: Membership, name: str) -> None:
    """How to say it; where only the day is lacking, to whom it goes is said back."""
    found = await handovers.open_in(turn.connection, membership.campaign_id)
    if membership.role == "liaison":
        found = [one for one in found if one.from_id == membership.person_id]
    options = []
    for one in found:
        if membership.role == "office" and one.confirmed_at is None:
            options.append(Option(keys.pack("handover-yes", one.id), f"同意{one.unit}"[:10]))
        options.append(Option(keys.pack("handover-no", one.id), f"撤销{one.unit}"[:10]))
    turn.say("handover-how", tuple(options), found=found, works=membership.role == "office", name=name)


async def _unit(turn: Turn, membership: Membership, words: str) -> Unit | None:
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    if membership.role == "liaison":
        return next((unit for unit in known if unit.id == membership.unit_id), None)
    texts = (words.split("给")[0], handing_over_words.without_name(words))  # 孟河镇给李四, 给李四 孟河镇
    found = next((those for text in texts if text.strip() and (those := units.find(known, text.strip()))), ())
    return found[0] if len(found) == 1 and not await office.refuse_own(turn, found) else None


async def _again(turn: Turn, draft: dict[str, Any]) -> tuple[Membership, Unit] | None:
    """The unit of a draft, if this person may still hand it over."""
    membership = _as(turn)
    if membership is None:
        return None
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    unit = next((one for one in known if one.id == draft["unit"]), None)
    own = membership.role == "office" or (unit is not None and membership.unit_id == unit.id)
    return (membership, unit) if unit and own else None


async def _called(turn: Turn, membership: Membership, draft: dict[str, Any]) -> list[Member]:
    """Those of the campaign who are called so, each once, without who hands over."""
    members = await people.members_in(turn.connection, membership.campaign_id)
    found = {m.person_id: m for m in members if m.name == draft["name"] and m.person_id != draft["from"]}
    return list(found.values())


async def _draft(turn: Turn, membership: Membership, unit: Unit, old: list[UnitMember], draft: dict[str, Any]) -> None:
    """What is understood, to be confirmed; first what is not clear."""
    draft["version"] = version = int(turn.state.get("handover", {}).get("version", 0)) + 1
    called = await _called(turn, membership, draft)
    if "to" not in draft and len(called) < 2:
        draft["to"] = called[0].person_id if called else 0
    turn.state["handover"] = draft
    if not draft["from"]:
        options = [Option(_pick("from", m.person_id, version), m.name[:10] or "没写姓名") for m in old]
        turn.say("handover-from", tuple(options), unit=unit)
        return
    people_named = [Option(_pick("to", m.person_id, version), f"{m.name} {m.unit}"[:10]) for m in called]
    new = Option(_pick("to", 0, version), "不是，发邀请")
    if "to" not in draft:
        turn.say("handover-to", (*people_named, new), name=draft["name"], found=called)
        return
    taker = next((m for m in called if m.person_id == draft["to"]), None)
    options = [Option(keys.pack("handover-go", version=version), "确认交接"), *([new] if taker else [])]
    giver = next((m.name for m in unit.members if m.person_id == draft["from"]), "")
    words = {**draft, "day": date.fromisoformat(draft["day"]), "office": membership.role == "office"}
    turn.say("handover-sure", tuple(options), unit=unit, giver=giver, taker=taker, draft=words)


def _pick(which: str, person_id: int, version: int) -> str:
    return keys.pack("handover-pick", which, person_id, version=version)


async def _found(turn: Turn, membership: Membership, handover_id: int, *, quiet: bool = False) -> Handover | None:
    try:
        return await handovers.find_in(turn.connection, membership.campaign_id, handover_id)
    except KaopingError as error:
        if not quiet:
            turn.say("refused", said=str(error))
        return None


async def _refused_own(turn: Turn, membership: Membership, one: Handover) -> bool:
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    return await office.refuse_own(turn, [unit for unit in known if unit.id == one.unit_id])


async def _confirm(turn: Turn, membership: Membership, made: Handover) -> None:
    """Begin it: who joins gets a code to be forwarded, the others are told."""
    by = (membership.person_id, membership.campaign_id, made.id)
    one, invitation = await handovers.confirm_in(turn.connection, turn.now, turn.today, *by)
    if invitation is not None:
        words: dict[str, Any] = {
            "role": LABELS["liaison"],
            "home": turn.home.rstrip("/"),
            "campaign": membership.campaign_code,
        }
        turn.say("code", made=invitation, **words)
    off = (Option(keys.pack("handover-no", one.id), "撤销"),)
    turn.say("handover-begun", off, one=one, invited=invitation is not None)
    for person, template in ((one.from_id, "told-handover-old"), (one.to_id, "told-handover-new")):
        if person is not None and person != membership.person_id:
            reached = await reaching.member_in(turn.connection, one.campaign_id, person)
            await office.tell(turn, reached, template, one=one)
