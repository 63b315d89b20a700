"""附件1: every figure in its papers is the engine's, as of any day, and no text is ever a formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from proof_world import BUREAU, MENGHE, TASKS, World
from talk import START, ZONE

from reports import annex, annex_paper
from reports.annex import Annex
from reports.annex_paper import HEADS
from reports.score_table import Done
from rubrics.tasks import asked
from storage import scorecards, snapshots, task_notes

LATER = START + timedelta(days=20)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    for clause, fact in (("1.2", 95), ("1.3", 80), ("5.1", 5), ("5.2", 1), ("5.3", 40)):
        made.answer(clause, fact, BUREAU, TASKS)
    made.answer("1.4", None, BUREAU, TASKS, state="not_yet")
    yield made
    made.close()


def table(world: World, at: datetime = START) -> Annex:
    (made,) = world.read(annex.of_campaign, world.office.campaign, at, ZONE)
    return made


def sheet(made: Annex) -> list[list[Any]]:
    book = openpyxl.load_workbook(BytesIO(annex_paper.workbook(made)))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def words(made: Annex) -> list[list[str]]:
    read = docx.Document(BytesIO(annex_paper.document(made)))
    return [[cell.text for cell in row.cells] for row in read.tables[0].rows]


def test_every_row_of_every_lead_stands_in_the_order_of_the_table(world: World) -> None:
    made = table(world)

    units = (("孟河镇", "镇"), ("西夏墅镇", "镇"), ("质监分局", "部门"))
    expected = [(item.id, name) for item in TASKS.items for name, category in units if _leads(item.id, name, category)]
    assert [(row.number, row.lead) for row in made.rows] == expected


def _leads(item: str, name: str, category: str) -> bool:
    own = asked(TASKS, name, category)
    return item in own


def test_both_papers_say_the_figures_of_the_engine(world: World) -> None:
    made = table(world)
    book, page = sheet(made), words(made)

    stored = {row.unit: row.claimed.rows for row in world.read(scorecards.summary_in, world.office.campaign.id)
              if row.rubric_id == TASKS.id}  # fmt: skip
    figures = ["/".join(map(str, stored[row.lead][row.number])) for row in made.rows]
    place = HEADS.index("完成数/目标")
    assert [row[place] for row in book[3:]] == figures
    assert [row[place] for row in page[1:]] == figures
    assert ("5", "质监分局", "3/3") in {(row[0], row[2], row[4]) for row in page}
    assert f"完成 {sum(f.split('/')[0] == f.split('/')[1] for f in figures)}/{len(figures)} 行" in book[1][0]


def test_both_papers_say_the_same_in_every_cell(world: World) -> None:
    world.do(task_notes.add_in, BUREAU, TASKS, "1", problem="检测能力不足", next_step="添置设备")
    made = table(world)

    assert [list(map(_text, row)) for row in sheet(made)[2:]] == words(made)
    assert ["检测能力不足", "添置设备"] in [row[5:] for row in words(made)]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def test_each_target_is_told_with_what_was_asked_and_what_is_done(world: World) -> None:
    row = next(row for row in table(world).rows if (row.number, row.lead) == ("1", "质监分局"))

    assert [tuple(target) for target in row.targets] == [
        ("质量安全事故", "没发生", "没有填", False),
        ("许可证产品合格率", "≥92%", "95%", True),
        ("食品实物合格率", "≥90%", "80%", False),
        ("不合格企业整改率", "100%", "还没到时候", False),
    ]


def test_an_earlier_day_has_the_answers_and_words_of_that_day(world: World) -> None:
    world.answer("1.3", 92, BUREAU, TASKS, at=LATER)
    world.do(task_notes.add_in, BUREAU, TASKS, "1", problem="无", next_step="保持", at=LATER)

    then, now = (next(r for r in table(world, at).rows if r.lead == "质监分局") for at in (START, LATER))

    assert (then.done, then.problem) == (Done(1, 4), "")
    assert (now.done, now.problem) == (Done(2, 4), "无")
    assert table(world, START - timedelta(days=1)).complete == Done(0, len(table(world).rows))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\u202e反\x07", "长" * 500])
def test_no_words_of_a_department_are_a_formula_or_break_a_paper(world: World, text: str) -> None:
    world.do(task_notes.add_in, MENGHE, TASKS, "19", problem=text, next_step=text)
    made = table(world)

    book = openpyxl.load_workbook(BytesIO(annex_paper.workbook(made)))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert words(made)


def test_a_campaign_without_a_tasks_table_has_no_annex(tmp_path: Path) -> None:
    from talk import Office

    from storage.roster import RosterUnit

    office = Office(tmp_path / "data", ("xinbei-2011-towns",), [RosterUnit("孟河镇", "镇", (), (), ())])

    async def read() -> list[Annex]:
        async with office.database.read() as connection:
            return await annex.of_campaign(connection, office.campaign, START, ZONE)

    assert office.run(read()) == []
    office.close()


def test_after_the_freeze_the_table_says_what_was_verified_beside_what_is_reported(world: World) -> None:
    reported = table(world).complete
    world.do(snapshots.take_in, world.office.campaign.id, world.office.campaign.code, final=True, at=LATER)

    assert table(world, START).approved is None  # a day before it
    after = table(world, LATER)
    assert after.approved == Done(0, reported.of)
    assert f"按各单位填报 · 完成 {reported.done}/{reported.of} 行 · 审定按已核 0/{reported.of} 行" in str(
        [paragraph.text for paragraph in docx.Document(BytesIO(annex_paper.document(after))).paragraphs]
    )
