"""`kaoping snapshot` and `kaoping scores --snapshot`: taken through the writer, read again as it was."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.changes import carry_out
from bot.cli import app
from rubrics import loader
from storage import office_facts
from storage.clock import utc_now
from storage.data_folder import DATABASE, initialise
from storage.database import Database
from storage.errors import NotFoundError

TOWNS = loader.load("xinbei-2011-towns")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    initialise(tmp_path)
    monkeypatch.setenv("KAOPING_DATA_DIR", str(tmp_path))
    new = {"year": 2026, "rubrics": [TOWNS.id], "roster": [["孟河镇", "镇", [], [], []]]}
    written(tmp_path, lambda database: carry_out(database, utc_now, "campaign new", new))
    return tmp_path


def written(folder: Path, work: Any) -> Any:
    async def run() -> Any:
        database = Database(folder / DATABASE)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def called(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_a_snapshot_is_taken_and_its_scores_are_read_later(folder: Path) -> None:
    before = json.loads(called("scores", "--campaign", "2026", "--json").stdout)
    made = called("snapshot", "--campaign", "2026", "--name", "初评")
    assert made.exit_code == 0
    assert "已做第 1 号快照「初评」" in made.stdout

    async def book(database: Database) -> None:
        invited = {"campaign": "2026", "role": "office", "unit": None, "name": "王处", "days": 14}
        code = (await carry_out(database, utc_now, "invite", invited))["code"]
        from storage import people

        person = (await people.redeem(database, utc_now(), "web", "o1", code)).membership.person_id
        async with database.write() as connection:
            await office_facts.book_in(connection, utc_now(), person, 1, TOWNS, "7.3", 1, "区打假办〔2026〕3号")

    written(folder, book)

    then = json.loads(called("scores", "--campaign", "2026", "--snapshot", "1", "--json").stdout)
    assert then == before
    assert json.loads(called("scores", "--campaign", "2026", "--json").stdout) != before


def test_the_json_names_number_and_hash(folder: Path) -> None:
    called("snapshot", "--campaign", "2026")

    made = json.loads(called("snapshot", "--campaign", "2026", "--json").stdout)

    assert (made["snapshot"], made["name"], made["final"], len(made["sha256"])) == (2, "", False, 64)


def test_an_unknown_campaign_or_number_is_named(folder: Path) -> None:
    called("snapshot", "--campaign", "2026")

    unknown = called("snapshot", "--campaign", "2030").exception
    missing = called("scores", "--campaign", "2026", "--snapshot", "9").exception

    assert isinstance(unknown, NotFoundError)
    assert "2030" in str(unknown)
    assert isinstance(missing, NotFoundError)
    assert "现有：1" in str(missing)


def test_verify_sees_a_snapshot_that_was_changed(folder: Path) -> None:
    called("snapshot", "--campaign", "2026")
    assert json.loads(called("verify", "--json").stdout)["snapshots"] == []

    async def forge(database: Database) -> None:
        from sqlalchemy import text

        async with database.write() as connection:
            await connection.execute(text("UPDATE snapshot SET content = replace(content, '孟河镇', '新桥镇')"))

    written(folder, forge)

    plain, as_json = called("verify"), called("verify", "--json")
    assert (plain.exit_code, as_json.exit_code) == (1, 1)
    assert "第 1 号快照：内容和审计链里记的不一样" in plain.stderr
    assert json.loads(as_json.stdout)["snapshots"] == [{"campaign": "2026", "snapshot": 1}]
