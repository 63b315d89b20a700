"""The checklist: what is open, item by item, and the best next thing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers.answering import (
    asking,
    claims,
    reviewed,
    states,
    still_open,
)
from handlers.proof import lacking
from handlers.turn import Place, Turn
from rubrics.breakdown import Breakdown, ItemScore
from rubrics.engine import ItemPlan
from rubrics.facts import Fact, Facts
from rubrics.gains import best_facts
from rubrics.kinds import Bonus, Deduct, Gate
from rubrics.model import NA, Criterion, Item, Rubric
from rubrics.tasks import asked
from storage import answers, office_facts, openings, returns, scorecards
from storage.answers import Answer
from storage.openings import Opening
from storage.people import Membership

MOST_PUT = 2
"""So often 下一项 puts the same question before it goes on to another."""


class ItemStand(NamedTuple):
    """How an item stands with a unit: clauses answered, sent back of those it answers, and points where it has them.

    ``basic`` and ``bonus`` make the item's points; ``best`` is the most the engine can still give without a bonus.
    ``unsure``: of how many answered clauses the answer is 不清楚.
    """

    item: Item
    answered: int
    clauses: int
    lacking: int
    returned: int = 0
    of: Decimal | None = None
    basic: Decimal | Fraction = Decimal(0)
    bonus: Decimal | Fraction = Decimal(0)
    best: Decimal | Fraction = Decimal(0)
    unsure: int = 0

    @property
    def left(self) -> Fraction:
        """The points still to win."""
        return max(Fraction(0), Fraction(self.best) - Fraction(self.basic))

    @property
    def points(self) -> Fraction:
        """What the item is worth now."""
        return Fraction(self.basic) + Fraction(self.bonus)


class ClauseStand(NamedTuple):
    """How a clause stands: what was filled in, why it is worth what it is, which proof it lacks, what the office says.

    ``opening``: what keeps it open beyond the lock.
    """

    criterion: Criterion
    answer: Answer | None
    why: str
    lacks: str
    review: str
    opening: Opening | None = None


async def show(turn: Turn, key: Key | None = None) -> None:
    """All items of the unit, one line each; 下一项 is then the best of all."""
    turn.state.pop("item", None)
    claims.put_off(turn)
    membership = _chosen(turn, key)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    for rubric in membership.rubrics:
        stands = await _stands(turn, membership, rubric)
        unit_id = membership.unit_id or 0
        options = [Option(keys.pack("next", unit_id), "下一项")]
        open_first = sorted(stands, key=lambda stand: stand.clauses == stand.answered)
        options += [Option(keys.pack("item", unit_id, rubric.id, s.item.id), s.item.label) for s in open_first]
        closed = await still_open.of(turn, membership) is not None
        turn.say("list", tuple(options), unit=membership.unit_name, rubric=rubric, stands=stands, closed=closed)


async def item(turn: Turn, key: Key) -> None:
    """The clauses of an item; 下一项 then goes on in it."""
    membership = _chosen(turn, key)
    rubric = membership.rubric(key.parts[1]) if membership and len(key.parts) == 3 else None
    if membership is None or rubric is None or key.parts[2] not in {one.id for one in rubric.items}:
        turn.say("stale")
        return
    claims.put_off(turn)
    turn.state["item"] = [membership.unit_id, rubric.id, key.parts[2]]
    await clauses(turn, membership.unit_id or 0, rubric, key.parts[2])


async def clauses(turn: Turn, unit_id: int, rubric: Rubric, item_id: str) -> None:
    """All clauses of an item that the unit answers, with what was filled in and what is missing."""
    membership = turn.of_unit(unit_id)
    assert membership is not None
    own = asked(rubric, membership.unit_name, membership.unit_category).get(item_id, ())
    current = await answers.current_in(turn.connection, unit_id, rubric.id)
    facts = await turn.known(unit_id, rubric)
    returned = await returns.standing_in(turn.connection, facts)
    scored = scorecards.plan_of(rubric).score(facts.claimed)
    standing = await openings.standing_in(turn.connection, membership.campaign_id, turn.today, unit_id)
    stands = [
        ClauseStand(
            c,
            current.get(c.id) if _is_answered(current.get(c.id)) else None,
            scored.why(c.id),
            lacking.words(c, facts) if c.id in facts.lacking else "",
            reviewed.words(c, facts, returned),
            openings.longest(standing, rubric.id, c.id),
        )
        for c in own
    ]
    options = [Option(keys.pack("ask", unit_id, rubric.id, c.id), c.label) for c in own]
    options.append(Option(keys.pack("next", unit_id), "下一项"))
    options.append(Option(keys.pack("list", unit_id), "清单"))
    title = next(one for one in rubric.items if one.id == item_id)
    turn.say("item", tuple(options), item=title, stands=stands)


async def next_one(turn: Turn, key: Key | None = None) -> None:
    """The best next thing; a question that was put twice and is still open waits from then on, as if skipped."""
    claims.put_off(turn)
    membership = _chosen(turn, key)
    if membership is None:
        turn.say("no-unit", office=turn.office)
        return
    last, times = turn.state.get("next_put", (None, 0))
    if (
        times >= MOST_PUT
        and last is not None
        and last == _open_parts(turn)
        and (place := turn.place_of(turn.state["open"]))
    ):
        states.skip(turn, place)
    await _next_of(turn, membership)
    if put := _open_parts(turn):
        turn.state["next_put"] = [put, times + 1 if put == last else 1]


def _open_parts(turn: Turn) -> list[Any] | None:
    """The clause that is being asked, as the dialogue's state keeps it."""
    opened = turn.state.get("open")
    return [opened["unit"], opened["rubric"], opened["criterion"]] if opened else None


