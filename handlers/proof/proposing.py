"""What files seem to prove, by name, caption and what is inside: clauses, day and 文号, confirmed on one screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import collecting
from handlers.free_text import (
    hearing,
    searching,
)
from handlers.proof import (
    attaching,
    guessing,
    sorting,
)
from handlers.proof.inside import Inside, Insides, noted
from handlers.proof.proof_standing import standing, told
from handlers.turn import Place, Turn
from rubrics.dates import Day
from rubrics.documents import Document
from storage import evidence
from storage.evidence import Evidence
from storage.people import Membership

MOST_PLACES = 3


class Proposal(NamedTuple):
    """What a file seems to be: clauses it may prove, best first, the day it is about and its 文号."""

    file_id: int
    name: str
    places: tuple[Place, ...]
    day: date | None = None
    number: str = ""
    problem: str = ""


async def of_files(turn: Turn, membership: Membership, files: Sequence[Evidence], insides: Insides) -> list[Proposal]:
    """A proposal for each file; without places where nothing tells what it is."""
    return [await _of_file(turn, membership, file, insides.get(file.ref, Inside())) for file in files]


async def _of_file(turn: Turn, membership: Membership, file: Evidence, inside: Inside) -> Proposal:
    own = [place for place in hearing.own_places(membership) if place.criterion.proof != "none"]
    weights: dict[int, float] = defaultdict(float)
    for words, worth in (
        (file.name, 1.0),
        (turn.event.text, 1.0),
        (inside.document.title, 1.0),
        (inside.beginning, 0.5),
    ):
        for place, score in await _found(turn, membership, words):
            if place in own:
                weights[own.index(place)] += score * worth
    ranked = sorted(weights, key=lambda n: -weights[n])
    places = [own[n] for n in ranked if weights[n] >= searching.NEAR * weights[ranked[0]]]
    if not places:
        guessed = guessing.clauses_of(f"{turn.event.text} {file.name}", [place.criterion for place in own])
        places = [place for criterion in guessed for place in own if place.criterion is criterion]
    if not places:
        name = guessing.bare(PurePath(file.name).stem)
        places = await searching.clauses(turn, membership.campaign_id, own, name, searching.TYPED) if name else []
    day = inside.document.day
    return Proposal(
        file.id,
        file.name,
        tuple(places[:MOST_PLACES]),
        date(*day) if day else None,
        inside.document.number,
        inside.problem,
    )


async def _found(turn: Turn, membership: Membership, words: str) -> list[tuple[Place, float]]:
    """Clauses that words speak of; a fact's further candidates weigh less than its first."""
    if not words.strip():
        return []
    facts = await hearing.hear(turn, membership, words)
    return [(place, fact.score / (n + 1)) for fact in facts for n, place in enumerate(fact.places)]


def show(turn: Turn, owners: Sequence[Membership], proposals: Sequence[Proposal], files: Sequence[Evidence]) -> None:
    """One screen for all files that came together.

    Args:
        owners: whose each file is: the unit of one year, or of several.
    """
    version = _keep(turn, proposals)
    one = proposals[0] if len(proposals) == 1 else None
    options = _for_one(one, version) if one else _for_all(version)
    several = len({owner.unit_id for owner in owners}) > 1
    if several:
        turn.look_at(None)
    else:
        turn.of_unit(owners[0].unit_id or 0)  # what is said is about this year
    turn.say(
        "proposed",
        (*options, *_to_sort(turn, owners, files)),
        proposals=proposals,
        years=[owner.campaign_code for owner in owners] if several else [""] * len(files),
        unit=owners[0].unit_name,
        refused=turn.event.refused,
        small_print=any(file.name.startswith(attaching.SMALL_PRINT) for file in files),
    )


def _to_sort(turn: Turn, owners: Sequence[Membership], files: Sequence[Evidence]) -> tuple[Option, ...]:
    """归类, of each year for itself."""
    by_unit = {owner.unit_id: owner for owner in owners}
    if len(by_unit) == 1:
        return sorting.sort_buttons(turn, owners[0], files, attaching.selection(files, turn.now))
    found = []
    for owner in by_unit.values():
        theirs = [file for file in files if file.unit_id == owner.unit_id]
        which = attaching.selection(theirs, turn.now)
        found.append(Option(keys.pack("sort", owner.unit_id or 0, which), f"归类 {owner.campaign_code}"[:10]))
    return tuple(found)


def _for_one(one: Proposal, version: int) -> tuple[Option, ...]:
    options = [
        Option(keys.pack("file-put", n, version=version), place.criterion.label) for n, place in enumerate(one.places)
    ]
    if len(one.places) > 1:
        options.append(Option(keys.pack("file-put", "all", version=version), "都用"))
    return tuple(options)


def _for_all(version: int) -> tuple[Option, ...]:
    return (
        Option(keys.pack("file-all", version=version), "全部确认"),
        Option(keys.pack("file-each", version=version), "逐个看"),
    )


