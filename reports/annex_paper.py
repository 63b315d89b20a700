"""附件1 as a workbook and as a Word document: the same columns and figures."""

from __future__ import annotations

from reports import plain_book
from reports.annex import Annex, RowOfLead, Target
from reports.lettering import clean
from reports.score_table import shown
from reports.word import Sheet

HEADS = ("序号", "工作内容", "责任单位", "目标完成情况", "完成数/目标", "存在问题", "下步打算")
_WIDTHS = (6, 16, 14, 48, 12, 30, 30)
_WIDTHS_MM = (12, 30, 26, 82, 22, 42, 43)  # 257: A4 across between margins of 20
_CENTRED = (0, 2, 4)


def workbook(annex: Annex) -> bytes:
    """The table as an xlsx file, values only."""
    grid = [["\n".join(lines) for lines in _cells(row)] for row in annex.rows]
    return plain_book.workbook(annex.title, _basis(annex), HEADS, _WIDTHS, grid, annex.at)


def document(annex: Annex) -> bytes:
    """The table as a docx file, A4 across, its head on every page."""
    sheet = Sheet(clean(annex.title), annex.at, landscape=True)
    sheet.paragraph(clean(annex.title), size=16, bold=True, centred=True)
    sheet.paragraph(_basis(annex), centred=True)
    table = sheet.table(HEADS, _WIDTHS_MM)
    for row in annex.rows:
        sheet.row(table, _cells(row), _CENTRED)
    sheet.footer(clean(annex.title))
    return sheet.saved()


def _basis(annex: Annex) -> str:
    reported = f"截至 {annex.at:%Y-%m-%d %H:%M} · 按各单位填报 · 完成 {shown(annex.complete)} 行"
    return f"{reported} · 审定按已核 {shown(annex.approved)} 行" if annex.approved else reported


def _cells(row: RowOfLead) -> list[list[str]]:
    """The lines of each column."""
    about = [[row.number], [clean(row.title)], [clean(row.lead)], [_line(target) for target in row.targets]]
    return [*about, [shown(row.done)], _said(row.problem), _said(row.next_step)]


def _line(target: Target) -> str:
    return clean(f"{'✓' if target.met else '○'} {target.name}：{target.done}（目标 {target.asked}）")


def _said(text: str) -> list[str]:
    return [clean(line) for line in text.split("\n") if clean(line)]
