"""领导一页: a kind of unit on one page of A4: ranges in roster order, what costs most, who is silent, which disputes wait.

The office's own form is ``领导一页.docx`` (see `word_template`): ``{{标题}} {{依据}} {{异议和申诉}}`` and the part
``{{各单位得分}}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.lettering import clean
from reports.score_table import shown
from reports.snapshot_words import named
from reports.standings import rows_done, total_of
from reports.word import Sheet
from reports.word_template import BLANK_AT, Filling, filled
from rubrics.kinds import Bonus
from rubrics.model import Item, Rubric
from rubrics.tasks import asked
from storage import appeals, editions, office_facts, scorecards, snapshots
from storage.appeals import Appeal
from storage.campaigns import Campaign
from storage.freezing import frozen_in
from storage.office_facts import OfficeFact
from storage.scorecards import SummaryRow

TEMPLATE = "领导一页.docx"
"""The office's own form, where it has one."""

MOST_LOST = 5
MOST_NAMED = 12
MOST_DISPUTES = 5
_DISPUTE_CHARACTERS = 40
_MARGIN_MM = 15
_SMALL = 10  # points; nine towns and twelve departments have to fit on one page
_WIDTHS_MM = (34, 34, 34, 34, 34)  # 170: A4 between margins of 20
_SCORES = "{{各单位得分}}"
_HEADS = ("单位", "得分", "已核", "已填", "缺材料")


class Lost(NamedTuple):
    """An item where units are short of the full points: how many of them, and by how many points on average."""

    number: str
    title: str
    units: int
    mean: Decimal
    of: Decimal


class Standing(NamedTuple):
    """A unit: its total or range as printed, clauses reviewed and answered of all, clauses without their proof.

    ``grade`` only once all is reviewed or frozen.
    """

    unit: str
    total: str
    grade: str
    reviewed: str
    answered: str
    lacking: int


class RubricPage(NamedTuple):
    """One rubric; ``silent`` have answered nothing."""

    title: str
    max: str
    standings: tuple[Standing, ...]
    lost: tuple[Lost, ...]
    silent: tuple[str, ...]


class LeaderPage(NamedTuple):
    """What a leader reads, in the zone that is printed; ``basis`` says as of when, or of which snapshot."""

    code: str
    made_at: datetime
    basis: str
    rubrics: tuple[RubricPage, ...]
    disputes: tuple[str, ...]


async def of_campaign(connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo) -> LeaderPage:
    """The page as of this unit of work, once the scores are frozen of what was frozen; ``at`` must be aware."""
    rubrics = await editions.of_campaign(connection, campaign.id)
    local = at.astimezone(zone)
    frozen, basis = await frozen_in(connection, campaign.id), f"截至 {local:%Y-%m-%d %H:%M}"
    if frozen is None:
        pages = of_rows(rubrics, await scorecards.summary_in(connection, campaign.id))
    else:
        snapshot = await snapshots.find_in(connection, campaign.id, frozen.number)
        held = await snapshots.read_in(connection, snapshot)
        pages, basis = of_rows(held.rubrics, [card.row for card in held.cards], final=True), named(snapshot, zone)
    booked = await office_facts.of_campaign_in(connection, campaign.id)
    open_matters: list[OfficeFact | Appeal] = [fact for fact in booked if fact.state == "disputed"]
    open_matters += await appeals.open_in(connection, campaign.id)
    disputes = tuple(_dispute(rubrics, matter) for matter in open_matters)
    return LeaderPage(campaign.code, local, basis, pages, disputes)


def of_rows(rubrics: Iterable[Rubric], rows: Sequence[SummaryRow], *, final: bool = False) -> tuple[RubricPage, ...]:
    """What stored scores say, those of now or of a snapshot: a part a rubric, units in the order they are given.

    Args:
        final: the scores were frozen (审定): what was verified is the score, what was not reviewed is nought.
    """
    made = []
    for rubric in rubrics:
        own = [row for row in rows if row.rubric_id == rubric.id and to_review(rubric, row)]
        if own:
            highest = next((row.claimed.max for row in own if row.claimed.max is not None), None)
            standings = tuple(_standing(rubric, row, final) for row in own)
            silent = tuple(row.unit for row in own if not row.answered)
            lost, of = tuple(most_lost(rubric, own, final=final)), "" if highest is None else shown(highest)
            made.append(RubricPage(rubric.title, of, standings, lost, silent))
    return tuple(made)


def to_review(rubric: Rubric, row: SummaryRow) -> int:
    """How many clauses of a unit are reviewed in the end; of a tasks table only its own targets."""
    return _own(rubric, row) if row.proven.rows else row.of


def _own(rubric: Rubric, row: SummaryRow) -> int:
    """How many clauses a unit is asked itself."""
    return sum(len(clauses) for clauses in asked(rubric, row.unit, row.category).values())


def _standing(rubric: Rubric, row: SummaryRow, final: bool) -> Standing:
    words = shown(rows_done(rubric, row, final=final) if row.proven.rows else total_of(row, final=final))
    grade = (row.verified.grade or "") if final or row.reviewed >= row.of else ""
    reviewed, answered = f"{row.reviewed}/{to_review(rubric, row)}", f"{row.answered}/{_own(rubric, row)}"
    return Standing(row.unit, words, grade, reviewed, answered, row.lacking)


