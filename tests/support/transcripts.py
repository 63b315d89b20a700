"""What tests of the transcript and the outbox say, hear and read, at an address of the web page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from stored import NOW

from storage import conversation
from storage.conversation import Outgoing, Transcript
from storage.database import Database

LATER = NOW + timedelta(minutes=1)
YES_NO = (("yes:1.1:0", "是"), ("no:1.1:0", "否"))
FILE = {"ref": "ab", "name": "会议纪要.docx", "size_bytes": 12}


def say(run: Any, text: str, address: str = "a1", channel: str = "web", **words: Any) -> int:
    async def one(database: Database) -> int:
        async with database.write() as connection:
            return await conversation.say(connection, NOW, channel, address, text, **words)

    return run(one)


def heard(run: Any, text: str, address: str = "a1", **words: Any) -> int:
    async def one(database: Database) -> int:
        async with database.write() as connection:
            return await conversation.heard(connection, NOW, "web", address, text, **words)

    return run(one)


def on(run: Any, use: Callable[[Transcript], Awaitable[Any]], channel: str = "web") -> Any:
    async def status(address: str) -> str:
        return f"{address}：孟河镇"

    return run(lambda database: use(Transcript(database, channel, status)))


def since(run: Any, after_id: int = 0, limit: int = 100, address: str = "a1") -> list[dict[str, Any]]:
    return on(run, lambda transcript: transcript.since(address, after_id, limit))


def unsent(run: Any, now: Any = NOW, limit: int = 100) -> tuple[Outgoing, ...]:
    return run(lambda database: conversation.unsent(database, limit, now))
