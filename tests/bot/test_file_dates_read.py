"""The running service reads when the files that came say they were made, and the figures in them, without anybody asking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dated_files import slides
from folders import fresh
from sqlalchemy import text

import bot.talking
from bot.demo import RUBRICS, roster
from bot.serve import Page, Service
from rubrics import loader
from storage import campaigns, evidence, invitations, people
from storage.data_folder import database_path

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def sent(service: Service) -> None:
    """Files of a unit that nobody looked into yet."""
    rubrics = [loader.load(ident) for ident in RUBRICS]
    made = await campaigns.create(service.database, NOW, "test", 2026, rubrics, roster())
    code = (await invitations.invite(service.database, NOW, "test", made, "office")).code
    person = (await people.redeem(service.database, NOW, "web", "a1", code)).membership.person_id
    sending = {("培训.pptx", "pptx"): slides("2026-11-05T01:00:00Z"), ("统计.txt", "text"): "登记率95%".encode()}
    for (name, kind), content in sending.items():
        kept = await service.files.store(chunks(content), name, 1 << 20)
        async with service.database.write() as connection:
            about = (connection, NOW, person, 1, kept["ref"], name, kept["size_bytes"], kind)
            await evidence.receive_in(*about)


async def read(service: Service) -> list[str]:
    async with service.database.read() as connection:
        return list((await connection.execute(text("SELECT made_on FROM file_dates"))).scalars())


async def lines(service: Service) -> list[str]:
    async with service.database.read() as connection:
        return list((await connection.execute(text("SELECT lines FROM file_figures"))).scalars())


def test_a_new_files_own_dates_and_figures_are_read_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.talking, "WAKE_EVERY", timedelta(seconds=0.1))

    async def scene() -> tuple[list[str], list[str]]:
        path = database_path(fresh(tmp_path / "data"))
        service = Service(path, lambda: NOW, ZoneInfo("Asia/Shanghai"), Page("127.0.0.1", 0), 1 << 20)
        await sent(service)
        running = asyncio.ensure_future(service.run())
        async with asyncio.timeout(20):
            while not ((found := await read(service)) and (figures := await lines(service))):
                await asyncio.sleep(0.05)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return found, figures

    assert asyncio.run(scene()) == (["2026-11-05"], ["登记率95%"])
