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
from storage import campaigns, conversation, invitations, notices, people, reminding
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


def test_it_prints_what_each_would_read(folder: Path) -> None:
    lines = due("--at", "2026-11-23T09:00").output.splitlines()

    place = next(place for place, line in enumerate(lines) if line.startswith("联络0  孟河镇"))
    assert lines[place + 1].startswith("    孟河镇：还有 ")
    assert lines[place + 2].startswith("    · ")


def test_what_waits_to_be_sent_is_shown_with_when(folder: Path) -> None:
    asyncio.run(_notice(folder, datetime(2026, 11, 23, 1, 0, tzinfo=UTC)))

    lines = due("--at", "2026-11-22T09:00").output.splitlines()

    place = lines.index("联络0  等着发的通知  2026-11-23 09:00 起")
    assert lines[place + 1] == "    请回复收到"
    waiting = json.loads(due("--at", "2026-11-22T09:00", "--json").output)["waiting"]
    assert [(one["kind"], one["due_at"]) for one in waiting] == [("notice", "2026-11-23T09:00:00+08:00")]
    assert "等着发" not in due("--at", "2026-11-21T15:00").output  # it was written an hour later


async def _notice(folder: Path, due_at: datetime) -> None:
    database = Database(database_path(folder))
    at = NOW.replace(hour=8, minute=30)
    about = {"kind": "read", "text": "请回复收到", "file": None, "answer_by": None}
    async with database.write() as connection:
        duty = (await reminding.duties_in(connection, 1))[0]
        notice = await notices.add_in(connection, at, duty.person_id, 1, unit_ids=[duty.unit_id], **about)
        row = await conversation.say(connection, at, "web", "a0", notice.text, (), None, due_at, push=True)
        await notices.note_sent_in(connection, notice.id, duty.unit_id, duty.person_id, row)
    await database.close()


def test_on_the_weeks_first_morning_it_shows_what_the_office_reads(folder: Path) -> None:
    asyncio.run(_office(folder))

    assert "    2026 考核一周（11月16日至11月22日）" in due("--at", "2026-11-23T09:30").output.splitlines()
    assert "考核一周" not in due("--at", "2026-11-24T09:30").output


async def _office(folder: Path) -> None:
    database = Database(database_path(folder))
    made = await campaigns.find(database, "2026")
    invitation = await invitations.invite(database, NOW, "test", made, "office", name="王军")
    await people.redeem(database, NOW, "web", "wang", invitation.code)
    await database.close()


def test_of_a_past_moment_it_says_what_is_not_of_then(folder: Path) -> None:
    assert "各单位填报的情况按现在的算" in due("--at", "2026-06-23T10:00").output
    assert "各单位填报的情况按现在的算" not in due("--at", "2099-01-05T10:00").output


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
