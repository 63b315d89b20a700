"""通过, 退回, 改分 of the clause on the screen, and 撤销; after each the next one of what was chosen comes by itself."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.review import (
    reviewing,
    reviewing_values,
)
from handlers.review.reviewing_reasons import LABEL_CHARACTERS, for_change, for_return
from handlers.review.reviewing_screen import claimed_words
from handlers.review.reviewing_selection import Seen, key_of, seen_as_shown, shown_of, version_of
from handlers.turn import Turn
from rubrics.errors import FactError
from rubrics.facts import Fact, parse_fact, read_json
from rubrics.model import Criterion
from storage import editions, evidence, scorecards, verdicts
from storage.kept_facts import fact_text
from storage.review_queue import Look
from storage.trial import on_trial
from storage.verdicts import Given


@told
async def passed(turn: Turn, key: Key) -> None:
    """通过: what the unit claims is verified."""
    found = await seen_as_shown(turn, key)
    if found is not None:
        look = found.look
        about = (found.membership.person_id, look.unit_id, look.rubric, look.criterion.id)
        await _given(turn, found, verdicts.pass_in(turn.connection, turn.now, *about, basis=look.basis))


@told
async def ask_return(turn: Turn, key: Key) -> None:
    """退回: the reason is asked for."""
    found = await seen_as_shown(turn, key)
    if found is not None:
        look = found.look
        turn.expect(key_of("rv-why", look))
        turn.say("review-why", _reasons("rv-why", look, await _for_return(turn, look)), look=look)


@told
async def returned(turn: Turn, key: Key) -> None:
    """The reason of 退回: a button's, or words of one's own."""
    pressed = len(key.parts) == 5
    found = await seen_as_shown(turn, key, 5 if pressed else 4)
    if found is None:
        return
    look = found.look
    reason = _reason(await _for_return(turn, look), key, 4) if pressed else turn.event.text
    if reason is None:
        turn.say("stale")
        return
    about = (found.membership.person_id, look.unit_id, look.rubric, look.criterion.id, reason)
    await _given(turn, found, verdicts.return_in(turn.connection, turn.now, *about, basis=look.basis))


@told
async def ask_value(turn: Turn, key: Key) -> None:
    """改分: what is to be verified instead is asked for."""
    found = await seen_as_shown(turn, key)
    if found is not None:
        await _ask_value(turn, found.look)


async def _ask_value(turn: Turn, look: Look, wrong: str = "") -> None:
    claimed = await _claimed(turn, look)
    values = reviewing_values.of(look.criterion, claimed)
    options = tuple(Option(key_of("rv-value", look, place), label) for place, (label, _) in enumerate(values))
    turn.expect(key_of("rv-value", look))
    words = {"claimed": claimed_words(look.criterion, claimed), "wrong": wrong}
    typed = reviewing_values.can_be_typed(look.criterion)
    turn.say("review-value", (*options, _see(look)), look=look, typed=typed, offered=options, **words)


@told
async def value(turn: Turn, key: Key) -> None:
    """What is verified instead, pressed or typed; then why."""
    pressed = len(key.parts) == 5
    found = await seen_as_shown(turn, key, 5 if pressed else 4)
    if found is None:
        return
    look = found.look
    values = reviewing_values.of(look.criterion, await _claimed(turn, look))
    if pressed and not 0 <= at(key, 4) < len(values):
        turn.say("stale")
        return
    try:
        said = values[at(key, 4)][1] if pressed else reviewing_values.read(look.criterion, turn.event.text)
        fact = parse_fact(look.criterion, said)
    except FactError as error:
        await _ask_value(turn, look, str(error))
        return
    await _ask_why(turn, found, fact)


async def _ask_why(turn: Turn, found: Seen, fact: Fact) -> None:
    """Read back what 改分 comes to, carried out and undone, and ask for the reason."""
    look, draft = found.look, reviewing.next_version(turn)
    async with on_trial(turn.connection):
        tried = await _change(turn, found, fact, "试算一次")
    about = {"clause": [*look.clause, shown_of(look)], "verdict": version_of(look)}
    turn.state["verdict"] = {"version": draft, **about, "fact": fact_text(fact)}
    turn.expect(keys.pack("rv-said", version=draft))
    options = [
        Option(keys.pack("rv-said", place, version=draft), reason[:LABEL_CHARACTERS])
        for place, reason in enumerate(for_change(look.criterion))
    ]
    words = _facts_in_words(look.criterion, tried)
    turn.say("review-change-why", (*options, _see(look)), look=look, before=tried.before, after=tried.after, **words)


@told
async def changed(turn: Turn, key: Key) -> None:
    """The reason of 改分: a button's, or words of one's own."""
    draft = turn.held("verdict", key)
    if draft is None:
        return
    place = Key("rv-said", tuple(str(part) for part in draft["clause"]), draft["verdict"])
    found = await seen_as_shown(turn, place)
    if found is None:
        return
    reason = _reason(for_change(found.look.criterion), key, 0) if key.parts else turn.event.text
    if reason is None:
        turn.say("stale")
        return
    await _given(turn, found, _change(turn, found, read_json(draft["fact"]), reason))


@told
async def undo(turn: Turn, key: Key) -> None:
    """撤销: the clause waits again, as if nobody had looked."""
    membership = office.working(turn)
    if membership is None:
        return
    found = await verdicts.find_in(turn.connection, membership.campaign_id, at(key, 0))
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(turn.connection, membership.campaign_id)}
    rubric = rubrics.get(found.rubric_id)
    if rubric is None:  # another rubric has taken its place since
        turn.say("stale")
        return
    given = await verdicts.take_back_in(turn.connection, turn.now, membership.person_id, found, rubric)
    label = rubric.criteria[found.criterion_id].label
    see = Option(keys.pack("rv-see", found.unit_id, found.rubric_id, found.criterion_id), "再看这一条")
    turn.say("review-undone", (see, Option(keys.pack("rv-next"), "下一条")), found=found, label=label, given=given)


async def last(turn: Turn) -> None:
    """撤销, typed: the person's last verdict that still stands, with the button that takes it back."""
    membership = office.working(turn)
    if membership is None:
        return
    given = await verdicts.of_campaign_in(turn.connection, membership.campaign_id)
    own = [one for one in given if one.person_id == membership.person_id and one.kind != "open"]
    rubric = membership.rubric(own[-1].rubric_id) if own else None
    if rubric is None or own[-1].criterion_id not in rubric.criteria:
        turn.say("review-last-none", (Option(keys.pack("rv"), "核查"),))
        return
    see = Option(keys.pack("rv-see", own[-1].unit_id, own[-1].rubric_id, own[-1].criterion_id), "再看这一条")
    options = (Option(keys.pack("rv-undo", own[-1].id), "撤销"), see)
    turn.say("review-last", options, found=own[-1], label=rubric.criteria[own[-1].criterion_id].label)


