"""打假线索: told to the office alone, handed to the department that verifies it; the sender hears what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import FileRef, Option
from handlers import office
from handlers.answering import clue_offers
from handlers.free_text import hearing, taking
from handlers.proof.proof_standing import at, told
from handlers.turn import Place, Turn
from handlers.words import command_of
from rubrics.errors import KaopingError
from rubrics.fact_words import fact_words
from rubrics.matching.spelling import fold
from rubrics.model import Rubric
from storage import campaigns, clues, editions, reaching
from storage.campaigns import Unit
from storage.clues import Clue
from storage.people import Membership

MOST_SHOWN = 10
MOST_CHOICES = 36


async def start(turn: Turn, words: str, *, sure: bool = False) -> None:
    """``/clue`` with the clue behind it; without, what the person may see of them, and how to give one.

    Args:
        sure: the words are a clue, also where they might say how many there are.
    """
    membership = turn.liaison
    place = _clause(membership)
    if place is not None and words.strip() and not sure and clue_offers.is_count(place.criterion, words):
        await taking.take(turn, place, fold(words), words.strip())
    elif words.strip() and membership is not None:
        await _keep(turn, membership, words)
    elif membership is None and not _held_roles(turn):
        turn.say("clue-nobody")
    else:
        found = await _visible(turn)
        if membership is not None:
            turn.expect(keys.pack("clue"))
        count = (Option(keys.pack("ask", *place.parts), "填核实了几条"),) if place else ()
        turn.say("clue-how", (*_see(found), *count), found=found[:MOST_SHOWN], sends=membership is not None)


def _clause(membership: Membership | None) -> Place | None:
    """The unit's clause that counts true clues; None where none does."""
    own = hearing.own_places(membership) if membership else []
    return next((place for place in own if clue_offers.counts(place)), None)


def _held_roles(turn: Turn) -> list[Membership]:
    """The roles in which somebody may see clues of others."""
    return [
        m
        for m in turn.memberships
        if (m.role == "office" and m.unit_id is None) or (m.role in clues.VERIFIERS and m.unit_id)
    ]


async def _visible(turn: Turn) -> list[Clue]:
    """What the person gave, is to verify, or sees as the office; newest first."""
    found: dict[int, Clue] = {}
    for m in turn.memberships:
        own = await clues.of_person_in(turn.connection, m.person_id, m.campaign_id)
        verified = await clues.of_verifier_in(turn.connection, m.unit_id or 0) if _verifies(m) else []
        all_of = await clues.of_campaign_in(turn.connection, m.campaign_id) if _is_office(m) else []
        found.update({one.id: one for one in (*own, *verified, *all_of)})
    return sorted(found.values(), key=lambda one: -one.id)


def _verifies(m: Membership) -> bool:
    return m.role in clues.VERIFIERS and m.unit_id is not None


def _is_office(m: Membership) -> bool:
    return m.role == "office" and m.unit_id is None


def _see(found: Sequence[Clue]) -> tuple[Option, ...]:
    return tuple(Option(keys.pack("clue-see", one.id), f"线索{one.number}") for one in found[:MOST_SHOWN])


async def given(turn: Turn, key: Key) -> None:
    """The clue that was asked for."""
    await start(turn, turn.event.text)


def wants(turn: Turn) -> bool:
    """Whether files belong to a clue: one was asked for, or stands beneath them."""
    asked = turn.expected is not None and turn.expected.verb in {"clue", "clue-file", "clue-offer"}
    return asked or (turn.liaison is not None and _beneath(turn) is not None)


def _beneath(turn: Turn) -> str | None:
    """The clue that files came with, behind its command; None where it is none."""
    found = command_of(turn.event.text)
    return found[1] if found and found[0] == "clue" else None


@told
async def _received(turn: Turn, key: Key) -> None:
    files = [file._asdict() for file in turn.event.files]
    beneath = _beneath(turn)
    words = turn.event.text if beneath is None else beneath
    if key.verb == "clue-file" and not beneath:
        clue = await clues.find_in(turn.connection, at(key, 0))
        membership = turn.of_unit(clue.unit_id)
        if membership is None or membership.person_id != clue.person_id:
            turn.say("stale")
            return
        clue = await clues.add_files_in(turn.connection, turn.now, membership.person_id, clue, files)
        turn.expect(keys.pack("clue-file", clue.id))
        turn.say("clue-files", clue=clue)
    elif key.verb == "clue-offer" and beneath is None and "clue_words" in turn.state:
        held = turn.state["clue_words"]
        held["words"] = "\n".join(filter(None, (held["words"], words.strip())))
        turn.state["clue_files"] = [*turn.state.get("clue_files", []), *files][-MOST_SHOWN:]
        clue_offers.ask(turn)
    elif words.strip() and turn.liaison is not None:
        await _keep(turn, turn.liaison, words, files)
    else:
        turn.state["clue_files"] = [*turn.state.get("clue_files", []), *files][-MOST_SHOWN:]
        turn.expect(keys.pack("clue"))
        turn.say("clue-words")


