"""整改清单 of all units or one as a workbook, and a unit's 整改报告 as a Word document.

The office's own form of the report is ``整改报告.docx`` (see `word_template`): ``{{标题}} {{单位}} {{年度}} {{考核办}}
{{小结}}`` and the part ``{{整改情况}}`` (the lines as a table); of the list ``整改清单.xlsx`` (see `book_template`):
``{{标题}} {{依据}} {{单位}} {{考核办}}`` above a row of its heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from reports import book_template, plain_book
from reports.lettering import clean
from reports.office_name import office_of
from reports.score_table import NOTHING, shown
from reports.word import Sheet
from reports.word_template import BLANK_AT, Filling, filled
from storage import editions, evidence, rectifications
from storage.campaigns import Campaign
from storage.rectifications import Rectification

TEMPLATE, LIST_TEMPLATE = "整改报告.docx", "整改清单.xlsx"
"""The office's own forms, where it has them."""

STATES = {"open": "没写措施", "planned": "整改中", "reported": "已报完成，等销号", "closed": "已销号"}

_HEADS = ("序号", "单位", "条目", "扣分", "扣分原因", "整改措施", "责任人", "完成日期", "整改材料", "进展", "销号日期")
_WIDTHS = (6, 14, 22, 8, 36, 36, 10, 13, 30, 16, 13)  # characters
_PAPER_HEADS = ("序号", "条目", "扣分", "存在问题", "整改措施", "责任人和时间", "整改材料", "进展")
_WIDTHS_MM = (14, 34, 15, 54, 54, 30, 34, 22)  # 257: A4 across between margins of 20
_CENTRED = (0, 2)
_LINES = "{{整改情况}}"


class Line(NamedTuple):
    """A line as it is printed; ``lost`` 0 where the rubric prints no points. ``proof`` are names of files."""

    unit: str
    clause: str
    lost: Decimal
    because: str
    measure: str
    who: str
    due: str
    proof: tuple[str, ...]
    state: str
    closed: str


class Rectified(NamedTuple):
    """The lines of a campaign (``unit`` is empty) or of one unit, for the office; ``made_at`` aware, in the zone shown."""

    year: int
    unit: str
    lines: tuple[Line, ...]
    made_at: datetime
    office: str

    @property
    def closed(self) -> int:
        """How many lines are struck off."""
        return sum(line.state == STATES["closed"] for line in self.lines)


async def of_campaign(
    connection: AsyncConnection, campaign: Campaign, at: datetime, zone: ZoneInfo, unit_id: int | None = None
) -> Rectified:
    """The list as of this unit of work; of one unit where it is given."""
    held = await rectifications.lines_in(connection, campaign.id, unit_id)
    rubrics = await editions.of_campaign(connection, campaign.id)
    labels = {
        (rubric.id, criterion.id): f"{criterion.id} {criterion.label}"
        for rubric in rubrics
        for criterion in rubric.criteria.values()
    }
    lines = [await _line(connection, one, labels, zone) for one in held]
    unit = held[0].unit if unit_id is not None and held else ""
    return Rectified(campaign.year, unit, tuple(lines), at.astimezone(zone), office_of(rubrics))


async def _line(
    connection: AsyncConnection, one: Rectification, labels: dict[tuple[str, str], str], zone: ZoneInfo
) -> Line:
    files = [await evidence.find_in(connection, one.unit_id, ident) for ident in one.files]
    return Line(
        one.unit,
        labels.get((one.rubric_id, one.criterion_id), one.criterion_id),
        one.lost,
        one.because,
        one.measure,
        one.who,
        one.due_on.isoformat(),
        tuple(file.name for file in files if file.withdrawn_at is None and file.erased_at is None),
        STATES[one.state],
        one.closed_at.astimezone(zone).date().isoformat() if one.closed_at else "",
    )


