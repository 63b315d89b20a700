"""What was erased by two people: `verify` says so while bytes are left, and starting the service takes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from folders import fresh

from bot.cli import app
from bot.demo import RUBRICS, roster
from bot.serve import Page, Service
from rubrics import loader
from storage import campaigns, erasing, evidence, invitations, people
from storage.data_folder import database_path

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def chunks() -> AsyncIterator[bytes]:
    yield b"%PDF-1.4 paper"


def service_of(folder: Path) -> Service:
    return Service(database_path(folder), lambda: NOW, ZoneInfo("Asia/Shanghai"), Page("127.0.0.1", 0), 1 << 20)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a file that was erased and whose bytes still lie there."""
    made = fresh(tmp_path / "data")
    monkeypatch.setenv("KAOPING_DATA_DIR", str(made))

    async def erase() -> None:
        service = service_of(made)
        rubrics = [loader.load(ident) for ident in RUBRICS]
        campaign = await campaigns.create(service.database, NOW, "test", 2026, rubrics, roster())
        code = (await invitations.invite(service.database, NOW, "test", campaign, "office")).code
        person = (await people.redeem(service.database, NOW, "web", "a1", code)).membership.person_id
        kept = await service.files.store(chunks(), "身份证.pdf", 1 << 20)
        async with service.database.write() as connection:
            about = (connection, NOW, person, 1, kept["ref"], "身份证.pdf", kept["size_bytes"], "pdf")
            file = await evidence.receive_in(*about)
            await erasing.erase_in(connection, NOW, person, campaign.id, file.id, "发错了")
        await service.database.close()

    asyncio.run(erase())
    return made


def verify(*words: str) -> Result:
    return CliRunner().invoke(app, ["verify", *words])


def serve(folder: Path) -> None:
    async def scene() -> None:
        service = service_of(folder)
        running = asyncio.ensure_future(service.run())
        await service.started("web")
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scene())


def test_verify_says_that_bytes_are_left_and_is_content_once_they_are_gone(folder: Path) -> None:
    before = verify()
    assert (before.exit_code, "第 1 份材料" in before.stderr, "内容还没有删掉" in before.stderr) == (1, True, True)

    serve(folder)

    after = verify("--json")
    assert (after.exit_code, json.loads(after.stdout)["files"]) == (0, [])
