"""Official tables from what is stored: a paper of a snapshot says tomorrow what it says today, whatever happens to entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from proof_world import BUREAU, DEPARTMENTS, MENGHE, World
from sqlalchemy import text
from talk import START, ZONE

from reports import official_filling
from reports.official_sheet import workbook
from reports.official_word import document
from storage import entries, honours, snapshots, verdicts
from storage.honours import Honour

LATER = START + timedelta(days=3)
NOTED = ("6.1c 省级荣誉：加 5 分", "· 省质量标杆（江苏省人民政府，省级，苏政发〔2026〕18号）")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()


def honour(world: World, name: str = "省质量标杆", number: int = 18) -> int:
    given = {"granted_by": "江苏省人民政府", "level": "省级", "number": f"苏政发〔2026〕{number}号"}
    added = world.do(entries.add_in, BUREAU, DEPARTMENTS, "6.1c", name=name, happened_on=date(2026, 5, 6), **given)
    return int(added.entry.id)


def taken(world: World) -> None:
    world.do(snapshots.take_in, world.office.campaign.id, world.office.campaign.code, "初评", at=LATER)


def tables(world: World, snapshot: int | None = 1) -> list[Any]:
    about = (world.office.campaign.id, "claimed", LATER, ZONE)
    found = world.read(official_filling.tables_in, *about, rubric_id=DEPARTMENTS.id, snapshot=snapshot)
    return [filled.table for filled in found]


def papers(world: World) -> list[bytes]:
    made = tables(world)
    return [workbook(made), *(document(table) for table in made)]


def notes(world: World, snapshot: int | None = 1) -> tuple[str, ...]:
    (table,) = tables(world, snapshot)
    return next(line.notes for line in table.lines if line.item_id == "6")  # type: ignore[no-any-return]


def test_a_paper_of_a_snapshot_is_the_same_file_after_its_entries_are_gone_or_changed(world: World) -> None:
    first, second = honour(world), honour(world, "省先进集体", 19)
    taken(world)
    before, said = papers(world), notes(world)

    world.do(entries.withdraw_in, BUREAU, DEPARTMENTS, first, at=LATER)
    world.do(entries.grant_in, BUREAU, DEPARTMENTS, second, "江苏省委", at=LATER)
    honour(world, "省标准化试点", 20)

    assert papers(world) == before
    assert said == (
        "6.1c 省级荣誉：加 10 分",
        "· 省质量标杆（江苏省人民政府，省级，苏政发〔2026〕18号）",
        "· 省先进集体（江苏省人民政府，省级，苏政发〔2026〕19号）",
    )
    assert notes(world, None) != said


def test_a_snapshot_without_honours_takes_those_of_today_that_were_registered_by_then(world: World) -> None:
    honour(world)
    taken(world)

    async def of_format_1(connection: Any, at: Any, person: int) -> None:
        (held,) = (await connection.execute(text("SELECT content FROM snapshot"))).one()
        content = json.loads(held)
        content["format"] = 1
        for unit in content["units"]:
            del unit["honours"]
        older = json.dumps(content, ensure_ascii=False)
        values = {"content": older, "sha256": hashlib.sha256(older.encode()).hexdigest()}
        await connection.execute(text("UPDATE snapshot SET content = :content, sha256 = :sha256"), values)

    world.do(of_format_1)
    world.do(entries.add_in, BUREAU, DEPARTMENTS, "6.1a", name="区先进", at=LATER + timedelta(days=1))

    assert notes(world) == NOTED


def test_honours_are_those_of_clauses_that_add_points(world: World) -> None:
    honour(world)
    world.entry("10.2", "信息一则", date(2026, 3, 1), MENGHE)

    held = world.read(honours.of_unit_in, BUREAU, DEPARTMENTS)

    assert held == {"6.1c": (Honour("省质量标杆", "江苏省人民政府", "省级", "苏政发〔2026〕18号"),)}
    assert world.read(honours.of_unit_in, BUREAU, DEPARTMENTS, START - timedelta(days=1)) == {}


def decide(world: World, use_case: Any, rubric: Any, criterion: str, *given: Any) -> None:
    """A verdict of somebody of the office on 质监分局's clause as it is."""
    world.office.person("wang", "office")
    basis = world.read(verdicts.shown_in, BUREAU, rubric, criterion)
    world.do(use_case, BUREAU, rubric, criterion, *given, basis=basis, at=LATER, person=2)


def verified(world: World, snapshot: int | None = None) -> Any:
    about = (world.office.campaign.id, "verified", LATER, ZONE)
    (filled,) = world.read(official_filling.tables_in, *about, rubric_id=DEPARTMENTS.id, snapshot=snapshot)
    return filled.table


def test_a_clause_that_was_sent_back_says_so_with_its_reason_also_in_a_snapshot(world: World) -> None:
    world.answer("2.3", 2, BUREAU, DEPARTMENTS)
    decide(world, verdicts.return_in, DEPARTMENTS, "2.3", "缺签到表")
    taken(world)
    now = verified(world).lines[1].reasons

    world.answer("2.3", 3, BUREAU, DEPARTMENTS, at=LATER)

    assert now[0] == "2.3 质量专题会：已退回：缺签到表（自报 2 次）"
    assert now[-1] == "未考核：只有扣分的项目要全部核完才计分，还有 4 条没核，其中 1 条已退回"
    assert verified(world, 1).lines[1].reasons == now
    assert verified(world).lines[1].reasons[0] == "2.3 质量专题会：还没核（自报 3 次）"


def test_fewer_honours_than_reported_are_told_with_the_reason(world: World) -> None:
    honour(world)
    honour(world, "省先进集体", 19)
    decide(world, verdicts.change_in, DEPARTMENTS, "6.1c", 1, "第二项不是质量荣誉")

    noted = verified(world).lines[5].notes

    assert noted[0] == "6.1c 省级荣誉：加 5 分，核定 1 项（自报 2 项，第二项不是质量荣誉）；单位登记的："
    assert noted[1].startswith("· 省质量标杆")


def test_an_honour_that_was_sent_back_or_not_looked_at_is_not_told_to_count(world: World) -> None:
    honour(world)
    before = verified(world).lines[5].notes

    decide(world, verdicts.return_in, DEPARTMENTS, "6.1c", "文号不对")

    assert before[0] == "6.1c 省级荣誉：还没核（自报 1 项），暂不加分"
    assert verified(world).lines[5].notes[0] == "6.1c 省级荣誉：已退回：文号不对（自报 1 项），暂不加分"
