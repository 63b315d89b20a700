"""专家评分 for the office: what experts gave, and one of the allowed figures confirmed as the verdict."""

from __future__ import annotations

from typing import NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import office
from handlers.proof.proof_standing import at, told
from handlers.review import shown_clause
from handlers.review.reviewing_selection import BASIS_CHARACTERS
from handlers.turn import Turn
from rubrics.fact_words import fact_words
from rubrics.figures import plain
from rubrics.kinds import Judged
from rubrics.model import Criterion, Rubric
from rubrics.providing import nearest
from storage import campaigns, opinions, review_queue, verdicts
from storage.campaigns import Unit
from storage.people import Membership

MOST_BUTTONS = 40


class Place(NamedTuple):
    """A judged clause of a unit, and as what the person has to do with it."""

    membership: Membership
    unit: Unit
    rubric: Rubric
    criterion: Criterion

    @property
    def parts(self) -> tuple[str | int, ...]:
        """As an option key carries it."""
        return (self.unit.id, self.rubric.id, self.criterion.id)


async def show(turn: Turn) -> None:
    """All judged clauses: how many opinions there are, and what was verified."""
    membership = office.working(turn)
    if membership is None:
        return
    given = await opinions.of_campaign_in(turn.connection, membership.campaign_id)
    lines = []
    for place in await places_of(turn, membership):
        verdict = (await turn.known(place.unit.id, place.rubric)).verdicts.get(place.criterion.id)
        fact = verdict.fact if verdict and verdict.settles else None
        settled = fact_words(place.criterion, fact) if fact is not None else ""
        lines.append((place, len(given.get((place.unit.id, place.rubric.id, place.criterion.id), ())), settled))
    options = tuple(
        Option(keys.pack("jx-see", *place.parts), place.unit.name[:10]) for place, count, _ in lines if count
    )
    turn.say("judge-desk", options[:MOST_BUTTONS], lines=lines)


async def back(turn: Turn, key: Key) -> None:
    """返回 to all of them."""
    await show(turn)


async def places_of(turn: Turn, membership: Membership) -> list[Place]:
    """The judged clauses of all units but those the person belongs to, or has belonged to (回避)."""
    own = await review_queue.own_units_in(turn.connection, membership.person_id)
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    return [
        Place(membership, unit, rubric, criterion)
        for unit in units
        if unit.id not in own
        for rubric, criterion in opinions.judged(membership.rubrics, unit.category)
    ]


@told
async def see(turn: Turn, key: Key) -> None:
    """Each expert's figure and sentence, the figure the rule offers, and a button for each that is allowed."""
    place = await _place(turn, key, 3)
    if place is None:
        return
    shown = await shown_clause.show(turn, place.unit.id, place.unit.name, place.rubric, place.criterion)
    about = (turn.connection, place.membership.campaign_id, place.unit.id, place.rubric, place.criterion.id)
    current, outdated = await opinions.standing_in(*about)
    score = place.criterion.score
    assert isinstance(score, Judged)
    offered = nearest(score, [one.mark for one in current])
    options = [
        Option(keys.pack("jx-set", *place.parts, shown.basis[:BASIS_CHARACTERS], n), f"定 {plain(mark)} 分")
        for n, mark in sorted(enumerate(score.allowed), key=lambda pair: pair[1] != offered)
        if current
    ]
    words = {"current": current, "outdated": outdated, "offered": offered}
    turn.say("judge-opinions", (*options, Option(keys.pack("jx"), "返回")), shown=shown, **words)


@told
async def settle(turn: Turn, key: Key) -> None:
    """定 10 分: that figure is verified, with what the experts gave as the reason."""
    place = await _place(turn, key, 5)
    if place is None:
        return
    assert isinstance(place.criterion.score, Judged)
    allowed = place.criterion.score.allowed
    basis = await verdicts.shown_in(turn.connection, place.unit.id, place.rubric, place.criterion.id)
    if not (key.parts[4].isdigit() and at(key, 4) < len(allowed)):
        turn.say("stale")
    elif not basis.startswith(key.parts[3]) or len(key.parts[3]) != BASIS_CHARACTERS:
        turn.say("judge-changed", (Option(keys.pack("jx-see", *place.parts), "重新看"),), place=place)
    else:
        about = (place.membership.person_id, place.unit.id, place.rubric, place.criterion.id)
        mark = allowed[at(key, 4)]
        given = await opinions.settle_in(turn.connection, turn.now, *about, mark, basis=basis)
        undo = Option(keys.pack("rv-undo", given.verdict.id), "撤销")
        turn.say("judge-settled", (undo, Option(keys.pack("jx"), "返回")), place=place, mark=mark, given=given)


async def _place(turn: Turn, key: Key, parts: int) -> Place | None:
    """The clause a key begins with, where the person works for the office of its campaign; else why not is said."""
    membership = office.working(turn)
    if membership is None:
        return None
    units = await campaigns.units_in(turn.connection, membership.campaign_id)
    mine = [unit for unit in units if len(key.parts) == parts and str(unit.id) == key.parts[0]]
    if await office.refuse_own(turn, mine):
        return None
    places = await places_of(turn, membership) if mine else []
    found = next((one for one in places if tuple(str(part) for part in one.parts) == key.parts[:3]), None)
    if found is None:
        turn.say("stale")
    return found
