"""A list instead of a grid: units with the rows they have done, for rubrics without points."""

from __future__ import annotations

from reports.drawing import BAR, DARK, GREY, HEAD, RULE, SHADE, Box, Drawing, Text
from reports.page import FIGURE, MARGIN, WIDTH, heading, names
from reports.score_table import Done, Range, Row, ScoreTable, shown

_WORDS = 300  # pixels kept for the words at the right end


def progress(table: ScoreTable) -> Drawing:
    """A row a unit: a bar, paler where it is not verified, and 完成 12/20 行; a total in points is said without one."""
    texts, top = heading(table.title, table.basis, WIDTH)
    units = names([row.unit for row in table.rows])
    boxes: list[Box] = []
    for n, row in enumerate(table.rows):
        y = top + n * units.row
        if n % 2:
            boxes.append(Box(MARGIN, y, WIDTH - 2 * MARGIN, units.row, SHADE))
        boxes += _bar(row, MARGIN + units.width, y, units.row)
        texts += [*units.texts(n, y), _said(row, y + units.row / 2 + FIGURE * 0.36)]
    if not table.rows:
        texts.append(Text(MARGIN, top + FIGURE * 1.5, FIGURE, "名册里还没有这类单位"))
    height = top + units.row * max(len(table.rows), 1) + MARGIN
    return Drawing(WIDTH, round(height), tuple(boxes), tuple(texts))


def _bar(row: Row, x: float, y: float, height: int) -> list[Box]:
    if not isinstance(row.total, Done) or not row.total.of:
        return []
    width = WIDTH - MARGIN - _WORDS - x
    track = Box(x, y + height * 0.3, width, height * 0.4, HEAD)
    bars = [track._replace(width=width * row.total.done / row.total.of, fill=BAR)]
    if row.total.most is not None:
        bars.insert(0, track._replace(width=width * row.total.most / row.total.of, fill=RULE))
    return [track, *bars]


def _said(row: Row, y: float) -> Text:
    words, fill = shown(row.total), GREY if isinstance(row.total, Range) else DARK
    if isinstance(row.total, Done):
        words = f"完成 {words} 行" if row.total.of else "没有承担的任务"
    return Text(WIDTH - MARGIN - 6, y, FIGURE, words, "end", fill)