async def _next_of(turn: Turn, membership: Membership) -> None:
    """The open clause that gains most, any that is still silent, then proof that is lacking."""
    unit_id = membership.unit_id or 0
    found = await still_open.of(turn, membership)
    shut = still_open.shut(membership, found)
    skipped = shut | {tuple(place) for place in turn.state.get("skipped", [])}
    if sent_back := await _sent_back(turn, membership, skipped):
        await asking.ask(turn, sent_back)
        return
    if begun := await _in_item(turn, membership, skipped):
        await asking.ask(turn, begun)
        return
    for leave_out in (skipped, shut):
        for rubric in membership.rubrics:
            criterion = await _best(turn, membership, rubric, leave_out)
            if criterion is not None:
                await asking.ask(turn, Place(unit_id, rubric, criterion))
                return
        for rubric in membership.rubrics:
            if await lacking.ask(turn, unit_id, rubric, leave_out):
                return
        turn.state["skipped"] = []
    if found is not None:
        await still_open.say(turn, membership, found)
        return
    options = (Option(keys.pack("submit", unit_id), "提交自评"), Option(keys.pack("list", unit_id), "清单"))
    turn.say("all-answered", options, unit=membership.unit_name)


async def _sent_back(turn: Turn, membership: Membership, leave_out: set[tuple[object, ...]]) -> Place | None:
    """The first clause the office sent back: a person looks at it, so it comes before what is merely open."""
    unit_id = membership.unit_id or 0
    for rubric in membership.rubrics:
        known = await turn.known(unit_id, rubric)
        returned = await returns.standing_in(turn.connection, known)
        for ident in rubric.criteria:
            if ident in returned and (unit_id, rubric.id, ident) not in leave_out:
                return Place(unit_id, rubric, rubric.criteria[ident])
    return None


async def _best(
    turn: Turn, membership: Membership, rubric: Rubric, leave_out: set[tuple[object, ...]]
) -> Criterion | None:
    unit_id = membership.unit_id or 0
    silent = [c for c in await _silent(turn, membership, rubric) if (unit_id, rubric.id, c.id) not in leave_out]
    open_gains = (await turn.scored(unit_id, rubric)).open
    gains = {g.criterion: g.gain for g in open_gains if g.criterion}
    whole = {g.item: g.gain for g in open_gains if not g.criterion}  # made of deductions: 0 until all is answered
    return max(silent, key=lambda c: gains.get(c.id, whole.get(rubric.item_of[c.id].id, 0)), default=None)


