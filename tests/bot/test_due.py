"""`kaoping due`: what would be said at a moment, to whom and why; nothing is written."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from folders import fresh

from bot.cli import app
from bot.demo import RUBRICS, roster
from rubrics import loader
from storage import campaigns, invitations, people
from storage.data_folder import database_path
from storage.database import Database

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = fresh(tmp_path / "data")
    monkeypatch.setenv("KAOPING_DATA_DIR", str(made))
    asyncio.run(_fill(made))
    return made


async def _fill(folder: Path) -> None:
    database = Database(database_path(folder))
    rubrics = [loader.load(ident) for ident in RUBRICS]
    made = await campaigns.create(database, NOW, "test", 2026, rubrics, roster())
    for place, unit in enumerate(("孟河镇", "环保局")):
        invitation = await invitations.invite(database, NOW, "test", made, "liaison", unit=unit, name=f"联络{place}")
        await people.redeem(database, NOW, "web", f"a{place}", invitation.code)
    await database.close()


def due(*words: str) -> Any:
    return CliRunner().invoke(app, ["due", "--campaign", "2026", *words], catch_exceptions=True)


def test_it_says_who_would_be_reminded_of_how_much_and_why(folder: Path) -> None:
    found = due("--at", "2026-11-23T09:00")

    assert found.exit_code == 0, found.output
    assert "联络0  孟河镇" in found.output
    assert "第一次告知" in found.output
    assert "还没有联络员加入：春江镇" in found.output


def test_it_gives_every_matter_as_json(folder: Path) -> None:
    found = json.loads(due("--at", "2026-11-23T09:00", "--json").output)

    assert [digest["person"] for digest in found["digests"]] == ["联络0", "联络1"]
    matter = found["digests"][0]["units"][0]["matters"][0]
    assert sorted(matter) == ["due", "key", "kind", "overdue", "what"]
    assert found["opens_at"] is None


def test_outside_office_hours_it_says_when_they_begin(folder: Path) -> None:
    found = due("--at", "2026-11-21T15:00")

    assert "下一次从 2026-11-23 09:00 开始" in found.output


def test_once_answering_is_over_it_says_so(folder: Path) -> None:
    assert "已经截止" in due("--at", "2027-02-01T10:00").output


def test_nothing_is_written(folder: Path) -> None:
    before = database_path(folder).read_bytes()

    due("--at", "2026-11-23T09:00")

    assert database_path(folder).read_bytes() == before


def test_a_moment_that_cannot_be_read_is_named(folder: Path) -> None:
    found = due("--at", "明天")

    assert found.exit_code != 0
    assert "看不懂" in str(found.exception)
