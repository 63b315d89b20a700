"""An answer that was understood: kept with its receipt, what it did to the score, and how it is taken back."""

from __future__ import annotations

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    collecting,
    late,
    overtaken,
    own_units,
    recent,
    reviewed,
)
from handlers.free_text import pending
from handlers.proof import destination
from handlers.turn import Place, Turn
from rubrics.amounts import Number, parse_number
from rubrics.entry_text import take_number
from rubrics.errors import FactError
from rubrics.facts import Fact
from rubrics.model import Criterion
from storage import answers, review_rows, scorecards, submissions
from storage.answers import Answer, Receipt
from storage.errors import ChangedMeanwhileError
from storage.kept_facts import fact_text
from storage.people import Membership
from storage.texts import storable


async def keep(
    turn: Turn,
    place: Place,
    fact: Fact | None,
    words: str,
    version: int,
    *,
    state: answers.State = "answered",
    note: str = "",
    read: str = "",
) -> Receipt | None:
    """Write an answer down and say what it is worth; the later of two colleagues is told instead.

    Args:
        words: as the person said it.
        version: the version the question was asked for; where the person has answered otherwise since, that is asked.
        note: until when (an ISO date), or why there is nothing of the kind.
        read: how free text was understood, to be said back; empty where the question was asked.

    Returns:
        None where nothing was kept; why is said.
    """
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    if state == "answered" and fact is not None and await collecting.closed(turn, membership, place):
        await late.answered(turn, place, fact, words)
        return None
    if await collecting.over(turn, membership, place):
        return None
    known = (await answers.current_in(turn.connection, place.unit_id, place.rubric.id)).get(place.criterion.id)
    mine = known is not None and known.person_id == membership.person_id
    if known is not None and mine and version < known.version and _says(known, fact, words, state, note):
        await _already(turn, place, known)
        return None
    if known is not None and await _verified(turn, place, known, fact, words, state, note):
        await _already(turn, place, known, verified=True)
        return None
    if known is not None and mine and overtaken.stands(known, version) and not _equal(known, fact, state, note):
        overtaken.ask(turn, place, known, fact, words, state=state, note=note, read=read)
        return None
    before = await turn.scored(place.unit_id, place.rubric)
    expected = None if mine else version
    try:
        receipt = await _record(turn, place, fact, words, state=state, note=note, expected_version=expected)
    except ChangedMeanwhileError as error:
        opened = turn.opened(place)
        if opened:
            opened["version"] = error.version  # whoever says it again has read that a colleague answered
        turn.say("refused", (_change(place),), said=str(error))
        return None
    except FactError as error:
        turn.say("refused", (_change(place),), said=str(error))
        return None
    turn.close(place)
    turn.state.pop("claim", None)
    if turn.place_of(turn.state.get("put_off") or {"unit": 0, "rubric": "", "criterion": ""}) == place:
        turn.state.pop("put_off")  # said anew since
    facts = await turn.known(place.unit_id, place.rubric)
    lacking = facts.proofs.lacking(place.criterion) if place.criterion.id in facts.lacking else ()
    destination.remember(turn, place, invited=bool(lacking))
    recent.answered(turn, place, receipt.version)
    after = await turn.scored(place.unit_id, place.rubric)
    turn.say(
        "kept",
        _options(turn, place, receipt),
        receipt=receipt,
        criterion=place.criterion,
        unit=own_units.named_of_several(turn, place.unit_id),
        state=state,
        note=note,
        said=words.strip()[:30],
        read=read,
        why=after.why(place.criterion.id),
        total=after.total,
        gained=None if after.total is None or before.total is None else after.total - before.total,
        lacking=lacking,
        untitled=_untitled(place.criterion, words),
        again=reviewed.waits_again(facts.verdicts.get(place.criterion.id)),
        stale=await ended_submission(turn, place),
    )
    return receipt


def _untitled(criterion: Criterion, words: str) -> str:
    """The 文号 said with an answer whose title is missing: it names no document yet."""
    if criterion.proof == "none" or not criterion.proof.by_number or criterion.entries:
        return ""
    return take_number(words)[0]


def _says(known: Answer, fact: Fact | None, words: str, state: answers.State, note: str) -> bool:
    """Whether an answer already is what somebody says, in the same words."""
    return _equal(known, fact, state, note) and known.said == storable(words, answers.SAID_CHARACTERS)


def _equal(known: Answer, fact: Fact | None, state: answers.State, note: str) -> bool:
    """Whether an answer has the same value, whatever its words."""
    same = known.fact == fact if known.fact is None or fact is None else fact_text(known.fact) == fact_text(fact)
    return same and (known.state, known.note) == (state, note)


async def _verified(
    turn: Turn, place: Place, known: Answer, fact: Fact | None, words: str, state: answers.State, note: str
) -> bool:
    """Whether somebody says again what the office has verified: a new version would only undo the verdict.

    A share of another whole (6/7, 12/14) is another answer, though it is worth the same.
    """
    verdict = (await turn.known(place.unit_id, place.rubric)).verdicts.get(place.criterion.id)
    if verdict is None or not verdict.settles or not _equal(known, fact, state, note):
        return False
    wholes = [parse_number(said, place.criterion.answer.unit) for said in (known.said, words)]
    first, second = (one.whole if isinstance(one, Number) else None for one in wholes)
    return first == second


