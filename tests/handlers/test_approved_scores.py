"""得分 before and after 审定: what a unit may still reach, then what was approved, in the words, the sheet and the papers."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from talk import Office, Person

from channels import keys
from reports import score_picture
from reports.score_table import Range, ScoreTable

TOWNS, TASKS = "xinbei-2011-towns", "xinbei-2011-tasks"


@pytest.fixture
def wang(office: Office) -> Person:
    return office.person("wang", "office")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[ScoreTable]:
    """The tables that pictures were made of."""
    seen: list[ScoreTable] = []
    make = score_picture.pictures
    monkeypatch.setattr(score_picture, "pictures", lambda table: seen.append(table) or make(table))
    return seen


def answer(person: Person, criterion: str, words: str, rubric: str = TOWNS) -> None:
    person.press_key(keys.pack("ask", 1, rubric, criterion))
    person.send(words)


def passed(wang: Person, criterion: str, rubric: str = TOWNS) -> None:
    wang.press_key(keys.pack("rv-see", 1, rubric, criterion))
    wang.press("通过")


def proven_and_verified(chen: Person, wang: Person) -> None:
    """2.1 has its proof and waits; 10.2 is passed without any; of the tasks one row is passed without proof."""
    answer(chen, "2.1", "有")
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.send_file("名牌培育规划.pdf")
    answer(chen, "10.2", "4条")
    for ident in ("19.1", "19.2"):
        answer(chen, ident, "有", TASKS)
    passed(wang, "10.2")
    for ident in ("19.1", "19.2"):
        passed(wang, ident, TASKS)


def freeze(wang: Person) -> None:
    wang.send("快照")
    wang.press("审定")
    wang.press(next(label for label in wang.labels if label in {"确认", "仍要审定"}))


def of_menghe(table: ScoreTable) -> dict[str, Any]:
    row = next(row for row in table.rows if row.unit == "孟河镇")
    cells = {column.id: cell for column, cell in zip(table.columns, row.cells, strict=True)}
    return {**cells, "total": row.total, "basic": row.basic}


def sheet_of(office: Office, person: Person) -> dict[str, Any]:
    """The row of 孟河镇 in the newest workbook that was sent."""
    (*_, file) = (row["file"] for row in person.rows() if row["file"] and row["file"]["name"].endswith(".xlsx"))
    page = load_workbook(BytesIO(office.files.path_of(file["ref"]).read_bytes())).worksheets[0]
    heads = [cell.value for cell in page[3]]
    return dict(zip(heads, [cell.value for cell in page[5]], strict=True))


def paper(office: Office, person: Person, name: str) -> str:
    person.send(f"导出 {name}")
    (*_, file) = (row["file"] for row in person.rows() if row["file"] and row["file"]["name"].endswith(".docx"))
    read = docx.Document(BytesIO(Path(office.files.path_of(file["ref"])).read_bytes()))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in read.paragraphs), *cells])


def test_what_is_verified_without_proof_counts_below_the_range_and_in_every_cell(
    chen: Person, wang: Person, drawn: list[ScoreTable]
) -> None:
    proven_and_verified(chen, wang)

    wang.send("得分")

    towns = of_menghe(drawn[0])
    assert towns["10"].figure == 3
    assert towns["10"].verified
    assert towns["2"].figure == Range(0, 2)  # type: ignore[arg-type]
    assert towns["total"] == 3  # 2 with proof is not more than what is verified


def test_the_line_of_a_tasks_table_has_all_three_figures(chen: Person, wang: Person) -> None:
    proven_and_verified(chen, wang)

    wang.send("得分")

    assert any("孟河镇  自报完成 1/2 行  有材料 0/2  已核 1/2" in row["text"] for row in wang.rows())


def test_once_approved_every_figure_is_the_verified_one(
    office: Office, chen: Person, wang: Person, drawn: list[ScoreTable]
) -> None:
    proven_and_verified(chen, wang)
    freeze(wang)
    drawn.clear()

    wang.send("得分")

    said = "\n".join(row["text"] for row in wang.rows())
    assert "以审定的第 1 号快照为准" in said
    assert "孟河镇  3/100 分  有材料 2  自报 5" in said
    assert "审定的完成行数" in said
    assert "孟河镇  完成 1/2 行  有材料 0/2  自报 1/2" in said
    towns = of_menghe(drawn[0])
    assert all(cell.verified for ident, cell in towns.items() if ident.isdigit())
    assert [towns[ident].figure for ident in ("2", "10")] == [0, 3]
    assert towns["total"] == 3
    drawn.clear()
    wang.press_key(keys.pack("snapshot", 1))
    assert of_menghe(drawn[0]) == towns


def test_the_sheet_of_a_snapshot_has_one_number_for_one_meaning(office: Office, chen: Person, wang: Person) -> None:
    proven_and_verified(chen, wang)
    wang.send("快照 初评")

    wang.press_key(keys.pack("snapshot", 1))

    row = sheet_of(office, wang)
    assert [row[head] for head in ("合计", "自报", "有材料", "已核")] == [3, 5, 2, 3]
    assert not [head for head in row if str(head).startswith("合计（")]


@pytest.mark.parametrize("name", ["通报稿", "领导一页"])
def test_papers_once_approved_have_no_ranges_and_nothing_left_to_review(
    office: Office, chen: Person, wang: Person, name: str
) -> None:
    answer(chen, "2.1", "有")
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.send_file("名牌培育规划.pdf")
    assert "0–2" in paper(office, wang, name)

    freeze(wang)

    text = paper(office, wang, name)
    assert "–" not in text
    assert "没有核完" not in text
    assert "审定" in text


def test_a_units_card_once_approved_has_the_approved_figure_for_leaders(
    office: Office, chen: Person, wang: Person
) -> None:
    zhou = office.person("zhou", "leader")
    answer(chen, "2.1", "有")
    chen.press_key(keys.pack("ask", 1, TOWNS, "2.1"))
    chen.send_file("名牌培育规划.pdf")
    freeze(wang)

    zhou.send("单位 孟河镇")

    card = next(row["text"] for row in zhou.rows() if "孟河镇 · 2011年各镇" in row["text"])
    assert "得分 0/100 分（审定）" in card
    assert "–" not in card
