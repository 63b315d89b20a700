"""How the totals of many units are distributed: a histogram and the median, nobody named and nobody ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from channels.text import points
from reports.drawing import BAR, GREY, QUIET, RULE, SHADE, Box, Drawing, Text, png
from reports.page import FIGURE, MARGIN, SMALL, WIDTH, heading
from reports.score_table import Done, Range, ScoreTable

_STEPS = (5, 10, 20, 50, 100, 200, 500, 1000)
_CLASSES = 24  # more rows would not be read
_ROW = 50  # pixels


class _Standing(NamedTuple):
    """A unit's total: what is verified, and what it may still reach; ``final`` where that is the same."""

    low: Fraction
    high: Fraction
    final: bool


def picture(table: ScoreTable) -> bytes:
    """The totals by classes of five points (wider ones where the totals lie far apart) as a PNG picture.

    A unit with a range counts, in grey, in the class of what has proof. Where the rubric counts rows
    instead of points, classes are percents of the rows done.
    """
    return png(drawing(table))


def drawing(table: ScoreTable) -> Drawing:
    """As `picture`, before it is rendered."""
    standings = [known for row in table.rows if (known := _standing(row.total)) is not None]
    unit = "%" if any(isinstance(row.total, Done) for row in table.rows) else "分"
    texts, top = heading(table.title, table.basis, WIDTH)
    for words in (_summary(standings, len(table.rows), unit), _legend(standings)):
        top += FIGURE * 1.5
        texts.append(Text(MARGIN, top, FIGURE, words, fill=QUIET))
    top += FIGURE
    boxes, bars = _histogram(standings, top, unit)
    height = top + _ROW * len(bars) // 2 + MARGIN + SMALL
    return Drawing(WIDTH, round(height), tuple(boxes), (*texts, *bars))


def _standing(total: Decimal | Range | Done | None) -> _Standing | None:
    if isinstance(total, Done):
        if not total.of:
            return None
        most = total.done if total.most is None else total.most
        low, high = (Fraction(100 * done, total.of) for done in (total.done, most))
        return _Standing(low, high, total.most is None)
    if isinstance(total, Range):
        return _Standing(Fraction(total.low), Fraction(total.high), False)
    return None if total is None else _Standing(Fraction(total), Fraction(total), True)


def _summary(standings: Sequence[_Standing], of: int, unit: str) -> str:
    said = f"{of} 个单位"
    if standings:
        low, high = (points(median(figures)) for figures in zip(*((s.low, s.high) for s in standings), strict=True))
        said += f"，中位数 {low if low == high else f'{low}–{high}'} {unit}"
    return said + (f"，{of - len(standings)} 个还没有得分" if len(standings) < of else "")


def _legend(standings: Sequence[_Standing]) -> str:
    return "每档含下限、不含上限" + ("" if all(s.final for s in standings) else "；灰：未核完，按有材料分")


def _histogram(standings: Sequence[_Standing], top: float, unit: str) -> tuple[list[Box], list[Text]]:
    """Two texts a class (its limits, its count), the highest class first."""
    if not standings:
        return [], []
    step = _step([s.high for s in standings])
    final = Counter(s.high // step for s in standings if s.final)
    unfinished = Counter(s.high // step for s in standings if not s.final)
    both = final + unfinished
    x, room = MARGIN + 210, WIDTH - 2 * MARGIN - 210 - 90
    scale = room / max(both.values())
    boxes, texts = [], []
    for n, index in enumerate(range(max(both), min(both) - 1, -1)):
        y, dark, all_of_it = top + n * _ROW, final[index] * scale, both[index] * scale
        baseline = y + _ROW / 2 + FIGURE * 0.36
        boxes.append(Box(x, y + 2, room, _ROW - 8, SHADE))
        boxes.append(Box(x, y + 2, dark, _ROW - 8, BAR))
        boxes.append(Box(x + dark, y + 2, all_of_it - dark, _ROW - 8, RULE))
        limits = f"{index * step}–{(index + 1) * step} {unit}"
        texts.append(Text(x - 12, baseline, FIGURE, limits, "end"))
        said = str(both[index]) if both[index] else "0"
        texts.append(Text(x + all_of_it + 10, baseline, FIGURE, said, fill=QUIET if both[index] else GREY))
    return boxes, texts


def _step(figures: Sequence[Fraction]) -> int:
    return next((s for s in _STEPS if max(figures) // s - min(figures) // s < _CLASSES), _STEPS[-1])
