"""The font that comes by pip has a glyph for whatever the pictures print."""

from __future__ import annotations

import struct
from decimal import Decimal
from typing import Any

import pytest
from pylopdf_fonts_zh_cn import sans_path

from reports import drawing
from reports.drawing import Drawing, Text
from reports.score_picture import drawings
from reports.score_table import Cell, Column, Row, ScoreTable
from rubrics import loader

RUBRICS = (
    "towns-2010",
    "xinbei-2011-towns",
    "xinbei-2011-departments",
    "xinbei-2011-tasks",
    "changzhou",
    "hunan",
    "ziyang-2016",
)


@pytest.fixture(scope="module")
def mapped() -> set[int]:
    """The code points with a glyph: the font's cmap, read as the OpenType standard lays it out."""
    font = sans_path().read_bytes()
    (tables,) = struct.unpack(">H", font[4:6])
    records = (struct.unpack(">4sIII", font[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (count,) = struct.unpack(">H", font[start + 2 : start + 4])
    offsets = [struct.unpack(">I", font[start + 8 + 8 * n : start + 12 + 8 * n])[0] for n in range(count)]
    full = next(start + at for at in offsets if font[start + at : start + at + 2] == b"\x00\x0c")
    (groups,) = struct.unpack(">I", font[full + 12 : full + 16])
    found: set[int] = set()
    for n in range(groups):
        first, last, glyph = struct.unpack(">III", font[full + 16 + 12 * n : full + 28 + 12 * n])
        found |= {code for code in range(first, last + 1) if glyph + code - first > 0}
    return found


def missing(text: str, mapped: set[int]) -> set[str]:
    return {character for character in text if ord(character) not in mapped}


def gb2312() -> str:
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", "ignore") for pair in pairs)


def test_no_character_of_gb2312_is_missing(mapped: set[int]) -> None:
    characters = gb2312()

    assert len(characters) == 7445  # 682 signs and 6,763 characters
    assert missing(characters, mapped) == set()


@pytest.mark.parametrize("rubric_id", RUBRICS)
def test_no_character_of_a_rubric_s_table_is_missing(rubric_id: str, mapped: set[int], words: Any) -> None:
    rubric = loader.load(rubric_id)
    units = [*(unit for item in rubric.items for unit in (*item.lead, *item.cooperating)), "西夏墅镇", "龙虎塘街道"]
    columns = tuple(Column(item.id, item.label, item.points) for item in rubric.items)
    cells = (Cell(Decimal("0.25")),) * len(columns)
    rows = tuple(Row(unit, cells) for unit in dict.fromkeys(units))

    table = ScoreTable(rubric.title, "截至 11-21 15:00 · 已核 312/396", columns, rows)
    said = "".join(text for page in drawings(table) for text, _ in words(page))

    assert missing(said + "–…", mapped) == set()


def test_a_character_without_glyph_is_a_box_not_a_gap() -> None:
    def picture(words: str) -> bytes:
        return drawing.png(Drawing(60, 60, (), (Text(10, 40, 30, words),)))

    assert picture("😀") == picture("ع") != picture(" ")
    assert picture("孟") != picture("河")