async def _already(turn: Turn, place: Place, known: Answer, *, verified: bool = False) -> None:
    """An answer that is there already: nothing new is kept, so that 撤回 goes back behind it and a verdict stands."""
    turn.close(place)
    turn.state.pop("claim", None)
    destination.remember(turn, place)
    about = (place.unit_id, place.rubric.id, place.criterion.id, known.version)
    number = await review_rows.receipt_in(turn.connection, *about)
    options = _options(turn, place, Receipt(number, known.version, None))
    words = {"current": known, "receipt": number, "verified": verified}
    turn.say("kept-already", options, criterion=place.criterion, **words)


async def ended_submission(turn: Turn, place: Place) -> str:
    """End each 自评 that no longer says what the unit says, and give the numbers; empty where none stands.

    What follows from this rubric in another one (a department's clauses on its tasks) ends that one's too.
    """
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    ended = [
        await submissions.reopen_in(turn.connection, turn.now, membership.person_id, place.unit_id, place.rubric.id)
    ]
    for rubric in membership.rubrics:
        if any(c.derived and c.derived.rubric == place.rubric.id for c in rubric.criteria.values()):
            standing = await submissions.current_in(turn.connection, place.unit_id, rubric.id)
            if standing is not None and standing.card != await _card(turn, membership, rubric.id):
                about = (membership.person_id, place.unit_id, rubric.id)
                ended.append(await submissions.reopen_in(turn.connection, turn.now, *about))
    return "、".join(one.number for one in ended if one is not None)


async def _card(turn: Turn, membership: Membership, rubric_id: str) -> str:
    """The claimed figures as they are kept now."""
    rows = await scorecards.summary_in(turn.connection, membership.campaign_id, membership.unit_id)
    return next(row.cards[0] for row in rows if row.rubric_id == rubric_id)


async def undo(turn: Turn, key: Key) -> None:
    """Take the last answer back: to the version before it, or to nothing."""
    found = await collecting.changeable(turn, turn.place(key))
    if found is None:
        return
    place, _ = found
    versions = await answers.history_in(turn.connection, place.unit_id, place.rubric.id, place.criterion.id)
    if not versions or versions[-1].version != key.version or versions[-1].state == "withdrawn":
        turn.say("changed-since", (_change(place),), criterion=place.criterion, current=next(reversed(versions), None))
        return
    before = versions[-2] if len(versions) > 1 else None
    receipt = await _restore(turn, place, before)
    turn.close(place)
    recent.forget(turn, keys.pack("undo", *place.parts, version=key.version))
    after = await turn.scored(place.unit_id, place.rubric)
    facts = await turn.known(place.unit_id, place.rubric)
    turn.say(
        "undone",
        (_change(place), _next(place), _list(place)),
        receipt=receipt,
        criterion=place.criterion,
        before=before,
        total=after.total,
        again=reviewed.waits_again(facts.verdicts.get(place.criterion.id)),
        stale=await ended_submission(turn, place),
    )


async def history(turn: Turn, key: Key) -> None:
    """Who filled what in when."""
    place = turn.place(key)
    membership = turn.of_unit(place.unit_id) if place else None
    if place is None or membership is None:
        turn.say("stale")
        return
    about = (place.unit_id, place.rubric.id, place.criterion.id)
    versions = await answers.history_in(turn.connection, *about)
    options = [_change(place), Option(keys.pack("back"), "返回")]
    if versions and versions[-1].state != "withdrawn":
        options.insert(0, Option(keys.pack("undo", *place.parts, version=versions[-1].version), "撤回"))
    turn.expect(keys.pack("log", *place.parts))  # so that 返回 is back to the question
    turn.say("history", tuple(options), criterion=place.criterion, versions=versions, me=membership.person_id)


async def _restore(turn: Turn, place: Place, before: Answer | None) -> Receipt:
    if before is None or before.state == "withdrawn":
        return await _record(turn, place, None, "", state="withdrawn")
    return await _record(turn, place, before.fact, before.said, state=before.state, note=before.note)


async def _record(
    turn: Turn,
    place: Place,
    fact: Fact | None,
    words: str,
    *,
    state: answers.State,
    note: str = "",
    expected_version: int | None = None,
) -> Receipt:
    membership = turn.of_unit(place.unit_id)
    assert membership is not None
    return await answers.record_in(
        turn.connection,
        turn.now,
        membership.person_id,
        place.unit_id,
        place.rubric,
        place.criterion.id,
        fact,
        state=state,
        note=note,
        said=words,
        expected_version=expected_version,
    )


def _options(turn: Turn, place: Place, receipt: Receipt) -> tuple[Option, ...]:
    take_back = Option(keys.pack("undo", *place.parts, version=receipt.version), "撤回")
    return (*pending.onward(turn), _next(place), _change(place, receipt.version), take_back, _list(place))


def _change(place: Place, version: int = 0) -> Option:
    return Option(keys.pack("ask", *place.parts, version=version), "修改")


def _next(place: Place) -> Option:
    return Option(keys.pack("next", place.unit_id), "下一项")


def _list(place: Place) -> Option:
    return Option(keys.pack("list", place.unit_id), "清单")
