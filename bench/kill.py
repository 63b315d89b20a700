"""Does a SIGKILL at any moment of a conversation under load lose, double or break anything?

A real `kaoping serve` is killed at seeded moments while people talk with it over HTTP, and started again. Each of
them sends one thing after another, again and again until it is confirmed, as the page does. What was confirmed is
compared with what the data folder holds and with what the page shows.

The people talk through a `Messenger`; another channel needs one of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import aiohttp

from rubrics import loader
from storage import audit, campaigns, invitations
from storage.data_folder import DATABASE, EVIDENCE, database_path, initialise
from storage.database import Database
from storage.files import FileStore
from storage.roster import RosterUnit

KILLS = 200
LONGEST_SECONDS = 0.6  # from the load's beginning to the kill
READY_SECONDS = 60.0
RUBRIC = "xinbei-2011-towns"
TOWNS = ("孟河镇", "西夏墅镇", "春江镇", "新桥镇", "罗溪镇")
QUIET = "罗溪镇"  # its liaison has a question open at every kill


class Messenger(Protocol):
    """A person's side of a channel. Each call returns once the bot has confirmed it, however often that takes."""

    confirmed: list[str]

    async def join(self, code: str) -> None:
        """Use an invitation."""

    async def say(self, words: str) -> None:
        """Type something."""

    async def press(self, key: str) -> None:
        """Press an option."""

    async def send_file(self, content: bytes) -> None:
        """Send a document."""

    async def heard(self) -> list[dict[str, Any]]:
        """The whole conversation as it is shown now, own words included."""


