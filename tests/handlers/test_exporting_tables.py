"""得分表 in the chat: as a workbook and as documents, of one unit and of all, with the office's own templates."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from papers import RUBRIC, ask
from talk import Office, Person

from rubrics import loader

TOWNS = "2011年各镇、街道质量振兴工作考核评分细则"
DEPARTMENTS = loader.load("xinbei-2011-departments").title


@pytest.fixture
def wang(office: Office, chen: Person) -> Person:
    """Somebody of the office, after 孟河镇 has claimed 2 points with an honour beside them."""
    ask(chen, "2.1")
    chen.send("有")
    chen.send_file("名牌培育规划.pdf")
    ask(chen, "3.3a")
    chen.send("3月14日 省质量奖 常州某厂 江苏省人民政府授予 苏政发〔2026〕8号")
    return office.person("wang", "office")


def sent(wang: Person, whose: str, how: str) -> dict[str, bytes]:
    """What was sent by name."""
    wang.send("导出 得分表")
    wang.press(whose)
    before = len(wang.rows())
    wang.press(how)
    files = [row["file"] for row in wang.rows()[before:] if row["file"]]
    return {file["name"]: wang.office.files.path_of(file["ref"]).read_bytes() for file in files}


def words(document: Any) -> str:
    """Everything a document says."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_one_unit_comes_as_a_workbook_and_as_a_document(wang: Person) -> None:
    made = sent(wang, "孟河镇", "按自报")

    book, paper = (made[f"2026_孟河镇_得分表_自报_{TOWNS}.{ending}"] for ending in ("xlsx", "docx"))
    assert sorted(name.rpartition(".")[2] for name in made) == ["docx", "docx", "xlsx", "xlsx"]  # the tasks table too
    sheets = openpyxl.load_workbook(io.BytesIO(book)).sheetnames
    assert any("校核" in name for name in sheets)
    said = words(docx.Document(io.BytesIO(paper)))
    assert "孟河镇" in said
    assert "省质量奖 常州某厂（江苏省人民政府，省级，苏政发〔2026〕8号）" in said


def test_all_units_come_as_a_workbook_and_a_zip_of_documents_a_rubric(wang: Person) -> None:
    made = sent(wang, "全部单位", "按已核")

    name = f"2026_全部单位_得分表_已核_{TOWNS}"
    assert f"{name}.xlsx" in made
    with zipfile.ZipFile(io.BytesIO(made[f"{name}.zip"])) as papers:
        assert papers.namelist() == ["孟河镇.docx", "西夏墅镇.docx"]
        assert "西夏墅镇" in words(docx.Document(io.BytesIO(papers.read("西夏墅镇.docx"))))
    assert f"2026_全部单位_得分表_已核_{DEPARTMENTS}.zip" in made


def test_the_figures_of_workbook_and_document_are_the_same(wang: Person) -> None:
    made = sent(wang, "孟河镇", "按有材料")

    book, paper = (made[f"2026_孟河镇_得分表_有材料_{TOWNS}.{ending}"] for ending in ("xlsx", "docx"))
    sheet = openpyxl.load_workbook(io.BytesIO(book))["孟河镇"]
    cells = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "得分：2" in cells
    assert "得分：2" in words(docx.Document(io.BytesIO(paper)))


def test_the_offices_own_template_is_used(office: Office, wang: Person) -> None:
    template = docx.Document(io.BytesIO(sent(wang, "孟河镇", "按已核")[f"2026_孟河镇_得分表_已核_{TOWNS}.docx"]))
    folder = office.files.folder.parent / "templates"
    folder.mkdir()
    template.add_paragraph("本区自己的模板")
    template.save(str(folder / f"{RUBRIC}.docx"))

    made = sent(wang, "孟河镇", "按自报")

    assert "本区自己的模板" in words(docx.Document(io.BytesIO(made[f"2026_孟河镇_得分表_自报_{TOWNS}.docx"])))
