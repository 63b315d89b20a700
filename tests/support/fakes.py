"""Memory in place of storage: the four protocols of the port, and a core small enough to see through."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from channels.port import Channel, Event, Option, Reply


class FixedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class MemoryInbox:
    """Raw events by channel and id."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
        self.dropped: dict[str, str] = {}
        self.broken = False

    async def keep(self, channel: str, event_id: str, address: str, raw: dict[str, Any]) -> bool:
        if self.broken:
            raise OSError("disk full at /secret/path")
        if (channel, event_id) in self.rows:
            return False
        self.rows[channel, event_id] = (address, raw)
        return True

    async def drop(self, channel: str, event_id: str, why: str) -> None:
        self.dropped[event_id] = why


class MemorySessions:
    """Token hashes with their address and end."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, datetime]] = {}

    async def open(self, token_sha256: str, address: str, expires_at: datetime) -> None:
        self.rows[token_sha256] = (address, expires_at)

    async def address_of(self, token_sha256: str, now: datetime) -> str | None:
        address, expires_at = self.rows.get(token_sha256, (None, now))
        return address if expires_at > now else None

    async def end(self, token_sha256: str) -> None:
        self.rows.pop(token_sha256, None)


class MemoryTranscript:
    """Rows of all addresses in one count, as a table numbers them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.rows: list[tuple[str, dict[str, Any]]] = []
        self.lines: dict[str, str] = {}
        self.seen_at: dict[int, datetime] = {}

    def add(
        self, address: str, text: str, *, mine: bool = False, options: tuple[Option, ...] = (), file: Any = None
    ) -> int:
        row = {"id": len(self.rows) + 1, "at": self._clock(), "mine": mine, "text": text, "file": file}
        shown = [{"key": option.key, "label": option.label} for option in options]
        self.rows.append((address, {**row, "options": shown, "settled": None}))
        return len(self.rows)

    def of(self, address: str) -> list[dict[str, Any]]:
        return [row for owner, row in self.rows if owner == address]

    async def since(self, address: str, after_id: int, limit: int) -> list[dict[str, Any]]:
        return [dict(row) for row in self.of(address) if row["id"] > after_id][:limit]

    async def file_of(self, address: str, message_id: int) -> dict[str, Any] | None:
        return next((row["file"] for row in self.of(address) if row["id"] == message_id), None)

    async def settle(self, address: str, message_id: int, label: str) -> None:
        for row in self.of(address):
            if row["id"] == message_id:
                row["settled"] = label

    async def seen(self, address: str, up_to_id: int, at: datetime) -> None:
        for row in self.of(address):
            if row["id"] <= up_to_id and not row["mine"]:
                self.seen_at.setdefault(row["id"], at)

    async def status(self, address: str) -> str:
        return self.lines.get(address, "")


class MemoryFiles:
    """Bytes by their hash, in a folder where one is given; remembers the largest chunk it was given."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.kept: dict[str, bytes] = {}
        self.begun = 0
        self.largest_chunk = 0

    async def store(self, chunks: AsyncIterator[bytes], name: str, limit_bytes: int) -> dict[str, Any]:
        self.begun += 1
        content = b""
        async for chunk in chunks:
            self.largest_chunk = max(self.largest_chunk, len(chunk))
            content += chunk
            if len(content) > limit_bytes:
                return {"refused": f"「{name}」超过大小限制，没有收。"}
        if name.endswith(".exe"):
            return {"refused": f"「{name}」是程序，没有收。"}
        ref = hashlib.sha256(content).hexdigest()
        self.kept[ref] = content
        if self.folder:
            (self.folder / ref).write_bytes(content)
        return {"ref": ref, "size_bytes": len(content)}

    def path(self, ref: str) -> str:
        if self.folder is None or ref not in self.kept:
            raise FileNotFoundError(ref)
        return str(self.folder / ref)


class EchoCore:
    """Writes down what it hears and answers each event; fails where the text says so."""

    def __init__(self, transcript: MemoryTranscript) -> None:
        self.channel: Channel
        self.heard: list[Event] = []
        self.before: Callable[[Event], Awaitable[None]] | None = None
        self._transcript = transcript

    async def receive(self, event: Event) -> None:
        if self.before:
            await self.before(event)
        if event.text == "fail":
            raise RuntimeError("the handler failed")
        self.heard.append(event)
        said = event.text or "、".join(file.name for file in event.files)
        if said:
            self._transcript.add(event.address, said, mine=True)
        if event.start_code is not None:
            self._transcript.lines[event.address] = (
                "孟河镇 · 2026 · 已核 38 / 有材料 61 / 自报 72 · 需补充 2 · 下一件 6月30日"
            )
            await self.say(
                event.address, "欢迎！有没有开过质量例会？", Option("yn:1.2,1:0", "有"), Option("yn:1.2,0:0", "没有")
            )
        else:
            await self.say(event.address, f"收到：{said or event.option}")

    async def say(self, address: str, text: str, *options: Option) -> None:
        row = self._transcript.add(address, text, options=options)
        await self.channel.send(address, row, Reply(text, options))
