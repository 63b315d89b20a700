"""The picture of a score table: whole, in roster order, legible, in the colours it names."""

from __future__ import annotations

import struct
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image, ImageColor, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from reports.drawing import BAR, DARK, GREY, HEAD, QUIET, RULE, SHADE, Box, Drawing, Text, png
from reports.lettering import width_ems
from reports.page import FIGURE, SMALL
from reports.score_picture import drawings, pictures
from reports.score_table import Cell, Column, Done, Row, ScoreTable


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def the_only(table: ScoreTable) -> Drawing:
    (drawing,) = drawings(table)
    return drawing


def test_a_table_is_a_picture_with_its_basis_items_and_units(table: ScoreTable, words: Any) -> None:
    said = [text for text, _ in words(the_only(table))]

    assert said[:2] == ["2026年各镇考核", "截至 11-21 15:00 · 已核 3/4"]
    assert [text for text in said if text in ("孟河镇", "薛家镇")] == ["孟河镇", "薛家镇"]
    assert {"1", "组织", "领导", "10分", "2", "创名", "牌", "15分", "基本分", "加分", "合计"} <= set(said)


def test_verified_is_black_proven_is_grey_and_nothing_is_a_dash(table: ScoreTable, words: Any) -> None:
    said = words(the_only(table))

    assert {("8", DARK), ("12.5", DARK), ("20.5", DARK), ("2", DARK), ("22.5", DARK)} <= set(said)
    assert {("—", GREY), ("0", GREY), ("0–9", GREY)} <= set(said)
    assert ("0–9", DARK) not in said


def test_units_stay_in_roster_order_whatever_they_score(table: ScoreTable, words: Any) -> None:
    turned = table._replace(rows=table.rows[::-1])

    said = [text for text, _ in words(the_only(turned)) if text.endswith("镇")]

    assert said == ["薛家镇", "孟河镇"]


def test_without_a_bonus_there_is_no_column_for_it(table: ScoreTable, words: Any) -> None:
    rows = tuple(row._replace(basic=Cell(None), bonus=Cell(None)) for row in table.rows)

    said = {text for text, _ in words(the_only(table._replace(rows=rows)))}

    assert "合计" in said
    assert said & {"基本分", "加分"} == set()


def test_21_units_by_10_items_are_one_picture_for_a_phone(wide: Any) -> None:
    (picture,) = pictures(wide(10, 21, "组织领导", "9.75"))

    width, height = size(picture)
    assert 1080 <= width <= 1400
    assert height <= 1400  # a messenger scales the longer side to about 1280


@pytest.mark.parametrize(("columns", "units"), [(6, 12), (27, 7), (50, 14), (50, 40), (1, 1)])
def test_every_item_stands_once_and_every_picture_names_every_unit(
    columns: int, units: int, wide: Any, words: Any
) -> None:
    made = drawings(wide(columns, units))

    said = [[text for text, _ in words(drawing)] for drawing in made]
    assert [text for page in said for text in page if text.isdigit()] == [str(n) for n in range(1, columns + 1)]
    assert all(page.count("龙虎塘街道") == units for page in said)
    assert [page.count("合计") for page in said] == [1] + [0] * (len(made) - 1)
    assert all(1080 <= drawing.width <= 1280 for drawing in made)


def test_several_pictures_say_which_of_how_many(wide: Any, words: Any) -> None:
    made = drawings(wide(50, 14))

    titles = [words(drawing)[0][0] for drawing in made]
    assert titles == [f"质量工作考核（{n}/{len(made)}）" for n in range(1, len(made) + 1)]
    assert len(made) > 1


@pytest.mark.parametrize("columns", [6, 10, 27, 50])
def test_no_two_words_of_a_line_touch_and_none_leaves_the_picture(columns: int, wide: Any) -> None:
    for drawing in drawings(wide(columns, 21)):
        lines: dict[float, list[tuple[float, float]]] = {}
        for text in drawing.texts:
            width = width_ems(text.words) * text.size
            left = text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
            lines.setdefault(text.y, []).append((left, left + width))
        for spans in lines.values():
            assert all(left[1] < right[0] for left, right in pairwise(sorted(spans)))
            assert min(spans)[0] >= 0
            assert max(spans)[1] <= drawing.width