async def received(turn: Turn) -> None:
    """Files of a clue: they are kept with it, never among the unit's proof."""
    await _received(turn, turn.expected or Key("clue", (), 0))


async def _keep(turn: Turn, membership: Membership, words: str, files: Sequence[dict[str, object]] = ()) -> None:
    files = [*turn.state.get("clue_files", []), *files]
    about = (turn.connection, turn.now, membership.person_id, membership.unit_id or 0)
    try:
        clue = await clues.add_in(*about, words, files)
    except KaopingError as error:
        turn.expect(keys.pack("clue"))
        turn.say("refused", said=str(error))
        return
    turn.state.pop("clue_files", None)
    reached = await reaching.office_in(turn.connection, clue.campaign_id)
    people = await office.tell(turn, reached, "clue-told-office", _decisions(clue, office=True), clue=clue)
    turn.expect(keys.pack("clue-file", clue.id))
    turn.say("clue-kept", clue=clue, people=people, counts=bool(clues.clauses(membership.rubrics)))


def _decisions(clue: Clue, *, office: bool) -> tuple[Option, ...]:
    hand = (Option(keys.pack("clue-hand", clue.id), "转部门核实"),) if office else ()
    files = (Option(keys.pack("clue-see", clue.id), "看附件"),) if clue.files else ()
    return (
        *hand,
        *files,
        Option(keys.pack("clue-true", clue.id), "属实"),
        Option(keys.pack("clue-false", clue.id), "不属实"),
    )


async def see(turn: Turn, key: Key) -> None:
    """One clue with its files, for who may see it."""
    clue = next((one for one in await _visible(turn) if one.id == at(key, 0)), None)
    if clue is None:
        turn.say("stale")
        return
    may = await _judge(turn, clue)
    options = _decisions(clue, office=_is_office(may)) if may and clue.state == "waiting" else ()
    turn.say("clue-one", tuple(o for o in options if o.label != "看附件"), clue=clue)
    for file in clue.files:
        turn.show(FileRef(**file))


async def _judge(turn: Turn, clue: Clue) -> Membership | None:
    """In what role somebody may decide about a clue: of the verifying department, or of the office; nobody about their own."""
    if await office.own_unit(turn, clue.unit_id):
        return None
    here = [m for m in turn.memberships if m.campaign_id == clue.campaign_id]
    by_office = next((m for m in here if _is_office(m)), None)
    return by_office or next((m for m in here if _verifies(m) and m.unit_id == clue.verifier_id), None)


async def _to_decide(turn: Turn, key: Key) -> tuple[Membership, Clue] | None:
    """The clue a key names, where the person may decide about it; whoever may not learns nothing of it."""
    try:
        clue = await clues.find_in(turn.connection, at(key, 0))
    except KaopingError:  # a forged or damaged button
        turn.say("stale")
        return None
    membership = await _judge(turn, clue)
    if membership is None:
        turn.say("stale")
        return None
    return membership, clue


async def _to_hand(turn: Turn, key: Key) -> tuple[Membership, Clue] | None:
    """As `_to_decide`, for the office alone; says so."""
    found = await _to_decide(turn, key)
    if found is not None and not _is_office(found[0]):
        turn.say("office-work", leader=())
        return None
    return found


async def ask_hand(turn: Turn, key: Key) -> None:
    """转部门核实: to which department?"""
    found = await _to_hand(turn, key)
    if found is None:
        return
    _, clue = found
    others = (await _departments(turn, clue))[:MOST_CHOICES]
    options = tuple(Option(keys.pack("clue-to", clue.id, unit.id), unit.name[:10]) for unit in others)
    turn.say("clue-hand", options, clue=clue, none=not options)


async def _departments(turn: Turn, clue: Clue) -> list[Unit]:
    """Who can verify a clue: none of those who give clues for points; where nobody does, none of the unit's own kind."""
    units = await campaigns.units_in(turn.connection, clue.campaign_id)
    rubrics = await editions.of_campaign(turn.connection, clue.campaign_id)
    giving = {category for rubric, _ in clues.clauses(rubrics) for category in rubric.categories}
    assessed = {unit.category: {r.id for r in rubrics if unit.category in r.categories} for unit in units}
    own = next(unit for unit in units if unit.id == clue.unit_id)
    peers = {category for category, ids in assessed.items() if ids == assessed[own.category]}
    return [unit for unit in units if unit.category not in (giving or peers) and unit.id != own.id]


