"""The 自评表: read back from the Word file it is printed from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from reports.score_table import Done
from reports.self_assessment import Line, SelfAssessment, document

LINES = (
    Line(
        "1",
        "组织领导与目标责任",
        Decimal(10),
        Decimal("8.5"),
        ("会议纪要（孟政办〔2026〕12号）", "签到表.pdf"),
        ("1.2 专题会议：2 次", "1.3 上报计划：是"),
    ),
    Line("2", "名牌战略", Decimal(15), None),
)
MADE = SelfAssessment(
    2026,
    "2011年各镇、街道质量振兴工作考核评分细则",
    "孟河镇",
    LINES,
    Decimal("8.5"),
    Decimal(100),
    "2026-0017",
    datetime(2026, 12, 20, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
)


def read(assessment: SelfAssessment = MADE) -> Any:
    return docx.Document(BytesIO(document(assessment)))


def rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_sheet_says_who_for_which_year_under_which_rules() -> None:
    said = [paragraph.text for paragraph in read().paragraphs if paragraph.text]

    assert said == [
        "2026年度质量工作考核自评表",
        "2011年各镇、街道质量振兴工作考核评分细则",
        "单位：孟河镇",
        "我单位对以上自评内容和所附材料的真实性负责。",
        "回执号：2026-0017　提交日期：2026年12月20日",
    ]


def test_the_table_has_a_line_an_item_with_answers_and_proof_and_the_total() -> None:
    assert rows(read().tables[0]) == [
        ["序号", "考核内容", "标准分", "自评得分", "佐证材料"],
        [
            "1",
            "组织领导与目标责任\n1.2 专题会议：2 次\n1.3 上报计划：是",
            "10",
            "8.5",
            "会议纪要（孟政办〔2026〕12号）\n签到表.pdf",
        ],
        ["2", "名牌战略", "15", "—", "—"],
        ["", "合计", "100", "8.5", ""],
    ]


def test_there_are_places_for_signature_seal_and_date() -> None:
    places = "".join(cell for row in rows(read().tables[1]) for cell in row)

    assert all(words in places for words in ("负责人（签字）", "单位（盖章）", "日期：", "填表人（签字）"))


def test_it_is_a4_and_the_head_is_repeated_and_rows_are_not_torn() -> None:
    made = read()

    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    marks = [{child.tag for child in row._tr.trPr} for row in made.tables[0].rows]
    assert marks == [{qn("w:tblHeader"), qn("w:cantSplit")}, *([{qn("w:cantSplit")}] * 3)]


def test_the_table_is_as_wide_as_the_page_leaves_room() -> None:
    made = read()
    section = made.sections[0]

    widths = [sum(cell.width for cell in row.cells) for row in made.tables[0].rows]

    room = section.page_width - section.left_margin - section.right_margin
    assert all(abs(width - room) < Mm(1) for width in widths)


def test_every_run_names_a_chinese_font() -> None:
    made = read()
    footer = made.sections[0].footer.paragraphs[0]._p

    runs = [*made.element.body.iter(qn("w:r")), *footer.iter(qn("w:r"))]

    named = {run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in runs}
    assert named == {"仿宋", "宋体"}


def test_every_page_names_unit_receipt_and_page_number() -> None:
    footer = read().sections[0].footer.paragraphs[0]

    fields = [field.get(qn("w:instr")) for field in footer._p.iter(qn("w:fldSimple"))]
    said = "".join(text.text for text in footer._p.iter(qn("w:t")))
    assert said == "孟河镇　回执号 2026-0017　第 1 页 共 1 页"
    assert fields == ["PAGE", "NUMPAGES"]


def test_a_department_s_tasks_are_counted_in_rows() -> None:
    tasks = MADE._replace(lines=(Line("4", "环境质量", None, Done(9, 11)),), total=Done(0, 1), of=None)

    assert rows(read(tasks).tables[0])[1:] == [
        ["4", "环境质量", "—", "9/11", "—"],
        ["", "合计", "—", "完成 0/1 行", ""],
    ]


def test_controls_in_what_people_wrote_do_not_break_the_file() -> None:
    spoiled = LINES[0]._replace(content="组织\x00领导\u202e", proof=("a\ud800.pdf",), answers=("1\x0b2\ufffe",))

    assert rows(read(MADE._replace(lines=(spoiled,), unit="孟\x08河镇")).tables[0])[1] == [
        "1",
        "组织领导\n1 2",
        "10",
        "8.5",
        "a.pdf",
    ]


def test_an_assessment_without_items_is_refused() -> None:
    with pytest.raises(ValueError, match="an assessment without items cannot be signed"):
        document(MADE._replace(lines=()))


def test_the_file_names_no_author_and_tells_when_it_was_made() -> None:
    properties = read().core_properties

    assert (properties.author, properties.comments, properties.title) == ("", "", "孟河镇2026年度自评表")
    assert properties.created.replace(tzinfo=None) == datetime(2026, 12, 19, 16, 30)  # noqa: DTZ001 - as kept, in UTC
