"""What planning costs: 100,000 liaisons with 31 obligations each, on days on which everybody, few or nobody is due.

Then 2,000 liaisons who are all due at once, in a real database: how long others wait for the event loop while a tick
plans and says it. And a push to 1,000 private chats and 20 groups, 5% of it refused at random, on a virtual clock
through the outbox's sender and the pacer: whether Telegram's limits hold, and what the time is beside the least one.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from due_at_once import crowd, tick
from paced_push import push

from reminders.desks import Campaign, Desk, Person
from reminders.obligations import Schedule, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.planner import Plan, plan
from reminders.quiet import Said
from reminders.schedules import schedule
from rubrics import loader
from storage.phases import Phase

LIAISONS = 100_000
OBLIGATIONS = 31
ROUNDS = 3
DUE_AT_ONCE = 2_000
PRIVATE_CHATS, GROUPS, REFUSED = 1_000, 20, 0.05
SEEDS = (1, 2, 3)
ZONE = ZoneInfo("Asia/Shanghai")
ISSUED = date(2025, 6, 23)
CALENDAR = Calendar(
    2025,
    ISSUED,
    (Phase("日常收集", ISSUED, date(2025, 12, 31)), Phase("自评", date(2026, 1, 1), date(2026, 1, 16))),
)
CAMPAIGN = Campaign(1, ZONE, CALENDAR)
DEADLINE, LOOKED_AT = date(2025, 12, 24), date(2025, 11, 5)


def timed(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def everybody(year: Schedule, last: date) -> list[Person]:
    """Liaisons who were last told on a day; their desks are of one schedule, as in a campaign."""
    owed = open_obligations(year, UnitKnown())[:OBLIGATIONS]
    said = (Said(last - timedelta(days=21)), Said(last))
    days = (last,)
    return [
        Person(n, f"联络员{n}", (Desk(n, f"第{n}镇", owed),), said, {(n, o.key): days for o in owed})
        for n in range(LIAISONS)
    ]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=ZONE)


def report(what: str, people: list[Person], day: date) -> Plan:
    found = plan(at(day), CAMPAIGN, people)
    seconds = timed(lambda: plan(at(day), CAMPAIGN, people))
    print(f"{what:<44} {seconds:6.2f} s, {len(found.digests):>7} digests, {seconds / LIAISONS * 1e6:5.1f} µs each")
    return found


def all_due_at_once() -> None:
    """How the loop feels a tick that tells everybody, and one that finds nobody to tell."""

    async def play(folder: Path) -> None:
        database = await crowd(folder, DUE_AT_ONCE)
        for what in ("all due at once", "a tick later, nobody"):
            felt = await tick(database)
            figures = f"{felt.digests:>5} digests in {felt.seconds:5.1f} s"
            print(f"{what:<44} {figures}, longest stall {felt.stall_seconds * 1000:4.0f} ms (asked ≤ 50)")
        await database.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder)))


def paced_push() -> None:
    """A push through the real pacer, and whether it kept Telegram's limits."""
    for seed in SEEDS:
        chats = [*range(1, PRIVATE_CHATS + 1), *range(-GROUPS, 0)]
        random.Random(seed).shuffle(chats)
        with tempfile.TemporaryDirectory() as folder:
            found = push(Path(folder), seed, chats, REFUSED)
        ratio = f"all tried in {found.first_seconds:.1f} s ÷ least {found.floor_seconds:.1f} s"
        print(f"{f'a push, seed {seed}':<44} {ratio} = {found.first_seconds / found.floor_seconds:.3f} (asked ≤ 1.05)")
        mosts = f"{found.most_overall}/1 s, {found.most_private}/1 s a chat, {found.most_group}/60 s a group"
        ended = f"{found.refused} refused, {found.lost} lost, {found.double} double, over after {found.seconds:.1f} s"
        print(f"{'':<44} at most {mosts}; {ended}")


def main() -> None:
    rubrics = [loader.load(ident) for ident in ("xinbei-2011-towns", "xinbei-2011-tasks")]
    year = schedule(rubrics, "孟河镇", "镇", CALENDAR)
    computing = timed(lambda: [open_obligations(year, UnitKnown()) for _ in range(LIAISONS // 10)]) * 10
    print(f"{'obligations computed (100,000 units)':<44} {computing:6.2f} s, {computing / LIAISONS * 1e6:.1f} µs each")
    tracemalloc.start()
    people = everybody(year, LOOKED_AT - timedelta(days=7))
    print(f"{'what is known of them':<44} {tracemalloc.get_traced_memory()[0] / 2**20:6.0f} MB")
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    plan(at(DEADLINE), CAMPAIGN, people)
    print(
        f"{'a plan that writes to everybody, at its peak':<44} {(tracemalloc.get_traced_memory()[1] - before) / 2**20:6.0f} MB"
    )
    tracemalloc.stop()
    report("a deadline's day, everybody is told", people, DEADLINE)
    report("everybody looked at, nobody due", people, LOOKED_AT)
    report("everybody told within the week", people, LOOKED_AT - timedelta(days=1))
    all_due_at_once()
    paced_push()


if __name__ == "__main__":
    main()
