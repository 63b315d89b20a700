"""Does a flood of duplicated, reordered, day-old, edited and malformed events lose an answer or touch a wrong unit?

Six people at five units and a stranger; events go in as a channel hands them over: kept, then received, in order per
address and side by side elsewhere, with restarts between. A model of a few lines says what must stand at the end.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text

from channels.port import Event, FileRef
from handlers.conversation import Conversation
from rubrics import loader
from storage import answers, audit, campaigns, invitations
from storage.data_folder import database_path, initialise
from storage.database import Database
from storage.file_types import FileType
from storage.files import FileStore
from storage.inbox import Inbox
from storage.roster import RosterUnit

EVENTS = 10_000
CHANNEL = "soak"
NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TOWNS = loader.load("xinbei-2011-towns")
CLAUSES = ("1.1", "1.3", "2.1", "2.2", "2.3", "5.1")  # all 有 or 没有
UNITS = {1: "孟河镇", 2: "西夏墅镇", 3: "春江镇", 4: "新桥镇", 5: "罗溪镇"}
LIAISONS = {"chen": (1,), "li": (1,), "zhou": (2,), "wu": (3, 4), "zheng": (4,)}
SIDE_BY_SIDE = (("chen", "li"), ("zhou",), ("wu", "zheng"), ("office",), ("stranger",))
"""Who shares no unit may be handled at the same time: the model needs no order between them."""
CHAT = ("清单", "我的得分", "帮助", "得分", "材料", "单位 孟河镇", "取消", "谢谢", "你好", "/list", "？")
GARBAGE = ("", " \n", "\0", "\ud83d", "\x1b[2J", "九" * 20_000, "a" * 100_000, "{{ turn }}", "'; DROP TABLE answer; --",
           "AAAA-BBBB-CCCC", "/start x", "1e99999999", "\u202e有")  # fmt: skip
KEYS = ("", ":", "ans", "ans::0", "ans:1:0", "ans:1,xinbei-2011-towns,1.1,,9:0", "ask:1,hunan,2.1:0", "\ud83d:1:0",
        "ans:99999999999999999999,xinbei-2011-towns,1.1,,0:0", "nope:1:0", "x" * 64,
        "state:1,xinbei-2011-towns,1.1,9:0", "use:1,xinbei-2011-towns,zz:0", "item:1,xinbei-2011-towns,99:0")  # fmt: skip
POISON, FLAKY = "poison", "flaky"


class Model:
    """What must stand: the answers, and which question each person has open."""

    def __init__(self) -> None:
        self.answers: dict[tuple[int, str], tuple[int, str, bool]] = {}
        self.open: dict[str, tuple[int, str, int]] = {}

    def happens(self, event: Event) -> None:
        """Take in an event that is delivered for the first time."""
        who = event.address
        if event.option is not None:
            self._press(who, event.option)
        elif event.text == "取消":
            self.open.pop(who, None)
        elif event.text in {"有", "没有"} and who in self.open:
            self._answer(who, *self.open[who], event.text == "有")

    def _press(self, who: str, option: str) -> None:
        verb, _, rest = option.partition(":")
        parts, _, version = rest.rpartition(":")
        match parts.split(","):
            case [unit, TOWNS.id, clause] if verb == "ask" and clause in CLAUSES and self._own(who, unit):
                place = (int(unit), clause)
                self.open[who] = (*place, self.answers.get(place, (0,))[0])
            case [unit, TOWNS.id, clause, "", ("0" | "1") as which] if verb == "ans" and self._own(who, unit):
                self._answer(who, int(unit), clause, int(version), which == "0")

    def _own(self, who: str, unit: str) -> bool:
        return int(unit) in LIAISONS.get(who, ())

    def _answer(self, who: str, unit: int, clause: str, version: int, fact: bool) -> None:
        now = self.answers.get((unit, clause))
        open_here = self.open.get(who, (0, "", 0))[:2] == (unit, clause)
        if now and now[1] != who and now[0] != version:  # a colleague came first; now the person has read that
            if open_here:
                self.open[who] = (unit, clause, now[0])
            return
        if now and now[1] == who and now[2] != fact and version < now[0]:  # asked first whether it is to be replaced
            return
        if open_here:
            del self.open[who]
        if now and now[1:] == (who, fact) and version < now[0]:  # pressed once more: nothing new
            return
        self.answers[unit, clause] = ((now[0] if now else 0) + 1, who, fact)


class Shaky(FileStore):
    """A store that is asked about a file and fails: always for the poison, four times for a flaky one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: Counter[str] = Counter()
        self.good = ""

    async def type_of(self, ref: str) -> FileType:
        kind = ref.partition("-")[0]
        self.asked[ref] += 1
        if kind == POISON or (kind == FLAKY and self.asked[ref] <= 4):
            raise RuntimeError(f"cannot look at {ref}")
        return await super().type_of(self.good if kind == FLAKY else ref)


