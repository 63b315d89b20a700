"""The facts of one message: every rubric of a unit is asked, what the unit itself answers for comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from handlers.free_text import bare_names, matchers
from handlers.turn import Place, Turn
from rubrics.amounts import Number, find_numbers
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

_NOT_BUT = re.compile(
    r"(?P<start>^|[,，。;；!！?？\n])?(?<![是要])(?:而|并)?不是[^是,，。;；!！?？\n]{1,14}?[,，、]?[ \t]*"
    r"(?:而是|(?<![就还只都也不可但])是)(?=[^否不])"
)
"""Not this but that (不是名牌规划，是名牌奖励政策): only the second half says something."""

_READ = 2_000  # characters; the matcher reads no more


@dataclass
class Fact:
    """One fact of a message. ``places`` are the clauses it may be about, best first; ``words`` the piece it is in.

    ``own``: the unit answers the first clause itself. ``sure``: nothing speaks against writing it down. ``twins``: tasks
    that the same words would tick off too, which are not meant.
    """

    words: str
    sure: bool
    own: bool
    hedged: bool
    score: float
    places: list[Place] = field(default_factory=list)
    twins: list[Place] = field(default_factory=list)

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
    text = without_denied(text)
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
    found = [await _within(turn, membership, fact, found) for fact in found]
    kept = _merged(_without_twins(found, own, turn.today))
    for fact in kept:
        _prefer_own(fact, own)
    return _in_order(kept, text)


def without_denied(text: str) -> str:
    """A message without what it says was not meant: 名牌奖励政策 of 不是名牌规划，是名牌奖励政策."""
    if len(text) > _READ:
        return text
    return _NOT_BUT.sub(lambda match: "是" if match["start"] is None else match["start"], text)


async def _within(turn: Turn, membership: Membership, fact: Fact, found: Sequence[Fact]) -> Fact:
    """A fact of a piece that another rubric reads as several, in the one of them that it is about."""
    pieces = [one for one in found if one.own and _overlap(fact, one) and len(one.words) < len(fact.words)]
    if len(pieces) < 2 or fact.place.criterion.measures:
        return fact
    reading = await matchers.of(turn, membership.campaign_id, fact.place.rubric)
    again = [
        replace(fact, words=match.text, score=match.score, sure=False)
        for piece in pieces
        for match in reading.matcher.match(piece.words, turn.today)
        if match.criterion == fact.place.criterion.id
    ]
    return max(again, key=lambda one: one.score, default=fact)


def _without_twins(found: Sequence[Fact], own: Sequence[Place], today: date) -> list[Fact]:
    """Without yes or no of a task, where a clause of the unit's own counts what the same words tell (报了4条信息)."""
    counted = [fact for fact in found if fact.own and _takes_the_figure(fact, today)]
    kept = []
    for fact in found:
        meant = next((one for one in counted if _is_twin(fact, one, own)), None)
        if meant is None:
            kept.append(fact)
        else:
            meant.twins.append(fact.place)
    return kept


def _takes_the_figure(fact: Fact, today: date) -> bool:
    unit = fact.place.criterion.answer.unit
    told = {number.unit for number in find_numbers(fact.words[:200]) if isinstance(number, Number)}
    return bool(unit) and unit in told and isinstance(value_of(fact.place, fact.words, today), Decimal)


def _is_twin(fact: Fact, counted: Fact, own: Sequence[Place]) -> bool:
    place = fact.place
    task = place.rubric.item_of[place.criterion.id].role == "task"
    asks_yes_or_no = bool(place.criterion.answer.buttons) and not place.criterion.target
    near = counted.score >= NEAR * fact.score
    return task and asks_yes_or_no and place in own and near and _overlap(fact, counted)


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