def _keep(turn: Turn, proposals: Sequence[Proposal]) -> int:
    turn.state["files_version"] = version = int(turn.state.get("files_version", 0)) + 1
    turn.state["proposed"] = {"version": version, "files": [_packed(one) for one in proposals if one.places]}
    return version


def _packed(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.file_id,
        "name": one.name,
        "unit": one.places[0].unit_id,
        "places": [[place.rubric.id, place.criterion.id] for place in one.places],
        "day": one.day.isoformat() if one.day else None,
        "number": one.number,
    }


def _kept(turn: Turn, key: Key) -> list[Proposal]:
    """The proposals a button is about; none where others came since."""
    held = turn.state.get("proposed")
    if held is None or held["version"] != key.version:
        return []
    found = [_unpacked(turn, one) for one in held["files"] if turn.of_unit(one["unit"])]
    return [one for one in found if one.places]


def _unpacked(turn: Turn, one: dict[str, Any]) -> Proposal:
    about = ({"unit": one["unit"], "rubric": rubric, "criterion": criterion} for rubric, criterion in one["places"])
    places = tuple(place for place in map(turn.place_of, about) if place)
    day = date.fromisoformat(one["day"]) if one["day"] else None
    return Proposal(one["id"], one["name"], places, day, one["number"])


@told
async def put(turn: Turn, key: Key) -> None:
    """A proposed clause for the first file, or all of them; its day and 文号 are noted with it."""
    one = next(iter(_kept(turn, key)), None)
    places = _chosen(one, key) if one else ()
    if one is None or not places:
        turn.say("stale")
        return
    if await _is_over(turn, places):
        return
    _settle_first(turn)
    file = await _noted(turn, one)
    for place in places:
        await attaching.attach(turn, place, [file])
    if _kept(turn, key):
        await one_by_one(turn, key)


def _chosen(one: Proposal, key: Key) -> tuple[Place, ...]:
    part = key.parts[0] if len(key.parts) == 1 else ""
    if part == "all":
        return one.places
    return one.places[int(part) : int(part) + 1] if part.isdigit() and len(part) == 1 else ()


def _settle_first(turn: Turn) -> None:
    turn.state["proposed"]["files"] = turn.state["proposed"]["files"][1:]


@told
async def all_of_them(turn: Turn, key: Key) -> None:
    """全部确认: each file to its first clause; one reply says how each clause stands now."""
    kept = _kept(turn, key)
    if not kept:
        turn.say("stale")
        return
    if await _is_over(turn, [one.places[0] for one in kept]):
        return
    turn.state.pop("proposed")
    filed = []
    for place in _distinct([one.places[0] for one in kept]):
        files = [await _noted(turn, one) for one in kept if one.places[0] == place]
        await attaching.put(turn, place, files)
        asks = await attaching.next_question(turn, place)
        filed.append((place.criterion, files, await standing(turn, place), bool(asks.options)))
    places = _distinct([one.places[0] for one in kept])
    options = tuple(Option(keys.pack("proof", *place.parts), place.criterion.label) for place in places)
    if len({place.unit_id for place in places}) > 1:
        turn.look_at(None)
    turn.say("filed-all", (*options, Option(keys.pack("next", places[0].unit_id), "下一项")), filed=filed)


async def one_by_one(turn: Turn, key: Key) -> None:
    """逐个看: the first file that is not settled yet."""
    kept = _kept(turn, key)
    if not kept:
        turn.say("stale")
        return
    leave = Option(keys.pack("file-leave", version=key.version), "先放着")
    turn.say("proposed-one", (*_for_one(kept[0], key.version), leave), one=kept[0], left=len(kept) - 1)


async def leave(turn: Turn, key: Key) -> None:
    """先放着: the file stays in 待归类材料."""
    if not _kept(turn, key):
        turn.say("stale")
        return
    _settle_first(turn)
    if _kept(turn, key):
        await one_by_one(turn, key)
    else:
        turn.state.pop("proposed")
        turn.say("left-unsorted")


async def _noted(turn: Turn, one: Proposal) -> Evidence:
    """The file, with the day and 文号 that were shown where it had none."""
    unit_id = one.places[0].unit_id
    membership = turn.of_unit(unit_id)
    assert membership is not None
    file = await evidence.find_in(turn.connection, unit_id, one.file_id)
    shown = Document(number=one.number, day=Day(*one.day.timetuple()[:3]) if one.day else None)
    return await noted(turn, membership.person_id, file, shown)


async def _is_over(turn: Turn, places: Sequence[Place]) -> bool:
    for place in places:
        membership = turn.of_unit(place.unit_id)
        assert membership is not None
        if await collecting.over(turn, membership, place):
            return True
    return False


def _distinct(places: Sequence[Place]) -> list[Place]:
    found: list[Place] = []
    for place in places:
        if place not in found:
            found.append(place)
    return found
