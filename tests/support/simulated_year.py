"""A year of reminders, day by day on a frozen clock: nine towns and twelve departments, 21 liaisons with habits.

``python tests/support/simulated_year.py`` writes the golden log anew.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.demo import DEMO_TARGETS, RUBRICS, roster
from channels.text import points as in_words
from reminders.desks import Campaign, Desk, Leave, Person
from reminders.escalation import Escalation, escalations
from reminders.obligations import Entry, Handed, Known, Obligation, Schedule, UnitKnown, open_obligations
from reminders.pacing import Calendar
from reminders.planner import Digest, plan
from reminders.quiet import Said
from reminders.schedules import schedule
from rubrics import loader
from rubrics.facts import Fact
from rubrics.kinds import Deduct
from storage.phases import Phase

ZONE = ZoneInfo("Asia/Shanghai")
ISSUED = date(2025, 6, 23)
LAST = date(2026, 6, 22)
FILING = Phase("目标备案", ISSUED, date(2025, 7, 31))
COLLECTION = Phase("日常收集", ISSUED, date(2025, 12, 31))
SELF_ASSESSMENT = Phase("自评", date(2026, 1, 1), date(2026, 1, 16))
CALENDAR = Calendar(2025, ISSUED, (FILING, COLLECTION, SELF_ASSESSMENT))
CAMPAIGN = Campaign(1, ZONE, CALENDAR)
TICKS = (time(7, 0), time(9, 0), time(13, 0), time(17, 29), time(17, 30), time(22, 0))
HABITS = (
    *("及时", "及时", "及时", "拖延", "拖延", "不理"),
    *("及时", "及时", "及时", "拖延", "拖延", "屏蔽"),
    *("及时", "及时", "及时", "拖延", "拖延", "请假有代理"),
    *("及时", "不理", "请假无代理"),
)
BLOCKED_FROM = date(2025, 8, 1)
LEAVES = {
    "请假有代理": Leave(date(2025, 7, 14), date(2025, 9, 30), deputy_id=1),
    "请假无代理": Leave(date(2025, 10, 9), date(2025, 11, 28)),
}
SENT_BACK = datetime(2025, 10, 15, 17, 29, tzinfo=ZONE)
GOLDEN = Path(__file__).parents[1] / "reminders" / "golden" / "simulated-year.txt"


class Message(NamedTuple):
    """A digest as it was said."""

    at: datetime
    habit: str
    digest: Digest


class Escalated(NamedTuple):
    """What the office could take up on a day."""

    on: date
    found: Escalation


class Unit:
    """A unit's liaison, what is known of it, and what was told."""

    def __init__(self, ident: int, name: str, habit: str, year: Schedule) -> None:
        self.id, self.name, self.habit, self.schedule = ident, name, habit, year
        self.facts: dict[str, dict[str, Fact]] = defaultdict(dict)
        self.entries: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self.targets: dict[str, Handed] = {}
        self.returned: dict[str, date] = {}
        self.submitted = False
        self.done: set[str] = set()
        self.said: list[Said] = []
        self.announced: dict[tuple[int, str], tuple[date, ...]] = {}
        self.to_do: list[tuple[date, Obligation]] = []

    @property
    def owed(self) -> tuple[Obligation, ...]:
        known = {
            ident: Known(
                dict(self.facts[ident]),
                {},
                {c: tuple(found) for c, found in self.entries[ident].items()},
                frozenset(),
                dict(self.returned) if ident == RUBRICS[0] else {},
                dict(self.targets) if ident == RUBRICS[0] else {},
            )
            for ident in self.schedule.rubrics
        }
        return open_obligations(self.schedule, UnitKnown(known, self.submitted))

    def do(self, obligation: Obligation, today: date) -> None:
        """Do what is owed, as an answer or an entry."""
        rubric_id, ident = obligation.rubric_id, obligation.criteria[0]
        self.done.add(obligation.key)
        if obligation.kind == "submit":
            self.submitted = True
        elif obligation.kind == "confirm":
            self.targets = {c: task._replace(confirmed=True) for c, task in self.targets.items()}
        elif obligation.kind == "returned":
            del self.returned[ident]
        elif obligation.kind == "paced" and self.schedule.clauses[rubric_id, ident].entries:
            self.entries[rubric_id][ident].append(Entry(today))
        else:
            deducts = isinstance(self.schedule.clauses[rubric_id, ident].score, Deduct)
            self.facts[rubric_id][ident] = Decimal(0) if deducts else True

    def person(self, today: date) -> Person:
        return Person(
            self.id,
            f"{self.name}联络员",
            (Desk(self.id, self.name, self.owed),),
            tuple(self.said),
            dict(self.announced),
            leave=LEAVES.get(self.habit),
            reachable=self.habit != "屏蔽" or today < BLOCKED_FROM,
        )

    def hears(self, digest: Digest) -> None:
        """What a habit makes of a digest."""
        reacts = self.habit != "不理" and self.habit != "屏蔽"
        self.said.append(Said(digest.on, digest.kind, reacts))
        for key in digest.matters:
            self.announced[key] = (*self.announced.get(key, ()), digest.on)
        if not reacts:
            return
        mine = [o for pile in digest.piles if pile.unit_id == self.id for o in pile.obligations if not o.hint]
        if self.habit == "拖延":  # a few at a time; what has a date of its own too late
            self.to_do += [(max(o.due + timedelta(days=10), digest.on), o) for o in mine if o.kind == "paced"][:1]
            mine = [o for o in mine if o.kind != "paced"][:4]
        planned = {o.key for _, o in self.to_do}
        self.to_do += [(digest.on + timedelta(days=2), o) for o in mine if o.key not in planned]

    def works(self, today: date) -> None:
        """Do what was planned for today."""
        leave = LEAVES.get(self.habit)
        if leave is not None and leave.runs(today):
            return
        still = {o.key: o for o in self.owed}
        for on, obligation in self.to_do:
            if on <= today <= CALENDAR.answers_close and obligation.key in still:
                self.do(obligation, today)
        self.to_do = [(on, o) for on, o in self.to_do if on > today]


