"""The demo's nine towns and twelve departments with the facts of a whole year, kept a second time by hand.

What the program stores is never read to know what it should say: `Books` has every fact by unit and clause, says what
is left of them with proof and after review, and has the engine score that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import talk
from made_facts import drawn
from talk import Office, Person
from visits import joined

from bot import demo
from channels import keys
from rubrics import loader
from rubrics.breakdown import Breakdown
from rubrics.engine import Plan
from rubrics.facts import Fact
from rubrics.model import Criterion, Rubric
from rubrics.tasks import asked
from storage import answers, entries, office_facts, people, proof_notes, review_queue, targets, verdicts
from storage.roster import RosterUnit

TOWNS, DEPARTMENTS, TASKS = (loader.load(ident) for ident in demo.RUBRICS)
PLANS = {rubric.id: Plan(rubric) for rubric in (TOWNS, DEPARTMENTS, TASKS)}
JANUARY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # 9:00 in the office's zone
BASIS = "区质强办〔2027〕1号 年终核对"

IN_ENTRIES = {
    TOWNS.id: {"1.2", "3.3a", "3.3b", "4.3", "4.4a", "4.4b", "5.5", "10.2"},
    DEPARTMENTS.id: {"2.3", "6.1a", "6.1b", "6.1c"},
    TASKS.id: set[str](),
}
"""Clauses whose facts are counted from single meetings, reports and honours; anything else is answered as it is."""

WITHOUT_PROOF = {
    **{(name, TOWNS.id): ("2.1", "4.1", "7.1")[n % 3] for n, name in enumerate(demo.TOWNS) if n not in (1, 5)},
    ("城建局", TASKS.id): "19.1",
    ("科技局", TASKS.id): "20.1",
}
"""Who never sends the proof of which clause, though it is claimed."""

SPOKEN: Mapping[tuple[str, str], Mapping[str, tuple[str, Fact, str]]] = {
    ("孟河镇", TOWNS.id): {
        "1.1": ("有", True, "专人和部门分工文件.pdf"),
        "2.3": ("有", True, "名牌申报材料.pdf"),
        "8.2a": ("99%", Decimal(99), "使用登记率统计.pdf"),
        "10.2": ("4条", Decimal(4), ""),
    },
    ("西夏墅镇", TOWNS.id): {
        "1.1": ("有", True, "专人和部门分工文件.pdf"),
        "1.4": ("没有", False, ""),
        "9.2": ("五成七", Decimal(57), ""),
    },
    ("质监分局", TASKS.id): {"1.2": ("93%", Decimal(93), "抽检合格率通报.pdf"), "11.1": ("3只", Decimal(3), "")},
}
"""What three liaisons say themselves: words, the fact they mean, and the file that proves it."""

SETTLED: Mapping[tuple[str, str], Mapping[str, Fact]] = {
    ("罗溪镇", TOWNS.id): {"2.2": True},
    ("春江镇", TOWNS.id): {"1.1": True},
}
"""Facts that the story needs."""

BY_OFFICE: Mapping[tuple[str, str], Mapping[str, Fact]] = {
    ("孟河镇", TOWNS.id): {"6.3": Decimal(1)},
    ("新桥镇", TOWNS.id): {"9.3a": Decimal(2), "9.3b": Decimal(1)},
    ("三井街道", TOWNS.id): {"7.4": True},
    ("环保局", DEPARTMENTS.id): {"4.3": Decimal(1)},
    ("安监局", DEPARTMENTS.id): {"5.2": Decimal(1)},
}
"""What did happen of what only the office books; of everything else nothing did."""


class Sheet(NamedTuple):
    """A unit under a rubric."""

    unit_id: int
    unit: str
    category: str
    rubric: Rubric

    @property
    def name(self) -> tuple[str, str]:
        """As the tables above call it."""
        return (self.unit, self.rubric.id)

    @property
    def own(self) -> set[str]:
        """The clauses the unit answers itself."""
        return {c.id for clauses in asked(self.rubric, self.unit, self.category).values() for c in clauses}


def sheets(roster: Iterable[RosterUnit]) -> list[Sheet]:
    """Every unit under every rubric that assesses it, in roster order."""
    return [
        Sheet(number, unit.name, unit.category, rubric)
        for number, unit in enumerate(roster, 1)
        for rubric in (TOWNS, DEPARTMENTS, TASKS)
        if unit.category in rubric.categories
    ]


class Books:
    """Every fact of the year by unit and clause: as claimed, what has no proof, what was verified instead."""

    def __init__(self) -> None:
        self.sheets = sheets(demo.roster())
        self.claimed = {sheet.name: _facts(sheet) for sheet in self.sheets}
        self.bare = set(WITHOUT_PROOF.items())
        self.bare |= {(n, c) for n, said in SPOKEN.items() for c, (_, _, file) in said.items() if not file}
        self.bare.add((("孟河镇", TOWNS.id), "2.3"))  # one of its two papers
        self.instead: dict[tuple[tuple[str, str], str], Fact] = {}
        self.office_has_booked = False

    def facts(self, sheet: Sheet, score: str) -> dict[str, Fact]:
        """The facts of one of the three scores; the verified ones once everything was looked at."""
        known = dict(self.claimed[sheet.name])
        if score == "proven":
            shown = {ident: self._shown(sheet, ident, fact) for ident, fact in known.items()}
            known = {ident: fact for ident, fact in shown.items() if fact is not None}
        if score == "verified":
            known |= {ident: fact for (name, ident), fact in self.instead.items() if name == sheet.name}
        return known | self._followed(sheet, score) | (booked(sheet) if self.office_has_booked else {})

    def scored(self, sheet: Sheet, score: str) -> Breakdown:
        """What the engine makes of them."""
        return PLANS[sheet.rubric.id].score(self.facts(sheet, score))

    def of(self, unit: str, rubric: Rubric) -> Sheet:
        """A unit's sheet under a rubric."""
        return next(sheet for sheet in self.sheets if sheet.name == (unit, rubric.id))

    def _shown(self, sheet: Sheet, ident: str, fact: Fact) -> Fact | None:
        """What is left of a claim with its proof: nothing without, and one of a count named on one paper."""
        if not fact:
            return fact
        if (sheet.name, ident) in self.bare:
            return None
        on_one_paper = sheet.rubric.criteria[ident].entries and ident not in IN_ENTRIES[sheet.rubric.id]
        return min(fact, Decimal(1)) if on_one_paper and isinstance(fact, Decimal) else fact

    def _followed(self, sheet: Sheet, score: str) -> dict[str, Fact]:
        """What follows for a department from its rows of the tasks table, once each target is answered or settled."""
        if sheet.rubric is not DEPARTMENTS:
            return {}
        tasks = self.of(sheet.unit, TASKS)
        facts = self.facts(tasks, score)
        if not tasks.own <= set(facts) and not self.office_has_booked:
            return {}  # the office books last, when it has settled everything
        rows = rows_of(tasks, PLANS[TASKS.id].score(facts)).values()
        short = sum(done < of for done, of in rows)
        return {"4.1": not any(done for done, _ in rows), "4.2": Decimal(short)}


