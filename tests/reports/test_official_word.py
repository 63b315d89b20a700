"""The official tables as Word documents, read back; ours and those made from a template of the office."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from official_tables import AT, HOSTILE, UNITS, made, scored

from reports.lettering import clean
from reports.official_table import Honour, OfficialTable, cell
from reports.official_word import blank, document
from reports.score_table import Done, shown
from reports.templates import TemplateError

TOWNS = "xinbei-2011-towns"
DEPARTMENTS = "xinbei-2011-departments"


def read(table: OfficialTable, template: bytes | None = None) -> Any:
    return docx.Document(BytesIO(document(table, template)))


def rows(opened: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in opened.tables[0].rows]


def said(value: Any) -> str:
    return "\n".join(value) if isinstance(value, tuple) and not isinstance(value, Done) else shown(value)


def shown_at(line: Any, fields: Any, x: int) -> Any:
    """The field that is seen in a column: a title of no section takes the columns before its own."""
    across = not line.section and "section" in fields and fields.index("section") <= x < fields.index("content")
    return "content" if across else fields[x]


@pytest.mark.parametrize("rubric", UNITS)
def test_every_cell_is_the_tables(rubric: str) -> None:
    table = made(scored(rubric, 2))

    heads, *body, sums = rows(read(table))

    assert heads == [column.head for column in table.layout.columns]
    fields = table.layout.fields
    assert body == [[said(cell(line, shown_at(line, fields, x))) for x in range(len(fields))] for line in table.lines]
    assert sums[0] == "合计"
    assert [words for words, field in zip(sums, fields, strict=True) if field == "scored"] == [
        shown(table.total) for field in fields if field == "scored"
    ]


def test_title_unit_total_score_and_snapshot_stand_around_it() -> None:
    table = made(scored(TOWNS))._replace(remarks=("一", "二"))

    opened = read(table)

    lines = [paragraph.text for paragraph in opened.paragraphs if paragraph.text]
    total = shown(table.total)
    assert lines == [
        table.title,
        f"被考核单位：孟河镇　　　　得分：{total}",
        "2026年度 · 已核 · 快照 3 · 2026-12-20",
        "一\n二",
    ]
    footer = "".join(text.text for text in opened.sections[0].footer.paragraphs[0]._p.iter(qn("w:t")))
    assert footer == "孟河镇　2026年度 · 已核 · 快照 3 · 2026-12-20　第 1 页 共 1 页"
    assert (opened.core_properties.title, opened.core_properties.created) == (table.title, AT)


def test_a_department_and_its_score_stand_beneath_the_table_as_printed() -> None:
    table = made(scored(DEPARTMENTS))._replace(remarks=("附注",))

    lines = [paragraph.text for paragraph in read(table).paragraphs if paragraph.text]

    unit = f"被考核工作部门：质监分局　　　　得分：{shown(table.total)}"
    assert lines == [table.title, "2026年度 · 已核 · 快照 3 · 2026-12-20", "附注", unit]


def test_it_is_a4_its_head_is_repeated_and_rows_are_not_torn() -> None:
    across, upright = read(made(scored(DEPARTMENTS))), read(made(scored(TOWNS)))

    assert round(across.sections[0].page_width.mm) == round(upright.sections[0].page_height.mm) == 297
    marks = [{child.tag for child in row._tr.trPr} for row in upright.tables[0].rows]
    assert marks == [{qn("w:tblHeader"), qn("w:cantSplit")}, *([{qn("w:cantSplit")}] * (len(marks) - 1))]


@pytest.mark.parametrize("rubric", [DEPARTMENTS, "hunan", "changzhou", "xinbei-2011-tasks"])
def test_the_table_is_as_wide_as_the_page_leaves_room(rubric: str) -> None:
    opened = read(made(scored(rubric)))
    section = opened.sections[0]

    room = section.page_width - section.left_margin - section.right_margin
    widths = {sum(tc.width for tc in row._tr.tc_lst) for row in opened.tables[0].rows}
    assert all(abs(width - room) < Mm(1) for width in widths)


def test_groups_of_items_are_one_cell() -> None:
    table = made(scored("hunan"))

    opened = read(table)

    merges = [row._tr.tc_lst[0].vMerge for row in opened.tables[0].rows]
    assert merges[1:5] == ["restart", "continue", "continue", "restart"]
    assert merges[-1] is None


def test_what_belongs_to_no_group_and_a_head_over_two_columns_are_one_cell() -> None:
    indicators, tasks = read(made(scored("changzhou"))), read(made(scored("xinbei-2011-tasks")))

    assert [tc.grid_span for tc in indicators.tables[0].rows[28]._tr.tc_lst] == [3, 1, 1, 1]
    assert indicators.tables[0].rows[28].cells[0].text == "加分项"
    assert [tc.grid_span for tc in tasks.tables[0].rows[0]._tr.tc_lst] == [1, 2, 1, 1, 1, 1, 1]


def test_smaller_groups_are_merged_within_the_greater_ones() -> None:
    table = read(made(scored("changzhou"))).tables[0]

    merges = [[row._tr.tc_lst[x].vMerge for row in table.rows][1:7] for x in (0, 1)]
    assert merges[0] == ["restart", *["continue"] * 5]
    assert merges[1] == ["restart", "continue", "restart", "continue", "continue", None]


def test_every_run_names_a_chinese_font() -> None:
    opened = read(made(scored(DEPARTMENTS)))

    runs = list(opened.element.body.iter(qn("w:r")))

    assert {run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in runs} == {"仿宋", "宋体"}


@pytest.mark.parametrize(
    "name",
    [
        *HOSTILE,
        "孟\x00河\x0b镇\ud800",
        "\u202e镇河孟",
        "شركة الجودة",
        "镇" * 300,
        "A&B<w:t>'\"",
        "]]>",
        "{{得分}}{{各行}}",
    ],
)
def test_any_name_can_be_printed_and_none_is_markup_or_a_placeholder(name: str) -> None:
    breakdown = scored(DEPARTMENTS)
    table = made(breakdown, name, {"6.1a": [Honour(name, name, name, name)]})._replace(remarks=(name,))

    opened = read(table)

    kept = clean(name)
    said = [p.text for p in opened.paragraphs if p.text]
    assert said[-1].startswith(f"被考核工作部门：{kept}　")
    assert kept in rows(opened)[6][6]
    assert said[-2] == kept
    assert all(clean(words) == words for row in rows(opened) for text in row for words in text.split("\n"))


def test_an_office_template_keeps_its_heads_fonts_and_words() -> None:
    office = docx.Document()
    office.add_paragraph("孟河考核专用").add_run("（{{单")  # Word splits words as it likes
    office.paragraphs[0].add_run("位}}，满分{{满分}}）")
    office.sections[0].header.paragraphs[0].text = "{{等次}}{{不认识}}"
    table = office.add_table(3, 4)
    for one, head in zip(table.rows[0].cells, ("实得分", "签字", "考核内容", "序 号"), strict=True):
        one.text = head
    run = table.rows[1].cells[2].paragraphs[0].add_run("例")
    run.font.color.rgb = RGBColor(0x11, 0x22, 0x33)
    table.rows[2].cells[0].text = "不要"
    official = made(scored(TOWNS))

    opened = read(official, saved(office))

    assert opened.paragraphs[0].text == "孟河考核专用（孟河镇，满分100）"
    assert opened.sections[0].header.paragraphs[0].text == "—{{不认识}}"
    found = rows(opened)
    assert found[0] == ["实得分", "签字", "考核内容", "序 号"]
    first = official.lines[0]
    assert found[1] == [shown(first.scored), "", "\n".join(first.content), "1"]
    assert [row[0] for row in found[1:]] == [*(shown(line.scored) for line in official.lines), shown(official.total)]
    colour = opened.tables[0].rows[3].cells[2].paragraphs[0].runs[0].font.color.rgb
    assert colour == RGBColor(0x11, 0x22, 0x33)


def test_a_template_of_one_row_takes_its_head_for_the_model() -> None:
    office = docx.Document()
    table = office.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "序号", "实得分"

    found = rows(read(made(scored(TOWNS)), saved(office)))

    assert [row[0] for row in found] == ["序号", *map(str, range(1, 11)), "合计"]


def test_our_own_template_can_be_changed_and_used() -> None:
    table = made(scored("changzhou"))

    assert rows(read(table, blank(table.layout))) == rows(read(table))


def test_what_is_no_template_is_a_sentence() -> None:
    table, office = made(scored(TOWNS)), docx.Document()

    with pytest.raises(TemplateError, match="打不开"):
        document(table, b"PK\x03\x04 nothing")
    with pytest.raises(TemplateError, match="没有考核表"):
        document(table, saved(office))
    office.add_table(1, 2)
    with pytest.raises(TemplateError, match="没有考核表"):
        document(table, saved(office))
    with pytest.raises(ValueError, match="needs lines"):
        document(table._replace(lines=()))


def test_the_same_table_is_the_same_file_and_well_formed() -> None:
    table = made(scored(TOWNS))

    assert document(table) == document(table)
    with ZipFile(BytesIO(document(table))) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_figures_are_printed_as_the_score_table_prints_them() -> None:
    table = made(scored(TOWNS))
    line = table.lines[0]._replace(scored=Decimal("2.50"))

    assert rows(read(table._replace(lines=(line,), total=Decimal("2.857"))))[1:] == [
        [line.number, said(line.content), said(line.method), "10", "2.5"],
        ["合计", "", "", "100", "2.86"],
    ]


def saved(opened: Any) -> bytes:
    target = BytesIO()
    opened.save(target)
    return target.getvalue()


@pytest.mark.parametrize("rubric", UNITS)
def test_the_sums_are_never_alone_on_a_page(rubric: str) -> None:
    table = read(made(scored(rubric, 2))).tables[0]

    kept = [
        {paragraph.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for paragraph in row._tr.iter(qn("w:p"))}
        for row in table.rows[-3:]
    ]
    assert kept == [{False}, {True}, {True}]
