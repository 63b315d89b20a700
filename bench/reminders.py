"""What planning costs: 100,000 liaisons with 31 obligations each, on days on which everybody, few or nobody is due.

Also the memory of what is known of them, and the longest single step for whoever plans between other work.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

sys.path[:1] = []  # this folder: its reminders.py would hide the room of that name

from reminders.desks import Campaign, Desk, Person  # noqa: E402
from reminders.obligations import Schedule, UnitKnown, open_obligations  # noqa: E402
from reminders.pacing import Calendar  # noqa: E402
from reminders.planner import Plan, plan  # noqa: E402
from reminders.quiet import Said  # noqa: E402
from reminders.schedules import schedule  # noqa: E402
from rubrics import loader  # noqa: E402
from storage.phases import Phase  # noqa: E402

LIAISONS = 100_000
OBLIGATIONS = 31
ROUNDS = 3
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


if __name__ == "__main__":
    main()
