"""去年's answer is shown beneath the question and offered as a draft; it is a fact only after 确认."""

from __future__ import annotations

from decimal import Decimal

import pytest
from papers import ask, uses
from talk import Office, Person
from told import TOWNS, answered, facts

from rubrics import loader
from rubrics.facts import Fact
from rubrics.model import Rubric
from storage import answers, campaigns
from storage.roster import RosterUnit

SAME = [RosterUnit("西夏墅镇", "镇", (), (), ()), RosterUnit("孟河镇", "镇", ("孟河",), (), ())]
"""The roster of the year before, in another order."""


def earlier(
    office: Office, clause: str, fact: Fact, *, year: int = 2025, unit: str = "孟河镇", rubric: Rubric | None = None
) -> None:
    """An answer of a campaign of its own."""
    rubric = rubric or loader.load(TOWNS)
    made = office.run(campaigns.create(office.database, office.now, "test", year, [rubric], SAME))

    async def work() -> None:
        async with office.database.write() as connection:
            found = next(one for one in await campaigns.units_in(connection, made.id) if one.name == unit)
            await answers.record_in(connection, office.now, 1, found.id, rubric, clause, fact)

    office.run(work())


def test_last_years_answer_is_shown_beneath_the_question(office: Office, chen: Person) -> None:
    earlier(office, "10.2", Decimal(4))

    assert "去年：4 条，今年？" in ask(chen, "10.2")
    assert "同去年" in chen.labels


def test_one_tap_is_a_draft_and_no_fact(office: Office, chen: Person) -> None:
    earlier(office, "10.2", Decimal(4))
    ask(chen, "10.2")

    said = chen.press("同去年")

    assert "去年填的是“4 条”，只是草稿" in said
    assert "材料要交今年的" in said
    assert chen.labels == ["确认", "修改"]
    assert facts(office) == {}


def test_confirmed_it_is_this_years_answer_without_last_years_proof(office: Office, chen: Person) -> None:
    earlier(office, "1.1", fact=True)
    ask(chen, "1.1")
    chen.press("同去年")

    chen.press("确认")

    assert answered(office) == {"1.1": (True, "有（同去年）")}
    assert uses(office, "1.1") == []


def test_an_older_year_is_called_by_its_number(office: Office, chen: Person) -> None:
    earlier(office, "10.2", Decimal(4), year=2024)

    assert "2024年：4 条，今年？" in ask(chen, "10.2")
    assert "同2024年" in chen.labels


def test_the_nearest_year_counts_whatever_was_said_before_it(office: Office, chen: Person) -> None:
    earlier(office, "10.2", Decimal(4), year=2024)
    earlier(office, "1.1", fact=True, year=2025)

    ask(chen, "10.2")

    assert "同2024年" not in chen.labels


def test_once_this_years_answer_is_there_nothing_is_offered(office: Office, chen: Person) -> None:
    earlier(office, "10.2", Decimal(4))
    ask(chen, "10.2")
    chen.send("5")

    assert "去年" not in ask(chen, "10.2")


def test_a_later_year_and_another_unit_are_no_draft(office: Office, chen: Person) -> None:
    earlier(office, "10.2", Decimal(4), year=2027)
    earlier(office, "10.2", Decimal(4), year=2025, unit="西夏墅镇")

    assert "今年？" not in ask(chen, "10.2")


def test_a_clause_of_the_edition_before_counts_where_it_is_the_same(office: Office, chen: Person) -> None:
    old, new = loader.load("towns-2010"), loader.load(TOWNS)
    assert new.criteria["2.1"].was in old.criteria
    earlier(office, str(new.criteria["2.1"].was), fact=True, rubric=old)

    ask(chen, "2.1")

    assert "同去年" in chen.labels


@pytest.mark.parametrize(
    "key",
    ["last-year:1,xinbei-2011-towns,1.1:0", "last-year:1,xinbei-2011-towns:0", "last-year:2,xinbei-2011-towns,10.2:0"],
)
def test_a_forged_button_does_nothing(office: Office, chen: Person, key: str) -> None:
    earlier(office, "10.2", Decimal(4))

    assert chen.press_key(key)
    assert facts(office) == facts(office, 2) == {}
