"""The 自评表 as a Word document: a unit prints it, signs it and sends a photo of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from reports.lettering import clean
from reports.score_table import Done, shown
from reports.word import Sheet

_HEADS = ("序号", "考核内容", "标准分", "自评得分", "佐证材料")
_WIDTHS_MM = (14, 62, 18, 22, 54)  # 170: A4 between margins of 20
_CENTRED = (0, 2, 3)
_SIGNATURES = (
    ("填表人（签字）：", "联系电话："),
    ("负责人（签字）：", "单位（盖章）："),
    ("", "日期：　　　　年　　月　　日"),
)


class Line(NamedTuple):
    """One item: what it assesses, with the answers given beneath it, and the proof handed in, a line each.

    ``points`` and ``claimed`` are None where the item has no points; `Done` where targets are counted.
    """

    number: str
    content: str
    points: Decimal | None
    claimed: Decimal | Done | None
    proof: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


class SelfAssessment(NamedTuple):
    """What a unit says of itself, ``total`` of ``of`` points.

    ``receipt`` is the number of its submission; ``made_at`` its moment, aware, in the zone whose date is printed.
    """

    year: int
    title: str
    unit: str
    lines: tuple[Line, ...]
    total: Decimal | Done | None
    of: Decimal | None
    receipt: str
    made_at: datetime


def document(assessment: SelfAssessment) -> bytes:
    """The 自评表 as a docx file: A4, the head of the table on every page, places for signature, seal and date.

    Raises:
        ValueError: no item at all.
    """
    if not assessment.lines:
        raise ValueError("an assessment without items cannot be signed")
    unit, receipt, day = clean(assessment.unit), clean(assessment.receipt), assessment.made_at.date()
    sheet = Sheet(f"{unit}{assessment.year}年度自评表", assessment.made_at)
    sheet.paragraph(f"{assessment.year}年度质量工作考核自评表", size=20, bold=True, centred=True)
    sheet.paragraph(clean(assessment.title), size=14, centred=True)
    sheet.paragraph(f"单位：{unit}", size=14)
    table = sheet.table(_HEADS, _WIDTHS_MM)
    for line in assessment.lines:
        sheet.row(table, _cells(line), _CENTRED)
    sums: tuple[list[str], ...] = ([], ["合计"], [shown(assessment.of)], [_total(assessment.total)], [])
    sheet.row(table, sums, _CENTRED, bold=True)
    sheet.paragraph("")
    sheet.paragraph("我单位对以上自评内容和所附材料的真实性负责。")
    sheet.keep_together(_SIGNATURES)
    sheet.paragraph(f"回执号：{receipt}　提交日期：{day.year}年{day.month}月{day.day}日")
    sheet.footer(f"{unit}　回执号 {receipt}")
    return sheet.saved()


def _cells(line: Line) -> tuple[Sequence[str], ...]:
    content = [clean(words) for words in (line.content, *line.answers)]
    proof = [clean(words) for words in line.proof] or [shown(None)]
    return [clean(line.number)], content, [shown(line.points)], [shown(line.claimed)], proof


def _total(total: Decimal | Done | None) -> str:
    return f"完成 {shown(total)} 行" if isinstance(total, Done) else shown(total)
