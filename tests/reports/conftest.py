"""What the reports' tests share: a small table, a wide one, the words of a drawing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from reports.drawing import Drawing
from reports.score_table import Cell, Column, Range, Row, Scores, ScoreTable


def verified(points: str) -> Cell:
    return Cell(Decimal(points), True)


@pytest.fixture
def table() -> ScoreTable:
    """Two towns under two items; the second one is not fully reviewed."""
    done = Row(
        "孟河镇",
        (verified("8"), verified("12.5")),
        verified("20.5"),
        verified("2"),
        Decimal("22.5"),
        Scores(Decimal(30), Decimal(24), Decimal("22.5")),
    )
    half = Row(
        "薛家镇",
        (Cell(Range(Decimal(0), Decimal(9))), Cell(None)),
        Cell(Range(Decimal(0), Decimal(9))),
        Cell(Decimal(0)),
        Range(Decimal(0), Decimal(9)),
        Scores(Decimal(25), Decimal(9), Decimal(0)),
    )
    columns = (Column("1", "组织领导", Decimal(10)), Column("2", "创名牌", Decimal(15)))
    return ScoreTable("2026年各镇考核", "截至 11-21 15:00 · 已核 3/4", columns, (done, half))


@pytest.fixture
def wide() -> Callable[..., ScoreTable]:
    """A table of so many items and units, with the widest figures that occur."""

    def made(columns: int, units: int, label: str = "质量教育基地", figure: str = "12.75") -> ScoreTable:
        cells = tuple(verified(figure) for _ in range(columns))
        row = Row("龙虎塘街道", cells, verified("98.25"), verified("12.5"), Range(Decimal("61.25"), Decimal("110.75")))
        heads = tuple(Column(str(n), label, Decimal(20)) for n in range(1, columns + 1))
        return ScoreTable("质量工作考核", "截至 11-21 15:00 · 已核 0/9", heads, (row,) * units)

    return made


@pytest.fixture
def words() -> Callable[[Drawing], list[tuple[str, str]]]:
    """The texts of a drawing with their colours."""

    def read(drawing: Drawing) -> list[tuple[str, str]]:
        return [(text.words, text.fill) for text in drawing.texts]

    return read
