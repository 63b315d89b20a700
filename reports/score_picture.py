"""The score table as pictures to be read on a phone: verified figures black, ranges up to what has proof grey.

Items that do not fit beside each other go on further pictures with the same rows; the first one has the totals.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

from reports.drawing import DARK, GREY, HEAD, QUIET, RULE, SHADE, Box, Drawing, Text, png
from reports.lettering import clean, width_ems, wrapped
from reports.page import FIGURE, MARGIN, SMALL, WIDEST, WIDTH, Names, heading, names
from reports.progress_picture import progress
from reports.score_table import PICTURE_UNITS, Cell, Column, Done, Range, ScoreTable, is_range, shown

_TINY = 20
_LABEL_EMS, _LABEL_LINES = 2, 4  # a label stands in lines of two characters
_ID_EMS = 3
_GAP = 12  # pixels between figures
_LEGEND = "黑：已核　—：无"
_RANGES = "　灰 a–b：还没核完，从已核到有材料"


class _Lane(NamedTuple):
    """A column of the picture: heading lines, the points beneath them, a word a row, pixels wide."""

    head: tuple[str, ...]
    points: str
    cells: tuple[tuple[str, str], ...]
    width: float
    strong: bool = False


def pictures(table: ScoreTable) -> tuple[bytes, ...]:
    """The table as one or more PNG pictures, 1080 to 1280 pixels wide.

    Raises:
        ValueError: more than `PICTURE_UNITS` units (a distribution picture says more), or a row whose cells are
            not one a column.
    """
    return tuple(png(drawing) for drawing in drawings(table))


def drawings(table: ScoreTable) -> tuple[Drawing, ...]:
    """As `pictures`, before they are rendered."""
    if len(table.rows) > PICTURE_UNITS:
        raise ValueError(f"{len(table.rows)} units cannot be read in one picture; at most {PICTURE_UNITS}")
    if any(len(row.cells) != len(table.columns) for row in table.rows):
        raise ValueError("a row needs one cell a column")
    if not table.columns or not table.rows:
        return (progress(table),)
    units = names([row.unit for row in table.rows])
    pages = _pages(_item_lanes(table), _total_lanes(table), WIDEST - 2 * MARGIN - units.width)
    return tuple(_drawn(table, units, page, n, len(pages)) for n, page in enumerate(pages, 1))


def _item_lanes(table: ScoreTable) -> list[_Lane]:
    return [_item_lane(column, [row.cells[n] for row in table.rows]) for n, column in enumerate(table.columns)]


def _item_lane(column: Column, cells: list[Cell]) -> _Lane:
    head = (*wrapped(clean(column.id), _ID_EMS, 1), *wrapped(clean(column.label), _LABEL_EMS, _LABEL_LINES))
    return _lane(head, "" if column.points is None else f"{shown(column.points)}分", cells)


def _lane(head: tuple[str, ...], points: str, cells: list[Cell], strong: bool = False) -> _Lane:
    words = tuple((shown(cell.figure), DARK if cell.verified else GREY) for cell in cells)
    widths = [width_ems(word) * FIGURE for word, _ in words] + [width_ems(line) * SMALL for line in head]
    return _Lane(head, points, words, max(*widths, width_ems(points) * _TINY) + _GAP, strong)


def _total_lanes(table: ScoreTable) -> list[_Lane]:
    lanes = []
    if any(row.bonus.figure is not None for row in table.rows):
        lanes.append(_lane(("基本分",), "", [row.basic for row in table.rows]))
        lanes.append(_lane(("加分",), "", [row.bonus for row in table.rows]))
    totals = [row.total for row in table.rows]
    if all(total is None for total in totals):
        return lanes
    counted = any(isinstance(total, Done) for total in totals)
    lane = _lane(("完成" if counted else "合计",), "行" if counted else "", [], strong=True)
    words = tuple((shown(total), _tone(total)) for total in totals)
    return [*lanes, lane._replace(cells=words, width=max(width_ems(w) * FIGURE for w, _ in words) + 2 * _GAP)]


def _tone(total: object) -> str:
    return GREY if total is None or isinstance(total, Range) else DARK


def _pages(items: list[_Lane], totals: list[_Lane], room: float) -> list[list[_Lane]]:
    """Lanes a picture: as few pictures as the room allows, those after the first evenly filled where that fits."""
    first = _fitting(items, room - _width(totals))
    filled, rest = [], items[first:]
    while rest:
        filled.append(rest[: _fitting(rest, room)])
        rest = rest[len(filled[-1]) :]
    rest, count = items[first:], len(filled)
    even = [rest[len(rest) * n // count : len(rest) * (n + 1) // count] for n in range(count)]
    fits = all(_width(page) <= room for page in even)
    return [[*items[:first], *totals], *(even if fits else filled)]


def _width(lanes: list[_Lane]) -> float:
    return sum(lane.width for lane in lanes)


def _fitting(lanes: list[_Lane], room: float) -> int:
    return max(1, sum(total <= room for total in accumulate(lane.width for lane in lanes)))


def _drawn(table: ScoreTable, units: Names, lanes: list[_Lane], page: int, pages: int) -> Drawing:
    needed = 2 * MARGIN + units.width + _width(lanes)
    width = max(WIDTH, round(needed))
    spare = (width - needed) / len(lanes)
    lanes = [lane._replace(width=lane.width + spare) for lane in lanes]
    texts, top = heading(f"{table.title}（{page}/{pages}）" if pages > 1 else table.title, table.basis, width)
    body = top + SMALL * 1.25 * max(len(lane.head) for lane in lanes) + 44
    bottom = body + units.row * len(table.rows)
    boxes = [Box(MARGIN, top, width - 2 * MARGIN, body - top, HEAD)]
    for n in range(len(table.rows)):
        y = body + n * units.row
        if n % 2:
            boxes.append(Box(MARGIN, y, width - 2 * MARGIN, units.row, SHADE))
        texts += units.texts(n, y)
    x = MARGIN + units.width
    for lane in lanes:
        texts += _lane_texts(lane, x, top, body, units.row)
        boxes.append(Box(x, top, 1, bottom - top, RULE))
        x += lane.width
    boxes.append(Box(MARGIN, bottom, width - 2 * MARGIN, 2, RULE))
    legend = _LEGEND + (_RANGES if _has_range(table) else "")
    texts.append(Text(MARGIN, bottom + 40, SMALL, legend, fill=QUIET))
    return Drawing(width, round(bottom + 64), tuple(boxes), tuple(texts))


def _has_range(table: ScoreTable) -> bool:
    return any(
        is_range(figure)
        for row in table.rows
        for figure in (row.total, *(cell.figure for cell in (*row.cells, row.basic, row.bonus)))
    )


def _lane_texts(lane: _Lane, x: float, top: float, body: float, row: int) -> list[Text]:
    middle = x + lane.width / 2
    texts = [
        Text(middle, top + SMALL * 1.25 * (n + 1) + 2, SMALL, words, "middle") for n, words in enumerate(lane.head)
    ]
    texts.append(Text(middle, body - 12, _TINY, lane.points, "middle", QUIET))
    for n, (words, fill) in enumerate(lane.cells):
        y = body + n * row + row / 2 + FIGURE * 0.36
        strong = fill == DARK and (lane.strong or words != "—")
        texts.append(Text(middle, y, FIGURE, words, "middle", fill, strong))
    return texts
