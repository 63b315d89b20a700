"""通报稿: a draft of the notice on a year's results from a snapshot of the scores, units in roster order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.leader_page import RubricPage, lost_words, of_rows, to_review
from reports.lettering import clean
from reports.snapshot_words import named
from reports.word import Sheet
from rubrics.model import Rubric
from storage import editions, scorecards, snapshots
from storage.campaigns import Campaign
from storage.freezing import frozen_in
from storage.scorecards import SummaryRow

TO_WRITE = "（请补充）"
_HEADS = ("序号", "单位", "得分", "等次")
_HEADS_OF_ROWS = ("序号", "单位", "完成行数", "等次")
_WIDTHS_MM = (20, 70, 45, 35)  # 170: A4 between margins of 20
_NUMERALS = "一二三四五六七八九十"


class Bulletin(NamedTuple):
    """What the draft is made from. ``snapshot`` names the frozen scores (快照 3 · 2026-12-20), empty for those of now."""

    year: int
    snapshot: str
    made_at: datetime
    rubrics: tuple[RubricPage, ...]
    unreviewed: int


async def of_campaign(connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo) -> Bulletin:
    """The draft of what was frozen, else of a campaign's newest snapshot, else of the scores in this unit of work."""
    holds = await frozen_in(connection, campaign.id)
    newest = await snapshots.newest_in(connection, campaign.id)
    if holds is not None:
        newest = await snapshots.find_in(connection, campaign.id, holds.number)
    if newest is None:
        rubrics = await editions.of_campaign(connection, campaign.id)
        rows = await scorecards.summary_in(connection, campaign.id)
        return of_rows_at(campaign.year, rubrics, rows, "", at.astimezone(zone))
    frozen = await snapshots.read_in(connection, newest)
    rows = [card.row for card in frozen.cards]
    local = at.astimezone(zone)
    return of_rows_at(campaign.year, frozen.rubrics, rows, named(newest, zone), local, final=newest.final)


def of_rows_at(
    year: int,
    rubrics: Iterable[Rubric],
    rows: Sequence[SummaryRow],
    snapshot: str,
    made_at: datetime,
    *,
    final: bool = False,
) -> Bulletin:
    """The draft of stored scores, as a snapshot keeps them or as they are now; ``made_at`` in the zone printed.

    Args:
        final: the snapshot is that of 审定: its verified figures stand, and nothing waits for a review.
    """
    by_id = {rubric.id: rubric for rubric in rubrics}
    unreviewed = 0 if final else sum(row.reviewed < to_review(by_id[row.rubric_id], row) for row in rows)
    return Bulletin(year, snapshot, made_at, of_rows(by_id.values(), rows, final=final), unreviewed)


def document(bulletin: Bulletin) -> bytes:
    """The draft as a docx file; what only the office can say is marked （请补充）."""
    title = f"关于{bulletin.year}年度质量工作考核情况的通报"
    sheet = Sheet(title, bulletin.made_at)
    sheet.paragraph(title, size=20, bold=True, centred=True)
    sheet.paragraph(f"（草稿；{_basis(bulletin)}）", centred=True)
    if bulletin.unreviewed:
        sheet.paragraph(
            f"注意：还有 {bulletin.unreviewed} 张得分表没有核完，写成区间的是从已核到有材料，核完、审定后再用。",
            bold=True,
        )
    sheet.paragraph("各镇、街道，各有关部门：")
    sheet.paragraph(f"{bulletin.year}年度质量工作考核已经结束，现将情况通报如下。")
    for number, one in enumerate(bulletin.rubrics):
        _write(sheet, one, _NUMERALS[number])
    for number, head in enumerate(("主要做法", "存在的问题", "下一步要求"), len(bulletin.rubrics)):
        sheet.paragraph(f"{_NUMERALS[number]}、{head}", size=14, bold=True)
        sheet.paragraph(TO_WRITE)
    sheet.paragraph("")
    sheet.keep_together((("", "质量工作领导小组办公室（盖章）"), ("", "　　　　年　　月　　日")))
    sheet.footer(title)
    return sheet.saved()


def _basis(bulletin: Bulletin) -> str:
    return clean(bulletin.snapshot) or f"按 {bulletin.made_at:%Y-%m-%d %H:%M} 的得分，还不是定格的快照"


def _write(sheet: Sheet, one: RubricPage, numeral: str) -> None:
    sheet.paragraph(f"{numeral}、{clean(one.title)}", size=14, bold=True)
    of = f"满分 {one.max} 分，" if one.max else ""
    sheet.paragraph(f"考核 {len(one.standings)} 个单位，{of}{_grades(one)}单位按花名册排列，不排名次。")
    table = sheet.table(_HEADS if one.max else _HEADS_OF_ROWS, _WIDTHS_MM, whole_rows=False)
    for number, row in enumerate(one.standings, 1):
        sheet.row(table, ([str(number)], [clean(row.unit)], [row.total], [row.grade or "—"]), (0, 2, 3))
    sheet.gap(6)
    if one.lost:
        sheet.paragraph(f"失分较多的项目：{lost_words(one.lost)}。")


def _grades(one: RubricPage) -> str:
    counted = Counter(row.grade for row in one.standings if row.grade)
    words = "、".join(f"{grade} {n} 个" for grade, n in sorted(counted.items()))
    return f"其中{words}，" if words else ""
