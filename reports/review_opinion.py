"""核查意见: what a 考核组 looked at in a unit, what it found, what was verified in place of what; signed by both.

The office's own form is ``核查意见.docx`` (see `word_template`): ``{{标题}} {{单位}} {{年度}} {{考核组}} {{核查日期}}``
and the parts ``{{核查情况}}`` (the clauses that were looked at), ``{{得分}}`` and ``{{未了事项}}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.lettering import clean
from reports.score_table import shown
from reports.visit_sheet import day_words, finding_words, look_at
from reports.word import Sheet
from reports.word_template import BLANK_AT, Filling, Part, filled
from rubrics.breakdown import Breakdown
from rubrics.fact_words import fact_words
from rubrics.facts import Fact
from rubrics.figures import plain, two_decimals
from rubrics.model import Criterion, Rubric
from storage import campaigns, editions, findings, review_groups, scorecards, unit_facts, verdicts, visit_clauses
from storage.campaigns import Campaign, Unit
from storage.findings import Finding
from storage.review_groups import Group
from storage.unit_facts import UnitFacts
from storage.verdicts import Verdict
from storage.visit_clauses import ToLook

TEMPLATE = "核查意见.docx"
"""The office's own form, where it has one."""

_FOUND, _TOTALS, _LEFT = "{{核查情况}}", "{{得分}}", "{{未了事项}}"
_HEADS = ("序号", "条目", "现场情况", "自报", "核定", "理由")
_WIDTHS_MM = (14, 52, 76, 36, 36, 43)  # 257: A4 across between margins of 20
_CENTRED = (0,)
_KINDS = {"return": "退回", "open": "待核"}


class Line(NamedTuple):
    """A clause that was looked at. ``claimed`` and ``verified`` in words with their points; ``why`` of the verdict."""

    number: str
    label: str
    found: tuple[str, ...]
    claimed: str
    verified: str
    why: str


class Total(NamedTuple):
    """The unit's scores under a rubric that has a total."""

    title: str
    claimed: Decimal | None
    verified: Decimal | None
    of: Decimal | None


class ReviewOpinion(NamedTuple):
    """The paper of one unit; ``group`` and ``members`` are empty where nobody is named; ``made_at`` aware."""

    year: int
    unit: str
    group: str
    members: tuple[str, ...]
    days: tuple[date, ...]
    lines: tuple[Line, ...]
    left: tuple[str, ...]
    totals: tuple[Total, ...]
    made_at: datetime

    @property
    def name(self) -> str:
        """``孟河镇2026年度质量工作核查意见``."""
        return f"{self.unit}{self.year}年度质量工作核查意见"


class _Scored(NamedTuple):
    """A rubric of the unit with the engine's results."""

    rubric: Rubric
    known: UnitFacts
    claimed: Breakdown
    verified: Breakdown


async def of_unit(
    connection: AsyncConnection, campaign: Campaign, unit_id: int, at: datetime, zone: ZoneInfo
) -> ReviewOpinion:
    """The paper as of this unit of work; its figures are the engine's, `lines` empty where nothing was looked at."""
    made_at = at.astimezone(zone)
    unit = next(unit for unit in await campaigns.units_in(connection, campaign.id) if unit.id == unit_id)
    found = await findings.of_unit_in(connection, unit_id)
    newest = await verdicts.of_campaign_in(connection, campaign.id, unit_id)
    group = await group_of(connection, campaign.id, unit_id, found)
    scored = await _scored(connection, campaign.id, unit)
    to_look = await visit_clauses.of_unit_in(connection, campaign.id, unit_id, made_at.date(), zone)
    by_clause = {(one.rubric_id, one.criterion_id): one for one in newest}
    lines = [
        line
        for one in scored
        for criterion in one.rubric.criteria.values()
        if (line := _line(one, criterion, found, by_clause.get((one.rubric.id, criterion.id)), zone))
    ]
    days = {f.at.astimezone(zone).date() for f in found}
    visit = group.visit_of(unit_id) if group else None
    return ReviewOpinion(
        campaign.year,
        unit.name,
        group.name if group else "",
        tuple(member.name or "没写姓名" for member in group.members) if group else (),
        tuple(sorted(days)) or ((visit.on,) if visit and visit.on else ()),
        tuple(lines),
        tuple(_left(scored, found, to_look)),
        tuple(_total(one) for one in scored if one.claimed.total is not None),
        made_at,
    )


async def group_of(connection: AsyncConnection, campaign_id: int, unit_id: int, found: list[Finding]) -> Group | None:
    """The group that visits a unit now, else the one of its newest finding."""
    for group in await review_groups.of_campaign_in(connection, campaign_id):
        if group.visit_of(unit_id):
            return group
    ids = [one.group_id for one in found if one.group_id is not None]
    return await review_groups.find_in(connection, campaign_id, ids[-1]) if ids else None


async def _scored(connection: AsyncConnection, campaign_id: int, unit: Unit) -> list[_Scored]:
    made = []
    for rubric in await editions.of_campaign(connection, campaign_id):
        if unit.category in rubric.categories:
            known = await unit_facts.of_unit(connection, unit.id, rubric)
            plan = scorecards.plan_of(rubric)
            made.append(_Scored(rubric, known, plan.score(known.claimed), plan.score(known.verified)))
    return made