async def _in_item(turn: Turn, membership: Membership, leave_out: set[tuple[object, ...]]) -> Place | None:
    """The next clause of the item that was opened last, in its order; the item is left once none is open there."""
    unit_id, rubric_id, item_id = turn.state.get("item", (None, "", ""))
    rubric = membership.rubric(rubric_id) if unit_id == membership.unit_id else None
    for criterion in await _silent(turn, membership, rubric) if rubric else ():
        if (
            rubric
            and rubric.item_of[criterion.id].id == item_id
            and (unit_id, rubric_id, criterion.id) not in leave_out
        ):
            return Place(membership.unit_id or 0, rubric, criterion)
    turn.state.pop("item", None)
    return None


async def _silent(turn: Turn, membership: Membership, rubric: Rubric) -> list[Criterion]:
    """The clauses a unit has still to answer: never answered, taken back, or put off until a day that has come."""
    known = await answers.current_in(turn.connection, membership.unit_id or 0, rubric.id)
    own = asked(rubric, membership.unit_name, membership.unit_category).values()
    return [c for part in own for c in part if not _is_answered(known.get(c.id)) or _is_due(known[c.id], turn.today)]


def _is_answered(answer: Answer | None) -> bool:
    return answer is not None and answer.state != "withdrawn"


def _is_due(answer: Answer, today: date) -> bool:
    return answer.state == "not_yet" and bool(answer.note) and date.fromisoformat(answer.note) <= today


async def _stands(turn: Turn, membership: Membership, rubric: Rubric) -> list[ItemStand]:
    unit_id = membership.unit_id or 0
    facts = await turn.known(unit_id, rubric)
    scored = scorecards.plan_of(rubric).score(facts.claimed)
    worth = {score.plan.item.id: score for score in scored.items if score.state != "untotalled"}
    silent = {c.id for c in await _silent(turn, membership, rubric)}
    returned = set(await returns.standing_in(turn.connection, facts))
    current = await answers.current_in(turn.connection, unit_id, rubric.id)
    unsure = {ident for ident, answer in current.items() if answer.state == "unknown"}
    booked = {b.criterion_id for b in await office_facts.of_unit_in(turn.connection, unit_id) if b.state != "dismissed"}
    stands = []
    by_item = asked(rubric, membership.unit_name, membership.unit_category)
    for one in rubric.items:
        own = {c.id for c in by_item.get(one.id, ())}
        if own:
            stand = ItemStand(one, len(own - silent), len(own), len(own & set(facts.lacking)), len(own & returned))
            stand = stand._replace(unsure=len(own & unsure))
            stands.append(_with_points(stand, scored, worth[one.id], booked) if one.id in worth else stand)
    return stands


def _with_points(stand: ItemStand, scored: Breakdown, score: ItemScore, booked: set[str]) -> ItemStand:
    separate = score.plan.item.role == "bonus"
    bonus = Decimal(0) if separate or score.state == "zeroed" else score.bonus
    basic = scored.points(score.points - min(bonus, score.points))
    top = scored.plan.score_item(score.plan, best_facts(score.plan, _fixed(score.plan, scored.facts, booked)))
    best = Decimal(0) if separate else scored.points(top.points - min(top.bonus, top.points))
    own = scored.points(min(bonus, score.points))
    return stand._replace(of=score.plan.item.points, basic=basic, bonus=own, best=best)


def _fixed(plan: ItemPlan, facts: Facts, booked: set[str]) -> dict[str, Fact]:
    """What of an item's facts no better answer can change: what has happened, what the office booked, 合理缺项, 加分."""
    happened = {
        clause.id
        for clause in plan.clauses
        if isinstance(clause.criterion.score, Gate | Deduct) and clause.criterion.nature != "omission"
    }
    bonus = {clause.id for clause in plan.clauses if isinstance(clause.criterion.score, Bonus)}
    ids = {clause.id for clause in plan.clauses}
    return {i: f for i, f in facts.items() if i in ids and (i in happened | booked | bonus or f == NA)}


def _chosen(turn: Turn, key: Key | None) -> Membership | None:
    if key is None or not key.parts or not key.parts[0].isdigit():
        return turn.liaison
    membership = turn.of_unit(int(key.parts[0]))
    if membership is not None:
        turn.state["unit"] = membership.unit_id
    return membership
