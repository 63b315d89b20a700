"""整改清单 and 整改报告: read back; lines, points and states are those that are kept; no text is ever a formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from proof_world import MENGHE, TOWNS, World
from talk import START, ZONE

from reports import rectification_sheet
from reports.rectification_sheet import Line, Rectified
from reports.score_table import shown
from reports.templates import TemplateError
from storage import evidence, rectifications
from storage.rectifications import Rectification

NOTICED = date(2026, 11, 20)
DUE = date(2026, 12, 20)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    made.office.person("wang", "office")
    made.do(rectifications.begin_in, 1, NOTICED, START.date())
    yield made
    made.close()


def lines(world: World, unit: int | None = MENGHE) -> list[Rectification]:
    return world.read(rectifications.lines_in, 1, unit)  # type: ignore[no-any-return]


def line(world: World, ident: str) -> Rectification:
    return next(one for one in lines(world) if (one.rubric_id, one.criterion_id) == (TOWNS.id, ident))


def mend(world: World, ident: str, *, until: str = "closed") -> evidence.Evidence:
    file = world.file(f"{ident}整改后.pdf")
    world.do(rectifications.plan_in, line(world, ident), "补开例会并留纪要", "王主任", DUE)
    world.do(rectifications.prove_in, line(world, ident), [file.id])
    if until != "planned":
        world.do(rectifications.report_in, line(world, ident))
    if until == "closed":
        world.do(rectifications.close_in, line(world, ident), person=2)
    return file


def made(world: World, unit: int | None = MENGHE) -> Rectified:
    about = (world.office.campaign, START, ZONE, unit)
    return world.read(rectification_sheet.of_campaign, *about)  # type: ignore[no-any-return]


def sheet(one: Rectified) -> list[list[Any]]:
    book = openpyxl.load_workbook(BytesIO(rectification_sheet.workbook(one)))
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]


def test_the_sheet_has_every_line_of_every_unit_with_the_points_that_are_kept(world: World) -> None:
    rows = sheet(made(world, None))

    kept = lines(world, None)
    assert len(rows) == len(kept) > 40
    assert [(row[1], row[3]) for row in rows] == [(one.unit, float(one.lost) if one.lost else "—") for one in kept]
    assert [row[4] for row in rows] == [one.because for one in kept]
    assert {row[1] for row in rows} >= {"孟河镇", "西夏墅镇"}


def test_a_line_shows_measure_person_day_proof_and_how_far_it_is(world: World) -> None:
    mend(world, "1.1")
    mend(world, "1.2", until="reported")
    mend(world, "2.1", until="planned")

    rows = {row[2].split(" ")[0]: row for row in sheet(made(world))}

    plan = ["补开例会并留纪要", "王主任", "2026-12-20"]
    assert rows["1.1"][5:] == [*plan, "1.1整改后.pdf", "已销号", "2026-11-21"]
    assert rows["1.2"][5:10] == [*plan, "1.2整改后.pdf", "已报完成，等销号"]
    assert rows["2.1"][9] == "整改中"
    assert rows["2.2"][9] == "没写措施"


def test_a_file_taken_back_is_not_named(world: World) -> None:
    file = mend(world, "1.1", until="planned")
    world.do(evidence.withdraw_in, MENGHE, file.id)

    assert next(row for row in made(world).lines if row.clause.startswith("1.1 ")).proof == ()


def test_the_report_of_a_unit_says_how_many_are_done(world: World) -> None:
    mend(world, "1.1")
    mend(world, "1.2", until="reported")
    one = made(world)

    paper = docx.Document(BytesIO(rectification_sheet.document(one)))

    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "孟河镇2026年度质量工作整改报告" in text
    assert f"需整改 {len(one.lines)} 条，已完成 2 条，其中考核办已销号 1 条。" in text
    rows = {row.cells[1].text.split(" ")[0]: [c.text for c in row.cells] for row in paper.tables[0].rows[1:]}
    assert len(rows) == len(one.lines)
    assert rows["1.1"][2:5] == [shown(line(world, "1.1").lost), line(world, "1.1").because, "补开例会并留纪要"]
    assert rows["1.1"][5:] == ["王主任\n2026-12-20", "1.1整改后.pdf", "已销号"]
    assert rows["2.2"][4:7] == ["（请补充）", "（请补充）\n2026-12-20", "（请补充）"]


def test_a_report_of_all_units_or_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="one unit"):
        rectification_sheet.document(made(world, None))
    with pytest.raises(ValueError, match="something to mend"):
        rectification_sheet.document(made(world)._replace(lines=()))


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://127.0.0.1/","x")'])
def test_no_text_is_a_formula(world: World, words: str) -> None:
    odd = made(world).lines[0]._replace(because=words, measure=words, who=words, proof=(words,), unit=words)

    book = openpyxl.load_workbook(BytesIO(rectification_sheet.workbook(made(world)._replace(lines=(odd,)))))

    cells = [book.active.cell(4, column) for column in (2, 5, 6, 7, 9)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [words.strip()] * 5


def test_points_that_no_rubric_prints_are_a_dash_on_paper(world: World) -> None:
    odd: Line = made(world).lines[0]._replace(lost=line(world, "1.1").lost * 0)

    paper = docx.Document(BytesIO(rectification_sheet.document(made(world)._replace(lines=(odd,)))))

    assert paper.tables[0].rows[1].cells[2].text == "—"


def form(*heads: str) -> bytes:
    """A list form of the office's: a title, its heads, a model row, a line beneath."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["{{考核办}}　{{标题}}"])
    sheet.append(list(heads))
    sheet["B3"].font = openpyxl.styles.Font(name="楷体", size=14)
    sheet["A5"] = "审核人："
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_the_list_is_filled_into_the_offices_own_form(world: World) -> None:
    mend(world, "1.1")
    one = made(world)

    book = openpyxl.load_workbook(BytesIO(rectification_sheet.workbook(one, form("条目", "扣分", "领导批示", "进展"))))

    sheet, count = book.active, len(one.lines)
    assert sheet["A1"].value == f"{one.office}　孟河镇2026年度质量工作整改清单"
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=3, max_row=2 + count)]
    assert [row[0] for row in rows] == [line.clause for line in one.lines]
    assert {row[2] for row in rows} == {None}
    assert [row[3] for row in rows] == [line.state for line in one.lines]
    assert rows[0][1] == float(one.lines[0].lost)
    assert {sheet.cell(y, 2).font.name for y in range(3, 3 + count)} == {"楷体"}
    assert sheet.cell(4 + count, 1).value == "审核人："


def test_our_own_form_of_the_list_gives_the_list(world: World) -> None:
    def grid(content: bytes) -> list[list[Any]]:
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        return [[cell.value or None for cell in row] for row in sheet.iter_rows()]

    filled = rectification_sheet.workbook(made(world), rectification_sheet.list_blank())

    assert grid(filled) == grid(rectification_sheet.workbook(made(world)))


def test_a_list_form_without_its_heads_is_refused(world: World) -> None:
    with pytest.raises(TemplateError, match="没有表头"):
        rectification_sheet.workbook(made(world), form("甲", "乙"))
    with pytest.raises(TemplateError, match="打不开"):
        rectification_sheet.workbook(made(world), b"no zip")


@pytest.mark.parametrize("words", ["=1+1", "@SUM(A1)"])
def test_no_text_in_the_offices_list_is_a_formula(world: World, words: str) -> None:
    odd = made(world).lines[0]._replace(because=words)

    content = rectification_sheet.workbook(made(world)._replace(lines=(odd,)), form("条目", "扣分原因"))

    cell = openpyxl.load_workbook(BytesIO(content)).active["B3"]
    assert (cell.value, cell.data_type) == (words, "s")
