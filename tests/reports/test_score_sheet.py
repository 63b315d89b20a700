"""The workbook holds the table's own figures, and no text in it is ever a formula."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from reports.drawing import GREY
from reports.score_sheet import workbook
from reports.score_table import Cell, Column, Done, Row, ScoreTable

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


def sheets(*tables: ScoreTable) -> list[Any]:
    return list(openpyxl.load_workbook(BytesIO(workbook(tables, NOW))).worksheets)


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheet_has_the_figures_of_the_table(table: ScoreTable) -> None:
    (sheet,) = sheets(table)

    title, basis, heads, points, done, half = values(sheet)
    assert (title[0], basis[0]) == ("2026年各镇考核", "截至 11-21 15:00 · 已核 3/4")
    assert heads[:5] == ["单位", "1 组织领导", "2 创名牌", "基本分", "加分"]
    assert heads[5:] == ["合计", "自报", "有材料", "已核"]
    assert points[:4] == ["标准分", 10, 15, None]
    assert done == ["孟河镇", 8, 12.5, 20.5, 2, 22.5, 30, 24, 22.5]
    assert half == ["薛家镇", "0–9", "—", "0–9", 0, "0–9", 25, 9, 0]


def test_a_table_fully_reviewed_has_one_total_and_only_columns_that_somebody_has(table: ScoreTable) -> None:
    row = table.rows[0]._replace(bonus=Cell(None), scores=None)

    (sheet,) = sheets(table._replace(rows=(row,)))

    assert values(sheet)[2] == ["单位", "1 组织领导", "2 创名牌", "合计"]
    assert values(sheet)[4] == ["孟河镇", 8, 12.5, 22.5]


def test_the_points_of_the_whole_stand_above_the_totals(table: ScoreTable) -> None:
    (sheet,) = sheets(table._replace(of=Decimal(100)))

    heads, points = values(sheet)[2:4]
    assert points[heads.index("合计")] == 100


def test_verified_is_black_and_proven_is_grey(table: ScoreTable) -> None:
    (sheet,) = sheets(table)

    assert sheet["B5"].font.color is None or sheet["B5"].font.color.rgb != f"FF{GREY[1:].upper()}"
    assert sheet["B6"].font.color.rgb == f"FF{GREY[1:].upper()}"


def test_heads_stay_in_sight_and_are_printed_on_every_page(table: ScoreTable) -> None:
    (sheet,) = sheets(table)

    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$3:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "{="])
def test_no_text_becomes_a_formula_or_a_link(start: str, table: ScoreTable) -> None:
    words = f'{start}HYPERLINK("http://127.0.0.1/","x")'
    row = table.rows[0]._replace(unit=words)
    hostile = ScoreTable(words, words, (Column("=1+1", words), Column("2", "+2")), (row,))

    (sheet,) = sheets(hostile)

    cells = [cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)]
    kept = words.strip()
    assert [cell.value for cell in cells][:5] == [kept, kept, "单位", f"=1+1 {kept}", "2 +2"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(cells)
    assert sheet["A4"].quotePrefix


def test_each_rubric_has_a_sheet_of_a_name_excel_accepts(table: ScoreTable) -> None:
    titles = ("考核[2026]:镇/街道?", "考核 2026 :镇*街道\\", "'长'" * 30, "长" * 40, "长" * 39, "History", "'", "\x00")

    names = [sheet.title for sheet in sheets(*(table._replace(title=title) for title in titles))]

    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert all(name.strip("' ") == name and name != "History" for name in names)


def test_rows_done_are_texts_not_dates() -> None:
    tasks = ScoreTable("责任分解表", "", (), (Row("环保局", (), total=Done(1, 3)), Row("审计局", ())))

    (sheet,) = sheets(tasks)

    assert values(sheet)[2] == ["单位", "完成行数"]
    assert values(sheet)[3:] == [["环保局", "1/3"], ["审计局", "—"]]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B4", "$3:$3")


def test_a_figure_is_the_printed_one(table: ScoreTable) -> None:
    row = table.rows[0]._replace(cells=(Cell(Decimal("2.857142857"), True), Cell(Decimal("0.005"), True)))

    (sheet,) = sheets(table._replace(rows=(row,)))

    assert values(sheet)[4][1:3] == [2.86, 0.01]


def test_a_text_longer_than_a_cell_is_cut_not_lost(table: ScoreTable) -> None:
    (sheet,) = sheets(table._replace(rows=(table.rows[0]._replace(unit="镇" * 40_000),)))

    assert sheet["A5"].value == "镇" * 32_000


def test_the_same_table_is_the_same_file(table: ScoreTable) -> None:
    assert workbook([table], NOW) == workbook([table], NOW)


def test_no_table_and_a_ragged_row_are_refused(table: ScoreTable) -> None:
    ragged = table._replace(rows=(table.rows[0]._replace(cells=()),))

    with pytest.raises(ValueError, match="a workbook needs a sheet"):
        workbook([], NOW)
    with pytest.raises(ValueError, match="a row needs one cell a column"):
        workbook([ragged], NOW)
