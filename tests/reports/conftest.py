"""What the reports' tests share: a small table, the words of a drawing, the colours of a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from reports.drawing import Drawing, svg
from reports.score_table import Cell, Column, Range, Row, Scores, ScoreTable

SVG = "{http://www.w3.org/2000/svg}"


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
        (Cell(Decimal(9)), Cell(None)),
        Cell(Decimal(9)),
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
    """The texts of a drawing with their colours, as its SVG has them."""

    def read(drawing: Drawing) -> list[tuple[str, str]]:
        return [
            (text.text or "", text.attrib["fill"]) for text in ElementTree.fromstring(svg(drawing)).iter(f"{SVG}text")
        ]

    return read


@pytest.fixture
def colours() -> Callable[[bytes], set[tuple[int, int, int]]]:
    """The colours of an 8-bit RGBA picture."""
    return _colours


def _colours(png: bytes) -> set[tuple[int, int, int]]:
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    raw, stride = zlib.decompress(data), width * 4
    above, found = bytearray(stride), set()
    for y in range(height):
        line = bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        _unfilter(raw[y * (stride + 1)], line, above)
        found |= set(zip(line[0::4], line[1::4], line[2::4], strict=True))
        above = line
    return found


def _unfilter(kind: int, line: bytearray, above: bytearray) -> None:
    for n in range(len(line)):
        left, up, corner = (line[n - 4], above[n], above[n - 4]) if n >= 4 else (0, above[n], 0)
        line[n] = (line[n] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) % 256


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda known: abs(guess - known))
