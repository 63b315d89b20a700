"""The official score table of one unit: what is printed, from a rubric, a scoring and the honours behind it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reports.methods import methods
from reports.official_layout import Field, Layout, layout_of
from reports.score_table import Done, shown
from reports.unreviewed import Decided, Review, bonus_words, review_of, unreviewed_item
from rubrics import reasons
from rubrics.breakdown import Breakdown, ItemScore
from rubrics.breakdown import Line as ScoredLine
from rubrics.clauses import is_met
from rubrics.figures import plain, two_decimals
from rubrics.kinds import Bonus, Gate
from rubrics.model import Item, Rubric
from rubrics.sentences import say
from rubrics.tasks import asked
from storage.honours import Honour as Honour

SCORES = {"claimed": "自报", "proven": "有材料", "verified": "已核"}
"""The three scores, by the name of their facts in `storage.unit_facts.UnitFacts`."""


Words = tuple[str, ...]
"""The lines of a cell."""


class Line(NamedTuple):
    """A row of the table; words are a line each. ``scored`` is None where nothing is scored."""

    number: str
    content: Words
    method: Words
    points: Decimal | None = None
    scored: Decimal | Done | None = None
    reasons: Words = ()
    notes: Words = ()
    section: str = ""
    group: str = ""
    lead: Words = ()
    others: Words = ()
    item_id: str = ""
    label: str = ""


class OfficialTable(NamedTuple):
    """A unit's table in a printed layout.

    ``score`` says which of the three scores the figures are, ``basis`` adds the snapshot or the moment they are of.
    ``total`` is None where the rubric has none, the rows done where it counts targets. ``remarks`` stand beneath.
    """

    title: str
    rubric_id: str
    unit: str
    layout: Layout
    lines: tuple[Line, ...]
    total: Decimal | Done | None
    of: Decimal | None
    grade: str | None
    score: str
    basis: str
    remarks: Words
    made_at: datetime


def basis_of(year: int, score: str, snapshot: str, at: datetime, zone: ZoneInfo) -> str:
    """``2026年度 · 已核 · 快照 3 · 2026-12-20``; without a snapshot the moment, ``at`` aware: ``… 截至 2026-12-20 09:30``.

    Args:
        year: the campaign's; a title names the year its rules were issued for.
    """
    return f"{year}年度 · {SCORES[score]} · {snapshot or f'截至 {at.astimezone(zone):%Y-%m-%d %H:%M}'}"


def official(
    breakdown: Breakdown,
    unit: str,
    category: str,
    score: str,
    basis: str,
    made_at: datetime,
    honoured: Mapping[str, Sequence[Honour]] | None = None,
    claimed: Breakdown | None = None,
    decided: Mapping[str, Decided] | None = None,
    *,
    final: bool = False,
) -> OfficialTable:
    """A unit's table as the scoring has it.

    Args:
        breakdown: the engine run on the facts of ``score`` (claimed, proven or verified).
        category: the unit's kind, which decides the rows of a tasks table that are its own.
        basis: see `basis_of`.
        honoured: what each clause that adds points counts.
        claimed: the scoring of what the unit reports; a clause that is answered there and unknown in ``breakdown`` waits
            for its review, and is not told to be unanswered.
        decided: the verdicts that count and send a clause back or change it, with their reasons.
        final: the scores were frozen (审定): what is not answered or verified stays so.
    """
    rubric, layout = breakdown.rubric, layout_of(breakdown.plan)
    own = asked(rubric, unit, category)
    items = [s for s in breakdown.items if s.plan.item.role != "task" or s.plan.item.id in own]
    by_item: dict[str, list[ScoredLine]] = {}
    for line in breakdown.lines:
        by_item.setdefault(line.plan.item.id, []).append(line)
    rows = [(s, part) for s in items for part in _rows(layout, by_item[s.plan.item.id])]
    review = review_of(breakdown, claimed, decided or {}, final=final)
    lines = tuple(_line(breakdown, layout, s, part, honoured or {}, review) for s, part in rows)
    return OfficialTable(
        title=rubric.title,
        rubric_id=rubric.id,
        unit=unit,
        layout=layout,
        lines=lines,
        total=_total(breakdown, own),
        of=None if breakdown.plan.max_points is None else _points(breakdown, breakdown.plan.max_points),
        grade=breakdown.grade,
        score=SCORES[score],
        basis=basis,
        remarks=_remarks(breakdown, layout, lines),
        made_at=made_at,
    )


def cell(line: Line, field: Field) -> Decimal | Done | Words | None:
    """What stands in a column: a figure, or words a line each."""
    if field == "points" or field == "scored":
        return line.points if field == "points" else line.scored
    if field == "grouped":
        return (*([line.section] if line.section else []), *line.content)
    words = getattr(line, field)
    return words if isinstance(words, tuple) else (words,)


def placeholders(table: OfficialTable) -> dict[str, Words]:
    """The words that an office's template may hold, and what takes their place."""
    total = f"完成 {shown(table.total)} 行" if isinstance(table.total, Done) else shown(table.total)
    return {
        "{{标题}}": (table.title,),
        "{{单位}}": (table.unit,),
        "{{单位栏}}": (table.layout.unit_head,),
        "{{得分}}": (total,),
        "{{满分}}": (shown(table.of),),
        "{{等次}}": (table.grade or "—",),
        "{{依据}}": (table.basis,),
        "{{附注}}": table.remarks,
    }


def _rows(layout: Layout, lines: list[ScoredLine]) -> list[list[ScoredLine]]:
    """The clauses of an item that stand in a row together."""
    return [[line] for line in lines] if layout.by_clause else [lines]