class World:
    """The campaign and everybody in it."""

    def __init__(self) -> None:
        rubrics = [loader.load(ident) for ident in RUBRICS]
        self.units = [
            Unit(place, unit.name, HABITS[place - 1], schedule(rubrics, unit.name, unit.category, CALENDAR))
            for place, unit in enumerate(roster(), start=1)
        ]
        for unit in self.units[:9]:
            unit.targets = {ident: Handed(Decimal(figure), confirmed=False) for ident, figure in DEMO_TARGETS.items()}
        self.log: list[Message] = []
        self.held: Counter[tuple[str, str]] = Counter()
        self.escalated: list[Escalated] = []
        self.wrong: list[str] = []

    def live(self) -> None:
        """Play the year."""
        today = ISSUED
        while today <= LAST:
            for unit in self.units:
                unit.works(today)
            for tick in TICKS:
                self._tick(datetime.combine(today, tick, ZONE))
            if today.weekday() == 0:
                people = [unit.person(today) for unit in self.units]
                self.escalated += [Escalated(today, found) for found in escalations(today, CAMPAIGN, people)]
            today += timedelta(days=1)

    def _tick(self, now: datetime) -> None:
        if now == SENT_BACK:
            self.units[1].returned["2.1"] = now.date()
        found = plan(now, CAMPAIGN, [unit.person(now.date()) for unit in self.units])
        if now.time() == TICKS[1]:
            self.held.update((held.person, held.why) for held in found.held)
        for digest in found.digests:
            unit = self.units[digest.person_id - 1]
            self.log.append(Message(now, unit.habit, digest))
            done = {(one.id, key) for one in self.units for key in one.done}
            self.wrong += [f"{now} {unit.name}: {key}" for key in digest.matters if key in done]
            unit.hears(digest)

    def counts(self) -> dict[str, int]:
        """Messages per liaison in the year."""
        said = Counter(message.digest.person for message in self.log)
        return {f"{unit.name}联络员": said[f"{unit.name}联络员"] for unit in self.units}

    def unannounced(self) -> list[tuple[str, str, int]]:
        """The matters missed though known 28 days ahead, told fewer than three times by then: unit, matter, times."""
        told: dict[tuple[int, str], set[date]] = defaultdict(set)
        for message in self.log:
            for key in message.digest.matters:
                told[key].add(message.digest.on)
        found = []
        for unit in self.units:
            for o in unit.owed:
                known = (o.due - o.askable_from).days >= 28
                times = sum(on <= o.due for on in told[unit.id, o.key])
                if known and not o.hint and times < 3:
                    found.append((f"{unit.name}（{unit.habit}）", o.what, times))
        return found

    def written(self) -> str:
        """The log as the golden file has it."""
        lines = [_line(message) for message in self.log]
        counts = self.counts()
        summary = [
            "",
            f"# 每人一年收到：中位数 {statistics.median(counts.values()):g}，最多 {max(counts.values())}",
            *(f"# {name}（{unit.habit}）：{counts[name]}" for unit, name in zip(self.units, counts, strict=True)),
            "# 没有送达，因为：",
            *(f"# {person}：{why}，{days} 个工作日" for (person, why), days in sorted(self.held.items())),
            "# 已知 28 天以上、没有办、提醒不满三次的：",
            *(f"# {unit}：{what}，{times} 次" for unit, what, times in self.unannounced()),
            "# 可由考核办出面的单位，从哪一天起：",
            *(f"# {on}：{unit}" for unit, on in _first_days(self.escalated)),
        ]
        return "\n".join([*lines, *summary]) + "\n"


def _first_days(found: list[Escalated]) -> list[tuple[str, date]]:
    days: dict[str, date] = {}
    for one in found:
        days.setdefault(one.found.unit, one.on)
    return list(days.items())


def _line(message: Message) -> str:
    digest = message.digest
    count = sum(len(pile.obligations) for pile in digest.piles)
    units = "+".join(pile.unit for pile in digest.piles)
    points = in_words(Fraction(digest.points))
    return (
        f"{message.at:%Y-%m-%d %H:%M} {digest.person}（{message.habit}）{digest.kind}：{digest.why}"
        f" | {units} {count} 件 {points} 分"
    )


def main() -> None:
    world = World()
    world.live()
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(world.written(), encoding="utf-8")


if __name__ == "__main__":
    main()
