"""What stands on a unit's 自评表: its items with the claimed points, the answers beneath them, and the proof there is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from handlers.turn import Turn
from reports.score_table import Done
from reports.self_assessment import Line, SelfAssessment
from reports.self_words import answered, by_others, open_words
from rubrics.breakdown import Breakdown
from rubrics.facts import Facts
from rubrics.figures import plain, two_decimals
from rubrics.model import Criterion, Item, Rubric
from rubrics.tasks import asked
from storage import answers, entries, evidence, proof_notes, scorecards
from storage.answers import Answer
from storage.entries import Entry
from storage.people import Membership


class _Known(NamedTuple):
    """What the unit says of a rubric: the clauses it is asked by item, its facts and how it came to say them."""

    own: Mapping[str, tuple[Criterion, ...]]
    facts: Facts
    answers: Mapping[str, Answer]
    entries: Mapping[str, list[Entry]]
    scored: Breakdown


async def of(turn: Turn, membership: Membership, rubric: Rubric, number: str) -> SelfAssessment:
    """The sheet of a unit as of this turn.

    Args:
        number: of the submission it belongs to.
    """
    unit_id = membership.unit_id or 0
    known = await _known(turn, membership, rubric)
    figures = scorecards.figures_of(known.scored)
    lines = []
    for item in rubric.items:
        if item.id in known.own or item.role in {"scored", "bonus"}:
            proof = await _proof(turn, unit_id, rubric, item)
            lines.append(_line(item, known, tuple(proof)))
    rows = [row for ident, row in figures.rows.items() if ident in known.own]
    return SelfAssessment(
        year=int(membership.campaign_code[:4]),
        title=rubric.title,
        unit=membership.unit_name,
        lines=tuple(lines),
        total=Done(sum(done == of for done, of in rows), len(rows)) if figures.rows else figures.total,
        of=figures.max,
        receipt=number,
        made_at=turn.now.astimezone(turn.zone),
    )


async def _known(turn: Turn, membership: Membership, rubric: Rubric) -> _Known:
    unit_id = membership.unit_id or 0
    facts = await turn.known(unit_id, rubric)
    counted = {
        c.id: await entries.of_clause_in(turn.connection, unit_id, rubric.id, c.id)
        for c in rubric.criteria.values()
        if facts.proofs.entries(c.id)
    }
    said = await answers.current_in(turn.connection, unit_id, rubric.id)
    own = asked(rubric, membership.unit_name, membership.unit_category)
    return _Known(own, facts.claimed, said, counted, scorecards.plan_of(rubric).score(facts.claimed))


def _line(item: Item, known: _Known, proof: tuple[str, ...]) -> Line:
    own = known.own.get(item.id, ())
    others = "" if own else by_others(item, known.facts)
    said = [words for c in item.criteria if (words := _said(c, known, asked_here=c in own))]
    if others:
        said.append(f"{others}，本单位不用填")
    claimed = _claimed(known.scored, item)
    if others and not claimed:
        claimed = None  # a nought that nobody has assessed is no claim of the unit's
    return Line(item.id, item.title, item.points, claimed, proof, tuple(said))


def _claimed(scored: Breakdown, item: Item) -> Decimal | Done | None:
    row = next((row for row in scored.rows if row.id == item.id), None)
    if row is not None:
        return Done(row.done, row.of)
    score = next(score for score in scored.items if score.plan.item.id == item.id)
    if scored.total is None or score.state == "untotalled":
        return None
    return Decimal(plain(two_decimals(scored.points(score.points))))


def _said(criterion: Criterion, known: _Known, *, asked_here: bool) -> str:
    """What is known of a clause; the state of one the unit has said something else of than a fact."""
    fact, answer = known.facts.get(criterion.id), known.answers.get(criterion.id)
    if fact is not None:
        return f"{criterion.id} {answered(criterion, fact, answer, known.entries.get(criterion.id, ()))}"
    if not asked_here or answer is None or answer.state == "withdrawn":
        return ""
    return f"{criterion.id} {criterion.label}：{open_words(answer)}"


async def _proof(turn: Turn, unit_id: int, rubric: Rubric, item: Item) -> list[str]:
    """The names of an item's files, each once, and the documents that are named only."""
    clauses = {c.id for c in item.criteria}
    names = [
        filed.evidence.name
        for filed in await evidence.of_unit_in(turn.connection, unit_id)
        if any(place.rubric_id == rubric.id and place.criterion_id in clauses for place in filed.places)
    ]
    for criterion in item.criteria:
        if criterion.proof != "none":
            notes = await proof_notes.of_clause_in(turn.connection, unit_id, rubric.id, criterion.id)
            names += [f"{note.title}（{note.number or note.place}）" for note in notes]
    return list(dict.fromkeys(names))