def _line(
    one: _Scored, criterion: Criterion, findings_of_unit: list[Finding], verdict: Verdict | None, zone: ZoneInfo
) -> Line | None:
    """A clause with findings, or with a verdict that was given on site; None for any other."""
    found = [f for f in findings_of_unit if f.clause[1:] == (one.rubric.id, criterion.id)]
    if not found and (verdict is None or verdict.how != "visit"):
        return None
    standing = one.known.verdicts.get(criterion.id)
    settled = standing is not None and standing.settles
    verified = _said(criterion, one.known.verified.get(criterion.id), one.verified) if settled else _open(verdict)
    why = verdict.reason if verdict is not None and verdict.kind in {"change", "return"} else ""
    claimed = _said(criterion, one.known.claimed.get(criterion.id), one.claimed)
    return Line(criterion.id, criterion.label, tuple(finding_words(f, zone) for f in found), claimed, verified, why)


def _open(verdict: Verdict | None) -> str:
    return _KINDS.get(verdict.kind, "变更待核") if verdict is not None else "待核"


def _said(criterion: Criterion, fact: Fact | None, scored: Breakdown) -> str:
    """A fact with the points the engine gives it."""
    words = "没填" if fact is None else fact_words(criterion, fact)
    line = next(line for line in scored.lines if line.clause.id == criterion.id)
    state = next(score.state for score in scored.items if score.plan is line.plan)
    if state == "untotalled":
        return words
    return f"{words}，{plain(two_decimals(scored.points(line.points)))} 分"


def _left(scored: list[_Scored], found: list[Finding], to_look: list[ToLook]) -> list[str]:
    """What is still open: not looked at yet, looked at and not decided, sent back."""
    seen = {f.clause for f in found}
    left = [f"{_named(one)}还没有看（{'；'.join(look_at(one))}）" for one in to_look if one.look.clause not in seen]
    for one in scored:
        for criterion in one.rubric.criteria.values():
            standing = one.known.verdicts.get(criterion.id)
            about = [f for f in found if f.clause[1:] == (one.rubric.id, criterion.id)]
            if standing is not None and standing.returned:
                left.append(f"{criterion.id} {criterion.label}已退回，等单位补")
            elif about and not (standing is not None and standing.settles):
                left.append(f"{criterion.id} {criterion.label}看过了，还没有核定")
    return left


def _named(one: ToLook) -> str:
    return f"{one.look.criterion.id} {one.look.criterion.label}"


def _total(one: _Scored) -> Total:
    claimed, verified = scorecards.figures_of(one.claimed), scorecards.figures_of(one.verified)
    return Total(one.rubric.title, claimed.total, verified.total, claimed.max)


def document(opinion: ReviewOpinion, template: bytes | None = None) -> bytes:
    """The paper as a docx file, across, with places for both signatures.

    Args:
        template: the office's own instead of ours.

    Raises:
        ValueError: nothing was looked at.
        TemplateError: the template cannot be filled.
    """
    if not opinion.lines:
        raise ValueError("an opinion needs something that was looked at")
    days = "、".join(day_words(day) for day in opinion.days) or day_words(None)
    words = {
        "{{标题}}": opinion.name,
        "{{单位}}": opinion.unit,
        "{{年度}}": str(opinion.year),
        "{{考核组}}": f"{opinion.group}（{'、'.join(opinion.members)}）" if opinion.group else "考核办",
        "{{核查日期}}": days,
    }
    parts: dict[str, Part] = {
        _FOUND: partial(_write_lines, lines=opinion.lines),
        _TOTALS: partial(_write_totals, totals=opinion.totals),
        _LEFT: partial(_write_left, left=opinion.left),
    }
    return filled(template or blank(), Filling(clean(opinion.name), words, parts, (_FOUND,), opinion.made_at))


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Our own template, to be changed and kept as the office's."""
    paper = Sheet("{{标题}}", BLANK_AT, landscape=True)
    paper.paragraph("{{标题}}", size=18, bold=True, centred=True)
    paper.paragraph("被核查单位：{{单位}}　　考核组：{{考核组}}　　核查日期：{{核查日期}}")
    paper.paragraph(_FOUND)
    paper.paragraph("")
    paper.paragraph(_TOTALS)
    paper.paragraph("尚未了结的事项", bold=True)
    paper.paragraph(_LEFT)
    paper.paragraph("以上情况已当面核对。单位有不同意见的，可在规定时间内提出申诉。")
    day = "日期：　　　　年　　月　　日"
    paper.keep_together((("考核组（签字）：", "{{单位}}负责人（签字、盖章）："), (day, day)))
    paper.footer("{{标题}}")
    return paper.saved()


def _write_lines(paper: Sheet, lines: Sequence[Line]) -> None:
    table = paper.table(_HEADS, _WIDTHS_MM)
    for number, line in enumerate(lines, 1):
        paper.row(table, _cells(number, line), _CENTRED)


def _write_totals(paper: Sheet, totals: Sequence[Total]) -> None:
    for total in totals:
        paper.paragraph(_total_words(total))


def _write_left(paper: Sheet, left: Sequence[str]) -> None:
    for number, words in enumerate(left, 1):
        paper.paragraph(f"{number}. {clean(words)}。")
    if not left:
        paper.paragraph("没有。")


def _cells(number: int, line: Line) -> tuple[list[str], ...]:
    found = [clean(words) for words in line.found] or ["—"]
    clause = clean(f"{line.number} {line.label}")
    return [str(number)], [clause], found, [clean(line.claimed)], [clean(line.verified)], [clean(line.why) or "—"]


def _total_words(total: Total) -> str:
    title = clean(total.title)
    return f"《{title}》满分 {shown(total.of)} 分，自报 {shown(total.claimed)} 分，截至目前已核 {shown(total.verified)} 分。"