@told
async def hand(turn: Turn, key: Key) -> None:
    """The department: its people see the clue and decide; nobody else of it does."""
    found = await _to_hand(turn, key)
    if found is None:
        return
    membership, clue = found
    if at(key, 1) not in {unit.id for unit in await _departments(turn, clue)}:
        turn.say("stale")
        return
    clue = await clues.hand_in(turn.connection, turn.now, membership.person_id, clue, at(key, 1))
    reached = await clues.verifiers_in(turn.connection, clue.verifier_id or 0)
    people = await office.tell(turn, reached, "clue-told-verifier", _decisions(clue, office=False), clue=clue)
    turn.say("clue-handed", clue=clue, people=people)


@told
async def is_true(turn: Turn, key: Key) -> None:
    """属实: where other clues were true, first whether it is about the same case."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    membership, clue = found
    seen = [one for one in await _visible(turn) if one.campaign_id == clue.campaign_id]
    others = [one for one in seen if one.state == "true" and one.same_case_id is None][:MOST_SHOWN]
    if clue.state == "waiting" and others:
        new = Option(keys.pack("clue-new", clue.id), "新的案件")
        same = [Option(keys.pack("clue-same", clue.id, one.id), f"同线索{one.number}") for one in others]
        turn.say("clue-case", (new, *same), clue=clue, others=others)
        return
    await _decide(turn, membership, clue, true=True)


@told
async def new_case(turn: Turn, key: Key) -> None:
    """新的案件: it counts."""
    found = await _to_decide(turn, key)
    if found is not None:
        await _decide(turn, *found, true=True)


@told
async def same_case(turn: Turn, key: Key) -> None:
    """The same case as another clue: true, and counted once."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    other = next((one for one in await _visible(turn) if one.id == at(key, 1)), None)
    if other is None:
        turn.say("stale")
        return
    await _decide(turn, *found, true=True, other=other)


async def ask_false(turn: Turn, key: Key) -> None:
    """不属实: what was found."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    turn.expect(keys.pack("clue-why", found[1].id))
    turn.say("clue-why", clue=found[1])


async def why_false(turn: Turn, key: Key) -> None:
    """What was found; the sender reads it."""
    found = await _to_decide(turn, key)
    if found is None:
        return
    try:
        await _decide(turn, *found, true=False, why=turn.event.text)
    except KaopingError as error:
        turn.expect(keys.pack("clue-why", found[1].id))
        turn.say("refused", said=str(error))


async def _decide(
    turn: Turn, membership: Membership, clue: Clue, *, true: bool, why: str = "", other: Clue | None = None
) -> None:
    units = await campaigns.units_in(turn.connection, clue.campaign_id)
    category = next(unit.category for unit in units if unit.id == clue.unit_id)
    rubrics = [r for r in await editions.of_campaign(turn.connection, clue.campaign_id) if category in r.categories]
    about = (turn.connection, turn.now, membership.person_id, clue)
    before = await _counts(turn, clue, rubrics)
    decided = await clues.decide_in(*about, is_true=true, why=why, same_case=other, rubrics=rubrics)
    after = await _counts(turn, clue, rubrics)
    words: dict[str, Any] = {"clue": decided, "counted": before != after, "stands": after}
    reached = await clues.sender_in(turn.connection, decided)
    options = _more_counted(decided, before, after, rubrics)
    people = await office.tell(turn, reached, "clue-told-sender", options, **words)
    if not _is_office(membership):
        reached = await reaching.office_in(turn.connection, clue.campaign_id)
        await office.tell(turn, reached, "clue-decided", **words, people=people)
    turn.say("clue-decided", **words, people=people)


async def _counts(turn: Turn, clue: Clue, rubrics: Sequence[Rubric]) -> list[str]:
    """How many true clues the unit's clauses stand at, in words; nothing where none counts them."""
    found = []
    for rubric, criterion in clues.clauses(rubrics):
        fact = (await turn.known(clue.unit_id, rubric)).own.get(criterion.id)
        found.append(fact_words(criterion, Decimal(0) if fact is None else fact))
    return found


def _more_counted(
    clue: Clue, before: Sequence[str], after: Sequence[str], rubrics: Sequence[Rubric]
) -> tuple[Option, ...]:
    """The way to the number the unit has typed, which a true clue does not change while it is not exceeded."""
    if clue.state != "true" or clue.same_case_id is not None or before != after:
        return ()
    return tuple(Option(keys.pack("ask", clue.unit_id, r.id, c.id), "改条数") for r, c in clues.clauses(rubrics))
