"""Does a SIGKILL at any moment of a conversation under load lose, double or break anything?

A real `kaoping serve` is killed at seeded moments while people talk with it over the page, in some of the kills also
over Telegram, and started again. Each of them sends one thing after another, again and again until it is confirmed.
What was confirmed is compared with what the data folder holds and with what people have read.
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
from typing import Any, NamedTuple

import aiohttp
from messengers import Chat, Messenger, Web
from telegram_server import TOKEN, TelegramServer

from reminders.delivery import MOST_UNMARKED
from rubrics import loader
from storage import audit, campaigns, invitations
from storage.data_folder import DATABASE, EVIDENCE, database_path, initialise
from storage.database import Database
from storage.files import FileStore
from storage.roster import RosterUnit

KILLS = 200
OVER_TELEGRAM = 0.3  # of the kills: a start costs some seconds of import there
LONGEST_SECONDS = 0.6  # from the load's beginning to the kill
READY_SECONDS = 60.0
RUBRIC = "xinbei-2011-towns"
TOWNS = ("孟河镇", "西夏墅镇", "春江镇", "新桥镇", "罗溪镇")
QUIET = "罗溪镇"  # its liaison has a question open at every kill
ON_TELEGRAM = ("孟河镇", "西夏墅镇", "春江镇", QUIET)
SEND_SECONDS = 0.05  # what a message takes to Telegram, so that a kill finds some on their way


class Outcome(NamedTuple):
    """What was counted, and what must not be."""

    counts: Counter[str]
    faults: list[str]


class Killing:
    """One data folder, one server that dies again and again, and the people who talk with it."""

    def __init__(self, folder: Path, seed: int, *, telegram: bool = False) -> None:
        self.folder, self.rng, self.seed = folder, random.Random(seed), seed
        self._telegram = TelegramServer() if telegram else None
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
            people = await self._people(stack)
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
            await self._all_sent()
            heard = await asyncio.gather(*(person.heard() for person in people.values()))
            shown = dict(zip(people, heard, strict=True))
            server.terminate()
            server.wait()
        await self._compare(people, shown)
        self.counts.update(kills=kills, confirmed=sum(len(person.confirmed) for person in people.values()))
        return Outcome(self.counts, [f"seed {self.seed}: {fault}" for fault in self.faults])

    async def _people(self, stack: contextlib.AsyncExitStack) -> dict[str, Messenger]:
        people: dict[str, Messenger] = {}
        if self._telegram:
            await stack.enter_async_context(self._telegram.serving())
            self._telegram.delay["sendMessage"] = SEND_SECONDS
        for number, town in enumerate(TOWNS):
            if self._telegram and town in ON_TELEGRAM:
                people[town] = Chat(self._telegram, 7000 + number, patient=town != QUIET)
            else:
                limit, jar = aiohttp.ClientTimeout(total=10), aiohttp.CookieJar(unsafe=True)
                http = aiohttp.ClientSession(cookie_jar=jar, timeout=limit)
                people[town] = Web(self.url, await stack.enter_async_context(http))
        return people

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
        if self._telegram:
            settings |= {"KAOPING_TELEGRAM_TOKEN": TOKEN, "KAOPING_TELEGRAM_API_BASE": self._telegram.base}
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
        if before:  # another answer stands by now: the old button asks first
            await person.press(self._surely("2.3"))
            await self._rest({QUIET: person})
        if self._versions(QUIET, "3.1", figure) != 1:
            self.faults.append(f"kill {number}: the open question was closed")
        if self._versions(QUIET, "2.3") != before + 1:
            self.faults.append(f"kill {number}: the old button did nothing")

    async def _after_kill(self, number: int, people: dict[str, Messenger]) -> None:
        """What was confirmed until now is there, once; the trail fits; what is there has its file."""
        if self._sent_again() > MOST_UNMARKED * (number + 1):
            self.faults.append(f"kill {number}: {self._sent_again()} messages were sent again or are not marked")
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
        files = [file for (raw,) in self._rows("SELECT raw FROM inbox") for file in json.loads(raw).get("files", ())]
        told = self._rows("SELECT file FROM message WHERE file IS NOT NULL")
        for file in (*files, *(json.loads(row[0]) for row in told)):
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

    async def _all_sent(self) -> None:
        until = time.monotonic() + READY_SECONDS
        query = "SELECT count(*) FROM message WHERE outcome IS NULL AND NOT mine"
        while self._rows(query) != [(0,)]:
            if time.monotonic() > until:
                raise RuntimeError("answers are not sent")
            await asyncio.sleep(0.05)
        self.counts["sent again over Telegram"] = self._sent_again()

    async def _compare(self, people: dict[str, Messenger], shown: dict[str, list[dict[str, Any]]]) -> None:
        """Each figure was heard once, kept once and answered once, in the data as on the page."""
        for town, rows in shown.items():
            mine = Counter(row["text"] for row in rows if row["mine"])
            theirs = [row["text"].splitlines()[0] for row in rows if not row["mine"] and row["text"]]
            answered = Counter(line.removeprefix("记下了：") for line in theirs if line.startswith("记下了："))
            for figure in self.said[town]:
                versions = self._versions(town, "3.1", figure)
                ((heard,),) = self._rows("SELECT count(*) FROM message WHERE mine AND text = ?", figure)
                self.counts["lost"] += not (mine[figure] and heard and versions and answered[figure])
                self.counts["stored twice"] += max(mine[figure], heard, versions) > 1
                if isinstance(people[town], Web):
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

    def _sent_again(self) -> int:
        """Telegram messages beyond those that the outbox holds for sent: sent twice, or out at a kill and not marked."""
        query = "SELECT count(*) FROM message WHERE channel = 'telegram' AND outcome = 'sent'"
        return len(self._telegram.messages) - int(self._rows(query)[0][0]) if self._telegram else 0

    def _waiting(self) -> int:
        ((count,),) = self._rows("SELECT count(*) FROM inbox WHERE handled_at IS NULL AND dead_at IS NULL")
        return int(count)

    def _versions(self, town: str, clause: str, said: str = "%") -> int:
        query = "SELECT count(*) FROM answer WHERE unit_id = ? AND criterion_id = ? AND said LIKE ?"
        ((count,),) = self._rows(query, TOWNS.index(town) + 1, clause, said.replace("%", "_") if said != "%" else said)
        return int(count)

    def _surely(self, clause: str) -> str:
        """The newest button of the quiet liaison that replaces what stands for a clause."""
        query = "SELECT options FROM message WHERE options LIKE ? ORDER BY id DESC LIMIT 1"
        about = f"sure:{TOWNS.index(QUIET) + 1},{RUBRIC},{clause},"
        ((options,),) = self._rows(query, f"%{about}%")
        return next(str(option["key"]) for option in json.loads(options) if option["key"].startswith(about))

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / DATABASE}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261121
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else KILLS
    found = []
    over_telegram = round(kills * OVER_TELEGRAM)
    for telegram, share in ((False, kills - over_telegram), (True, over_telegram)):
        with tempfile.TemporaryDirectory() as name:
            counts, faults = asyncio.run(Killing(Path(name) / "data", seed, telegram=telegram).run(share))
        where = "the page and Telegram" if telegram else "the page"
        print(f"{datetime.now(UTC):%Y-%m-%d} seed {seed}, {where}: {len(faults)} faults; {dict(counts)}", flush=True)
        found += faults
    for fault in found:
        print(fault)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
