"""The official tables as xlsx, read back: every figure the engine's, no text a formula, everything on its page."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from official_tables import AT, HOSTILE, UNITS, made, scored

from reports.check_sheet import Checked
from reports.lettering import clean
from reports.official_sheet import workbook
from reports.official_table import Honour, OfficialTable, cell, official
from reports.score_table import shown

TOWNS = "xinbei-2011-towns"
DEPARTMENTS = "xinbei-2011-departments"


def book(*tables: OfficialTable) -> Any:
    return openpyxl.load_workbook(BytesIO(workbook(tables)))


def seen(sheet: Any, one: Any) -> Any:
    """The cell whose value is seen where a cell stands: merged ones show that of the first."""
    inside = (block for block in sheet.merged_cells.ranges if one.coordinate in block)
    return next((sheet.cell(block.min_row, block.min_col) for block in inside), one)


def unit_line(sheet: Any, head: str = "被考核工作部门：") -> str:
    """The line with unit and score."""
    said = (str(one.value) for row in sheet.iter_rows() for one in row if one.value is not None)
    return next(words for words in said if words.startswith(head))


@pytest.mark.parametrize("rubric", UNITS)
def test_every_cell_of_the_sheet_is_the_tables(rubric: str) -> None:
    table = made(scored(rubric, 2))

    sheet = book(table).worksheets[0]

    fields = list(table.layout.fields)
    assert [seen(sheet, one).value for one in sheet[4]] == [column.head for column in table.layout.columns]
    for row, line in zip(sheet.iter_rows(min_row=5), table.lines, strict=False):
        for x, column in enumerate(table.layout.columns):
            one = seen(sheet, row[x])
            across = not line.section and "section" in fields and fields.index("section") <= x < fields.index("content")
            wanted = cell(line, "content" if across else column.field)
            if isinstance(wanted, Decimal):
                assert (one.data_type, Decimal(str(one.value))) == ("n", wanted)
            elif column.field in ("points", "scored"):
                assert one.value == shown(wanted)  # type: ignore[arg-type]
            else:
                assert (one.value or "") == "\n".join(wanted)  # type: ignore[arg-type]


def test_unit_total_score_and_snapshot_stand_on_top() -> None:
    table = made(scored(TOWNS))

    sheet = book(table).worksheets[0]

    said = [one.value for row in sheet.iter_rows(max_row=3) for one in row if one.value is not None]
    unit = f"被考核单位：孟河镇　　　得分：{shown(table.total)}"
    assert said == [table.title, unit, "2026年度 · 已核 · 快照 3 · 2026-12-20"]


def test_a_department_and_its_score_stand_beneath_the_table_as_printed() -> None:
    table = made(scored(DEPARTMENTS))._replace(remarks=("附注",))

    sheet = book(table).worksheets[0]

    said = [one.value for row in sheet.iter_rows(max_row=3) for one in row if one.value is not None]
    assert said == [table.title, "2026年度 · 已核 · 快照 3 · 2026-12-20"]
    unit = f"被考核工作部门：质监分局　　　得分：{shown(table.total)}"
    assert [sheet.cell(6 + len(table.lines) + n, 1).value for n in range(2)] == ["附注", unit]
    sums = [one.value for one in sheet[5 + len(table.lines)]]
    assert (sums[0], sums[3], sums[5]) == ("合计", 100, float(shown(table.total)))


def test_units_of_a_category_have_a_sheet_each_and_a_summary_with_the_same_figures() -> None:
    tables = [made(scored(TOWNS, n), unit) for n, unit in enumerate(("孟河镇", "薛家镇", "河海街道"))]

    read = book(*tables)

    assert read.sheetnames == ["汇总", "孟河镇", "薛家镇", "河海街道"]
    for row, table in zip(read["汇总"].iter_rows(min_row=5, values_only=True), tables, strict=True):
        figures = [float(line.scored) for line in table.lines]  # type: ignore[arg-type]
        assert list(row) == [table.unit, *figures, float(shown(table.total))]
        sheet = read[table.unit]
        assert [sheet.cell(5 + n, 5).value for n in range(len(table.lines))] == figures


def test_facts_and_check_follow_where_the_scorings_are_given() -> None:
    breakdown = scored(TOWNS)

    content = workbook([made(breakdown)], breakdown.plan, [Checked("孟河镇", breakdown)])

    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == ["孟河镇", "事实", "校核"]


def test_no_text_is_ever_a_formula() -> None:
    breakdown = scored(DEPARTMENTS)
    for words in HOSTILE:
        honour = Honour(words, words, words, words)
        table = made(breakdown, words, {"6.1a": [honour] * 2})._replace(remarks=(words,), title=words)

        read = book(table, table)

        cells = [one for sheet in read.worksheets for row in sheet.iter_rows() for one in row if one.value is not None]
        assert {one.data_type for one in cells} == {"s", "n"}
        assert [one.hyperlink for one in cells] == [None] * len(cells)
        texts = [one for one in cells if one.data_type == "s" and str(one.value)[0] in "=+-@{"]
        assert len(texts) >= 4
        assert all(one.quotePrefix for one in texts)


@pytest.mark.parametrize(
    "name", ["孟\x00河\x0b镇\ud800", "\u202e镇河孟\u202c", "شركة الجودة", "镇" * 300, "A&B<C>'\"", "[a]:b/c\\d?*"]
)
def test_any_name_can_be_printed(name: str) -> None:
    breakdown = scored(DEPARTMENTS)

    sheet = book(made(breakdown, name, {"6.1a": [Honour(name)]})).worksheets[0]

    kept = unit_line(sheet).removeprefix("被考核工作部门：").partition("　")[0]
    assert kept == clean(name)
    assert all(c.isprintable() for c in kept)
    assert 0 < len(sheet.title) <= 31
    assert kept in sheet["G10"].value


def test_it_is_printed_on_a4_with_its_head_on_every_page() -> None:
    across, upright = (book(made(scored(rubric))).worksheets[0] for rubric in (DEPARTMENTS, TOWNS))

    assert (across.page_setup.orientation, upright.page_setup.orientation) == ("landscape", "portrait")
    assert (upright.page_setup.paperSize, upright.print_title_rows, upright.freeze_panes) == (9, "$4:$4", "A5")
    assert (upright.sheet_properties.pageSetUpPr.fitToPage, upright.page_setup.fitToHeight) == (True, 0)


def test_rows_are_high_enough_for_their_words() -> None:
    table = made(scored(TOWNS))

    sheet = book(table).worksheets[0]

    heights = [sheet.row_dimensions[5 + n].height for n in range(len(table.lines))]
    assert all(height >= 14 * len(line.method) for height, line in zip(heights, table.lines, strict=True))


def test_groups_of_items_are_one_cell() -> None:
    sheet = book(made(scored("hunan"))).worksheets[0]

    merged = [str(one) for one in sheet.merged_cells.ranges if one.min_row > 4]
    assert "A5:A7" in merged  # 质量发展战略规划 has three
    assert {"A52:A54", "B52:B54"} <= set(merged)  # 制度、方法和机制创新 is one item printed with three sums
    assert "A55:B55" in merged  # what belongs to no group


def test_indicators_are_merged_within_their_groups_as_printed() -> None:
    sheet = book(made(scored("changzhou"))).worksheets[0]

    merged = {str(one) for one in sheet.merged_cells.ranges if one.min_row > 4 and one.max_col <= 3}
    assert {"A5:A10", "B5:B6", "B7:B9", "A11:A18", "B11:B14", "A32:C32", "A33:C33"} <= merged
    assert sheet["A32"].value == "加分项"


def test_a_head_over_two_columns_is_one_cell_and_rows_of_one_number_share_it() -> None:
    sheet = book(official(scored("xinbei-2011-tasks"), "质监分局", "部门", "claimed", "自报", AT)).worksheets[0]

    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {"B4:C4", "A7:A10", "B7:B10"} <= merged  # 3 夯实标准计量基础 has four rows of this department


def test_the_same_table_is_the_same_file_and_none_is_refused() -> None:
    table = made(scored(TOWNS))

    assert workbook([table]) == workbook([table])
    with pytest.raises(ValueError, match="needs a table"):
        workbook([])
