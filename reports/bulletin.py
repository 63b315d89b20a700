"""通报稿: a draft of the notice on a year's results from a snapshot of the scores, units in roster order.

The office's own form is ``通报稿.docx`` (see `word_template`): ``{{标题}} {{年度}} {{依据}} {{提示}} {{考核办}}``, and
the parts ``{{考核情况}}`` (the results by rubric) and ``{{待写各节}}`` (the headings of what only the office can say).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports.leader_page import RubricPage, lost_words, of_rows, to_review
from reports.lettering import clean
from reports.office_name import office_of
from reports.snapshot_words import named
from reports.word import Sheet
from reports.word_template import BLANK_AT, Filling, filled
from rubrics.model import Rubric
from storage import editions, scorecards, snapshots
from storage.campaigns import Campaign
from storage.freezing import frozen_in
from storage.scorecards import SummaryRow

TEMPLATE = "通报稿.docx"
"""The office's own form, where it has one."""

TO_WRITE = "（请补充）"
NOW = 0
"""In place of a snapshot's number: the scores as they are."""

_HEADS = ("序号", "单位", "得分", "等次")
_WIDTHS_MM = (20, 70, 45, 35)  # 170: A4 between margins of 20
_UNGRADED_MM = (20, 85, 65)
_RESULTS, _TO_WRITE = "{{考核情况}}", "{{待写各节}}"
_NUMERALS = "一二三四五六七八九十"


class Bulletin(NamedTuple):
    """What the draft is made from. ``snapshot`` names the scores it holds (快照 3 · 2026-12-20), empty for those of now.

    ``final``: they were frozen (审定); else the draft says that they are not.
    """

    year: int
    snapshot: str
    made_at: datetime
    rubrics: tuple[RubricPage, ...]
    unreviewed: int
    final: bool
    office: str

    @property
    def basis(self) -> str:
        """Of which scores it is, as the draft says it."""
        return clean(self.snapshot) or f"按 {self.made_at:%Y-%m-%d %H:%M} 的得分，还不是定格的快照"


async def of_campaign(
    connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo, number: int | None = None
) -> Bulletin:
    """The draft of what was frozen, else of a campaign's newest snapshot, else of the scores in this unit of work.

    Args:
        number: of the snapshot that is wanted instead, or `NOW`.

    Raises:
        NotFoundError: no such snapshot.
    """
    holds = await frozen_in(connection, campaign.id)
    wanted = await snapshots.newest_in(connection, campaign.id)
    if number is None and holds is not None:
        number = holds.number
    if number is not None:
        wanted = await snapshots.find_in(connection, campaign.id, number) if number != NOW else None
    if wanted is None:
        rubrics = await editions.of_campaign(connection, campaign.id)
        rows = await scorecards.summary_in(connection, campaign.id)
        return of_rows_at(campaign.year, rubrics, rows, "", at.astimezone(zone))
    held = await snapshots.read_in(connection, wanted)
    rows = [card.row for card in held.cards]
    final = holds is not None and holds.number == wanted.number
    return of_rows_at(campaign.year, held.rubrics, rows, named(wanted, zone), at.astimezone(zone), final=final)


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
    pages = of_rows(by_id.values(), rows, final=final)
    return Bulletin(year, snapshot, made_at, pages, unreviewed, final, office_of(by_id.values()))


def document(bulletin: Bulletin, template: bytes | None = None) -> bytes:
    """The draft as a docx file; what only the office can say is marked （请补充）.

    Args:
        template: the office's own instead of ours.

    Raises:
        TemplateError: it cannot be filled.
    """
    title = f"关于{bulletin.year}年度质量工作考核情况的通报"
    words = {
        "{{标题}}": title,
        "{{年度}}": str(bulletin.year),
        "{{依据}}": bulletin.basis,
        "{{提示}}": "" if bulletin.final else f"注意：{not_approved(bulletin)}",
        "{{考核办}}": bulletin.office,
    }
    parts = {
        _RESULTS: partial(_write_results, pages=bulletin.rubrics),
        _TO_WRITE: partial(_write_rest, first=len(bulletin.rubrics)),
    }
    return filled(template or blank(), Filling(title, words, parts, (_RESULTS,), bulletin.made_at))


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Our own template, to be changed and kept as the office's."""
    sheet = Sheet("{{标题}}", BLANK_AT)
    sheet.paragraph("{{标题}}", size=20, bold=True, centred=True)
    sheet.paragraph("（草稿；{{依据}}）", centred=True)
    sheet.paragraph("{{提示}}", bold=True)
    sheet.paragraph("各镇、街道，各有关部门：")
    sheet.paragraph("{{年度}}年度质量工作考核已经结束，现将情况通报如下。")
    sheet.paragraph(_RESULTS)
    sheet.paragraph(_TO_WRITE)
    sheet.paragraph("")
    sheet.keep_together((("", "{{考核办}}（盖章）"), ("", "　　　　年　　月　　日")))
    sheet.footer("{{标题}}")
    return sheet.saved()


def not_approved(bulletin: Bulletin) -> str:
    """What has to be said of a draft whose scores are not frozen (审定)."""
    if not bulletin.unreviewed:
        return "得分还没有审定，审定后再用。"
    ranges = f"还有 {bulletin.unreviewed} 张得分表没有核完，写成区间的是从已核到有材料"
    return f"得分还没有审定，{ranges}，核完、审定后再用。"


def _write_results(sheet: Sheet, pages: Sequence[RubricPage]) -> None:
    for number, one in enumerate(pages):
        _write(sheet, one, _NUMERALS[number])


def _write_rest(sheet: Sheet, first: int) -> None:
    for number, head in enumerate(("主要做法", "存在的问题", "下一步要求"), first):
        sheet.paragraph(f"{_NUMERALS[number]}、{head}", size=14, bold=True)
        sheet.paragraph(TO_WRITE)


def _write(sheet: Sheet, one: RubricPage, numeral: str) -> None:
    sheet.paragraph(f"{numeral}、{clean(one.title)}", size=14, bold=True)
    of = f"满分 {one.max} 分，" if one.max else ""
    sheet.paragraph(f"考核 {len(one.standings)} 个单位，{of}{_grades(one)}单位按花名册排列，不排名次。")
    graded = any(row.grade for row in one.standings)
    heads = [*_HEADS[:2], _HEADS[2] if one.max else "完成行数", *(_HEADS[3:] if graded else ())]
    table = sheet.table(heads, _WIDTHS_MM if graded else _UNGRADED_MM, whole_rows=False)
    for number, row in enumerate(one.standings, 1):
        cells = ([str(number)], [clean(row.unit)], [row.total], *([[row.grade or "—"]] if graded else []))
        sheet.row(table, cells, (0, 2, 3))
    sheet.gap(6)
    if one.lost:
        sheet.paragraph(f"失分较多的项目：{lost_words(one.lost)}。")


def _grades(one: RubricPage) -> str:
    counted = Counter(row.grade for row in one.standings if row.grade)
    words = "、".join(f"{grade} {n} 个" for grade, n in sorted(counted.items()))
    return f"其中{words}，" if words else ""
