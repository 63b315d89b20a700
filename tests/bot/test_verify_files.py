"""`kaoping verify` names every changed file with what it belongs to, and fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from folders import fresh

from bot.cli import app
from bot.demo import RUBRICS, roster
from rubrics import loader
from storage import campaigns, evidence, findings, invitations, people
from storage.data_folder import EVIDENCE, database_path
from storage.database import Database
from storage.files import FileStore

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest.fixture
def refs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A data folder with a unit's file and the photo of a finding; both have lost their last byte."""
    made = fresh(tmp_path / "data")
    monkeypatch.setenv("KAOPING_DATA_DIR", str(made))
    store = FileStore(made / EVIDENCE)

    async def keep() -> list[str]:
        database = Database(database_path(made))
        rubrics = [loader.load(ident) for ident in RUBRICS]
        towns = next(rubric for rubric in rubrics if rubric.id == "xinbei-2011-towns")
        campaign = await campaigns.create(database, NOW, "test", 2026, rubrics, roster())
        code = (await invitations.invite(database, NOW, "test", campaign, "office")).code
        person = (await people.redeem(database, NOW, "web", "a1", code)).membership.person_id
        paper, photo = [await store.store(chunks(b"%PDF-1.4 " + name), "a", 1 << 20) for name in (b"paper", b"another")]
        photos = [{"ref": photo["ref"], "name": "门口.jpg", "size_bytes": photo["size_bytes"]}]
        async with database.write() as connection:
            unit = (await campaigns.units_in(connection, campaign.id))[0]
            about = (connection, NOW, person, unit.id, paper["ref"], "签到表.pdf", paper["size_bytes"], "pdf")
            await evidence.receive_in(*about)
            await findings.add_in(connection, NOW, person, unit.id, towns, "1.2", "wrong", "没有", photos)
        await database.close()
        return [paper["ref"], photo["ref"]]

    found = asyncio.run(keep())
    for ref in found:
        path = store.path_of(ref)
        path.write_bytes(path.read_bytes()[:-1])
    return found


def test_each_changed_file_is_a_line_that_says_what_it_belongs_to(refs: list[str]) -> None:
    done = CliRunner().invoke(app, ["verify"])

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        f"第 1 份材料，春江镇《签到表.pdf》（{refs[0][:12]}…）：文件内容被改过",
        f"春江镇 1.2 实地核查的照片《门口.jpg》（{refs[1][:12]}…）：文件内容被改过",
    ]
    assert "文件 2 份不符" in done.stdout


def test_a_program_gets_the_same(refs: list[str]) -> None:
    found = json.loads(CliRunner().invoke(app, ["verify", "--json"]).stdout)["files"]

    assert [(file["evidence"], file["sha256"], file["why"]) for file in found] == [
        (1, refs[0], "文件内容被改过"),
        (None, refs[1], "文件内容被改过"),
    ]
    assert found[1]["of"] == "春江镇 1.2 实地核查的照片《门口.jpg》"


def test_a_head_kept_outside_is_found_or_missed(refs: list[str]) -> None:
    head = json.loads(CliRunner().invoke(app, ["verify", "--json"]).stdout)["head"]

    there, gone = (CliRunner().invoke(app, ["verify", "--head", kept]) for kept in (head[:16], "f" * 16))

    assert "留底的编号在第 " in there.stdout
    assert gone.exit_code == 1
    assert "留底的编号不在链里" in gone.stderr
    assert json.loads(CliRunner().invoke(app, ["verify", "--json", "--head", "f" * 16]).stdout)["witnessed"] is None