def rows_of(sheet: Sheet, scored: Breakdown) -> dict[str, tuple[int, int]]:
    """Targets met and all targets of each row that binds a unit."""
    own = asked(sheet.rubric, sheet.unit, sheet.category)
    return {row.id: (row.done, row.of) for row in scored.rows if row.id in own}


def booked(sheet: Sheet) -> dict[str, Fact]:
    """What the office books in the end."""
    mine = [c for c in sheet.rubric.criteria.values() if c.by == "office"]
    nothing: dict[str, Fact] = {c.id: False if type(c.score).__name__ == "Gate" else Decimal(0) for c in mine}
    return nothing | dict(BY_OFFICE.get(sheet.name, {}))


def _facts(sheet: Sheet) -> dict[str, Fact]:
    """The claims of a unit, the same each time; towns are silent on an eighth, departments on nothing."""
    found: dict[str, Fact] = {}
    for draw in range(1 if sheet.rubric is TOWNS else 8):
        facts = drawn(sheet.rubric, Random(f"{sheet.unit} {sheet.rubric.id} {draw}"))
        found = {ident: fact for ident, fact in facts.items() if ident in sheet.own} | found
    assert sheet.rubric is TOWNS or set(found) == sheet.own
    said = {ident: fact for ident, (_, fact, _) in SPOKEN.get(sheet.name, {}).items()}
    return found | said | dict(SETTLED.get(sheet.name, {}))