class Outcome(NamedTuple):
    """Counts of what happened, and what must not be."""

    counts: Counter[str]
    faults: list[str]


def made(rng: random.Random, good_ref: str, number: int) -> Event:
    """A seeded event, hostile or not."""
    who = rng.choice([*LIAISONS, *LIAISONS, "office", "stranger"])
    old = timedelta(days=rng.choice([0, 0, 0, 1, 30]))
    own = rng.choice(LIAISONS.get(who, (1,)))
    unit = own if rng.random() < 0.9 else rng.choice([*UNITS, 77])
    place = f"{unit},{TOWNS.id},{rng.choice(CLAUSES)}"
    kind = rng.choices(
        ("ask", "press", "word", "chat", "garbage", "key", "edited", "file", "other", POISON, FLAKY, "group"),
        (22, 20, 22, 8, 6, 6, 4, 4, 3, 1, 1, 2),
    )[0]
    if kind in {POISON, FLAKY}:
        who = rng.choice(list(LIAISONS))
    ref = good_ref if kind == "file" else f"{kind}-{number}"
    words: dict[str, dict[str, Any]] = {
        "ask": {"option": f"ask:{place}:0"},
        "press": {"option": f"ans:{place},,{rng.randrange(2)}:{rng.randrange(4)}"},
        "word": {"text": rng.choice(["有", "没有"])},
        "chat": {"text": rng.choice(CHAT)},
        "garbage": {"text": rng.choice(GARBAGE)},
        "key": {"option": rng.choice(KEYS)},
        "edited": {"text": "改一下，谢谢", "edited": True},
        "other": {"other": rng.choice(["语音", "表情", "位置"])},
        "group": {"text": "得分", "in_group": True},
    }
    given = words.get(kind) or {"files": (FileRef(ref, "会议纪要.pdf", 9),)}
    return Event(CHANNEL, f"{number}", who, NOW - old, **given)


