"""The 自评报告: read back from Word; its figures are the engine's, its attachments have the pack's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from proof_world import BUREAU, MENGHE, TASKS, TOWNS, World
from talk import START, ZONE

from reports import self_report
from reports.score_table import shown
from reports.self_report import SelfReport
from reports.self_report_paper import document
from storage import scorecards


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    meeting = made.entry("1.2", "一季度质量工作专题会议", date(2026, 3, 14), number="孟政发〔2026〕3号")
    made.entry("1.2", "三季度质量工作专题会议", date(2026, 9, 1))
    made.proves(made.file("纪要.pdf"), "1.2", entry_id=meeting)
    made.answer("2.1", True)
    made.proves(made.file("规划.pdf"), "2.1")
    made.answer("2.2", False)
    made.answer("3.1", 45)
    made.answer("10.2", 2)
    made.note("1.1", "offline", "分工文件", place="档案室")
    yield made
    made.close()


def report(world: World, unit: int = MENGHE) -> SelfReport:
    made: SelfReport = world.read(self_report.of_unit, world.office.campaign, unit, START, ZONE)
    return made


def read(made: SelfReport) -> Any:
    return docx.Document(BytesIO(document(made)))


def said(made: SelfReport) -> str:
    return "\n".join(paragraph.text for paragraph in read(made).paragraphs)


def test_every_score_in_the_report_is_the_engines(world: World) -> None:
    text = said(report(world))

    (row,) = [r for r in world.read(scorecards.summary_in, world.office.campaign.id, MENGHE) if r.rubric_id == TOWNS.id]
    assert f"自评 {shown(row.claimed.total)} 分，满分 100 分；其中有材料的 {shown(row.proven.total)} 分。" in text
    for item in TOWNS.items:
        heading = (
            f"{item.id}. {item.title}（标准分 {shown(item.points)} 分，自评 {shown(row.claimed.items[item.id])} 分）"
        )
        assert heading in text


def test_what_was_done_is_told_with_its_figures_and_meetings(world: World) -> None:
    text = said(report(world))

    meetings = "其中3月14日“一季度质量工作专题会议”（孟政发〔2026〕3号）、9月1日“三季度质量工作专题会议”"
    assert meetings in text
    assert "信息上报：2 条" in text
    assert "名牌规划：有" in text


def test_what_is_lacking_is_told_open_clauses_losses_and_proof(world: World) -> None:
    section = next(s for s in report(world).chapters[0].sections if s.number == "2")
    first = report(world).chapters[0].sections[0]

    assert any(words.startswith("名牌奖励：没做到") for words in section.lacking)
    assert "名牌申报还没有填报" in section.lacking
    assert "质量专题会的材料还没有交齐" in first.lacking
    assert not any("名牌规划" in words for words in section.lacking)


def test_the_attachments_have_the_names_of_the_pack_and_so_has_the_proof_by_item(world: World) -> None:
    made = report(world)
    paths = [line.path for line in world.pack().files]

    table = [[cell.text for cell in row.cells] for row in read(made).tables[-1].rows]
    assert [row[1] for row in table[1:]] == paths == list(made.attachments)
    assert len(paths) == 2
    named = {name for chapter in made.chapters for section in chapter.sections for name in section.proof}
    assert {path.rpartition("/")[2] for path in paths} <= named
    assert "分工文件（档案室）" in named


def test_there_are_places_to_write_in_and_to_sign(world: World) -> None:
    read_back = read(report(world))

    text = said(report(world))
    signed = "".join(cell.text for table in read_back.tables for row in table.rows for cell in row.cells)
    assert "孟河镇2026年度质量工作自评报告" in text
    assert "（草稿" in text
    assert len(re.findall("下步打算：（请补充）", text)) > 3
    assert all(words in signed for words in ("负责人（签字）", "单位（盖章）：孟河镇", "日期："))


def test_a_department_reports_its_rows_and_its_own_rubric(world: World) -> None:
    world.answer("1.2", 95, BUREAU, TASKS)
    world.answer("1.3", 80, BUREAU, TASKS)

    text = said(report(world, BUREAU))

    assert "1. 产品质量（自评完成 1/4 个目标）" in text
    assert "许可证产品合格率：95%" in text
    assert re.search("不足：.*食品实物合格率：80%?", text)


def test_a_unit_that_said_nothing_gets_a_draft_that_says_so(world: World) -> None:
    text = said(report(world, 2))

    assert "还没有填报（请补充）" in text
    assert "附件清单（共 0 份）" in text


def test_hostile_words_do_not_break_the_paper(world: World) -> None:
    world.entry("1.2", "\u202e会\x00议]]><w:p/>" + "长" * 190, date(2026, 10, 1))

    text = said(report(world))

    assert "会议]]><w:p/>" in text
    assert "\u202e" not in text


def test_what_was_said_is_printed_where_the_answer_is_a_bare_yes(world: World) -> None:
    world.answer("1.2", True, said="开了3次")
    world.answer("1.5", True, said="是")
    world.answer("2.4", True, said="长" * 41)

    text = said(report(world))

    assert "质量专题会：开了3次" in text
    assert "责任制与奖惩：做到了" in text
    assert "名牌任务：做到了" in text


def test_a_count_that_was_only_pressed_says_how_many_are_asked(world: World) -> None:
    world.answer("1.2", True, said="是")

    assert "质量专题会：2 次以上，其中3月14日" in said(report(world))


def test_a_share_has_two_decimals_and_what_was_said(world: World) -> None:
    sixth = Decimal("85.714285714285714286")
    world.answer("1.2", sixth, BUREAU, TASKS, said="6/7")

    assert "许可证产品合格率：85.71%（6/7）" in said(report(world, BUREAU))


def test_the_tasks_table_counts_the_units_own_rows_alone(world: World) -> None:
    for ident in ("19.1", "19.2"):
        world.answer(ident, True, MENGHE, TASKS)

    assert "自评完成 1/2 行；其中有材料的完成 0/2 行。" in said(report(world))


def test_what_the_unit_is_not_asked_is_not_told_to_be_missing(world: World) -> None:
    text = said(report(world, BUREAU))

    assert "5. 重大质量事故（标准分 25 分，由考核办记，暂计 0 分）\n工作情况：由考核办记，本单位不用填。" in text
    assert "工作情况：4.1、4.2 等任务分解表出结果，4.3 由考核办记，本单位不用填。" in text