class Year:
    """The campaign and who talks in it: 21 liaisons, two people of the office, a leader."""

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(talk, "START", JANUARY)
            self.office = Office(folder, demo.RUBRICS, demo.roster())
        self.books = Books()
        self.wang = joined(self.office, "wang", "王处", "office")
        self.zhao = joined(self.office, "zhao", "赵科", "office")
        self.leader = self.office.person("zhou", "leader")
        self.liaisons = {unit.name: self.office.person(unit.name, "liaison", unit.name) for unit in demo.roster()}
        self.chen, self.li, self.gao = (self.liaisons[name] for name in ("孟河镇", "西夏墅镇", "质监分局"))
        self.ids = {address: self._id(address) for address in ("wang", *self.liaisons)}

    def on(self, day: date, hour: int = 10) -> None:
        """Go on to a day, in the office's zone."""
        at = datetime(day.year, day.month, day.day, hour, tzinfo=talk.ZONE).astimezone(UTC)
        assert at > self.office.now
        self.office.now = at

    def do(self, use_case: Any, *given: Any, **words: Any) -> Any:
        """One use case in a unit of work of its own."""

        async def work() -> Any:
            async with self.office.database.write() as connection:
                return await use_case(connection, *given, **words)

        return self.office.run(work())

    def read(self, what: Any, *given: Any, **words: Any) -> Any:
        """What a reading function says."""

        async def work() -> Any:
            async with self.office.database.read() as connection:
                return await what(connection, *given, **words)

        return self.office.run(work())

    def _id(self, address: str) -> int:
        return int(self.office.run(people.memberships(self.office.database, "test", address))[0].person_id)

    async def confirm_all(self, connection: Any) -> None:
        """Every liaison but those who have confirms the tasks handed down."""
        for one in await targets.of_campaign_in(connection, self.office.campaign.id):
            if one.confirmed_at is not None:
                continue
            who = self.ids[demo.roster()[one.unit_id - 1].name]
            about = (who, one.unit_id, one.rubric_id, one.criterion_id, one.figure)
            await targets.confirm_target_in(connection, self.office.now, *about)

    async def answer_all(self, connection: Any) -> None:
        """What was not said in the chat is answered, with its proof, in one unit of work."""
        for sheet in self.books.sheets:
            for ident, fact in self.books.claimed[sheet.name].items():
                if ident not in SPOKEN.get(sheet.name, {}):
                    await self._answer(connection, sheet, sheet.rubric.criteria[ident], fact)

    async def _answer(self, connection: Any, sheet: Sheet, criterion: Criterion, fact: Fact) -> None:
        about = (connection, self.office.now, self.ids[sheet.unit], sheet.unit_id, sheet.rubric, criterion.id)
        count = _count(sheet, criterion, fact)
        for n in range(count):
            day = date(2026, 1, 6) + timedelta(days=31 * n + sheet.unit_id)
            added = await entries.add_in(*about, name=f"{sheet.unit}{criterion.label} {n + 1}", happened_on=day)
            assert added.entry is not None
            await _note(about, f"{criterion.label} {n + 1}", sheet, entry_id=added.entry.id)
        if not count:
            await answers.record_in(*about, fact)
            if fact and criterion.proof != "none" and (sheet.name, criterion.id) not in self.books.bare:
                await _note(about, criterion.label, sheet)
            elif criterion.proof != "none" and criterion.nature == "omission":
                await _note(about, criterion.label, sheet)  # having left nothing undone is what needs proof

    async def book_events(self, connection: Any, but: tuple[str, str]) -> None:
        """The office books what happened; a unit's (``but``) is said in the chat, and so is that nothing else did."""
        for name in (name for name in BY_OFFICE if name != but):
            sheet = next(sheet for sheet in self.books.sheets if sheet.name == name)
            for ident, fact in BY_OFFICE[name].items():
                about = (self.office.now, self.ids["wang"], sheet.unit_id, sheet.rubric, ident, fact, BASIS)
                await office_facts.book_in(connection, *about)

    async def pass_rest(self, connection: Any) -> int:
        """Whatever still waits for a look is passed as it is claimed; returns how much that was."""
        today = self.office.now.astimezone(talk.ZONE).date()
        waiting = [x for x in await review_queue.of_campaign_in(connection, self.office.campaign.id, today) if x.waits]
        for look in waiting:
            about = (self.office.now, self.ids["wang"], look.unit_id, look.rubric, look.criterion.id)
            await verdicts.pass_in(connection, *about, basis=look.basis)
        return len(waiting)

    def say_all(self) -> None:
        """Three liaisons answer in words and send files."""
        for (unit, rubric_id), said in SPOKEN.items():
            person, unit_id = self.liaisons[unit], self.books.of(unit, TASKS).unit_id
            for ident, (words, _, file) in said.items():
                person.press_key(keys.pack("ask", unit_id, rubric_id, ident))
                answer = person.send(words)
                if "回执" not in answer:  # a low figure is asked about first
                    answer = person.press("确认")
                assert "回执" in answer, f"{unit} {ident}: {answer}"
                if file:
                    person.send_file(file)


def _count(sheet: Sheet, criterion: Criterion, fact: Fact) -> int:
    """How many entries make a fact; none where it is said as it is."""
    if criterion.id not in IN_ENTRIES[sheet.rubric.id]:
        return 0
    if isinstance(fact, bool):
        return ((criterion.entries and criterion.entries.at_least) or 1) if fact else 0
    assert isinstance(fact, Decimal)
    return int(fact)


async def _note(about: tuple[Any, ...], title: str, sheet: Sheet, **words: Any) -> None:
    place = f"{sheet.unit}档案室"
    await proof_notes.add_in(*about, kind="offline", title=f"{sheet.unit}{title}", place=place, **words)


def look_at(reviewer: Person, sheet: Sheet, ident: str) -> str:
    """The review screen of a clause."""
    return reviewer.press_key(keys.pack("rv-see", sheet.unit_id, sheet.rubric.id, ident))