def most_lost(rubric: Rubric, rows: Sequence[SummaryRow], most: int = MOST_LOST, *, final: bool = False) -> list[Lost]:
    """The items where most units are short of the full points, then where most points are missing.

    Of a unit not reviewed in full, what has its proof counts as reached. What nobody is assessed on is no loss before
    the scores are frozen (``final``), a bonus that was not earned never.
    """
    if not final and not any(row.answered or row.reviewed for row in rows):
        return []  # nobody is assessed yet
    found = []
    whole = _assessed_as_a_whole(rubric)
    for item in rubric.items:
        missing = [gap for row in rows if (gap := _missing(item, row, item.id in whole, final)) > 0]
        if missing and item.points is not None and not _only_bonus(item):
            mean = sum(missing, Decimal(0)) / len(missing)
            found.append(Lost(item.id, item.title, len(missing), mean, item.points))
    found.sort(key=lambda one: (-one.units, -one.mean))  # stable: the order of the rubric where both are alike
    return found[:most]


def _assessed_as_a_whole(rubric: Rubric) -> set[str]:
    """The items that have no points until all their clauses are known: those of deductions only."""
    scored = scorecards.plan_of(rubric).score({}).items
    return {score.plan.item.id for score in scored if score.state == "unassessed"}


def _only_bonus(item: Item) -> bool:
    return all(isinstance(criterion.score, Bonus) for criterion in item.criteria)


def _missing(item: Item, row: SummaryRow, whole: bool, final: bool) -> Decimal:
    if item.points is None or item.id not in row.verified.items:
        return Decimal(0)
    reached = row.verified.items[item.id]
    if not final and row.reviewed < row.of:
        reached = max(reached, row.proven.items.get(item.id, reached))
        if whole and not reached:
            return Decimal(0)  # not assessed yet
    return item.points - reached


def _dispute(rubrics: Iterable[Rubric], matter: OfficeFact | Appeal) -> str:
    rubric = next(rubric for rubric in rubrics if rubric.id == matter.rubric_id)
    kind, words = ("申诉", matter.text) if isinstance(matter, Appeal) else ("异议", matter.dispute)
    short = words if len(words) <= _DISPUTE_CHARACTERS else f"{words[: _DISPUTE_CHARACTERS - 1]}…"
    return f"{matter.unit}「{rubric.criteria[matter.criterion_id].label}」{kind}：{short}"


def document(page: LeaderPage, template: bytes | None = None) -> bytes:
    """The page as a docx file.

    Args:
        template: the office's own instead of ours.

    Raises:
        TemplateError: it cannot be filled.
    """
    ranges = any("–" in row.total for one in page.rubrics for row in one.standings)
    meant = "分数写成区间的，前面是已核的，后面是有材料还没核完的；" if ranges else ""
    words = {
        "{{标题}}": f"{page.code} 年度质量工作考核进展",
        "{{依据}}": f"{page.basis}。{meant}单位按花名册排列，不排名次。",
        "{{异议和申诉}}": _named(page.disputes, "没有", MOST_DISPUTES),
    }
    parts = {_SCORES: partial(_write_all, pages=page.rubrics)}
    filling = Filling(words["{{标题}}"], words, parts, (_SCORES,), page.made_at, _SMALL)
    return filled(template or blank(), filling)


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Our own template, to be changed and kept as the office's."""
    sheet = Sheet("{{标题}}", BLANK_AT, margin_mm=_MARGIN_MM, table_points=_SMALL)
    sheet.paragraph("{{标题}}", size=18, bold=True, centred=True)
    sheet.paragraph("{{依据}}", size=_SMALL)
    sheet.paragraph(_SCORES, size=_SMALL)
    sheet.paragraph("正在处理的异议和申诉", size=13, bold=True)
    sheet.paragraph("{{异议和申诉}}", size=_SMALL)
    sheet.footer("{{标题}}")
    return sheet.saved()


def _write_all(sheet: Sheet, pages: Sequence[RubricPage]) -> None:
    for one in pages:
        _write(sheet, one)


def _write(sheet: Sheet, one: RubricPage) -> None:
    of = f"（满分 {one.max} 分）" if one.max else ""
    sheet.paragraph(f"{clean(one.title)}{of}", size=13, bold=True)
    if one.max:
        table = sheet.table(_HEADS, _WIDTHS_MM, whole_rows=False)
        for row in one.standings:
            cells = ([clean(row.unit)], [row.total], [row.reviewed], [row.answered], [str(row.lacking)])
            sheet.row(table, cells, (1, 2, 3, 4))
        sheet.gap(6)
    else:  # towns and departments all have rows: a table of them would be the second page
        rows = "、".join(f"{clean(row.unit)} {row.total}" for row in one.standings)
        sheet.paragraph(f"完成行数：{rows}。", size=_SMALL)
    if one.lost:
        sheet.paragraph(f"离满分差得最多的项目：{lost_words(one.lost)}。", size=_SMALL)
    everybody = len(one.silent) == len(one.standings)
    silent = f"全部 {len(one.silent)} 个" if everybody else _named(one.silent, "没有")
    sheet.paragraph(f"还没有填报的单位：{silent}。", size=_SMALL)


def lost_words(lost: Iterable[Lost]) -> str:
    """``2 名牌战略，9 个单位，平均差 4.5/15 分；…``."""
    return "；".join(
        f"{one.number} {clean(one.title)}，{one.units} 个单位，平均差 {shown(one.mean)}/{shown(one.of)} 分"
        for one in lost
    )


def _named(words: Sequence[str], nothing: str, most: int = MOST_NAMED) -> str:
    named = "、".join(clean(one) for one in words[:most])
    return f"{named} 等 {len(words)} 个" if len(words) > most else named or nothing
