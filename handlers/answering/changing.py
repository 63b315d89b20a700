"""What can be changed about a file: taken back, replaced by the next one, its day and 文号 said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    collecting,
    recent,
)
from handlers.proof import (
    proving,
    sorting,
)
from handlers.proof.proof_standing import at, standing, told, year_of
from handlers.turn import Place, Turn
from rubrics.dates import Day, find_days
from rubrics.entry_text import take_number
from storage import evidence
from storage.evidence import Evidence
from storage.people import Membership


async def _own(turn: Turn, key: Key) -> tuple[Membership, Evidence] | None:
    """The file a key names, where it is the person's unit's, not withdrawn, and answers are still taken; else that is said."""
    own = await proving.own_file(turn, key, there=True)
    if own is None:
        return None
    for place in await proving.places_of(turn, *own) or (None,):
        if await collecting.over(turn, own[0], place):
            return None
    return own


async def _waits_again(turn: Turn, places: Iterable[Place]) -> bool:
    """Whether the office has looked at one of these clauses before (变更待核)."""
    return any([(await standing(turn, place)).again for place in places])


@told
async def take_back(turn: Turn, key: Key) -> None:
    """Withdraw a file; it proves nothing any more."""
    if own := await _own(turn, key):
        membership, file = own
        places = await proving.places_of(turn, membership, file)
        await evidence.withdraw_in(turn.connection, turn.now, membership.person_id, file.unit_id, file.id)
        options = tuple(Option(keys.pack("proof", *place.parts), place.criterion.label) for place in places)
        recent.forget(turn, keys.pack("file-take", file.unit_id, file.id))
        again = await _waits_again(turn, places)
        turn.say("file-taken", options, file=file, places=places, membership=membership, again=again)


@told
async def take_all_back(turn: Turn, key: Key) -> None:
    """Withdraw all files of one submission."""
    unit_id, ends = at(key, 0), sorting.ends(key.parts[1]) if len(key.parts) == 2 else (0, 0)
    membership = turn.of_unit(unit_id)
    held = await evidence.of_unit_in(turn.connection, unit_id) if membership else []
    files = [one.evidence for one in held if ends[0] <= one.evidence.id <= ends[1]]
    if membership is None or not files:
        turn.say("stale")
        return
    about = {place.parts: place for file in files for place in await proving.places_of(turn, membership, file)}
    for place in about.values() or (None,):
        if await collecting.over(turn, membership, place):
            return
    for file in files:
        await evidence.withdraw_in(turn.connection, turn.now, membership.person_id, unit_id, file.id)
    recent.forget(turn, keys.pack("files-take", *key.parts))
    options = tuple(Option(keys.pack("proof", *place.parts), place.criterion.label) for place in about.values())
    turn.say("files-taken", options, files=files, again=await _waits_again(turn, about.values()))


@told
async def swap(turn: Turn, key: Key) -> None:
    """Let the next file take the place of this one."""
    if own := await _own(turn, key):
        _, file = own
        turn.expect(keys.pack("swap", file.unit_id, file.id))
        turn.say("file-swap", (Option(keys.pack("file", file.unit_id, file.id), "返回"),), file=file)


async def swap_typed(turn: Turn, key: Key) -> None:
    """Words where a file was awaited."""
    turn.say("file-swap-typed", (Option(keys.pack("file", *key.parts), "返回"),))
    turn.expect(keys.pack("swap", *key.parts))


async def replaced(turn: Turn, key: Key, new: Evidence) -> None:
    """The file that was awaited has come."""
    await _replaced(turn, Key("swap", (*key.parts, str(new.id)), 0))


@told
async def _replaced(turn: Turn, key: Key) -> None:
    if own := await _own(turn, key):
        membership, old = own
        about = (membership.person_id, old.unit_id, old.id, at(key, 2))
        await evidence.replace_in(turn.connection, turn.now, *about)
        recent.forget(turn, keys.pack("file-take", old.unit_id, old.id))
        new = await evidence.find_in(turn.connection, old.unit_id, at(key, 2))
        options = (Option(keys.pack("file", new.unit_id, new.id), "看这份材料"),)
        places = await proving.places_of(turn, membership, new)
        again = await _waits_again(turn, places)
        turn.say("file-swapped", options, old=old, new=new, places=places, refused=turn.event.refused, again=again)


@told
async def about(turn: Turn, key: Key) -> None:
    """Ask for the day and the 文号 of a file."""
    if own := await _own(turn, key):
        _, file = own
        turn.expect(keys.pack("file-about", file.unit_id, file.id))
        turn.say("file-about", (Option(keys.pack("file", file.unit_id, file.id), "返回"),), file=file)


@told
async def about_typed(turn: Turn, key: Key) -> None:
    """The day and the 文号 of a file, or one of them; a day outside the year is asked about first."""
    own = await _own(turn, key)
    if own is None:
        return
    membership, file = own
    year = year_of(membership)
    days = find_days(turn.event.text, Day(*turn.today.timetuple()[:3]), year)
    number = take_number(turn.event.text)[0]
    problem = _problem([day.day for day in days], number)
    if problem:
        turn.expect(keys.pack("file-about", *key.parts))
        turn.say("file-about-again", problem=problem, said=turn.event.text.strip()[:20])
        return
    on = date(*days[0].day) if days and days[0].day else None
    outside = on is not None and on.year != year and await _only_this_year(turn, membership, file)
    if outside and on is not None:
        turn.state["about"] = {"file": file.id, "on": on.isoformat(), "number": number}
        sure = Option(keys.pack("about-yes", file.unit_id, file.id, on.isoformat()), "确认")
        turn.say(
            "file-outside", (sure, Option(keys.pack("file-about", *key.parts), "修改")), on=on, year=year, file=file
        )
        return
    await _describe(turn, membership, file, on, number)


def _problem(days: list[Day | None], number: str) -> str:
    if None in days:
        return "no-such-day"
    if len(set(days)) > 1:
        return "several"
    return "" if days or number else "nothing"


@told
async def about_sure(turn: Turn, key: Key) -> None:
    """The day is outside the year, and meant so."""
    own = await _own(turn, key)
    noted = turn.state.pop("about", None)
    if own is None:
        return
    if noted is None or noted["file"] != own[1].id or noted["on"] != ((*key.parts, "", "", ""))[2]:
        turn.say("stale")
        return
    await _describe(turn, *own, date.fromisoformat(noted["on"]), noted["number"])


async def _describe(turn: Turn, membership: Membership, file: Evidence, on: date | None, number: str) -> None:
    said = {"dated_on": on, "number": number or None}
    about = (turn.connection, turn.now, membership.person_id, file.unit_id, file.id)
    await evidence.describe_in(*about, **said)  # type: ignore[arg-type]
    await proving.card(turn, Key("file", (str(file.unit_id), str(file.id)), 0))


async def _only_this_year(turn: Turn, membership: Membership, file: Evidence) -> bool:
    """Whether some clause takes this proof only from the campaign's year."""
    places = await proving.places_of(turn, membership, file)
    proofs = [place.criterion.proof for place in places if place.criterion.proof != "none"]
    return not places or any(proof.valid == "this_year" for proof in proofs)
