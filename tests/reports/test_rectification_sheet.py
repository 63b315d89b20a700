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
