"""The leader's page and the notice: stored figures, ranges instead of ranks, roster order, read back from Word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from proof_world import MENGHE, TASKS, TOWNS, XIXIASHU, World
from talk import START, ZONE

from reports import bulletin, leader_page
from reports.leader_page import LeaderPage, Lost, most_lost
from reports.score_table import shown
from reports.standings import total_of
from rubrics import loader
from storage import office_facts, scorecards, snapshots
from storage.scorecards import SummaryRow, figures_of, plan_of

HUNAN = loader.load("hunan")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    made.answer("2.1", True)
    made.proves(made.file("规划.pdf"), "2.1")
    made.answer("10.2", 4)
    made.office.person("wang", "office")
    made.do(office_facts.book_in, MENGHE, TOWNS, "6.3", 2, basis="抽检通报〔2026〕1号", person=2)
    yield made
    made.close()


def page(world: World) -> LeaderPage:
    made: LeaderPage = world.read(leader_page.of_campaign, world.office.campaign, START, ZONE)
    return made


def texts(content: bytes) -> tuple[str, list[list[list[str]]]]:
    """The paragraphs of a document and its tables."""
    read: Any = docx.Document(BytesIO(content))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in read.tables]
    return "\n".join(paragraph.text for paragraph in read.paragraphs), tables


def towns(world: World) -> list[SummaryRow]:
    rows = world.read(scorecards.summary_in, world.office.campaign.id)
    return [row for row in rows if row.rubric_id == TOWNS.id]


def test_every_unit_stands_in_roster_order_with_the_range_of_the_stored_scores(world: World) -> None:
    _, tables = texts(leader_page.document(page(world)))

    assert [row[:2] for row in tables[0][1:]] == [[row.unit, shown(total_of(row))] for row in towns(world)]
    assert [row[0] for row in tables[0][1:]] == ["孟河镇", "西夏墅镇"]
    assert tables[0][0] == ["单位", "得分", "已核", "已填", "缺材料"]
    assert tables[0][1][2:] == ["1/44", "2/39", "1"]


def test_who_is_silent_and_which_disputes_wait_are_named(world: World) -> None:
    booked = office_facts.book_in
    fact = world.do(booked, XIXIASHU, TOWNS, "9.3a", 1, basis="事故快报〔2026〕2号").fact
    world.do(office_facts.dispute_in, XIXIASHU, fact.id, "不在本镇辖区")

    text, _ = texts(leader_page.document(page(world)))

    assert "西夏墅镇「特设事故」异议：不在本镇辖区" in text
    assert "还没有填报的单位：全部 1 个。" in text


def test_where_most_units_are_short_stands_first(world: World) -> None:
    found = most_lost(TOWNS, towns(world))

    assert len(found) == 5
    assert [one.units for one in found] == sorted((one.units for one in found), reverse=True)
    lost = {one.number: one for one in most_lost(TOWNS, towns(world), most=99)}
    both = [row.proven.items["2"] for row in towns(world)]
    assert lost["2"] == Lost("2", TOWNS.items[1].title, 2, (30 - sum(both)) / 2, Decimal(15))


def test_a_unit_reviewed_in_full_has_one_figure_and_its_grade() -> None:
    card = scorecards.msgspec.json.encode(figures_of(plan_of(HUNAN).score({}))).decode()
    of = len(HUNAN.criteria)
    row = SummaryRow(
        1, "甲县", HUNAN.categories[0] if HUNAN.categories else "县", HUNAN.id, (card,) * 3, of, 0, of, of, None
    )

    (made,) = leader_page.of_rows([HUNAN], [row])

    assert (made.standings[0].total, made.standings[0].grade) == ("0", "不合格")
    assert made.standings[0].reviewed == f"{of}/{of}"


def test_rows_of_the_tasks_table_are_counted_and_reviewed_by_the_units_own_targets(world: World) -> None:
    made = next(one for one in page(world).rubrics if one.title == TASKS.title)

    assert made.standings[0][:2] == ("孟河镇", "0/2")
    assert made.standings[0].reviewed == "0/5"
    assert (made.max, made.lost) == ("", ())
    assert "完成行数：孟河镇 0/2、西夏墅镇 0/2、质监分局 0/14。" in texts(leader_page.document(page(world)))[0]


def test_the_notice_names_its_snapshot_and_has_its_figures(world: World) -> None:
    frozen = [row._replace(reviewed=row.of) for row in towns(world)]
    at = datetime(2026, 12, 20, 1, 0, tzinfo=UTC).astimezone(ZONE)
    made = bulletin.of_rows_at(2026, [TOWNS], frozen, "快照 3 · 2026-12-20", at)

    text, tables = texts(bulletin.document(made))

    assert "（草稿；快照 3 · 2026-12-20）" in text
    assert [row[1:3] for row in tables[0][1:]] == [[row.unit, shown(row.verified.total)] for row in frozen]
    assert "核完" not in text
    assert text.count("（请补充）") == 3
    assert "区质量振兴工作领导小组办公室（盖章）" in str(tables)


def test_the_notice_is_made_from_the_newest_snapshot_whatever_happened_since(world: World) -> None:
    about = (world.office.campaign.id, world.office.campaign.code)
    world.do(snapshots.take_in, *about, name="初评")
    before = towns(world)
    world.answer("2.2", True)
    world.proves(world.file("奖励.pdf"), "2.2")

    made = world.read(bulletin.of_campaign, world.office.campaign, START, ZONE)
    text, tables = texts(bulletin.document(made))

    assert "快照 1「初评」 · 2026-11-21" in text
    assert tables[0][1][2] == shown(total_of(before[0])) != shown(total_of(towns(world)[0]))


def test_a_table_at_the_foot_of_a_page_loses_no_rows_in_a_converter(world: World) -> None:
    """LibreOffice 7 dropped 20 of 21 rows where rows were marked not to be torn; a row of one line cannot be."""
    notice = bulletin.of_rows_at(2026, [TOWNS], towns(world), "", START.astimezone(ZONE))

    for content in (bulletin.document(notice), leader_page.document(page(world))):
        table = docx.Document(BytesIO(content)).tables[0]
        marks = [[child.tag for child in row._tr.iter(qn("w:tblHeader"), qn("w:cantSplit"))] for row in table.rows]
        assert marks == [[qn("w:tblHeader")], *([[]] * (len(marks) - 1))]


def test_a_frozen_notice_and_page_have_the_verified_figures_alone(world: World) -> None:
    world.do(snapshots.take_in, world.office.campaign.id, world.office.campaign.code, name="初评")
    world.do(snapshots.take_in, world.office.campaign.id, world.office.campaign.code, final=True)
    world.do(snapshots.take_in, world.office.campaign.id, world.office.campaign.code, name="备份")
    verified = [[row.unit, shown(row.verified.total)] for row in towns(world)]

    notice, told = texts(bulletin.document(world.read(bulletin.of_campaign, world.office.campaign, START, ZONE)))
    sheet, listed = texts(leader_page.document(page(world)))

    assert [row[1:3] for row in told[0][1:]] == verified
    assert [row[:2] for row in listed[0][1:]] == verified
    for words in (notice, sheet):
        assert "快照 2 · 2026-11-21 · 审定" in words
        assert "没有核完" not in words
        assert "区间" not in words
    assert "–" not in "".join(cell for table in (*told, *listed) for row in table for cell in row)


def test_once_frozen_what_was_not_assessed_is_lost_and_a_bonus_never(world: World) -> None:
    departments = loader.load("xinbei-2011-departments")
    rows = [r for r in world.read(scorecards.summary_in, world.office.campaign.id) if r.rubric_id == departments.id]

    lost = {one.number: one for one in most_lost(departments, rows, most=99, final=True)}

    assert lost.keys() == {"1", "2", "3", "4", "5"}
    assert lost["5"] == Lost("5", "重大质量事故", len(rows), Decimal(25), Decimal(25))
    answered = [row._replace(answered=1) for row in rows]
    assert "6" not in {one.number for one in most_lost(departments, answered, most=99)}


def test_a_notice_of_scores_not_reviewed_says_so_first(world: World) -> None:
    made = bulletin.of_rows_at(2026, [TOWNS], towns(world), "", START.astimezone(ZONE))

    text, tables = texts(bulletin.document(made))

    assert "还有 2 张得分表没有核完" in text
    assert "还不是定格的快照" in text
    assert tables[0][1][2] == shown(total_of(towns(world)[0]))


def test_what_nobody_is_assessed_on_is_no_loss(world: World) -> None:
    departments = loader.load("xinbei-2011-departments")
    silent = [
        row
        for row in world.read(scorecards.summary_in, world.office.campaign.id)
        if row.rubric_id == departments.id and not row.answered
    ]
    started = [row._replace(answered=1) for row in silent]
    accidents = next(item for item in departments.items if item.title == "重大质量事故")

    assert silent
    assert most_lost(departments, silent) == []
    assert accidents.id not in {one.number for one in most_lost(departments, started, most=99)}


def test_ranges_are_explained_only_where_there_are_some(world: World) -> None:
    ranged = page(world)
    towns_page = ranged.rubrics[0]
    settled = tuple(row._replace(total="81.5") for row in towns_page.standings)

    assert "分数写成区间的" in texts(leader_page.document(ranged))[0]
    fixed = ranged._replace(rubrics=(towns_page._replace(standings=settled),))
    assert "区间" not in texts(leader_page.document(fixed))[0]


def test_long_disputes_are_shortened_and_the_rest_is_counted(world: World) -> None:
    world.do(office_facts.book_in, XIXIASHU, TOWNS, "9.3a", 1, basis="事故快报〔2026〕2号")
    booked = world.do(office_facts.book_in, XIXIASHU, TOWNS, "9.3a", 1, basis="事故快报〔2026〕3号").fact
    world.do(office_facts.dispute_in, XIXIASHU, booked.id, "不在本镇辖区" * 20)

    (words,) = page(world).disputes
    many = page(world)._replace(disputes=(words,) * 7)

    assert words.endswith("…")
    assert len(words) < 60
    assert "等 7 个" in texts(leader_page.document(many))[0]