def test_long_names_of_neighbours_stay_apart(table: ScoreTable, words: Any) -> None:
    names = ("江苏省常州市新北区孟河镇人民政府", "江苏省常州市新北区薛家镇人民政府")
    rows = tuple(row._replace(unit=name) for row, name in zip(table.rows, names, strict=True))

    said = [text for text, _ in words(the_only(table._replace(rows=rows)))]

    assert [text for text in said if "镇" in text and text.startswith("…")] == ["…孟河镇人民政", "…薛家镇人民政"]


def test_every_colour_named_is_in_the_picture_as_it_is_named() -> None:
    colours = (DARK, GREY, QUIET, SHADE, HEAD, RULE, BAR)
    boxes = tuple(Box(n * 10, 0, 10, 10, colour) for n, colour in enumerate(colours))

    image = Image.open(BytesIO(png(Drawing(80, 10, boxes, ())))).convert("RGB")

    found = [image.getpixel((n * 10 + 5, 5)) for n in range(8)]
    assert found == [ImageColor.getrgb(colour) for colour in (*colours, "#ffffff")]


def test_the_softened_edges_of_letters_never_take_the_colour_of_a_bar() -> None:
    texts = (Text(10, 50, 34, "孟河镇", strong=True), Text(10, 95, 28, "薛家镇", fill=GREY))

    image = Image.open(BytesIO(png(Drawing(200, 110, (Box(0, 60, 200, 50, HEAD),), texts)))).convert("RGB")

    found = {image.getpixel((x, y)) for x in range(200) for y in range(110)}
    assert len(found) > 20
    assert ImageColor.getrgb(BAR) not in found


def test_a_box_without_width_is_not_drawn() -> None:
    assert png(Drawing(40, 40, (Box(10, 10, 0, 20, DARK),), ())) == png(Drawing(40, 40, (), ()))


@pytest.mark.parametrize("size", [FIGURE, SMALL])
def test_no_text_is_wider_than_it_was_laid_out_for(size: int) -> None:
    font = ImageFont.truetype(str(sans_path()), size, layout_engine=ImageFont.Layout.BASIC)

    for words in (
        "龙虎塘街道",
        "12.75",
        "61.25–110.75",
        "9/11",
        "2011年各镇、街道质量振兴工作考核",
        "截至 11-21 15:00",
    ):
        assert font.getlength(words) <= width_ems(words) * size


def test_controls_and_direction_marks_in_names_do_not_spoil_the_picture(table: ScoreTable, words: Any) -> None:
    row = table.rows[0]._replace(unit="孟\x00河\u202e镇\ud800")

    spoiled = table._replace(rows=(row, table.rows[1]))

    assert [text for text, _ in words(the_only(spoiled)) if "河" in text] == ["孟河镇"]
    assert pictures(spoiled) == pictures(table)


def test_a_figure_changed_is_a_picture_changed(table: ScoreTable) -> None:
    row = table.rows[0]
    other = row._replace(cells=(Cell(row.cells[0].figure, verified=False), row.cells[1]))

    assert pictures(table._replace(rows=(other, table.rows[1]))) != pictures(table)


def test_more_units_than_can_be_read_are_refused(wide: Any) -> None:
    with pytest.raises(ValueError, match="41 units cannot be read in one picture; at most 40"):
        pictures(wide(10, 41))


def test_a_row_with_a_cell_too_few_is_refused(table: ScoreTable) -> None:
    short = table.rows[0]._replace(cells=table.rows[0].cells[:1])

    with pytest.raises(ValueError, match="a row needs one cell a column"):
        pictures(table._replace(rows=(short,)))


def test_targets_done_can_stand_in_cells_too(words: Any) -> None:
    row = Row("环保局", (Cell(Done(9, 11), True), Cell(None)), total=Done(0, 2))
    tasks = ScoreTable("责任分解表", "截至 11-21 15:00", (Column("4", "环境质量"), Column("5", "标准化")), (row,))

    said = words(the_only(tasks))

    assert {("9/11", DARK), ("0/2", DARK), ("完成", DARK), ("—", GREY)} <= set(said)