def deliveries(rng: random.Random, count: int, good_ref: str) -> list[Event]:
    """Events as a bad network brings them: a sixth of them again, some late, neighbours changing places."""
    fresh = [made(rng, good_ref, number) for number in range(count * 6 // 7)]
    moved = [(number + rng.choice([0, 0, 0, 0, 1, 2, count // 10]), event) for number, event in enumerate(fresh)]
    again = [(number + rng.randrange(1, count), event) for number, event in rng.sample(moved, count - len(fresh))]
    return [event for _, event in sorted(moved + again, key=lambda pair: pair[0])]


def raw(event: Event) -> dict[str, Any]:
    return {**event._asdict(), "at": event.at.isoformat()}


def event_of(kept: dict[str, Any]) -> Event:
    files = tuple(FileRef(*file) for file in kept["files"])
    words = {**kept, "at": datetime.fromisoformat(kept["at"]), "files": files}
    return Event(**{**words, "refused": tuple(kept["refused"]), "parts": tuple(kept["parts"])})


class World:
    """The bot on one folder, and what is checked while events come."""

    def __init__(self, folder: Path) -> None:
        initialise(folder)
        self.path, self.now = database_path(folder), NOW
        self.files, self.model = Shaky(folder / "evidence"), Model()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.poisons: set[str] = set()
        self.start()

    def start(self) -> None:
        """Everything anew from what is kept."""
        self.database = Database(self.path)
        self.inbox = Inbox(self.database, lambda: self.now)
        self.bot = Conversation(self.database, self.files, lambda: self.now, ZoneInfo("Asia/Shanghai"), lambda: None)

    async def people(self) -> None:
        """A campaign and everybody in it, and one good file."""
        units = [RosterUnit(name, "镇", (), (), ()) for name in UNITS.values()]
        campaign = await campaigns.create(self.database, NOW, "bench", 2026, [TOWNS], units)
        for who, ids in {**LIAISONS, "office": (None,)}.items():
            for ident in ids:
                role, unit = ("liaison", UNITS[ident]) if ident else ("office", None)
                code = (await invitations.invite(self.database, NOW, "bench", campaign, role, unit=unit)).code
                await self.bot.receive(Event(CHANNEL, f"join-{who}-{ident}", who, NOW, start_code=code))

        async def chunks() -> AsyncIterator[bytes]:
            yield b"%PDF-1.7 minutes"

        self.files.good = str((await self.files.store(chunks(), "minutes.pdf", 1000))["ref"])

    async def deliver(self, batch: list[Event], rng: random.Random) -> None:
        """Keep and receive some events side by side, at times with a restart between."""
        self.now += timedelta(seconds=1)
        fresh = [e for e in batch if await self.inbox.keep(CHANNEL, e.id, e.address, raw(e))]
        again = [e for e in batch if e not in fresh and rng.random() < 0.3]  # confirmed, then redelivered all the same
        for event in fresh:
            self.model.happens(event)
            if event.files and event.files[0].ref.startswith(POISON):
                self.poisons.add(event.id)
        self.counts.update(fresh=len(fresh), duplicates=len(batch) - len(fresh))
        if rng.random() < 0.02:
            await self.database.close()
            self.start()
            self.counts["restarts"] += 1
            fresh = [event_of(kept.raw) for kept in await self.inbox.waiting(CHANNEL)]
        before = await self._newest_message()
        await asyncio.gather(*(self._receive(event) for event in [*fresh, *again]))
        spoken = await self._spoken_since(before)
        for event in fresh:
            if event.address not in spoken:
                self.faults.append(f"silence after {raw(event)!r:.300}")
        for event in again:  # the office also hears of others' dead letters
            if event.address in spoken - {e.address for e in fresh} - {"office"}:
                self.faults.append(f"event {event.id} was answered twice")

    async def _receive(self, event: Event) -> None:
        try:
            await self.bot.receive(event)
        except Exception as error:
            logging.getLogger(__name__).exception("unhandled")
            self.faults.append(f"unhandled {type(error).__name__} after {raw(event)!r:.300}")

    async def _newest_message(self) -> int:
        async with self.database.read() as connection:
            return int((await connection.execute(text("SELECT max(id) FROM message"))).scalar() or 0)

    async def _spoken_since(self, message_id: int) -> set[str]:
        """Who was said something after a message."""
        query = text("SELECT DISTINCT address FROM message WHERE NOT mine AND id > :after")
        async with self.database.read() as connection:
            return set((await connection.execute(query, {"after": message_id})).scalars())

    async def check(self) -> None:
        """Compare what stands with the model, and look for what must not be."""
        for unit in UNITS:
            current = await answers.current(self.database, unit, TOWNS.id)
            for clause in {*current, *CLAUSES}:
                stands = current.get(clause)
                got = stands and (stands.version, stands.fact)
                must = self.model.answers.get((unit, clause))
                if got != (must and (must[0], must[2])):
                    self.faults.append(f"unit {unit}, {clause}: {got} stands and not {must}")
        dead = {letter.event.event_id for letter in await self.inbox.dead(100_000)}
        async with self.database.read() as connection:
            chain = await audit.walk(connection)
            apologies = await connection.execute(
                text("SELECT count(*) FROM message WHERE text LIKE '%没有记下这一条%'")
            )
            told = await connection.execute(text("SELECT count(*) FROM message WHERE text LIKE '%系统没能处理%'"))
            counted = {"apologies": apologies.scalar() or 0, "office told": told.scalar() or 0}
        self.counts.update({**counted, "dead": len(dead), "versions": sum(a[0] for a in self.model.answers.values())})
        for what, wrong in {
            "the trail is broken": chain.broken,
            "wrong dead letters": dead ^ self.poisons,
            "still waiting": await self.inbox.waiting(CHANNEL),
            "not one apology a poison": counted["apologies"] != len(self.poisons),
            "told too often": counted["office told"] > 1 + (self.now - NOW) / timedelta(hours=1),
        }.items():
            if wrong:
                self.faults.append(f"{what}: {wrong!r:.300}")


def batches(events: list[Event], most: int = 4) -> Iterator[list[Event]]:
    """Neighbouring events of people who share no unit."""
    lane = {who: number for number, group in enumerate(SIDE_BY_SIDE) for who in group}
    batch: list[Event] = []
    for event in events:
        if len(batch) == most or lane[event.address] in {lane[e.address] for e in batch}:
            yield batch
            batch = []
        batch.append(event)
    yield batch


async def soak(seed: int, count: int, folder: Path) -> Outcome:
    """Deliver so many seeded events to a fresh bot and check what came of it."""
    rng = random.Random(seed)
    world = World(folder)
    await world.people()
    for batch in batches(deliveries(rng, count, world.files.good)):
        await world.deliver(batch, rng)
    await world.check()
    await world.database.close()
    return Outcome(world.counts, [f"seed {seed}: {fault}" for fault in world.faults])


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 20261121
    logging.disable(logging.ERROR)  # each poison says so five times
    with tempfile.TemporaryDirectory() as name:
        counts, faults = asyncio.run(soak(seed, EVENTS, Path(name)))
    print(f"{datetime.now(UTC):%Y-%m-%d} seed {seed}: {EVENTS} events, {len(faults)} faults; {dict(counts)}")
    for fault in faults:
        print(fault.encode("utf-8", "replace").decode())
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