class Web:
    """The page, over HTTP."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.confirmed: list[str] = []
        self._url, self._http = url, http

    async def join(self, code: str) -> None:
        await self._send("/enter", code=code)
        self.confirmed.pop()  # the event's id is a hash of this one

    async def say(self, words: str) -> None:
        await self._send("/say", text=words)

    async def press(self, key: str) -> None:
        await self._send("/say", option=key, message_id=1, label="是")

    async def send_file(self, content: bytes) -> None:
        await self._send("/files", content)

    async def heard(self) -> list[dict[str, Any]]:
        rows = []
        async with self._http.get(f"{self._url}/events", params={"after": "0"}) as response:
            with contextlib.suppress(TimeoutError):  # silence: that was all
                while line := await asyncio.wait_for(response.content.readline(), 0.5):
                    if line.startswith(b'data: {"id"') and b'"mine"' in line:
                        rows.append(json.loads(line[5:]))
        return rows

    async def _send(self, path: str, content: bytes | None = None, **fields: Any) -> None:
        ident = uuid4().hex
        while True:
            with contextlib.suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                if await self._post(path, ident, content, fields):
                    self.confirmed.append(ident)
                    return
            await asyncio.sleep(0.05)

    async def _post(self, path: str, ident: str, content: bytes | None, fields: dict[str, Any]) -> bool:
        body: dict[str, Any] = {"json": {"id": ident, **fields}}
        if content is not None:
            form = aiohttp.FormData({"id": ident}, default_to_multipart=True)
            form.add_field("file", content, filename="会议纪要.pdf")
            body = {"data": form}
        async with self._http.post(self._url + path, **body) as response:
            if response.status in {429, 503}:
                return False
            if response.status != 202:
                raise RuntimeError(f"{path}: {response.status} {await response.text()}")
            return True


class Outcome(NamedTuple):
    """What was counted, and what must not be."""

    counts: Counter[str]
    faults: list[str]


class Killing:
    """One data folder, one server that dies again and again, and the people who talk with it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.rng, self.seed = folder, random.Random(seed), seed
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.said: dict[str, list[str]] = {town: [] for town in TOWNS}
        self._numbers = itertools.count(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def run(self, kills: int) -> Outcome:
        """Kill so often; then let the server come to rest and compare."""
        initialise(self.folder)
        codes = await self._campaign()
        async with contextlib.AsyncExitStack() as stack:
            people: dict[str, Messenger] = {}
            for town in TOWNS:
                jar = aiohttp.CookieJar(unsafe=True)
                timeout = aiohttp.ClientTimeout(total=10)
                people[town] = Web(
                    self.url,
                    await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar, timeout=timeout)),
                )
            server = await self._start()
            for town, person in people.items():
                await person.join(codes[town])
            load = [asyncio.create_task(self._talk(town, people[town])) for town in TOWNS if town != QUIET]
            for number in range(kills):
                await self._ask(people[QUIET])
                await asyncio.sleep(self.rng.uniform(0, LONGEST_SECONDS))
                server.send_signal(signal.SIGKILL)
                server.wait()
                await self._after_kill(number, people)
                server = await self._start()
                await self._still_open(number, people[QUIET])
            for task in load:
                task.cancel()
            await asyncio.gather(*load, return_exceptions=True)
            await self._rest(people)
            heard = await asyncio.gather(*(person.heard() for person in people.values()))
            shown = dict(zip(people, heard, strict=True))
            server.terminate()
            server.wait()
        await self._compare(people, shown)
        self.counts.update(kills=kills, confirmed=sum(len(person.confirmed) for person in people.values()))
        return Outcome(self.counts, [f"seed {self.seed}: {fault}" for fault in self.faults])

    async def _campaign(self) -> dict[str, str]:
        database, now = Database(database_path(self.folder)), datetime.now(UTC)
        units = [RosterUnit(town, "镇", (), (), ()) for town in TOWNS]
        campaign = await campaigns.create(database, now, "bench", 2026, [loader.load(RUBRIC)], units)
        codes = {
            town: (await invitations.invite(database, now, "bench", campaign, "liaison", unit=town)).code
            for town in TOWNS
        }
        await database.close()
        return codes

    async def _start(self) -> subprocess.Popen[bytes]:
        """A server that answers."""
        settings = {"KAOPING_DATA_DIR": str(self.folder), "KAOPING_WEB_PORT": str(self._port)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": (self.folder / "serve.log").open("ab")}
        server = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=os.environ | settings, **quiet)
        quiet["stderr"].close()
        until = time.monotonic() + READY_SECONDS
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < until and server.poll() is None:
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(self.url + "/session"):
                        return server
                await asyncio.sleep(0.02)
        raise RuntimeError(
            (self.folder / "serve.log").read_text(encoding="utf-8")[-2000:] or "the server does not answer"
        )

    def _figure(self) -> str:
        """A rate that nobody has said before."""
        return f"9{next(self._numbers) / 100_000:.5f}%"

    async def _talk(self, town: str, person: Messenger) -> None:
        """Without end: open a question, answer it with a figure of its own, at times a file."""
        content = random.Random(town)
        unit = TOWNS.index(town) + 1
        while True:
            await person.press(f"ask:{unit},{RUBRIC},3.1:0")
            if content.random() < 0.3:
                await person.send_file(b"%PDF-1.7\n" + content.randbytes(content.randrange(100, 200_000)))
            figure = self._figure()
            await person.say(figure)
            self.said[town].append(figure)

    async def _ask(self, person: Messenger) -> None:
        await person.press(f"ask:{TOWNS.index(QUIET) + 1},{RUBRIC},3.1:0")
        await self._rest({QUIET: person})

    async def _still_open(self, number: int, person: Messenger) -> None:
        """The question asked before the kill takes an answer, and so does the first button there ever was."""
        figure = self._figure()
        await person.say(figure)
        self.said[QUIET].append(figure)
        before = self._versions(QUIET, "2.3")
        await person.press(f"ans:{TOWNS.index(QUIET) + 1},{RUBRIC},2.3,,{number % 2}:0")
        await self._rest({QUIET: person})
        if self._versions(QUIET, "3.1", figure) != 1:
            self.faults.append(f"kill {number}: the open question was closed")
        if self._versions(QUIET, "2.3") != before + 1:
            self.faults.append(f"kill {number}: the old button did nothing")

    async def _after_kill(self, number: int, people: dict[str, Messenger]) -> None:
        """What was confirmed until now is there, once; the trail fits; what is there has its file."""
        kept = Counter(row[0].rpartition(":")[2] for row in self._rows("SELECT event_id FROM inbox"))
        confirmed = [ident for person in people.values() for ident in person.confirmed]
        self.counts["lost"] += sum(not kept[ident] for ident in confirmed)
        self.counts["stored twice"] += sum(count > 1 for count in kept.values())
        self.counts["waiting at a kill"] += self._waiting()
        database = Database(database_path(self.folder))
        async with database.read() as connection:
            chain = await audit.walk(connection)
        await database.close()
        if chain.broken:
            self.faults.append(f"kill {number}: the trail is broken at {chain.broken[0]}")
        store = FileStore(self.folder / EVIDENCE)
        for (raw,) in self._rows("SELECT raw FROM inbox WHERE raw LIKE '%\"files\"%'"):
            for file in json.loads(raw)["files"]:
                path = store.path_of(file["ref"])
                if not path.is_file() or path.stat().st_size != file["size_bytes"]:
                    self.faults.append(f"kill {number}: no file {file['ref']}")

    async def _rest(self, people: dict[str, Messenger]) -> None:
        """Wait until all that is confirmed is handled."""
        wanted = {ident for person in people.values() for ident in person.confirmed[-3:]}
        until = time.monotonic() + READY_SECONDS
        query = "SELECT event_id FROM inbox WHERE handled_at IS NULL AND dead_at IS NULL"
        while wanted & {row[0].rpartition(":")[2] for row in self._rows(query)}:
            if time.monotonic() > until:
                raise RuntimeError("events are not handled")
            await asyncio.sleep(0.01)

    async def _compare(self, people: dict[str, Messenger], shown: dict[str, list[dict[str, Any]]]) -> None:
        """Each figure was heard once, kept once and answered once, in the data as on the page."""
        for town, rows in shown.items():
            mine = Counter(row["text"] for row in rows if row["mine"])
            theirs = [row["text"].splitlines()[0] for row in rows if not row["mine"] and row["text"]]
            answered = Counter(line.removeprefix("记下了：") for line in theirs if line.startswith("记下了："))
            for figure in self.said[town]:
                versions = self._versions(town, "3.1", figure)
                self.counts["lost"] += not (mine[figure] and versions and answered[figure])
                self.counts["stored twice"] += mine[figure] > 1 or versions > 1
                self.counts["sent twice"] += max(answered[figure] - 1, 0)
        self.counts["waiting at the end"] = self._waiting()
        ((dead,),) = self._rows("SELECT count(*) FROM inbox WHERE dead_at IS NOT NULL")
        self.counts["dead"] = dead
        for what in ("lost", "stored twice", "sent twice", "dead", "waiting at the end"):
            if self.counts[what]:
                self.faults.append(f"{what}: {self.counts[what]}")
        verified = subprocess.run(
            [sys.executable, "-m", "bot", "verify"], env=os.environ | {"KAOPING_DATA_DIR": str(self.folder)},
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        if verified.returncode:
            self.faults.append(f"verify: {verified.stdout}{verified.stderr}")

    def _waiting(self) -> int:
        ((count,),) = self._rows("SELECT count(*) FROM inbox WHERE handled_at IS NULL AND dead_at IS NULL")
        return int(count)

    def _versions(self, town: str, clause: str, said: str = "%") -> int:
        query = "SELECT count(*) FROM answer WHERE unit_id = ? AND criterion_id = ? AND said LIKE ?"
        ((count,),) = self._rows(query, TOWNS.index(town) + 1, clause, said.replace("%", "_") if said != "%" else said)
        return int(count)

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / DATABASE}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261121
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else KILLS
    with tempfile.TemporaryDirectory() as name:
        counts, faults = asyncio.run(Killing(Path(name) / "data", seed).run(kills))
    print(f"{datetime.now(UTC):%Y-%m-%d} seed {seed}: {len(faults)} faults; {dict(counts)}")
    for fault in faults:
        print(fault)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
