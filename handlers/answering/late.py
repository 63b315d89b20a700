"""补报: what comes after the lock is not lost: a reason is asked once, the office decides, the unit is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.free_text import hearing
from handlers.proof import destination, guessing, inside
from handlers.proof.inside import Insides
from handlers.proof.proof_standing import at, told
from handlers.turn import Place, Turn
from rubrics.documents import Document
from rubrics.errors import KaopingError
from rubrics.fact_words import fact_words
from rubrics.facts import Fact, read_json
from storage import evidence, kept_facts, late_answers, late_named, phases, reaching
from storage.freezing import refuse_frozen_in
from storage.late_answers import LateAnswer
from storage.late_named import Named
from storage.people import Membership
from storage.trial import on_trial

MOST_SHOWN = 6
MOST_CHOICES = 6
_NUMBER = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}[a-c]?")


async def answered(turn: Turn, place: Place, fact: Fact, words: str) -> None:
    """An answer after the lock: it waits for its reason."""
    if await _frozen(turn, place.unit_id):
        return
    turn.close(place)
    turn.state.pop("claim", None)
    destination.remember(turn, place, invited=True)  # the files that follow prove it
    await _wait(turn, place, kept_facts.fact_text(fact), words, ())


async def named(turn: Turn, place: Place, one: Named) -> None:
    """Proof by its 文号, or an entry, after the lock: it waits for its reason.

    Raises:
        KaopingError: it could not be added even now; nothing is kept.
    """
    if await _frozen(turn, place.unit_id):
        return
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    about = (membership.person_id, place.unit_id, place.rubric, place.criterion.id)
    async with on_trial(turn.connection):
        await late_named.add_in(turn.connection, turn.now, *about, one)
    turn.close(place)
    destination.remember(turn, place, invited=True)
    await _wait(turn, place, None, turn.event.text, (), [one])


async def received(turn: Turn, membership: Membership, place: Place | None, insides: Insides) -> None:
    """Files after the lock: kept, not attached; where they have no place, or a name of another clause, that is asked."""
    kept = [await _keep(turn, membership, file, insides[file.ref].document) for file in turn.event.files]
    if await _frozen(turn, membership.unit_id or 0):
        return
    named = _by_name(turn, membership, place)
    if place is not None and not named:
        await _wait(turn, place, None, turn.event.text, kept)
        return
    turn.state["late_files"] = {"unit": membership.unit_id, "files": kept}
    _ask_clause(turn, membership, named, guessed=True)


async def clause(turn: Turn, key: Key) -> None:
    """Which clause late files are for, by its number or its name."""
    held = turn.state.get("late_files")
    membership = turn.of_unit(held["unit"]) if held else None
    if held is None or membership is None:
        turn.say("stale")
        return
    found = _named(hearing.own_places(membership), turn.event.text)
    if len(found) == 1:
        await _files_for(turn, found[0])
    else:
        _ask_clause(turn, membership, found[:MOST_CHOICES], turn.event.text.strip()[:20])


async def of_clause(turn: Turn, key: Key) -> None:
    """The button of a clause that late files are for."""
    held, place = turn.state.get("late_files"), turn.place(key)
    if held is None or place is None or place.unit_id != held["unit"]:
        turn.say("stale")
    else:
        await _files_for(turn, place)


async def ask_why(turn: Turn, key: Key) -> None:
    """写原因: the reason is asked for once more."""
    if turn.state.get("late"):
        await _say_waiting(turn)
    else:
        turn.say("stale")


async def why(turn: Turn, key: Key) -> None:
    """The reason: all that waits for it goes to the office."""
    drafts = [(place, draft) for draft in turn.state.get("late", ()) if (place := turn.place_of(draft))]
    if not drafts:
        turn.say("stale")
        return
    try:
        asked = [await _ask(turn, place, draft) for place, draft in drafts]
    except KaopingError as error:
        turn.expect(keys.pack("late-why"))
        turn.say("refused", said=str(error))
        return
    turn.state.pop("late")
    people = 0
    for late, (place, _) in zip(asked, drafts, strict=True):
        reached = await reaching.office_in(turn.connection, late.campaign_id)
        people = await office.tell(turn, reached, "told-late", _decisions(late), **_words(late, place))
    turn.say(
        "late-asked", asked=[_words(late, place) for late, (place, _) in zip(asked, drafts, strict=True)], to=people
    )


async def waiting(turn: Turn, key: Key | None = None) -> None:
    """What waits for the office, the oldest first."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await late_answers.open_in(turn.connection, membership.campaign_id)
    for late in found[:MOST_SHOWN]:
        place = _place(membership, late)
        turn.say("told-late", _decisions(late), **_words(late, place))
    if not found or len(found) > MOST_SHOWN:
        turn.say("late-left", left=max(len(found) - MOST_SHOWN, 0))


