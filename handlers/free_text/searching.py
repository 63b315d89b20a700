"""Clauses looked up by words: those whose own words explain most of them, else those spelt nearly so; the list."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.free_text import (
    hearing,
    learning,
    matchers,
    pending,
    taking,
)
from handlers.turn import Place, Turn
from rubrics.matching.scoring import covers
from rubrics.matching.spelling import fold
from rubrics.tasks import asked
from storage.people import Membership

LEAST = 5.0
"""What a clause's words must explain of a text: two characters of a word of its own."""

NEAR = 0.5
"""Of the best clause's evidence, to be offered beside it."""

ALIKE = 70
"""How alike words and a label must be, of 100."""

LONGEST_WORDS = 200
TYPED = 2.0
"""The same of words that were typed to look for something: a common word will do."""

MOST_FOUND = 6
WHOLE_MESSAGE = 6
"""Characters; fewer do not put an end to what waits for a tap."""


async def clauses(
    turn: Turn, campaign_id: int, places: Sequence[Place], words: str, least: float = LEAST
) -> list[Place]:
    """The clauses among these that words may mean, best first, at most six.

    Args:
        least: what must be explained of the words; less where they were typed to look for something.
    """
    text = fold(words[:LONGEST_WORDS])
    rated: list[tuple[float, Place]] = []
    for rubric in {place.rubric.id: place.rubric for place in places}.values():
        index = (await matchers.of(turn, campaign_id, rubric)).index
        for cover in covers(index, text):
            ident = index.criteria[cover.place].id
            here = next((p for p in places if p.rubric.id == rubric.id and p.criterion.id == ident), None)
            if here and cover.score(0, len(text)) >= least:
                rated.append((cover.score(0, len(text)), here))
    if not rated and text:
        alike = [(_alike(place, text), place) for place in places]
        rated = [one for one in alike if one[0] >= ALIKE]
    rated.sort(key=lambda one: -one[0])
    return [place for score, place in rated if score >= NEAR * rated[0][0]][:MOST_FOUND]


def _alike(place: Place, text: str) -> float:
    criterion = place.criterion
    return max(fuzz.ratio(text, fold(name)) for name in (criterion.label, *criterion.aliases))


def unknown(turn: Turn) -> tuple[Option, ...]:
    """A way for words that were not understood, unless others still wait for a tap."""
    membership = turn.liaison
    words = turn.event.text.strip()
    if membership is None or not 1 < len(words) <= LONGEST_WORDS:
        return ()
    if pending.onward(turn) and len(words) < WHOLE_MESSAGE:
        return ()
    version = pending.put(turn, [pending.Waiting(fold(words), (), membership.unit_id or 0)], words, offer=True)
    return (Option(keys.pack("mean-none", version=version), "选一条来记"),)


async def none_of_them(turn: Turn, key: Key) -> None:
    """都不是: ask for a word to look for, and offer the list."""
    if not pending.of(turn, key.version):
        turn.say("stale")
        return
    turn.expect(keys.pack("mean-word", version=key.version))
    turn.say("search-how", (_list(key), _leave(key)))


def ask_which(turn: Turn, unit_id: int, said: str) -> None:
    """Ask which clause words are about that are written down nowhere now."""
    version = pending.put(turn, [pending.Waiting(fold(said[:LONGEST_WORDS]), (), unit_id)], said)
    key = Key("mean-none", (), version)
    turn.expect(keys.pack("mean-word", version=version))
    turn.say("search-how", (_list(key), _leave(key)))


async def typed(turn: Turn, key: Key) -> None:
    """The word to look for."""
    membership = _membership(turn, key)
    if membership is None:
        turn.say("stale")
        return
    found = await clauses(turn, membership.campaign_id, hearing.own_places(membership), turn.event.text, TYPED)
    found = found or await _misspelt(turn, membership)
    if not found:
        turn.expect(keys.pack("mean-word", version=key.version))
    turn.say("search-found" if found else "search-nothing", _choices(key, found), said=turn.event.text.strip()[:20])


async def _misspelt(turn: Turn, membership: Membership) -> list[Place]:
    """The unit's own clauses that words typed in pinyin, or with another character of the same sound, may mean."""
    own = hearing.own_places(membership)
    found: list[Place] = []
    for rubric in membership.rubrics:
        reading = await matchers.of(turn, membership.campaign_id, rubric)
        words = reading.matcher.respelt(turn.event.text[:LONGEST_WORDS])
        of_it = [place for place in own if place.rubric.id == rubric.id]
        found += await clauses(turn, membership.campaign_id, of_it, words, TYPED)
    return found[:MOST_FOUND]


async def by_item(turn: Turn, key: Key) -> None:
    """The list: the items, then the clauses of one."""
    membership = _membership(turn, key)
    if membership is None:
        turn.say("stale")
        return
    if len(key.parts) < 2:
        items = [
            Option(keys.pack("mean-list", rubric.id, item.id, version=key.version), item.label)
            for rubric in membership.rubrics
            for item in rubric.items
            if item.id in asked(rubric, membership.unit_name, membership.unit_category)
        ]
        turn.say("search-items", tuple(items))
        return
    own = hearing.own_places(membership)
    wanted = (key.parts[0], key.parts[1])
    found = [p for p in own if (p.rubric.id, p.rubric.item_of[p.criterion.id].id) == wanted]
    turn.say("search-clauses", _choices(key, found))


async def chosen(turn: Turn, key: Key) -> None:
    """A clause that was looked up: what was said is about it, and its words are remembered."""
    fact = next(iter(pending.of(turn, key.version)), None)
    place = turn.place(key)
    if fact is None or place is None:
        turn.say("stale")
        return
    said = pending.said(turn, fact)
    pending.drop_first(turn)
    await learning.learn(turn, place, fact.words)
    await taking.take(turn, place, fact.words, said)


def _membership(turn: Turn, key: Key) -> Membership | None:
    fact = next(iter(pending.of(turn, key.version)), None)
    return turn.of_unit(fact.unit_id) if fact else None


def _choices(key: Key, found: Sequence[Place]) -> tuple[Option, ...]:
    options = [Option(keys.pack("mean-it", *p.parts, version=key.version), p.criterion.label) for p in found]
    return (*options, _list(key), _leave(key))


def _list(key: Key) -> Option:
    return Option(keys.pack("mean-list", version=key.version), "按内容找")


def _leave(key: Key) -> Option:
    return Option(keys.pack("mean-skip", version=key.version), "不记")
