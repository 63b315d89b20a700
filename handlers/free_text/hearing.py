"""The facts of one message: every rubric of a unit is asked, what the unit itself answers for comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from handlers.free_text import bare_names, matchers
from handlers.turn import Place, Turn
from rubrics.matching.stating import Value, state
from rubrics.tasks import asked
from storage.people import Membership

NEAR = 0.7
"""So much of the best clause's evidence leaves it open which of two rubrics is meant."""

OTHERS = 0.6
"""What the evidence for a clause weighs that the unit does not answer itself."""

MOST_PLACES = 3

_ATTENDED = re.compile("参加了?[^,;。]{0,14}?(?P<what>会|培训|活动|班)")
"""Who sat in a meeting about something has not done it yet."""


@dataclass
class Fact:
    """One fact of a message. ``places`` are the clauses it may be about, best first; ``words`` the piece it is in.

    ``own``: the unit answers the first clause itself. ``sure``: nothing speaks against writing it down.
    """

    words: str
    sure: bool
    own: bool
    hedged: bool
    score: float
    places: list[Place] = field(default_factory=list)

    @property
    def unit_id(self) -> int:
        """Whose fact it is."""
        return self.place.unit_id

    @property
    def place(self) -> Place:
        """The clause it is about, as far as can be told."""
        return self.places[0]


async def hear(turn: Turn, membership: Membership, text: str) -> list[Fact]:
    """The facts of a message to a unit's rubrics, in the order of the message."""
    found: list[Fact] = []
    own = own_places(membership)
    for rubric in membership.rubrics:
        reading = await matchers.of(turn, membership.campaign_id, rubric)
        for match in reading.matcher.match(text, turn.today):
            places = [Place(membership.unit_id or 0, rubric, rubric.criteria[c]) for c in match.candidates]
            first = places[0] in own
            if not first and owner_of(places[0]):  # many rows speak alike; a unit speaks of its own
                places.sort(key=lambda place: place not in own)
            sure = match.decision == "sure" and first and not match.hedged and not _only_attended(places[0], match.text)
            found.append(Fact(match.text, sure, places[0] in own, match.hedged, match.score, places))
    kept = _merged(found)
    for fact in kept:
        _prefer_own(fact, own)
    return _in_order(kept, text)


def _only_attended(place: Place, words: str) -> bool:
    """Whether words tell of a meeting about what the clause asks for, where it does not ask for meetings."""
    attended = _ATTENDED.search(words)
    if attended is None:
        return False
    criterion = place.criterion
    asked_for = "|".join((criterion.ask, criterion.label, *criterion.aliases))
    return "参加" not in asked_for and attended["what"] not in asked_for


def _prefer_own(fact: Fact, own: list[Place]) -> None:
    """Rows of other units are nothing to choose from where a clause of one's own explains the words, or has their name."""
    mine = [place for place in fact.places if place in own]
    if not mine:
        theirs = {place.criterion.label for place in fact.places}
        if twins := [place for place in own if place.criterion.label in theirs]:
            fact.places, fact.own, fact.sure = twins[:MOST_PLACES], True, False
        return
    first = fact.place
    fact.places = [place for place in fact.places if place in own or not owner_of(place)]
    if fact.place != first:
        fact.own, fact.sure = fact.place in own, False


def own_places(membership: Membership) -> list[Place]:
    """The clauses a unit is asked itself, in the order of its rubrics."""
    return [
        Place(membership.unit_id or 0, rubric, criterion)
        for rubric in membership.rubrics
        for clauses in asked(rubric, membership.unit_name, membership.unit_category).values()
        for criterion in clauses
    ]


def value_of(place: Place, words: str, today: date) -> Value:
    """What a piece of a message says about a clause; None where it states no value, or merely names it."""
    return None if bare_names.is_bare(place, words) else state(place.criterion, words, "message", today)


def owner_of(place: Place) -> str:
    """Who answers for a clause that the unit does not: the office (empty), or the units that lead its row."""
    item = place.rubric.item_of[place.criterion.id]
    return "、".join(item.lead) if item.role == "task" and place.criterion.by != "office" else ""


def _merged(found: list[Fact]) -> list[Fact]:
    """One fact a piece: the same words found under two rubrics are one fact with the clauses of both."""
    kept: list[Fact] = []
    for fact in sorted(found, key=lambda fact: -fact.score * (1 if fact.own else OTHERS)):
        same = next((one for one in kept if one.place == fact.place or _overlap(one, fact)), None)
        if same is None:
            kept.append(fact)
            continue
        same.places = [*same.places, *(place for place in fact.places if place not in same.places)]
        if fact.own and fact.place != same.place and fact.score >= NEAR * same.score:
            same.sure = False
    for fact in kept:
        fact.places = fact.places[:MOST_PLACES]
    return kept


def _overlap(one: Fact, other: Fact) -> bool:
    return one.place.rubric.id != other.place.rubric.id and (one.words in other.words or other.words in one.words)


def _in_order(found: list[Fact], text: str) -> list[Fact]:
    """As they were said; a piece whose spelling was mended comes where its score puts it."""
    return sorted(found, key=lambda fact: text.find(fact.words[:4]))
