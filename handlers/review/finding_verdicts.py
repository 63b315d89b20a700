"""通过, 退回, 改分 on what was found on site: its sentence is the reason, and the verdict says that it came of a visit."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.review import (
    reviewing_values,
    reviewing_verdicts,
)
from handlers.review.reviewing_screen import claimed_words
from handlers.review.reviewing_selection import Seen, seen_as_shown
from handlers.turn import Turn
from rubrics.errors import FactError
from rubrics.facts import parse_fact
from rubrics.model import Rubric
from storage import findings, verdicts
from storage.findings import Finding
from storage.verdicts import Given

HOW = "visit"


class Found(NamedTuple):
    """A finding, and its clause as the reviewer was shown it."""

    finding: Finding
    seen: Seen


async def _found(turn: Turn, key: Key, parts: int = 2) -> Found | None:
    """The finding a key names, where the person may decide on it and nothing has changed since; else why not is said."""
    membership = office.working(turn)
    if membership is None:
        return None
    if len(key.parts) != parts:
        turn.say("stale")
        return None
    finding = await findings.find_in(turn.connection, membership.campaign_id, at(key, 0))
    clause = (*(str(part) for part in finding.clause), key.parts[1])
    seen = await seen_as_shown(turn, Key(key.verb, clause, key.version))
    return Found(finding, seen) if seen else None


@told
async def passed(turn: Turn, key: Key) -> None:
    """通过: what the unit claims was seen."""
    found = await _found(turn, key)
    if found is not None:
        basis = found.seen.look.basis
        await _given(turn, found, verdicts.pass_in(turn.connection, turn.now, *_about(found), basis=basis, how=HOW))


@told
async def returned(turn: Turn, key: Key) -> None:
    """退回 with what was found as the reason."""
    found = await _found(turn, key)
    if found is not None:
        about, basis = (*_about(found), found.finding.words), found.seen.look.basis
        await _given(turn, found, verdicts.return_in(turn.connection, turn.now, *about, basis=basis, how=HOW))


@told
async def ask_value(turn: Turn, key: Key) -> None:
    """改分: what is verified instead is asked for."""
    found = await _found(turn, key)
    if found is not None:
        await _ask_value(turn, key, found)


async def _ask_value(turn: Turn, key: Key, found: Found, wrong: str = "") -> None:
    look = found.seen.look
    claimed = (await turn.known(look.unit_id, look.rubric)).own.get(look.criterion.id)
    about = (found.finding.id, key.parts[1])
    options = tuple(
        Option(keys.pack("fd-value", *about, place, version=key.version), label)
        for place, (label, _) in enumerate(reviewing_values.of(look.criterion, claimed))
    )
    turn.expect(keys.pack("fd-value", *about, version=key.version))
    back = Option(keys.pack("fd-see", *look.clause), "返回")
    words = {"claimed": claimed_words(look.criterion, claimed), "wrong": wrong}
    typed = reviewing_values.can_be_typed(look.criterion)
    turn.say("review-value", (*options, back), look=look, typed=typed, offered=options, **words)


@told
async def value(turn: Turn, key: Key) -> None:
    """What is verified instead, pressed or typed; the reason is there already."""
    place = len(key.parts) == 3
    found = await _found(turn, key, 3 if place else 2)
    if found is None:
        return
    look = found.seen.look
    values = reviewing_values.of(
        look.criterion, (await turn.known(look.unit_id, look.rubric)).own.get(look.criterion.id)
    )
    if place and not (key.parts[2].isdigit() and at(key, 2) < len(values)):
        turn.say("stale")
        return
    try:
        said = values[at(key, 2)][1] if place else reviewing_values.read(look.criterion, turn.event.text)
        fact = parse_fact(look.criterion, said)
    except FactError as error:
        await _ask_value(turn, key, found, str(error))
        return
    about = (*_about(found), fact, found.finding.words)
    await _given(turn, found, verdicts.change_in(turn.connection, turn.now, *about, basis=look.basis, how=HOW))


def _about(found: Found) -> tuple[int, int, Rubric, str]:
    membership, look = found.seen
    return membership.person_id, look.unit_id, look.rubric, look.criterion.id


async def _given(turn: Turn, found: Found, giving: Awaitable[Given]) -> None:
    given = await giving
    look = found.seen.look
    undo, following = Option(keys.pack("rv-undo", given.verdict.id), "撤销"), keys.pack("vs-unit", look.unit_id)
    words = {
        "claimed": claimed_words(look.criterion, given.verdict.claimed),
        "verified": claimed_words(look.criterion, given.verdict.fact),
    }
    still = await reviewing_verdicts.why_unmoved(turn, look, given)
    turn.say("review-done", (undo, Option(following, "下一条")), look=look, given=given, still=still, **words)