def workbook(made: Rectified, template: bytes | None = None) -> bytes:
    """整改清单 as an xlsx file: values only, points as figures.

    Args:
        template: the office's own instead of ours.

    Raises:
        TemplateError: it cannot be filled.
    """
    title = f"{made.unit}{made.year}年度质量工作整改清单"
    day = made.made_at.date()
    basis = f"截至 {day.year}年{day.month}月{day.day}日，共 {len(made.lines)} 条，已销号 {made.closed} 条"
    rows = [_row(number, line) for number, line in enumerate(made.lines, 1)]
    if template is None:
        return plain_book.workbook(title, basis, _HEADS, _WIDTHS, rows, made.made_at)
    words = {"{{标题}}": title, "{{依据}}": basis, "{{单位}}": made.unit or "全部单位", "{{考核办}}": made.office}
    return book_template.filled(template, words, _HEADS, rows)


def list_blank() -> bytes:
    """Our own form of the list, to be changed and kept as the office's."""
    return plain_book.workbook("{{标题}}", "{{依据}}", _HEADS, _WIDTHS, [("",) * len(_HEADS)], BLANK_AT)


def _row(number: int, line: Line) -> tuple[str | int | Decimal, ...]:
    plan = (line.measure, line.who, line.due, "\n".join(line.proof), line.state, line.closed)
    return (number, line.unit, line.clause, line.lost or NOTHING, line.because, *plan)


def document(made: Rectified, template: bytes | None = None) -> bytes:
    """A unit's 整改报告 as a docx file, across, with the place for its seal.

    Args:
        template: the office's own instead of ours.

    Raises:
        ValueError: not of one unit, or nothing to mend.
        TemplateError: the template cannot be filled.
    """
    if not made.unit or not made.lines:
        raise ValueError("a report is made for one unit with something to mend")
    title = f"{made.unit}{made.year}年度质量工作整改报告"
    words = {
        "{{标题}}": title,
        "{{单位}}": made.unit,
        "{{年度}}": str(made.year),
        "{{考核办}}": made.office,
        "{{小结}}": _summary(made),
    }
    parts = {_LINES: partial(_write_lines, lines=made.lines)}
    return filled(template or blank(), Filling(clean(title), words, parts, (_LINES,), made.made_at))


@lru_cache(maxsize=1)
def blank() -> bytes:
    """Our own template, to be changed and kept as the office's."""
    paper = Sheet("{{标题}}", BLANK_AT, landscape=True)
    paper.paragraph("{{标题}}", size=18, bold=True, centred=True)
    paper.paragraph("{{考核办}}：")
    paper.paragraph("根据 {{年度}} 年度质量工作考核通报，现将本单位整改情况报告如下。{{小结}}")
    paper.paragraph(_LINES)
    paper.paragraph("")
    paper.keep_together((("负责人（签字）：", "单位（盖章）：{{单位}}", "日期：　　　　年　　月　　日"),))
    paper.footer("{{标题}}")
    return paper.saved()


def _write_lines(paper: Sheet, lines: Sequence[Line]) -> None:
    table = paper.table(_PAPER_HEADS, _WIDTHS_MM)
    for number, line in enumerate(lines, 1):
        paper.row(table, _cells(number, line), _CENTRED)


def _summary(made: Rectified) -> str:
    done = sum(line.state in {STATES["reported"], STATES["closed"]} for line in made.lines)
    return f"需整改 {len(made.lines)} 条，已完成 {done} 条，其中考核办已销号 {made.closed} 条。"


def _cells(number: int, line: Line) -> tuple[list[str], ...]:
    to_write = "（请补充）"
    lost = shown(line.lost or None)
    who = [clean(line.who) or to_write, line.due]
    proof = [clean(name) for name in line.proof] or [to_write]
    measure = clean(line.measure) or to_write
    clause = clean(line.clause)
    return [str(number)], [clause], [lost], [clean(line.because)], [measure], who, proof, [line.state]
