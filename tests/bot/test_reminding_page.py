"""What is said unasked appears on the web page at its moment, and counts as delivered once the page has shown it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import aiohttp
from folders import fresh
from sqlalchemy import text

from bot.demo import RUBRICS, roster
from bot.serve import Page, Service, local_url
from rubrics import loader
from storage import campaigns, conversation, invitations
from storage.data_folder import DATABASE, database_path

EARLY = datetime(2026, 11, 23, 0, 58, tzinfo=UTC)  # 8:58 on a Monday in the office's zone
SECONDS = 20


class Clock:
    def __init__(self) -> None:
        self.now = EARLY

    def __call__(self) -> datetime:
        return self.now


async def row_with(
    url: str, http: aiohttp.ClientSession, words: str, seconds: float = SECONDS, after: int = 0
) -> dict[str, Any] | None:
    """The row of the page's stream that has some words, waited for so long; the page has those up to ``after``."""
    place = {"Last-Event-ID": str(after)}
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), http.get(f"{url}/events", headers=place) as response:
            async for line in response.content:
                if line.startswith(b"data: {") and words in line.decode():
                    found: dict[str, Any] = json.loads(line[6:])
                    return found
    return None


def test_a_due_digest_appears_on_the_page_at_the_planned_moment(tmp_path: Path) -> None:
    folder, clock = fresh(tmp_path / "data"), Clock()
    seen: list[Any] = []

    async def scene() -> None:
        zone = ZoneInfo("Asia/Shanghai")
        page = Page("127.0.0.1", 0)
        service = Service(database_path(folder), clock, zone, page, 1 << 20, plan_every=timedelta(seconds=0.3))
        running = asyncio.ensure_future(service.run())
        await service.started("web")
        url = local_url("127.0.0.1", service.web.port)
        rubrics = [loader.load(ident) for ident in RUBRICS]
        made = await campaigns.create(service.database, clock(), "test", 2026, rubrics, roster())
        code = (await invitations.invite(service.database, clock(), "test", made, "liaison", unit="孟河镇")).code
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": url}) as http:
            async with http.post(f"{url}/enter", json={"id": uuid4().hex, "code": code}) as response:
                assert response.status == 202
            assert await row_with(url, http, "孟河镇：还有", 2) is None
            clock.now = EARLY + timedelta(minutes=3)
            row = await row_with(url, http, "孟河镇：还有", SECONDS)
            assert row is not None
            seen.append(row)
            async with http.post(f"{url}/seen", json={"row": row["id"]}) as response:
                assert response.status == 202
            async with http.post(f"{url}/seen", json={"row": "x"}) as response:
                assert response.status == 400
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scene())

    (row,) = seen
    assert [option["label"] for option in row["options"]] == ["现在填", "稍后", "已经报过了"]
    connection = sqlite3.connect(folder / DATABASE)
    kept = connection.execute("SELECT outcome, seen_at IS NOT NULL FROM message WHERE push").fetchall()
    connection.close()
    assert kept == [("sent", 1)]


def test_what_waits_for_office_hours_comes_to_the_page_when_they_begin(tmp_path: Path) -> None:
    folder, clock = fresh(tmp_path / "data"), Clock()
    opens = clock.now + timedelta(minutes=2)
    found: dict[str, Any] = {}

    async def said(service: Service, address: str, what: str, **words: Any) -> int:
        async with service.database.write() as connection:
            row = await conversation.say(connection, clock(), "web", address, what, push=True, **words)
        service.delivery.wake()
        return row

    async def scene() -> None:
        service = Service(database_path(folder), clock, ZoneInfo("Asia/Shanghai"), Page("127.0.0.1", 0), 1 << 20)
        running = asyncio.ensure_future(service.run())
        await service.started("web")
        url = local_url("127.0.0.1", service.web.port)
        rubrics = [loader.load(ident) for ident in RUBRICS]
        made = await campaigns.create(service.database, clock(), "test", 2026, rubrics, roster())
        code = (await invitations.invite(service.database, clock(), "test", made, "liaison", unit="孟河镇")).code
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": url}) as http:
            async with http.post(f"{url}/enter", json={"id": uuid4().hex, "code": code}) as response:
                assert response.status == 202
            assert await row_with(url, http, "孟河镇") is not None
            async with service.database.read() as connection:
                (address,) = [row.address for row in await connection.execute(text("SELECT address FROM address"))]
            waiting = await said(service, address, "稍后才说", due_at=opens)
            newest = await said(service, address, "现在就说")
            found["now"] = await row_with(url, http, "就说")
            found["early"] = await row_with(url, http, "稍后才说", seconds=1)
            clock.now = opens
            found["later"] = await asyncio.gather(
                row_with(url, http, "稍后才说", after=newest), service.delivery.once()
            )
            found["again"] = await row_with(url, http, "稍后才说")
            found["order"] = (waiting, newest)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(scene())

    later = found["later"][0]
    assert found["early"] is None
    assert later["id"] > found["now"]["id"] == max(found["order"])
    assert found["again"] == later
