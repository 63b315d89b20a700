"""What stands on a unit's 自评表: its items with the claimed points, the answers beneath them, and the proof there is."""

from __future__ import annotations

from decimal import Decimal

from handlers.turn import Turn
from reports.score_table import Done
from reports.self_assessment import Line, SelfAssessment
from rubrics.breakdown import Breakdown
from rubrics.figures import plain, two_decimals
from rubrics.model import Criterion, Item, Rubric
from rubrics.tasks import asked
from storage import answers, evidence, proof_notes, scorecards
from storage.answers import Answer
from storage.people import Membership


async def of(turn: Turn, membership: Membership, rubric: Rubric, number: str) -> SelfAssessment:
    """The sheet of a unit as of this turn.

    Args:
        number: of the submission it belongs to.
    """
    unit_id = membership.unit_id or 0
    own = asked(rubric, membership.unit_name, membership.unit_category)
    current = await answers.current_in(turn.connection, unit_id, rubric.id)
    scored = scorecards.plan_of(rubric).score((await turn.known(unit_id, rubric)).claimed)
    figures = scorecards.figures_of(scored)
    lines = []
    for item in rubric.items:
        if item.id in own or item.role in {"scored", "bonus"}:
            said = [answer for c in own.get(item.id, ()) if (answer := _said(c, current.get(c.id)))]
            proof = await _proof(turn, unit_id, rubric, item)
            lines.append(Line(item.id, item.title, item.points, _claimed(scored, item), tuple(proof), tuple(said)))
    total = Done(sum(d == of for d, of in figures.rows.values()), len(figures.rows)) if figures.rows else figures.total
    return SelfAssessment(
        year=int(membership.campaign_code[:4]),
        title=rubric.title,
        unit=membership.unit_name,
        lines=tuple(lines),
        total=total,
        of=figures.max,
        receipt=number,
        made_at=turn.now.astimezone(turn.zone),
    )


def _claimed(scored: Breakdown, item: Item) -> Decimal | Done | None:
    row = next((row for row in scored.rows if row.id == item.id), None)
    if row is not None:
        return Done(row.done, row.of)
    score = next(score for score in scored.items if score.plan.item.id == item.id)
    if scored.total is None or score.state == "untotalled":
        return None
    return Decimal(plain(two_decimals(scored.points(score.points))))


_STATES = {"not_yet": "还没到时候", "unknown": "不清楚", "not_here": "本地没有"}


def _said(criterion: Criterion, answer: Answer | None) -> str:
    if answer is None or answer.state == "withdrawn":
        return ""
    return f"{criterion.id} {criterion.label}：{_STATES.get(answer.state) or answer.said or '已填'}"


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