async def show_files(turn: Turn, key: Key) -> None:
    """看材料: the files that came late."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    _, late = found
    for evidence_id in late.files:
        file = await evidence.find_in(turn.connection, late.unit_id, evidence_id)
        if file.withdrawn_at is None and file.erased_at is None:
            turn.show(FileRef(file.ref, file.name, file.size_bytes), file.name, as_picture=file.kind in {"jpg", "png"})
    turn.say("late-decide", _decisions(late), late=late)


@told
async def grant(turn: Turn, key: Key) -> None:
    """同意: it counts from now on, and the unit is told."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, late = found
    place = _place(membership, late)
    done = await late_answers.grant_in(turn.connection, turn.now, membership.person_id, late, place.rubric)
    await _tell(turn, done.late, place, receipt=done.receipt, gone=done.gone)


async def refuse(turn: Turn, key: Key) -> None:
    """不同意: the reason is asked for."""
    found = await _to_decide(turn, key)
    if found is not None:
        turn.expect(keys.pack("late-no", found[1].id))
        turn.say("late-no-why", **_words(found[1], _place(*found)))


async def refused(turn: Turn, key: Key) -> None:
    """The reason of 不同意."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, late = found
    try:
        done = await late_answers.refuse_in(turn.connection, turn.now, membership.person_id, late, turn.event.text)
    except KaopingError as error:
        turn.expect(keys.pack("late-no", late.id))
        turn.say("refused", said=str(error))
        return
    await _tell(turn, done, _place(membership, late), receipt=None, gone=0)


async def _tell(turn: Turn, late: LateAnswer, place: Place, **more: Any) -> None:
    words = {**_words(late, place), **more}
    told_to = await office.tell(
        turn, await reaching.liaisons_in(turn.connection, late.unit_id, turn.today), "late-answered", **words
    )
    turn.say("late-decided", (Option(keys.pack("late"), "补报"),), told=told_to, **words)


async def _frozen(turn: Turn, unit_id: int) -> bool:
    membership = turn.of_unit(unit_id)
    assert membership is not None
    try:
        await refuse_frozen_in(turn.connection, membership.campaign_id)
    except KaopingError:
        turn.say("late-frozen")
        return True
    return False


async def _wait(
    turn: Turn, place: Place, fact: str | None, said: str, files: Collection[int], names: Sequence[Named] = ()
) -> None:
    drafts: list[dict[str, Any]] = turn.state.setdefault("late", [])
    unit, rubric, criterion = place.parts
    draft = next((d for d in drafts if (d["unit"], d["rubric"], d["criterion"]) == place.parts), None)
    if draft is None:
        draft = {
            "unit": unit,
            "rubric": rubric,
            "criterion": criterion,
            "fact": None,
            "said": "",
            "files": [],
            "named": [],
        }
        drafts.append(draft)
    draft["fact"] = draft["fact"] if fact is None else fact
    draft["said"] = said.strip()[: late_answers.SAID_CHARACTERS] or draft["said"]
    draft["files"] = sorted({*draft["files"], *files})
    kept = [*draft.get("named", ()), *([one.source, dict(one.words)] for one in names)]
    draft["named"] = [one for n, one in enumerate(kept) if one not in kept[:n]]
    await _say_waiting(turn)


async def _say_waiting(turn: Turn) -> None:
    shown = []
    for draft in turn.state["late"]:
        place = turn.place_of(draft)
        if place is not None:
            fact = None if draft["fact"] is None else fact_words(place.criterion, read_json(draft["fact"]))
            shown.append((place.criterion, fact, len(draft["files"]), [one.called for one in _named_in(draft)]))
    turn.expect(keys.pack("late-why"))
    ended = await _ended(turn, turn.state["late"][0]["unit"])
    turn.say("late-why", (Option(keys.pack("late-why"), "写原因"),), waiting=shown, ended=ended)


async def _ended(turn: Turn, unit_id: int) -> date | None:
    membership = turn.of_unit(unit_id)
    found = await phases.of_campaign_in(turn.connection, membership.campaign_id) if membership else ()
    return next((phase.ends_on for phase in found if phase.name == phases.SELF_ASSESSMENT), None)


async def _ask(turn: Turn, place: Place, draft: dict[str, Any]) -> LateAnswer:
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    fact = None if draft["fact"] is None else read_json(draft["fact"])
    about = (membership.person_id, place.unit_id, place.rubric, place.criterion.id)
    given = (fact, draft["said"], draft["files"], turn.event.text)
    return await late_answers.ask_in(turn.connection, turn.now, *about, *given, named=_named_in(draft))


def _named_in(draft: dict[str, Any]) -> list[Named]:
    return [Named(source, words) for source, words in draft.get("named", ())]


async def _files_for(turn: Turn, place: Place) -> None:
    held = turn.state.pop("late_files")
    await _wait(turn, place, None, "", held["files"])


def _by_name(turn: Turn, membership: Membership, place: Place | None) -> list[Place]:
    """The clauses the names of files speak of; where they have a place, none unless they are clearly another's."""
    words = " ".join((*(file.name for file in turn.event.files), turn.event.text))
    own = hearing.own_places(membership)
    if place is None:
        clauses = guessing.clauses_of(words, [one.criterion for one in own])
        return [one for criterion in clauses for one in own if one.criterion is criterion]
    other = guessing.elsewhere(words, place.criterion, [one.criterion for one in own])
    return [*(one for one in own if one.criterion is other), place] if other else []


