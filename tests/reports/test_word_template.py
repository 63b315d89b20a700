"""The office's own Word forms: words and parts filled in, everything else as the office has made it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from talk import START, ZONE

from reports import bulletin, leader_page, rectification_sheet, review_opinion, self_report_paper
from reports.templates import TemplateError, in_form
from reports.word import Sheet
from reports.word_template import Filling, filled

AT: datetime = START.astimezone(ZONE)


def results(sheet: Sheet) -> None:
    """A part: a heading, a sentence, a table."""
    sheet.paragraph("一、结果", size=14, bold=True)
    sheet.paragraph("共 1 个单位。")
    table = sheet.table(("单位", "得分"), (100, 70))
    sheet.row(table, (["孟河镇"], ["86.5"]), (1,))


def filling(**words: str) -> Filling:
    named = {f"{{{{{name}}}}}": said for name, said in words.items()}
    return Filling("通报", named, {"{{结果}}": results}, ("{{结果}}",), AT)


def template(change: Callable[[Any], None] = lambda _: None) -> bytes:
    made = docx.Document()
    made.add_paragraph("{{标题}}")
    made.add_paragraph("{{结果}}")
    made.add_paragraph("此致")
    change(made)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def read(form: bytes, **words: str) -> Any:
    return docx.Document(BytesIO(filled(form, filling(**words))))


def test_a_part_takes_the_place_of_its_paragraph() -> None:
    made = read(template(), 标题="关于考核的通报")

    body = [child.tag.rpartition("}")[2] for child in made.element.body]
    assert [paragraph.text for paragraph in made.paragraphs] == ["关于考核的通报", "一、结果", "共 1 个单位。", "此致"]
    assert body == ["p", "p", "p", "tbl", "p", "sectPr"]


def test_running_text_of_a_part_looks_like_the_paragraph_it_replaces() -> None:
    def change(made: Any) -> None:
        place = made.paragraphs[1]
        place.paragraph_format.first_line_indent = Pt(32)
        place.runs[0].font.size, place.runs[0].font.name = Pt(16), "仿宋_GB2312"

    heading, sentence = read(template(change)).paragraphs[1:3]

    assert sentence.text == "共 1 个单位。"
    assert sentence.paragraph_format.first_line_indent == Pt(32)
    assert (sentence.runs[0].font.size, sentence.runs[0].font.name) == (Pt(16), "仿宋_GB2312")
    assert (heading.runs[0].font.size, heading.runs[0].font.bold) == (Pt(16), True)  # no smaller than its text


def test_words_stand_in_tables_headers_and_however_word_has_split_them() -> None:
    def change(made: Any) -> None:
        made.add_table(1, 1).rows[0].cells[0].text = "{{考核办}}（盖章）"
        made.sections[0].header.paragraphs[0].text = "{{考核办}}"
        for part in ("{", "{考核", "办}", "}收"):
            made.paragraphs[2].add_run(part)

    made = read(template(change), 考核办="区质强办")

    assert made.tables[-1].rows[0].cells[0].text == "区质强办（盖章）"
    assert made.sections[0].header.paragraphs[0].text == "区质强办"
    assert made.paragraphs[-1].text == "此致区质强办收"


def test_a_name_that_looks_like_a_placeholder_stays_a_name() -> None:
    assert read(template(), 标题="{{考核办}}", 考核办="区质强办").paragraphs[0].text == "{{考核办}}"


def test_a_line_of_nothing_but_empty_words_is_left_out() -> None:
    assert read(template(), 标题="").paragraphs[0].text == "一、结果"


def test_a_table_fills_the_page_of_the_office_and_has_rules_without_a_style() -> None:
    def change(made: Any) -> None:
        section = made.sections[0]
        section.page_width, section.left_margin, section.right_margin = Mm(210), Mm(28), Mm(26)
        style = made.styles["Table Grid"].element
        style.getparent().remove(style)

    table = read(template(change)).tables[0]

    assert sum(round(column.width.mm) for column in table.columns) == 156
    rules = table._tbl.tblPr.find(qn("w:tblBorders"))
    assert {rule.get(qn("w:val")) for rule in rules} == {"single"}


@pytest.mark.parametrize("words", ["", "结果：{{结果}}"])
def test_a_form_without_a_place_for_its_main_part_is_refused(words: str) -> None:
    def change(made: Any) -> None:
        made.paragraphs[1].text = words

    with pytest.raises(TemplateError, match=re.escape("没有单独成段的 {{结果}}")):
        filled(template(change), filling())


def test_what_is_no_docx_is_refused_by_its_name(tmp_path: Any) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "通报稿.docx").write_bytes(b"%PDF-1.4")

    with pytest.raises(TemplateError, match=r"templates/通报稿\.docx：模板打不开"):
        in_form(tmp_path, "通报稿.docx", lambda form: filled(form or b"", filling()))


@pytest.mark.parametrize("paper", [bulletin, leader_page, rectification_sheet, review_opinion, self_report_paper])
def test_each_form_of_ours_holds_the_placeholders_its_papers_description_names(paper: Any) -> None:
    opened = docx.Document(BytesIO(paper.blank()))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    foot = [paragraph.text for paragraph in opened.sections[0].footer.paragraphs]

    held = set(re.findall(r"\{\{\w+\}\}", "\n".join([*(one.text for one in opened.paragraphs), *cells, *foot])))
    told = {f"{{{{{name}}}}}" for name in re.findall(r"\{\{(\w+)\}\}", paper.__doc__)}

    assert paper.TEMPLATE in paper.__doc__
    assert held
    assert held <= told
