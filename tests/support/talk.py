"""People talking with the bot: events go in, what was said is read back from the database."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from folders import fresh

from channels.port import Event, FileRef
from handlers.conversation import Conversation
from rubrics import loader
from storage import campaigns, invitations
from storage.conversation import Transcript
from storage.data_folder import database_path
from storage.database import Database
from storage.files import FileStore
from storage.roster import RosterUnit

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


class Office:
    """A campaign on a fresh database, and a loop to run it on."""

    def __init__(
        self, folder: Path, rubrics: tuple[str, ...], units: list[RosterUnit], provisional: tuple[str, ...] = ()
    ) -> None:
        fresh(folder)
        self._open(folder, START)
        loaded = [loader.load(ident) for ident in rubrics]
        create = campaigns.create(self.database, self.now, "test", 2026, loaded, units, provisional=provisional)
        self.campaign = self.run(create)

    @classmethod
    def again(cls, folder: Path, before: Office) -> Office:
        """On a copy of another one's folder, where it was left."""
        made = cls.__new__(cls)
        made._open(folder, before.now, int(before.next_id().split("-")[1]))
        made.campaign = before.campaign
        return made

    def _open(self, folder: Path, now: datetime, first: int = 1) -> None:
        self.path = database_path(folder)
        self._runner = asyncio.Runner()
        self.now = now
        self.files = FileStore(folder / "evidence")
        self.database = Database(self.path)
        self.conversation = Conversation(self.database, self.files, lambda: self.now, ZONE, lambda: None)
        self._ids = itertools.count(first)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def close(self) -> None:
        self.run(self.database.close())
        self._runner.close()

    def invite(self, role: str, unit: str | None = None) -> str:
        return self.run(invitations.invite(self.database, self.now, "test", self.campaign, role, unit=unit)).code

    def person(self, address: str, role: str, unit: str | None = None) -> Person:
        someone = Person(self, address)
        someone.start(self.invite(role, unit))
        return someone

    def restart(self) -> None:
        """The program ends and starts again: only the database is left."""
        self.run(self.database.close())
        self.database = Database(self.path)
        self.conversation = Conversation(self.database, self.files, lambda: self.now, ZONE, lambda: None)

    def happen(self, event: Event) -> None:
        self.now += timedelta(seconds=1)
        self.run(self.conversation.receive(event))

    def next_id(self) -> str:
        return f"event-{next(self._ids)}"


class Person:
    """Somebody at an address."""

    def __init__(self, office: Office, address: str) -> None:
        self.office, self.address = office, address
        self.heard: list[dict[str, Any]] = []
        self._seen = 0

    def send(self, text: str, **words: Any) -> str:
        return self._event(text=text, **words)

    def send_file(self, *names: str, content: bytes = b"%PDF-1.4 minutes", text: str = "") -> str:
        """Send files; what the store refuses is not in the event, as a channel does it."""
        refs = []
        for name in names:
            kept = self.office.run(self.office.files.store(_chunks(content + name.encode()), name, 1 << 20))
            assert "ref" in kept, kept
            refs.append(FileRef(kept["ref"], name, kept["size_bytes"]))
        return self._event(files=tuple(refs), text=text)

    def start(self, code: str) -> str:
        return self._event(start_code=code)

    def press(self, label: str) -> str:
        """Press the newest button of that label."""
        for row in reversed(self.rows()):
            for option in row["options"]:
                if option["label"] == label:
                    return self._event(option=option["key"])
        raise AssertionError(f"no button {label}, there are {self.labels}")

    def press_key(self, key: str) -> str:
        return self._event(option=key)

    @property
    def labels(self) -> list[str]:
        """The buttons of the newest message."""
        return [option["label"] for option in self.rows()[-1]["options"]]

    def key(self, label: str) -> str:
        return next(o["key"] for row in reversed(self.rows()) for o in row["options"] if o["label"] == label)

    def rows(self, after: int = 0) -> list[dict[str, Any]]:
        transcript = Transcript(self.office.database, "test", _no_status)
        return self.office.run(transcript.since(self.address, after, 10_000))

    def _event(self, **words: Any) -> str:
        event = Event("test", self.office.next_id(), self.address, self.office.now, **words)
        self.office.happen(event)
        fresh = [row for row in self.rows(self._seen) if not row["mine"]]
        assert fresh, f"nothing was said to {words}"
        self._seen = fresh[-1]["id"]
        return "\n".join(row["text"] for row in fresh)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _no_status(_: str) -> str:
    return ""