async def _change(turn: Turn, found: Seen, fact: Fact, reason: str) -> Given:
    look = found.look
    about = (found.membership.person_id, look.unit_id, look.rubric, look.criterion.id)
    return await verdicts.change_in(turn.connection, turn.now, *about, fact, reason, basis=look.basis)


async def _given(turn: Turn, found: Seen, giving: Awaitable[Given]) -> None:
    """Give a verdict, say what it came to, and go on; words that are refused may be said anew."""
    if turn.expected:
        turn.expect(keys.pack(turn.expected.verb, *turn.expected.parts, version=turn.expected.version))
    given = await giving
    turn.state.pop("expects", None)
    turn.state.pop("verdict", None)
    look = found.look
    options = (Option(keys.pack("rv-undo", given.verdict.id), "撤销"),)
    words = _facts_in_words(look.criterion, given)
    turn.say("review-done", options, look=look, given=given, still=await why_unmoved(turn, look, given), **words)
    await reviewing.go_on(turn, found.membership)


async def why_unmoved(turn: Turn, look: Look, given: Given) -> str:
    """Why the score has not moved: what the clause is worth; empty where it has, or where it was sent back."""
    if given.before != given.after or given.verdict.fact is None:
        return ""
    known = await turn.known(look.unit_id, look.rubric)
    return scorecards.plan_of(look.rubric).score(known.verified).why(look.criterion.id)


def _facts_in_words(criterion: Criterion, given: Given) -> dict[str, Any]:
    verdict = given.verdict
    return {
        "claimed": claimed_words(criterion, verdict.claimed),
        "verified": claimed_words(criterion, verdict.fact),
    }


async def _claimed(turn: Turn, look: Look) -> Fact | None:
    return (await turn.known(look.unit_id, look.rubric)).own.get(look.criterion.id)


async def _for_return(turn: Turn, look: Look) -> tuple[str, ...]:
    return for_return(look.criterion, files=bool(await evidence.of_clause_in(turn.connection, *look.clause)))


def _reasons(verb: str, look: Look, reasons: tuple[str, ...]) -> tuple[Option, ...]:
    options = (Option(key_of(verb, look, n), reason[:LABEL_CHARACTERS]) for n, reason in enumerate(reasons))
    return (*options, _see(look))


def _reason(reasons: tuple[str, ...], key: Key, position: int) -> str | None:
    place = at(key, position)
    return reasons[place] if 0 <= place < len(reasons) else None


def _see(look: Look) -> Option:
    return Option(keys.pack("rv-see", *look.clause), "返回")
