"""One unit's card for the office: three scores by item, what lacks, what is booked, and where its 自评 stands."""

from __future__ import annotations

from typing import Any, NamedTuple

from channels import keys
from channels.keys import Key
from channels.port import Option
from handlers import (
    office,
    units,
)
from handlers.answering import gaps
from handlers.desk.fact_costs import capped_words
from handlers.people import doings
from handlers.proof import lacking
from handlers.review import (
    doubting,
    finding,
)
from handlers.turn import Turn
from reports.score_table import shown
from reports.standings import item_of, rows_done, total_of
from rubrics import reasons
from rubrics.fact_words import fact_words
from rubrics.facts import Facts
from rubrics.model import Item, Rubric
from rubrics.tasks import asked
from storage import answers, campaigns, editions, findings, office_facts, scorecards, snapshots, submissions, unit_facts
from storage.campaigns import Unit
from storage.scorecards import SummaryRow
from storage.snapshots import Card, Snapshot, SnapshotContent
from storage.unit_facts import UnitFacts

MOST_LINES = 10
MOST_BUTTONS = 40
"""Of more units nobody looks for one among buttons; its name is typed."""


class _ItemLine(NamedTuple):
    """An item's scores, claimed, proven, verified; of a row the targets done of all."""

    item: Item
    scores: list[str]
    unanswered: int


async def unit(turn: Turn, words: str) -> None:
    """The card of the unit somebody names; buttons where several may be meant."""
    own = next((m for m in turn.memberships if m.role == "leader" and m.unit_id is not None), None)
    if own is not None and not office.campaigns_of(turn) and not turn.event.in_group:
        found = units.find(await _units(turn, own.campaign_id), words)
        if own.unit_id in {one.id for one in found} or not words:
            await show_card(turn, own.campaign_id, own.unit_id or 0)
            return
    membership = office.seeing(turn)
    if membership is None:
        return
    known = await _units(turn, membership.campaign_id)
    found = units.find(known, words)
    if not words:
        options = _choices(known) if len(known) <= MOST_BUTTONS else ()
        turn.say("which-unit", options, screen="单位", example=known[0].name)
    elif not found:
        turn.say("no-such-unit", said=words[:20])
    elif len(found) > 1:
        turn.say("which-of-units", _choices(found), said=words[:20])
    else:
        await show_card(turn, membership.campaign_id, found[0].id)


async def pressed(turn: Turn, key: Key) -> None:
    """The button of a unit."""
    membership = office.seeing(turn)
    if membership is None:
        return
    known = {str(one.id) for one in await _units(turn, membership.campaign_id)}
    if len(key.parts) != 1 or key.parts[0] not in known:
        turn.say("stale")
    else:
        await show_card(turn, membership.campaign_id, int(key.parts[0]))


async def show_card(turn: Turn, campaign_id: int, unit_id: int) -> None:
    """A message a rubric, then what is booked and handed in. The caller has asked whether the person may see it."""
    one = next(unit for unit in await _units(turn, campaign_id) if unit.id == unit_id)
    rubrics = {rubric.id: rubric for rubric in await editions.of_campaign(turn.connection, campaign_id)}
    leader = not any(m.role == "office" for m in office.campaigns_of(turn))
    approved = await snapshots.approved_in(turn.connection, campaign_id)
    for row in await scorecards.summary_in(turn.connection, campaign_id, unit_id):
        card = approved.card(unit_id, row.rubric_id) if approved else None
        if approved is not None and card is not None:
            await _approved(turn, approved, card, leader=leader)
        else:
            await _current(turn, campaign_id, rubrics[row.rubric_id], row, leader=leader)
    await _booked(turn, one, rubrics)


async def _current(turn: Turn, campaign_id: int, rubric: Rubric, row: SummaryRow, *, leader: bool) -> None:
    """The scores as they are now, with what the unit's proof still lacks."""
    known = await unit_facts.of_unit(turn.connection, row.unit_id, rubric)
    await _say(
        turn,
        rubric,
        row,
        leader=leader,
        lacking=_lacking(rubric, known)[:MOST_LINES],
        more=max(len(known.lacking) - MOST_LINES, 0),
        gap=None if leader else await gaps.of_unit(turn, campaign_id, row.unit_id, rubric),
        notes=_awaiting(rubric, known) + _notes(rubric, known.verified if leader else known.claimed),
    )


async def _approved(turn: Turn, approved: SnapshotContent, card: Card, *, leader: bool) -> None:
    """What was frozen (审定), from its snapshot alone: nothing lacks any more."""
    rubric = approved.rubric(card.row.rubric_id)
    nothing: dict[str, Any] = {"lacking": (), "more": 0, "gap": None}
    notes = _notes(rubric, card.verified)
    await _say(turn, rubric, card.row, leader=leader, snapshot=approved.snapshot, notes=notes, **nothing)


