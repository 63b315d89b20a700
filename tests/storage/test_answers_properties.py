"""Answers given, changed and taken back in any order by anybody: the newest counts, nothing is lost, scores agree."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from folders import fresh
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from stored import DEPARTMENTS, NOW, TOWNS, campaign, joined

from rubrics.engine import Plan
from rubrics.errors import FactError
from rubrics.facts import Fact, parse_fact
from rubrics.model import Rubric
from storage import answers, audit, scorecards, unit_facts
from storage.data_folder import DATABASE
from storage.database import Database
from storage.errors import ChangedMeanwhileError

PLACES = ((1, TOWNS), (2, TOWNS), (3, DEPARTMENTS))  # unit and rubric, see stored.UNITS
CRITERIA = {TOWNS.id: ("1.1", "2.4", "2.5a", "6.2", "8.2a", "10.2"), DEPARTMENTS.id: ("1.1", "2.3", "4.2", "6.1a")}
HONEST: tuple[answers.State, ...] = ("not_yet", "unknown", "not_here", "withdrawn")

places = st.sampled_from(PLACES).flatmap(
    lambda place: st.tuples(st.just(place[0]), st.just(place[1]), st.sampled_from(CRITERIA[place[1].id]))
)
values = (
    st.booleans()
    | st.integers(-1, 120)
    | st.decimals(-1, 101, places=3)
    | st.dictionaries(st.sampled_from(["许可证合格率", "食品合格率", "整改率"]), st.decimals(0, 100, places=3))
)


def set_up(folder: Path) -> None:
    """A campaign and two people, made once and copied for each run."""
    fresh(folder)

    def run(use_case: Callable[[Database], Awaitable[Any]]) -> Any:
        return asyncio.run(in_folder(folder, use_case))

    made = campaign(run)
    joined(run, made, "a1", "陈芳")
    joined(run, made, "a2", "李明", unit="西夏墅镇")


async def in_folder(folder: Path, use_case: Callable[[Database], Awaitable[Any]]) -> Any:
    """A use case with connections of its own, so that only committed data counts."""
    database = Database(folder / DATABASE)
    try:
        return await use_case(database)
    finally:
        await database.close()


class Answering(RuleBasedStateMachine):
    """The database beside a model of plain lists."""

    def __init__(self, template: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=template.parent))
        shutil.copytree(template, self.folder, dirs_exist_ok=True)
        self.versions: dict[tuple[int, str, str], list[tuple[str, Fact | None, int]]] = {}
        self.receipts: list[str] = []
        self.moment = NOW

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def run(self, use_case: Callable[[Database], Awaitable[Any]]) -> Any:
        return asyncio.run(in_folder(self.folder, use_case))

    def record(self, person_id: int, place: tuple[int, Rubric, str], fact: Any = None, **words: Any) -> answers.Receipt:
        unit_id, rubric, ident = place
        self.moment += timedelta(seconds=1)
        return self.run(
            lambda database: answers.record(database, self.moment, person_id, unit_id, rubric, ident, fact, **words)
        )

    def kept(self, place: tuple[int, Rubric, str]) -> list[tuple[str, Fact | None, int]]:
        unit_id, rubric, ident = place
        return self.versions.setdefault((unit_id, rubric.id, ident), [])

    def receive(self, receipt: answers.Receipt, place: tuple[int, Rubric, str]) -> None:
        assert receipt.version == len(self.kept(place))
        self.receipts.append(receipt.number)

    @rule(person_id=st.integers(1, 2), place=places, value=values)
    def answer(self, person_id: int, place: tuple[int, Rubric, str], value: Any) -> None:
        try:
            fact = parse_fact(place[1].criteria[place[2]], value)
        except FactError:
            with pytest.raises(FactError):
                self.record(person_id, place, value)
            return
        self.kept(place).append(("answered", fact, person_id))
        self.receive(self.record(person_id, place, value), place)

    @rule(person_id=st.integers(1, 2), place=places, state=st.sampled_from(HONEST))
    def say_so(self, person_id: int, place: tuple[int, Rubric, str], state: answers.State) -> None:
        kept = self.kept(place)
        if state == "withdrawn" and (not kept or kept[-1][0] == "withdrawn"):
            with pytest.raises(FactError):
                self.record(person_id, place, state=state)
            return
        kept.append((state, None, person_id))
        self.receive(self.record(person_id, place, state=state), place)

    @rule(place=places, behind=st.integers(0, 2))
    def answer_what_one_saw(self, place: tuple[int, Rubric, str], behind: int) -> None:
        kept = self.kept(place)
        expected = max(0, len(kept) - behind)
        if expected != len(kept):
            with pytest.raises(ChangedMeanwhileError) as caught:
                self.record(1, place, state="unknown", expected_version=expected)
            assert (caught.value.version, caught.value.by) == (len(kept), ("陈芳", "李明")[kept[-1][2] - 1])
            return
        kept.append(("unknown", None, 1))
        self.receive(self.record(1, place, state="unknown", expected_version=expected), place)

    @invariant()
    def newest_counts_and_scores_agree(self) -> None:
        self.run(self.compare)

    async def compare(self, database: Database) -> None:
        summary = {(row.unit_id, row.rubric_id): row for row in await scorecards.summary(database, 1)}
        for unit_id, rubric in PLACES:
            mine = {i: v for (unit, r, i), v in self.versions.items() if (unit, r) == (unit_id, rubric.id) and v}
            current = await answers.current(database, unit_id, rubric.id)
            assert {i: (a.state, a.fact, a.person_id) for i, a in current.items()} == {
                i: v[-1] for i, v in mine.items()
            }
            facts = {i: v[-1][1] for i, v in mine.items() if v[-1][1] is not None}
            assert (await unit_facts.read(database, unit_id, rubric)).own == facts
            row = summary[unit_id, rubric.id]
            assert (row.claimed, row.answered) == (scorecards.figures_of(Plan(rubric).score(facts)), len(facts))
            for ident, versions in mine.items():
                history = await answers.history(database, unit_id, rubric.id, ident)
                assert [(a.state, a.fact, a.person_id) for a in history] == versions
                assert [a.version for a in history] == list(range(1, len(versions) + 1))
        assert self.receipts == [f"2026-{n:06d}" for n in range(1, len(self.receipts) + 1)]
        assert await scorecards.recompute(database, NOW, 1) == []
        async with database.read() as connection:
            assert (await audit.walk(connection)).broken == ()


def test_in_any_order_the_newest_counts_nothing_is_lost_and_the_scores_agree(tmp_path: Path) -> None:
    set_up(tmp_path / "template")
    machine = lambda: Answering(tmp_path / "template")  # noqa: E731 - the library asks for a factory
    few = settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])

    run_state_machine_as_test(machine, settings=few)
