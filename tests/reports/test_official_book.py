"""The official tables in an xlsx template of the office: its look stays, the figures are the engine's."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from official_tables import HOSTILE, made, scored
from openpyxl.styles import Font

from reports.official_book import workbook_from
from reports.official_table import Honour
from reports.score_table import shown
from reports.templates import TemplateError

TOWNS = "xinbei-2011-towns"


def template(*heads: str) -> bytes:
    """Title, head, a model row in red, and a merged place to sign beneath; a second sheet that is not wanted."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "孟河镇"
    sheet["A1"] = "常州市新北区 {{标题}}（{{单位}}，{{得分}}分，{{不认识}}）"
    for x, head in enumerate(heads, 1):
        sheet.cell(3, x, head)
        sheet.cell(4, x).font = Font(name="楷体", color="FFFF0000")
    sheet["A6"] = "考核组签字：{{附注}}"
    sheet.merge_cells("A6:B6")
    sheet.row_dimensions[6].height = 60
    sheet.column_dimensions["B"].width = 41
    book.create_sheet("说明")
    return saved(book)


def saved(book: Any) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_offices_columns_fonts_and_words_stay_and_each_unit_has_a_sheet() -> None:
    tables = [made(scored(TOWNS, n), unit)._replace(remarks=("记",)) for n, unit in enumerate(("孟河镇", "薛家镇"))]

    book = openpyxl.load_workbook(BytesIO(workbook_from(template("实得分", "考核内容", "签字", "序号"), tables)))

    assert book.sheetnames == ["孟河镇", "薛家镇"]
    for sheet, table in zip(book.worksheets, tables, strict=True):
        assert (
            sheet["A1"].value == f"常州市新北区 {table.title}（{table.unit}，{shown(table.total)}分，{{{{不认识}}}}）"
        )
        body = list(sheet.iter_rows(min_row=4, max_row=14, values_only=True))
        figures = [*(line.scored for line in table.lines), table.total]
        assert [Decimal(str(row[0])) for row in body] == figures
        assert [row[1:] for row in body[:2]] == [("\n".join(x.content), None, x.number) for x in table.lines[:2]]
        assert {sheet.cell(y, 2).font.name for y in range(4, 15)} == {"楷体"}
        assert (sheet["A16"].value, sheet.row_dimensions[16].height) == ("考核组签字：记", 60)
        assert [str(one) for one in sheet.merged_cells.ranges] == ["A16:B16"]
        assert sheet.column_dimensions["B"].width == 41


def test_groups_are_one_cell_in_the_offices_own_table_too() -> None:
    own = openpyxl.load_workbook(BytesIO(template("一级指标", "二级指标", "三级指标", "得分")))

    sheet = openpyxl.load_workbook(BytesIO(workbook_from(saved(own), [made(scored("changzhou"))]))).worksheets[0]

    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {"A4:A9", "B4:B5", "B6:B8", "A31:C31"} <= merged
    assert (sheet["A4"].value, sheet["B6"].value) == ("一、质量宏观管理（19分）", "（二）制度机制建设")
    assert sheet["A31"].value == "加分项"


def test_a_head_over_two_columns_is_the_head_of_both() -> None:
    own = openpyxl.load_workbook(BytesIO(template("序号", "工作内容", "", "工作目标")))
    own.worksheets[0].merge_cells("B3:C3")

    sheet = openpyxl.load_workbook(BytesIO(workbook_from(saved(own), [made(scored("xinbei-2011-tasks"))]))).worksheets[
        0
    ]

    assert [sheet.cell(4, x).value for x in (1, 2, 3)] == ["1", "提高质量水平", "产品质量"]


def test_what_has_no_points_is_a_dash() -> None:
    table = made(scored("ziyang-2016"))

    sheet = openpyxl.load_workbook(BytesIO(workbook_from(template("序号", "得分", "备注"), [table]))).worksheets[0]

    assert [sheet.cell(4 + n, 2).value for n in range(len(table.lines) + 1)] == ["—"] * (len(table.lines) + 1)


@pytest.mark.parametrize("words", [*HOSTILE, "孟\x00河\ud800", "\u202eشركة", "镇" * 300, "{{得分}}"])
def test_no_text_is_a_formula_or_a_placeholder(words: str) -> None:
    honoured = {"6.1a": [Honour(words, words, words, words)]}
    table = made(scored("xinbei-2011-departments"), words, honoured)._replace(title=words)
    own = openpyxl.load_workbook(BytesIO(template("序号", "备注", "扣分原因")))
    own.worksheets[0]["A2"] = "{{单位}}"

    sheet = openpyxl.load_workbook(BytesIO(workbook_from(saved(own), [table]))).worksheets[0]

    cells = [one for row in sheet.iter_rows() for one in row if one.value is not None]
    assert {one.data_type for one in cells} == {"s"}
    texts = [one for one in cells if str(one.value)[0] in "=+-@{"]
    assert all(one.quotePrefix for one in texts)
    assert "".join(c for c in words if c.isprintable())[:20] in str(sheet["A2"].value)


def test_what_is_no_template_is_a_sentence() -> None:
    table = made(scored(TOWNS))

    with pytest.raises(TemplateError, match="打不开"):
        workbook_from(b"PK\x03\x04", [table])
    with pytest.raises(TemplateError, match="没有考核表"):
        workbook_from(saved(openpyxl.Workbook()), [table])
    with pytest.raises(ValueError, match="needs a table"):
        workbook_from(template("序号", "得分"), [])