async def _say(
    turn: Turn, rubric: Rubric, row: SummaryRow, *, leader: bool, snapshot: Snapshot | None = None, **more: Any
) -> None:
    final = snapshot is not None
    turn.say(
        "unit-card",
        unit=row.unit,
        rubric=rubric,
        row=row,
        lines=await _lines(turn, rubric, row, leader=leader, final=final),
        leader=leader,
        snapshot=snapshot,
        total=shown(total_of(row, final=final)),
        rows=shown(rows_done(rubric, row, final=final)),
        **more,
    )


async def _booked(turn: Turn, one: Unit, rubrics: dict[str, Rubric]) -> None:
    booked = await office_facts.of_unit_in(turn.connection, one.id)
    noted = finding.words_of(await findings.of_unit_in(turn.connection, one.id))
    handed_in = [await submissions.current_in(turn.connection, one.id, ident) for ident in rubrics]
    turn.say(
        "unit-more",
        await _options(turn, one, booked),
        unit=one,
        booked=[(fact, _clause(rubrics, fact)) for fact in booked if fact.rubric_id in rubrics],
        noted=[(_label(rubrics, note), word, note) for word, note in noted],
        submissions=[(found, rubrics[found.rubric_id]) for found in handed_in if found],
    )


async def _options(turn: Turn, one: Unit, booked: list[office_facts.OfficeFact]) -> tuple[Option, ...]:
    if not any(m.role == "office" for m in office.campaigns_of(turn)):
        return ()
    own = await office.own_unit(turn, one.id)
    options = [] if own else [Option(keys.pack("rv-unit", one.id), "核查")]
    options += await doubting.button(turn, one.id)
    options += [] if own else [Option(keys.pack("fact-unit", one.id), "记情况")]
    options += [Option(keys.pack("invite-unit", one.id), "邀请")]
    options += [*gaps.buttons(one.id), doings.button(one.id), Option(keys.pack("vs-unit", one.id), "现场核查")]
    counted = [fact for fact in booked if fact.state != "dismissed" and not own]
    options += [Option(keys.pack("dismiss", fact.id), f"不计第{fact.id}号") for fact in counted[-MOST_LINES:]]
    return tuple(options)


def _label(rubrics: dict[str, Rubric], note: findings.Finding) -> str:
    """Of its clause; its number where that is not in force any more."""
    rubric = rubrics.get(note.rubric_id)
    known = rubric is not None and note.criterion_id in rubric.criteria
    return rubric.criteria[note.criterion_id].label if rubric is not None and known else note.criterion_id


def _clause(rubrics: dict[str, Rubric], fact: office_facts.OfficeFact) -> str:
    criterion = rubrics[fact.rubric_id].criteria[fact.criterion_id]
    return f"{criterion.label} {fact_words(criterion, fact.fact)}"


async def _lines(turn: Turn, rubric: Rubric, row: SummaryRow, *, leader: bool, final: bool) -> list[_ItemLine]:
    known = await answers.current_in(turn.connection, row.unit_id, rubric.id)
    three = (row.claimed, row.proven, row.verified)
    own = asked(rubric, row.unit, row.category)
    lines = []
    for item in rubric.items:
        unanswered = sum(c.id not in known or known[c.id].state == "withdrawn" for c in own.get(item.id, ()))
        if item.role == "task" and item.id in own:
            lines.append(_ItemLine(item, ["/".join(map(str, one.rows[item.id])) for one in three], unanswered))
        elif item.id in row.claimed.items:
            reached = item_of(row, item, final=final)
            scores = [shown(reached)] if leader else [shown(one.items.get(item.id)) for one in three]
            lines.append(_ItemLine(item, scores, unanswered))
    return lines


def _notes(rubric: Rubric, facts: Facts) -> list[str]:
    """A cap of 加分 that bites, and the band with the way to the next one."""
    result = scorecards.plan_of(rubric).score(facts)
    if result.total is None:
        return []
    told = [(score.plan.item.label, capped_words(result, score.plan.item.id)) for score in result.items]
    words = [f"{label}：{why}" for label, why in told if why]
    return words + (reasons.notes(result) if result.grade else [])


def _awaiting(rubric: Rubric, known: UnitFacts) -> list[str]:
    """The items that are not verified before the unit's rows of the tasks table are."""
    counts = [(item, max((known.awaits.get(c.id, 0) for c in item.criteria), default=0)) for item in rubric.items]
    return [f"{item.label}：等分解表 {count} 个目标核完才算已核" for item, count in counts if count]


def _lacking(rubric: Rubric, known: UnitFacts) -> list[tuple[str, str]]:
    """Clauses that claim more than is proven, with what lacks; of a count how many have their proof."""
    clauses = [rubric.criteria[ident] for ident in known.lacking]
    return [(c.label, lacking.words(c, known)) for c in clauses]


async def _units(turn: Turn, campaign_id: int) -> list[Unit]:
    return await campaigns.units_in(turn.connection, campaign_id)


def _choices(found: list[Unit] | tuple[Unit, ...]) -> tuple[Option, ...]:
    return tuple(Option(keys.pack("unit", one.id), one.name[:10]) for one in found)
