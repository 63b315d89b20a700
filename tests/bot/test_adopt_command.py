"""`kaoping campaign new --provisional` and `kaoping campaign adopt`: shown first, carried out with --yes, told to the units."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from adopting import NEW, OLD, OVERLAY
from click.testing import CliRunner, Result
from rosters import roster

from bot.changes import carry_out
from bot.cli import app
from bot.usage import CallError
from rubrics.errors import KaopingError, RubricError
from storage import answers, people
from storage.clock import utc_now
from storage.data_folder import DATABASE, initialise
from storage.database import Database
from storage.errors import RosterError, StorageError

UNITS = (("孟河镇", "镇", "孟河", None), ("西夏墅镇", "镇", None, None))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign on last year's rubric; 陈芳 of 孟河镇 has answered two clauses, of which one is the same this year."""
    initialise(tmp_path)
    monkeypatch.setenv("KAOPING_DATA_DIR", str(tmp_path))
    sheet = roster(tmp_path / "r.xlsx", *UNITS)
    made = called("campaign", "new", "--year", "2026", "--provisional", OLD.id, "--roster", str(sheet))
    assert made.exit_code == 0, made.output

    async def answer(database: Database) -> None:
        invited = {"campaign": "2026", "role": "liaison", "unit": "孟河镇", "name": "陈芳", "days": 14}
        code = (await carry_out(database, utc_now, "invite", invited))["code"]
        person = (await people.redeem(database, utc_now(), "web", "c1", code)).membership.person_id
        for ident in ("1.1", "5.4"):
            await answers.record(database, utc_now(), person, 1, OLD, ident, True)

    on(tmp_path, answer)
    return tmp_path


def on(folder: Path, work: Any) -> Any:
    async def run() -> Any:
        database = Database(folder / DATABASE)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def called(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def adopt(*words: str, rubric: str = NEW.id) -> Result:
    return called("campaign", "adopt", "--campaign", "2026", "--rubric", rubric, *words)


def refused(result: Result) -> str:
    assert isinstance(result.exception, KaopingError), result.output
    return str(result.exception)


def running() -> Any:
    (found,) = json.loads(called("campaign", "list", "--json").stdout)
    return found["rubrics"], found["provisional"]


def said(folder: Path) -> list[str]:
    """What was said to 陈芳."""
    from sqlalchemy import text

    async def read(database: Database) -> list[str]:
        async with database.read() as connection:
            query = "SELECT text FROM message WHERE address = 'c1' ORDER BY id"
            return [str(row.text) for row in await connection.execute(text(query))]

    return on(folder, read)


def test_a_rubric_for_the_time_being_is_marked_in_the_list(folder: Path) -> None:
    assert f"{OLD.id}（暂用）" in called("campaign", "list").stdout
    assert running() == ([OLD.id], [OLD.id])


def test_a_campaign_needs_a_rubric_of_one_kind_or_the_other(folder: Path) -> None:
    made = called("campaign", "new", "--year", "2027", "--roster", str(folder / "r.xlsx"))

    assert isinstance(made.exception, CallError)
    assert "--provisional" in str(made.exception)


def test_without_yes_it_is_only_shown(folder: Path) -> None:
    shown = adopt()

    assert f"考核 2026：{OLD.id} → {NEW.id}；不变 33 条" in shown.stdout
    assert "分值变了  9.1 分类分级检查" in shown.stdout
    assert "重填  5.4 两免费检定  范围：增加 计生指导站、社会福利机构" in shown.stdout
    assert "孟河镇  带过来填报 1 条、材料 0 份，填过要重填 1 条，自报 7 → 2" in shown.stdout
    assert shown.stdout.endswith("只是试算，没有改；加 --yes 才换\n")
    assert running() == ([OLD.id], [OLD.id])
    assert said(folder) == []


def test_with_yes_it_is_taken_and_told_once(folder: Path) -> None:
    done = adopt("--yes")

    assert done.stdout.endswith("已换用，已告诉 1 位联络员\n")
    assert running() == ([NEW.id], [])
    (told,) = said(folder)
    assert told.startswith(f"孟河镇：今年细则已定，用“{NEW.title}”")
    found = on(folder, lambda database: answers.current(database, 1, NEW.id))
    assert {ident: answer.fact for ident, answer in found.items()} == {"1.1": True}
    assert called("verify").exit_code == 0


def test_the_answer_for_programs_names_every_clause(folder: Path) -> None:
    made = json.loads(adopt("--yes", "--json").stdout)

    kinds = [clause["kind"] for clause in made["clauses"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"same": 33, "worth": 1, "changed": 8, "new": 2, "dropped": 2}
    assert (made["told"], made["deserted"]) == (1, ["西夏墅镇"])
    assert made["units"][0]["before"] == "7"


def test_overlay_and_tasks_come_from_files(folder: Path) -> None:
    overlay = folder / "2026.yaml"
    overlay.write_text(OVERLAY.replace(OLD.id, NEW.id), encoding="utf-8")
    tasks = roster(folder / "t.xlsx", ("孟河", "镇", None, None, 4), targets=(f"{NEW.id}:2.4",))

    done = adopt("--overlay", str(overlay), "--targets", str(tasks), "--yes")

    assert "加年度细则 2026年度" in done.stdout
    assert "新下达任务 1 项" in done.stdout
    assert "新下达 1 项目标任务" in said(folder)[0]
    assert called("verify").exit_code == 0


def test_mistakes_are_named_and_nothing_is_done(folder: Path) -> None:
    overlay = folder / "2026.yaml"
    overlay.write_text("overlay: x\nrubric: hunan\n", encoding="utf-8")
    tasks = roster(folder / "t.xlsx", ("奔牛镇", "镇", None, None, 4), targets=(f"{NEW.id}:2.4",))

    wrong_overlay, wrong_tasks = adopt("--overlay", str(overlay), "--yes"), adopt("--targets", str(tasks), "--yes")

    assert "2026.yaml" in refused(wrong_overlay)
    assert isinstance(wrong_overlay.exception, RubricError)
    assert "没有单位「奔牛镇」" in refused(wrong_tasks)
    assert isinstance(wrong_tasks.exception, RosterError)
    assert running() == ([OLD.id], [OLD.id])


def test_what_is_already_so_is_refused(folder: Path) -> None:
    adopt("--yes", rubric=OLD.id)  # last year's, as this year's

    again = adopt("--yes", rubric=OLD.id)

    assert isinstance(again.exception, StorageError)
    assert "没有要换的" in refused(again)
    assert running() == ([OLD.id], [])
