"""The parts joined: a link from the chat is answered on the page served, and taken over there."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from folders import fresh

from bot.demo import RUBRICS, roster
from bot.serve import Page, Service, local_url
from rubrics import loader
from storage import campaigns, file_check, invitations
from storage.data_folder import database_path

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Joined:
    """Somebody at the page, who reads all rows of the stream as they come."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": url})

    async def post(self, path: str, **body: Any) -> None:
        async with self.http.post(f"{self.url}{path}", json={"id": uuid4().hex, **body}) as response:
            assert response.status == 202, await response.text()

    async def row(self, words: str) -> dict[str, Any]:
        """The first row with some words; waits for it."""
        async with asyncio.timeout(20), self.http.get(f"{self.url}/events") as response:
            async for line in response.content:
                if line.startswith(b"data: {") and words in line.decode():
                    found: dict[str, Any] = json.loads(line[6:])
                    return found
        raise AssertionError(words)

    async def press(self, row: dict[str, Any], label: str) -> None:
        key = next(option["key"] for option in row["options"] if option["label"] == label)
        await self.post("/say", option=key, message_id=row["id"], label=label)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fresh(tmp_path / "data")


def test_a_link_is_made_answered_and_taken_over_through_the_running_service(folder: Path) -> None:
    said: list[str] = []

    async def scene() -> None:
        service = Service(database_path(folder), lambda: NOW, ZONE, Page("127.0.0.1", 0), 1 << 20)
        running = asyncio.ensure_future(service.run())
        await service.started("web")
        url = local_url("127.0.0.1", service.web.port)
        rubrics = [loader.load(ident) for ident in RUBRICS]
        made = await campaigns.create(service.database, NOW, "test", 2026, rubrics, roster())
        code = (await invitations.invite(service.database, NOW, "test", made, "liaison", unit="孟河镇")).code
        async with service.database.read() as connection:
            unit = next(u.id for u in await campaigns.units_in(connection, made.id) if u.name == "孟河镇")
        chen = Joined(url)
        async with chen.http:
            await chen.post("/enter", code=code)
            await chen.row("孟河镇")
            await chen.post("/say", option=f"colleague:{unit},xinbei-2011-towns,1.1:0", message_id=1, label="转同事")
            link = re.search(r"http://[^ \\]*/c/[\w-]+", (await chen.row("/c/"))["text"])
            assert link
            form = aiohttp.FormData({"id": uuid4().hex, "name": "王五", "said": "有"}, default_to_multipart=True)
            form.add_field("file", b"%PDF-1.4 paper", filename="文件.pdf", content_type="application/pdf")
            async with aiohttp.ClientSession() as stranger, stranger.post(link[0], data=form) as response:
                assert (response.status, response.cookies) == (202, {})
            await chen.press(await chen.row("同事 王五 填了"), "采用")
            said.append((await chen.row("（同事王五填）"))["text"])
        assert await file_check.missing_or_changed(service.database, service.files) == []
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scene())

    assert "记下了" in said[0]
