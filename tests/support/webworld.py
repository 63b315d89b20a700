"""A web channel on loopback with memory behind it, and a browser's half of its protocol."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from fakes import EchoCore, FixedClock, MemoryFiles, MemoryInbox, MemorySessions, MemoryTranscript

from channels.web.server import WebChannel

SECONDS = 10.0


class KeptFiles(MemoryFiles):
    """Memory's files, and those the core made itself."""

    def keep(self, content: bytes) -> str:
        """The reference of a file the core has to send; needs the folder."""
        assert self.folder is not None
        ref = hashlib.sha256(content).hexdigest()
        self.kept[ref] = content
        (self.folder / ref).write_bytes(content)
        return ref


class World:
    """What lies behind a channel; outlives a restart of it."""

    def __init__(self, folder: Path | None = None, **settings: Any) -> None:
        self.clock = FixedClock()
        self.inbox, self.sessions, self.files = MemoryInbox(), MemorySessions(), KeptFiles(folder)
        self.transcript = MemoryTranscript(self.clock)
        self.core = EchoCore(self.transcript)
        self.settings = {"max_file_bytes": 100_000, **settings}

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[WebChannel]:
        parts = (self.inbox, self.sessions, self.transcript, self.files, self.clock)
        channel = WebChannel("127.0.0.1", port, *parts, **self.settings)
        self.core.channel = channel
        running = asyncio.create_task(channel.run(self.core.receive))
        started = asyncio.create_task(channel.started.wait())
        await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
        try:
            yield channel
        finally:
            started.cancel()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not true():
                await asyncio.sleep(0.005)


class Browser:
    """A person's browser: cookies, the headers a browser sends, and a reader of the stream."""

    def __init__(self, channel: WebChannel) -> None:
        self.base = f"http://127.0.0.1:{channel.port}"
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    async def get(self, path: str, **options: Any) -> tuple[int, Any, Any]:
        async with self.http.get(self.base + path, **options) as response:
            return response.status, await response.text(), response.headers

    async def post(self, path: str, data: Any, **headers: str) -> tuple[int, Any]:
        own = {"Origin": self.base, **{name.replace("_", "-"): value for name, value in headers.items()}}
        body = {"data": data} if isinstance(data, bytes | aiohttp.FormData) else {"json": data}
        async with self.http.post(self.base + path, headers=own, **body) as response:
            return response.status, json.loads(await response.text())

    async def enter(self, code: str = "ABCD-EFGH-JKLM") -> None:
        assert await self.post("/enter", {"code": code}) == (202, {"entered": True})

    async def say(self, number: int, text: str) -> tuple[int, Any]:
        return await self.post("/say", {"id": f"client-id-{number:08}", "text": text})

    @asynccontextmanager
    async def events(self, after: int | None = None, **headers: str) -> AsyncIterator[EventReader]:
        query = "" if after is None else f"?after={after}"
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(f"{self.base}/events{query}", headers=own) as response:
            assert response.status == 200, await response.text()
            yield EventReader(response)


class EventReader:
    """The stream as (type, id, data); comments as ("comment", None, text)."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._content = response.content

    async def next(self) -> tuple[str, int | None, Any]:
        async with asyncio.timeout(SECONDS):
            block = (await self._content.readuntil(b"\n\n")).decode()
        if not block:
            return "end", None, None
        if block.startswith(":"):
            return "comment", None, block
        fields = dict(line.split(": ", 1) for line in block.strip().split("\n"))
        return fields["event"], int(fields["id"]) if "id" in fields else None, json.loads(fields["data"])

    async def rows(self, count: int) -> list[dict[str, Any]]:
        """The next rows, whatever else comes between."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            kind, row_id, data = await self.next()
            assert kind != "end"
            if kind == "row":
                assert row_id == data["id"]
                found.append(data)
        return found

    async def until(self, kind: str) -> Any:
        """The data of the next event of a type."""
        while True:
            found, _, data = await self.next()
            assert found != "end" or kind == "end"
            if found == kind:
                return data


def form(*files: tuple[str, bytes], client_id: str | None = "client-id-00000001") -> aiohttp.FormData:
    """A form with files, as a page sends it."""
    made = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    if client_id is not None:
        made.add_field("id", client_id)
    for name, content in files:
        made.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return made
