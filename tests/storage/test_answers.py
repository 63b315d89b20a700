"""Answers: exact, versioned, receipted, audited without words; two liaisons at once lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined, rows

from rubrics import loader
from rubrics.errors import FactError
from rubrics.facts import read_json
from rubrics.model import Rubric
from storage import answers, kept_facts, unit_facts
from storage.answers import Answer, Receipt
from storage.database import Database
from storage.errors import ChangedMeanwhileError, NotFoundError
from storage.roster import RosterUnit

LATER = NOW + timedelta(minutes=5)
HUNAN = loader.load("hunan")


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run, rubrics=(TOWNS, DEPARTMENTS))).person_id


def record(
    run: Any, criterion_id: str, fact: object = None, *, unit_id: int = 1, rubric: Rubric = TOWNS, **words: Any
) -> Receipt:
    at, person_id = words.pop("at", NOW), words.pop("person_id", 1)
    return run(lambda database: answers.record(database, at, person_id, unit_id, rubric, criterion_id, fact, **words))


def current(run: Any, unit_id: int = 1, rubric: Rubric = TOWNS) -> dict[str, Answer]:
    return run(lambda database: answers.current(database, unit_id, rubric.id))


def facts(run: Any, unit_id: int = 1, rubric: Rubric = TOWNS) -> Mapping[str, Any]:
    return run(lambda database: unit_facts.read(database, unit_id, rubric)).own


def history(run: Any, criterion_id: str) -> list[Answer]:
    return run(lambda database: answers.history(database, 1, TOWNS.id, criterion_id))


def count(run: Any, table: str) -> int:
    return rows(run, f"SELECT count(*) FROM {table}")[0][0]


def test_an_answer_is_kept_with_who_when_and_what_was_said(run: Any, chen: int) -> None:
    receipt = record(run, "8.2a", Decimal("99.005"), said="九十九点零零五", note="截至10月")

    assert receipt == Receipt("2026-000001", 1, None)
    said = Answer("8.2a", 1, "answered", Decimal("99.005"), "截至10月", "九十九点零零五", chen, "陈芳", NOW, None)
    assert current(run) == {"8.2a": said}
    assert facts(run) == {"8.2a": Decimal("99.005")}


def test_receipts_count_the_answers_of_a_campaign(run: Any, chen: int) -> None:
    joined(run, campaign(run, 2027), "a2", "李明")

    numbers = [
        record(run, "1.1", True).number,
        record(run, "1.1", True, unit_id=4, person_id=2).number,
        record(run, "1.2", True).number,
        record(run, "1.1", False, unit_id=2).number,
    ]

    assert numbers == ["2026-000001", "2027-000001", "2026-000002", "2026-000003"]


def test_a_changed_answer_keeps_the_version_before_it(run: Any, chen: int) -> None:
    record(run, "1.1", False)

    receipt = record(run, "1.1", True, at=LATER)

    assert (receipt.version, receipt.before and receipt.before.fact) == (2, False)
    assert [(a.version, a.fact, a.at) for a in history(run, "1.1")] == [(1, False, NOW), (2, True, LATER)]
    assert facts(run) == {"1.1": True}


@pytest.mark.parametrize("state", ["not_yet", "unknown", "not_here", "withdrawn"])
def test_an_honest_state_is_no_fact_and_keeps_its_note(run: Any, chen: int, state: Any) -> None:
    record(run, "1.1", True)

    record(run, "1.1", state=state, note="6月30日前")

    assert (current(run)["1.1"].state, current(run)["1.1"].fact, current(run)["1.1"].note) == (state, None, "6月30日前")
    assert facts(run) == {}
    assert [a.state for a in history(run, "1.1")] == ["answered", state]


@pytest.mark.parametrize("figure", ["99.005", "1E+2", "0", "0.00", "-0", "99.99999999999999999999", "0E-20", "0E+3"])
def test_decimals_come_back_exactly(run: Any, chen: int, figure: str) -> None:
    record(run, "8.2a", Decimal(figure))

    found = facts(run)["8.2a"]

    assert isinstance(found, Decimal)
    assert found == Decimal(figure)


@pytest.mark.parametrize(
    ("fact", "kept"),
    [
        (True, "true"),
        (False, "false"),
        ("na", '"na"'),
        (Decimal("1E+2"), "100"),
        (Decimal("99.50"), "99.5"),
        ({"乙": Decimal("0.1"), "甲": True}, '{"\\u4e59":0.1,"\\u7532":true}'),
        ({}, "{}"),
    ],
)
def test_facts_have_one_text_each(fact: Any, kept: str) -> None:
    assert kept_facts.fact_text(fact) == kept
    assert read_json(kept) == fact


def test_several_measures_of_a_clause_and_a_tier_by_its_label_come_back(run: Any) -> None:
    units = (RosterUnit("某市", "市", (), (), ()),)
    joined(run, campaign(run, rubrics=(HUNAN,), units=units), unit="某市")
    tier = HUNAN.criteria["1.1"].score.tiers[1]
    record(run, "7.3", {"建档率": Decimal("99.005")}, rubric=HUNAN)
    record(run, "1.1", tier.label, rubric=HUNAN)
    record(run, "14.2", "na", rubric=HUNAN)

    assert facts(run, rubric=HUNAN) == {"7.3": {"建档率": Decimal("99.005")}, "1.1": Decimal(1), "14.2": "na"}


def refused(run: Any, error: type[Exception], sentence: str, *words: Any, **more: Any) -> None:
    before = [count(run, table) for table in ("answer", "audit", "scorecard")]
    with pytest.raises(error, match=sentence):
        record(run, *words, **more)
    assert [count(run, table) for table in ("answer", "audit", "scorecard")] == before


def test_what_cannot_be_is_refused_and_leaves_nothing(run: Any, chen: int) -> None:
    refused(run, FactError, r"8\.2a.*100", "8.2a", Decimal("100.01"))
    refused(run, FactError, "只能填 true 或 false", "1.1", Decimal(1))
    refused(run, FactError, "没有合理缺项", "1.1", "na")
    refused(run, FactError, "没有编号「99」", "99", True)
    refused(run, FactError, "没有编号「99」", "99", state="unknown")
    refused(run, FactError, "还没有填", "1.1")
    refused(run, FactError, "没有可以撤回", "1.1", state="withdrawn")
    refused(run, ValueError, "has no fact", "1.1", True, state="unknown")
    refused(run, NotFoundError, "不考核这个单位", "1.1", True, unit_id=99)
    refused(run, NotFoundError, "不考核这个单位", "1.1", True, unit_id=3)
    refused(run, NotFoundError, "不考核这个单位", "1.1", state="unknown", rubric=TASKS)
    refused(run, IntegrityError, "CHECK", "1.1", state="guessed")
    refused(run, IntegrityError, "FOREIGN KEY", "1.1", True, person_id=99)


def test_what_was_taken_back_cannot_be_taken_back_again_but_answered(run: Any, chen: int) -> None:
    record(run, "1.1", True)
    record(run, "1.1", state="withdrawn")

    refused(run, FactError, "没有可以撤回", "1.1", state="withdrawn")

    assert record(run, "1.1", False).version == 3
    assert facts(run) == {"1.1": False}


def test_an_answer_expected_at_another_version_is_told_who_came_first_and_when(run: Any, chen: int) -> None:
    joined(run, campaign(run, 2027), "a2", "李明")
    record(run, "1.1", False, person_id=2, at=LATER, expected_version=0)

    with pytest.raises(ChangedMeanwhileError, match="李明") as caught:
        record(run, "1.1", True, expected_version=0)

    assert (caught.value.by, caught.value.at, caught.value.version) == ("李明", LATER, 1)
    assert facts(run) == {"1.1": False}
    assert record(run, "1.1", True, expected_version=1).version == 2


def test_of_two_liaisons_at_once_one_is_kept_and_the_other_is_told(run: Any, chen: int) -> None:
    async def both(database: Database) -> list[Any]:
        tries = (
            answers.record(database, NOW, chen, 1, TOWNS, "1.1", fact, expected_version=0) for fact in (True, False)
        )
        return await asyncio.gather(*tries, return_exceptions=True)

    outcomes = run(both)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChangedMeanwhileError", "Receipt"]
    kept = isinstance(outcomes[0], Receipt)
    assert [a.fact for a in history(run, "1.1")] == [kept]


def test_forty_answers_at_once_are_all_kept_with_their_own_receipts(run: Any, chen: int) -> None:
    async def many(database: Database) -> list[Receipt]:
        tries = (answers.record(database, NOW, chen, 1 + n % 2, TOWNS, "1.1", n % 3 == 0) for n in range(40))
        return await asyncio.gather(*tries)

    receipts = run(many)

    assert sorted(r.number for r in receipts) == [f"2026-{n:06d}" for n in range(1, 41)]
    assert sorted(r.version for r in receipts) == sorted([*range(1, 21), *range(1, 21)])
    assert chain(run) == chain(run)._replace(rows=2 + 1 + 40, broken=())


def test_an_audit_row_holds_the_hash_of_an_answer_and_none_of_its_words(run: Any, chen: int) -> None:
    record(run, "8.2a", Decimal("99.005"), said="九十九", note="约数")

    ((actor, action, subject),) = rows(run, "SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 1")

    assert (actor, action) == ("1", "answer.recorded")
    named = read_json(subject)
    assert len(named.pop("sha256")) == 64
    assert named == {"criterion": "8.2a", "message": None, "receipt": 1, "rubric": TOWNS.id, "unit": 1, "version": 1}
    assert "九十九" not in subject
    assert "99.005" not in subject


def test_an_answer_that_fails_later_in_its_unit_of_work_leaves_nothing(run: Any, chen: int) -> None:
    async def fail(database: Database) -> None:
        async with database.write() as connection:
            await answers.record_in(connection, NOW, chen, 1, TOWNS, "1.1", True)
            assert (await unit_facts.of_unit(connection, 1, TOWNS)).own == {"1.1": True}
            assert (await answers.current_in(connection, 1, TOWNS.id))["1.1"].version == 1
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        run(fail)

    assert [count(run, table) for table in ("answer", "scorecard")] == [0, 0]
    assert record(run, "1.1", True).number == "2026-000001"


def test_what_was_typed_is_cut_and_half_an_emoji_does_not_break_it(run: Any, chen: int) -> None:
    record(run, "1.1", True, said="是" * 500, note="\ud83d好")

    assert current(run)["1.1"].said == "是" * 200
    assert current(run)["1.1"].note == "?好"


@pytest.mark.parametrize("statement", ["UPDATE answer SET fact = 'false'", "DELETE FROM answer"])
def test_a_kept_answer_cannot_be_changed_by_a_statement(run: Any, chen: int, statement: str) -> None:
    record(run, "1.1", True)

    async def tamper(database: Database) -> None:
        async with database.write() as connection:
            await connection.execute(text(statement))

    with pytest.raises(DBAPIError, match="append only"):
        run(tamper)
