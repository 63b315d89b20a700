"""Taps on what was heard in a message: this one, all of them, one by one, none, and how a count is meant."""

from __future__ import annotations

from channels.keys import Key
from handlers.free_text import (
    learning,
    pending,
    showing,
    taking,
    understanding,
    whose,
)
from handlers.free_text.hearing import MOST_PLACES
from handlers.free_text.pending import Waiting
from handlers.turn import Place, Turn


async def picked(turn: Turn, key: Key) -> None:
    """确认, or one of the clauses a fact may be about; another one than the first is remembered."""
    fact = _first(turn, key)
    if fact is None or _position(key) >= len(fact.places):
        turn.say("stale")
        return
    place = fact.places[_position(key)]
    if _position(key):
        await learning.learn(turn, place, fact.words)
    if await _take(turn, fact, place) and not turn.opened(place):
        _next(turn)


async def _take(turn: Turn, fact: Waiting, place: Place) -> bool:
    """Settle the first fact that waits."""
    said = pending.said(turn, fact)
    pending.drop_first(turn)
    return await taking.take(turn, place, fact.words, said)


async def all_of_them(turn: Turn, key: Key) -> None:
    """全部记下: what is plain is written down; what needs a word more stays, one after the other."""
    waiting = [fact for fact in pending.of(turn, key.version) if fact.places]
    if not waiting:
        turn.say("stale")
        return
    whole = pending.text(turn)
    said = {fact.words: pending.said(turn, fact) for fact in waiting}
    left = [fact for fact in waiting if not await taking.is_plain(turn, fact.places[0], fact.words, said[fact.words])]
    pending.forget(turn)  # or each receipt would offer the way on to facts that are just being written
    for fact in waiting:
        if fact not in left:
            await taking.take(turn, fact.places[0], fact.words, said[fact.words])
    if left:
        pending.put(turn, left, whole)
        await _take(turn, left[0], left[0].places[0])


async def one_by_one(turn: Turn, key: Key) -> None:
    """逐条看, and the way on to what still waits."""
    if pending.of(turn, key.version):
        showing.first(turn)
    else:
        turn.say("stale")


async def nothing(turn: Turn, key: Key) -> None:
    """取消: nothing of the message is written down."""
    if not pending.of(turn, key.version):
        turn.say("stale")
        return
    pending.forget(turn)
    turn.say("heard-dropped")


async def skipped(turn: Turn, key: Key) -> None:
    """不记: this one is not written down; the others still wait."""
    if _first(turn, key) is None:
        turn.say("stale")
        return
    pending.drop_first(turn)
    if pending.of(turn):
        _next(turn)
    else:
        turn.say("heard-dropped")


async def instead(turn: Turn, key: Key) -> None:
    """改成 N."""
    await _count(turn, key, more=False)


async def on_top(turn: Turn, key: Key) -> None:
    """一共 N."""
    await _count(turn, key, more=True)


async def of_the_open(turn: Turn, key: Key) -> None:
    """The words answer the question that was open."""
    said = pending.text(turn)
    place = turn.place(key)
    if not pending.of(turn, key.version) or place is None or not turn.opened(place):
        turn.say("stale")
    else:
        await understanding.meant_the_open(turn, said)


async def of_unit(turn: Turn, key: Key) -> None:
    """The unit, or the year, that a message is about."""
    said = whose.text_of(turn, key)
    membership = turn.of_unit(int(key.parts[0])) if len(key.parts) == 1 and key.parts[0].isdigit() else None
    if said is None or membership is None:
        turn.say("stale")
        return
    turn.state["unit"] = membership.unit_id
    await understanding.of_unit(turn, membership, said)


async def _count(turn: Turn, key: Key, *, more: bool) -> None:
    fact, place = _first(turn, key), turn.place(key)
    if fact is None or place is None or place not in fact.places:
        turn.say("stale")
        return
    said = pending.said(turn, fact)
    pending.drop_first(turn)
    await taking.counted(turn, place, fact.words, said, more=more)
    _next(turn)


def _next(turn: Turn) -> None:
    """Show what still waits of the same message, unless something else is being asked."""
    if pending.of(turn) and "claim" not in turn.state:
        showing.first(turn)


def _first(turn: Turn, key: Key) -> Waiting | None:
    return next(iter(pending.of(turn, key.version)), None)


def _position(key: Key) -> int:
    """Which of the places shown; beyond all of them where the key names none."""
    part = key.parts[0] if len(key.parts) == 1 else ""
    return int(part) if part.isdigit() and len(part) == 1 else MOST_PLACES