def _line(
    breakdown: Breakdown,
    layout: Layout,
    score: ItemScore,
    lines: Sequence[ScoredLine],
    honoured: Mapping[str, Sequence[Honour]],
    review: Review,
) -> Line:
    item, rubric = score.plan.item, breakdown.rubric
    section = next((s for s in rubric.sections if s.id == item.section), None)
    groups: dict[Field, str] = {
        "section": (section.printed or section.title) if section else "",
        "group": item.group or "",
    }
    within = [words for field, words in groups.items() if words and not layout.has(field)]
    number = item.serial or item.id
    title = f"{number}、{item.title}" if layout.numbered and item.role == "scored" else item.title
    notes = _honours(breakdown, lines, honoured, review)
    if not (layout.has("reasons") or layout.has("points")):
        notes = (*(_why(breakdown, score, line, review) for line in lines), *notes)
    return Line(
        number=number,
        content=(*within, title, *item.content),
        method=_method(rubric, item, lines) if layout.by_clause else methods(rubric, item),
        points=None if score.state == "untotalled" else item.points,
        scored=_scored(breakdown, score),
        reasons=_reasons(breakdown, score, lines, review),
        notes=notes,
        section=groups["section"],
        group=groups["group"],
        lead=item.lead,
        others=item.cooperating,
        item_id=item.id,
        label=item.label,
    )


def _method(rubric: Rubric, item: Item, lines: Sequence[ScoredLine]) -> Words:
    """How the clauses of a row score; not what all clauses of the item share."""
    said = dict(zip((criterion.id for criterion in item.criteria), methods(rubric, item), strict=False))
    return tuple(said[line.clause.id] for line in lines)


def _scored(breakdown: Breakdown, score: ItemScore) -> Decimal | Done | None:
    row = next((row for row in breakdown.rows if row.id == score.plan.item.id), None)
    if row is not None:
        return Done(row.done, row.of)
    if breakdown.total is None or score.state == "untotalled":
        return None
    return _points(breakdown, score.points)


def _reasons(breakdown: Breakdown, score: ItemScore, lines: Sequence[ScoredLine], review: Review) -> Words:
    """Why an item is below its points, a line each clause that lost some; then what became of the item as a whole."""
    lost = tuple(
        _why(breakdown, score, line, review) for line in lines if _lost(line) or line.clause.id in review.waits
    )
    if score.state in {"plain", "untotalled"} or (score.state == "zeroed" and _says_zeroed(score, lines)):
        return lost
    return (*lost, unreviewed_item(score, breakdown, review) or reasons.item_why(breakdown, score))


def _says_zeroed(score: ItemScore, lines: Sequence[ScoredLine]) -> bool:
    """Whether the clause that takes all of the item is among these, and says so itself."""
    return any(line.clause is score.zeroed_by for line in lines)


def _lost(line: ScoredLine) -> bool:
    rule = line.clause.criterion.score
    if isinstance(rule, Gate):
        return line.fact is not None and is_met(line.clause.criterion, line.fact)
    if isinstance(rule, Bonus):
        return bool(line.fact) and not line.points
    return line.points < (line.clause.of or 0)


def _why(breakdown: Breakdown, score: ItemScore, line: ScoredLine, review: Review) -> str:
    if line.clause.id in review.waits:
        return f"{line.clause.id} {line.clause.criterion.label}：{review.waits[line.clause.id]}"
    if review.final and line.fact is None and line.clause.role != "bonus":
        return f"{line.clause.id} {line.clause.criterion.label}：没有填报"
    said = reasons.line_why(breakdown, line, score, name_readings=False)
    if score.zeroed_by is not None:  # the clause that takes all of the item says so once
        said = said.removesuffix(say("zeroed-suffix", by=score.zeroed_by.id))
    return f"{line.clause.id} {said}"


def _honours(
    breakdown: Breakdown, lines: Sequence[ScoredLine], honoured: Mapping[str, Sequence[Honour]], review: Review
) -> Words:
    """What each bonus was given for: how many counted, then every one that is known."""
    said: list[str] = []
    for line in lines:
        known = honoured.get(line.clause.id, ())
        if line.clause.role == "bonus" and (known or line.fact):
            said.append(bonus_words(line, plain(two_decimals(breakdown.points(line.points))), review))
            said += [f"· {honour}" for honour in known] or ["· 没有登记名称和文号"]
    return tuple(said)


def _remarks(breakdown: Breakdown, layout: Layout, lines: Sequence[Line]) -> Words:
    """What holds for the table as a whole; the honours, too, where it has no column for them."""
    rubric, notes = breakdown.rubric, reasons.notes(breakdown)
    overruled = any(line.clause.criterion.kind in {"veto", "precondition"} and _lost(line) for line in breakdown.lines)
    said = [f"等次：{breakdown.grade}"] if breakdown.grade else []
    if breakdown.grade and breakdown.total is not None and not overruled:
        notes = notes[:-1]  # how far the next band is does not belong on paper
    said += notes
    if not layout.has("notes"):
        listed = [note for line in lines for note in line.notes]
        said += ["加分项目：", *listed] if listed else []
    if rubric.chosen:
        said.append(f"选用的读法：{'、'.join(f'{reading} {option}' for reading, option in rubric.chosen.items())}")
    return tuple(said)


def _points(breakdown: Breakdown, units: Decimal) -> Decimal:
    return Decimal(plain(two_decimals(breakdown.points(units))))


def _total(breakdown: Breakdown, own: Container[str]) -> Decimal | Done | None:
    """The total; of a tasks table how many of the unit's own rows are complete."""
    if breakdown.rows:
        rows = [row for row in breakdown.rows if row.id in own]
        return Done(sum(row.complete for row in rows), len(rows))
    return None if breakdown.total is None else Decimal(plain(two_decimals(breakdown.total)))