def _ask_clause(
    turn: Turn, membership: Membership, found: Sequence[Place] = (), said: str = "", *, guessed: bool = False
) -> None:
    turn.expect(keys.pack("late-clause"))
    options = tuple(Option(keys.pack("late-of", *place.parts), place.criterion.label) for place in found)
    files = len(turn.state["late_files"]["files"])
    turn.say("late-which", options, files=files, said=said, several=len(found), guessed=guessed and bool(found))


def _named(places: Sequence[Place], words: str) -> list[Place]:
    numbers = set(_NUMBER.findall(words))
    by_number = [place for place in places if place.criterion.id in numbers]
    return by_number or [place for place in places if words.strip() and words.strip() in place.criterion.label]


async def _keep(turn: Turn, membership: Membership, file: FileRef, document: Document) -> int:
    kind, macro = await turn.files.type_of(file.ref)
    given = (membership.person_id, membership.unit_id or 0, file.ref, file.name, file.size_bytes, kind)
    kept = await evidence.receive_in(turn.connection, turn.now, *given, macro=macro)
    return (await inside.noted(turn, membership.person_id, kept, document)).id


def _place(membership: Membership, late: LateAnswer) -> Place:
    rubric = membership.rubric(late.rubric_id)
    assert rubric is not None  # the office sees every rubric of its campaign
    return Place(late.unit_id, rubric, rubric.criteria[late.criterion_id])


def _words(late: LateAnswer, place: Place) -> dict[str, Any]:
    fact = "" if late.fact is None else fact_words(place.criterion, late.fact)
    return {"late": late, "criterion": place.criterion, "fact": fact}


def _decisions(late: LateAnswer) -> tuple[Option, ...]:
    show = _files(late)
    return (Option(keys.pack("late-yes", late.id), "同意"), Option(keys.pack("late-no", late.id), "不同意"), *show)


def _files(late: LateAnswer) -> tuple[Option, ...]:
    return (Option(keys.pack("late-files", late.id), "看材料"),) if late.files else ()


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, LateAnswer] | None:
    """The late answer a key names, while it waits and the person may decide it; says why not."""
    membership = office.working(turn)
    if membership is None:
        return None
    found = await late_answers.open_in(turn.connection, membership.campaign_id)
    late = next((one for one in found if len(key.parts) == 1 and one.id == at(key, 0)), None)
    if late is None:
        turn.say("stale")
        return None
    if await office.own_unit(turn, late.unit_id):
        turn.say("own-unit", units=[late.unit])
        return None
    return membership, late
