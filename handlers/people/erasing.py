"""误发: a file that should never have come is erased once two people want it: its bytes go, the record stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import (
    office,
    units,
)
from handlers.proof.proof_standing import at, told
from handlers.turn import Turn
from handlers.year.motions import Kind, deciding, propose
from storage import campaigns, editions, erasing, erasing_costs, evidence_places, motions, reaching
from storage.campaigns import Unit
from storage.erasing_costs import Cost
from storage.errors import NotFoundError
from storage.evidence import Evidence
from storage.motions import Motion
from storage.people import Membership

MOST_FILES = 24


@told
async def pressed(turn: Turn, key: Key) -> None:
    """A unit's files, or the one that is to go: why?"""
    found = await _of(turn, at(key, 0))
    if found is None:
        return
    membership, unit = found
    if len(key.parts) < 2:
        await _list(turn, unit)
        return
    file = await _file(turn, membership, unit.id, at(key, 1))
    about = await _about(turn, membership, {"units": [unit.id], "evidence": file.id})
    turn.expect(keys.pack("erase-why", unit.id, file.id))
    turn.say("erase-why", about=about)


async def start(turn: Turn, words: str) -> None:
    """误发: a liaison chooses of the own unit's files, the office of the files of the unit it names."""
    works = any(m.role == "office" for m in office.campaigns_of(turn))
    membership = office.working(turn) if works else turn.liaison
    if membership is None:
        if not works:
            office.working(turn)
        return
    known = await campaigns.units_in(turn.connection, membership.campaign_id)
    found = units.find(known, words) if works else tuple(u for u in known if u.id == membership.unit_id)
    if len(found) == 1 and not (works and await office.refuse_own(turn, found)):
        await _list(turn, found[0])
    elif len(found) != 1:
        options = tuple(Option(keys.pack("erase", unit.id), unit.name[:10]) for unit in found or known)
        turn.say("erase-whose", options)


@told
async def reason_said(turn: Turn, key: Key) -> None:
    """The reason: it is proposed; an office colleague who is not of the unit has to agree."""
    found = await _of(turn, at(key, 0))
    if found is None:
        return
    membership, unit = found
    file = await _file(turn, membership, unit.id, at(key, 1))
    turn.expect(keys.pack(key.verb, *key.parts))  # until it is proposed, the next words are the reason
    subject = {"units": [unit.id], "evidence": file.id}
    if membership.role == "office":
        made = await propose(turn, membership, "erase", KIND, subject, turn.event.text)
    else:
        made = await _ask_office(turn, membership, subject)
    if made is not None:
        turn.state.pop("expects")


@told
async def drop(turn: Turn, key: Key) -> None:
    """收回 by the liaison who proposed it."""
    membership = turn.of_unit(at(key, 0))
    if membership is None:
        turn.say("stale")
        return
    by = (membership.person_id, membership.campaign_id, at(key, 1))
    turn.say("motion-withdrawn", motion=await motions.withdraw_in(turn.connection, turn.now, *by))


async def _ask_office(turn: Turn, membership: Membership, subject: Mapping[str, Any]) -> Motion:
    about = await _about(turn, membership, subject)
    by = (membership.person_id, membership.campaign_id)
    made = await motions.propose_in(turn.connection, turn.now, *by, "erase", subject, turn.event.text)
    asked = await motions.deciders_in(turn.connection, made.campaign_id, made.person_id, made.subject)
    reached = [one for one in await reaching.office_in(turn.connection, made.campaign_id) if one.person_id in asked]
    await office.tell(turn, reached, "motion", deciding(made), motion=made, about=about)
    off = Option(keys.pack("erase-drop", subject["units"][0], made.id), "收回")
    turn.say("erase-asked", (off,), motion=made)
    return made


async def _about(turn: Turn, membership: Membership, subject: Mapping[str, Any]) -> str:
    file = await erasing.erasable_in(turn.connection, membership.campaign_id, subject["evidence"])
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(turn.connection, membership.campaign_id)}
    places = [place for place in await evidence_places.of_file(turn.connection, file.id) if not file.withdrawn_at]
    labels = [
        rubrics[place.rubric_id].criteria[place.criterion_id].label
        for place in places
        if place.rubric_id in rubrics and place.criterion_id in rubrics[place.rubric_id].criteria
    ]
    unit = next(u for u in await _units(turn, membership) if u.id == file.unit_id)
    stays = await erasing.elsewhere_in(turn.connection, file)
    costs = await _costs(turn, membership, file)
    words = {"file": file, "unit": unit, "labels": list(dict.fromkeys(labels)), "stays": stays, "costs": costs}
    return turn.render("erase-about", **words).strip()


async def _costs(turn: Turn, membership: Membership, file: Evidence) -> tuple[Cost, ...]:
    about = (membership.person_id, membership.campaign_id, file)
    return await erasing_costs.costs_in(turn.connection, turn.now, *about)


async def _carry(turn: Turn, membership: Membership, motion: Motion) -> str:
    """Decide it, and tell the unit; the bytes follow within a minute (`storage.erasing.clean`)."""
    by = (membership.person_id, membership.campaign_id, motion.subject["evidence"])
    costs = await _costs(turn, membership, await erasing.erasable_in(turn.connection, *by[1:]))
    erased = await erasing.erase_in(turn.connection, turn.now, *by, motion.why)
    file, stays = erased[-1], await erasing.elsewhere_in(turn.connection, erased[-1])
    reached = await reaching.liaisons_in(turn.connection, file.unit_id, turn.today)
    others = [one for one in reached if one.person_id != motion.person_id]
    await office.tell(turn, others, "told-erased", file=file, motion=motion, costs=costs)
    return turn.render("erase-done", file=file, stays=stays, costs=costs).strip()


KIND = Kind(_about, _carry)


async def _of(turn: Turn, unit_id: int) -> tuple[Membership, Unit] | None:
    """The unit and as what this person may have its files erased: its liaison, or the office; a key can be forged."""
    own = turn.of_unit(unit_id)
    membership = own or office.working(turn)
    if membership is None:
        return None
    unit = next((u for u in await _units(turn, membership) if u.id == unit_id), None)
    if unit is None:
        turn.say("stale")
    elif own is None and await office.refuse_own(turn, [unit]):
        return None
    return (membership, unit) if unit else None


async def _file(turn: Turn, membership: Membership, unit_id: int, evidence_id: int) -> Evidence:
    file = await erasing.erasable_in(turn.connection, membership.campaign_id, evidence_id)
    if file.unit_id != unit_id:
        raise NotFoundError("没有这份材料，请发 误发 从名单里重新选")
    return file


async def _list(turn: Turn, unit: Unit) -> None:
    found = await erasing.candidates_in(turn.connection, unit.id, MOST_FILES)
    options = tuple(
        Option(keys.pack("erase", unit.id, file.id), f"{n}. {PurePath(file.name).stem}"[:10])
        for n, file in enumerate(found, 1)
    )
    turn.say("erase-list", options, unit=unit, files=found)


async def _units(turn: Turn, membership: Membership) -> list[Unit]:
    return await campaigns.units_in(turn.connection, membership.campaign_id)
