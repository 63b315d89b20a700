"""A lead department looks at the towns' proof of the clauses it answers for: 通过 or 退回 of those, and of nothing else."""

from __future__ import annotations

from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.proof.proof_standing import at, told
from handlers.review import (
    providing,
    shown_clause,
)
from handlers.review.reviewing_across import STATES
from handlers.review.reviewing_reasons import LABEL_CHARACTERS, for_return
from handlers.review.reviewing_selection import key_of, shown_of
from handlers.turn import Turn
from rubrics.providing import reviewed_by
from storage import editions, evidence, overruling, review_holds, review_queue, verdicts
from storage.errors import StorageError
from storage.overruling import is_the_offices
from storage.people import Membership
from storage.review_queue import Look

MOST_BUTTONS = 40
DECISIONS = (("pv-pass", "通过"), ("pv-back", "退回"))


class Seen(NamedTuple):
    """A clause of a town that the department may look at."""

    membership: Membership
    look: Look


@told
async def row(turn: Turn, key: Key) -> None:
    """One clause: each town with its state."""
    membership = providing.membership_of(turn)
    if membership is None:
        return
    found = [one for one in await _looks(turn, membership) if key.parts == (one.rubric.id, one.criterion.id)]
    if not found:
        turn.say("stale")
        return
    options = tuple(Option(keys.pack("pv-see", *look.clause), look.unit[:10]) for look in found)
    lines = [(look.unit, STATES[look.state]) for look in found]
    turn.say(
        "provider-row",
        (*options[:MOST_BUTTONS], Option(keys.pack("pv"), "返回")),
        criterion=found[0].criterion,
        lines=lines,
    )


async def _looks(turn: Turn, membership: Membership, unit_id: int | None = None) -> list[Look]:
    """The clauses of others the department may review: not of its own unit, nor of one the person belongs to (回避)."""
    rubrics = await editions.of_campaign(turn.connection, membership.campaign_id)
    mine = {(rubric.id, criterion.id) for rubric, criterion in reviewed_by(rubrics, membership.unit_name)}
    own = await review_queue.own_units_in(turn.connection, membership.person_id)
    about = (turn.connection, membership.campaign_id, turn.today, unit_id)
    found = await review_queue.of_campaign_in(*about)
    return [one for one in found if one.clause[1:] in mine and one.unit_id not in {*own, membership.unit_id}]


@told
async def see(turn: Turn, key: Key) -> None:
    """One town: what it claims and its files; 通过 or 退回."""
    found = await _seen(turn, key, 3)
    if found is None:
        return
    membership, look = found
    about = (turn.connection, turn.now, membership.campaign_id, membership.person_id, look.clause)
    other = await review_holds.take_in(*about)
    if other is not None:
        turn.say("provider-held", (_back(look),), look=look, other=other)
        return
    shown = await shown_clause.show(turn, look.unit_id, look.unit, look.rubric, look.criterion)
    theirs = is_the_offices(look.verdict)
    there = look.state not in {"open", "unanswered"} and not theirs
    options = [Option(key_of(verb, look), label) for verb, label in DECISIONS if there]
    turn.say("provider-screen", (*options, _back(look)), shown=shown, state=STATES[look.state], theirs=theirs)


@told
async def passed(turn: Turn, key: Key) -> None:
    """通过: what the town claims is verified."""
    found = await _as_shown(turn, key, 4)
    if found is not None:
        membership, look = found
        about = (membership.person_id, look.unit_id, look.rubric, look.criterion.id)
        given = await verdicts.pass_in(turn.connection, turn.now, *about, basis=look.basis, how="provider")
        await _done(turn, found, given)


@told
async def ask_return(turn: Turn, key: Key) -> None:
    """退回: why?"""
    found = await _as_shown(turn, key, 4)
    if found is not None:
        look = found.look
        turn.expect(key_of("pv-why", look))
        reasons = enumerate(await _reasons(turn, look))
        options = tuple(Option(key_of("pv-why", look, n), why[:LABEL_CHARACTERS]) for n, why in reasons)
        turn.say("review-why", (*options, Option(keys.pack("pv-see", *look.clause), "返回")), look=look)


async def _reasons(turn: Turn, look: Look) -> tuple[str, ...]:
    return for_return(look.criterion, files=bool(await evidence.of_clause_in(turn.connection, *look.clause)))


@told
async def returned(turn: Turn, key: Key) -> None:
    """The reason, pressed or typed: the town hears of it with the office's returns."""
    pressed = len(key.parts) == 5
    found = await _as_shown(turn, key, 5 if pressed else 4)
    if found is None:
        return
    membership, look = found
    reasons = await _reasons(turn, look)
    if pressed and not (key.parts[4].isdigit() and at(key, 4) < len(reasons)):
        turn.say("stale")
        return
    if turn.expected:
        turn.expect(key_of("pv-why", look))  # words that are refused may be said anew
    reason = reasons[at(key, 4)] if pressed else turn.event.text
    about = (membership.person_id, look.unit_id, look.rubric, look.criterion.id, reason)
    given = await verdicts.return_in(turn.connection, turn.now, *about, basis=look.basis, how="provider")
    turn.state.pop("expects", None)
    await _done(turn, found, given)


async def _done(turn: Turn, found: Seen, given: verdicts.Given) -> None:
    membership, look = found
    await review_holds.let_go_in(turn.connection, turn.now, membership.campaign_id, membership.person_id)
    turn.say("provider-done", (_back(look),), look=look, given=given)


async def _seen(turn: Turn, key: Key, parts: int) -> Seen | None:
    """The clause a key begins with, where the department may review it; else why not is said."""
    membership = providing.membership_of(turn)
    if membership is None:
        return None
    unit_id = at(key, 0)
    if unit_id in await review_queue.own_units_in(turn.connection, membership.person_id):
        raise StorageError("本单位的、您任过职的单位的，都要回避，请考核办来核")
    looks = await _looks(turn, membership, unit_id) if len(key.parts) == parts else []
    look = next((one for one in looks if one.clause == (unit_id, *key.parts[1:3])), None)
    if look is None:
        turn.say("stale")
        return None
    return Seen(membership, look)


async def _as_shown(turn: Turn, key: Key, parts: int) -> Seen | None:
    """As `_seen`, where the clause is still what the button was made for."""
    found = await _seen(turn, key, parts)
    if found is not None and shown_of(found.look) != key.parts[3]:
        turn.say("provider-changed", (Option(keys.pack("pv-see", *found.look.clause), "重新看"),), look=found.look)
        return None
    if found is not None:  # before a reason is asked for
        await overruling.refuse_in(turn.connection, found.look.criterion, found.look.verdict)
    return found


def _back(look: Look) -> Option:
    return Option(keys.pack("pv-row", look.rubric.id, look.criterion.id), "看各镇")
