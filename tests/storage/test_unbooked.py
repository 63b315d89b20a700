"""What only the office can know and has not booked: by clause, until it is booked, and again once that is 不计."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from entering import do
from stored import DEPARTMENTS, NOW, TOWNS, campaign, joined

from rubrics import loader
from storage import office_facts, unbooked
from storage.roster import RosterUnit

HUNAN = loader.load("hunan")


def left(run: Any, *without: int) -> dict[tuple[str, str], list[str]]:
    """Units by rubric and clause."""
    found = do(run, unbooked.of_campaign_in, 1, without)
    return {(one.rubric.id, one.criterion.id): [unit.name for unit in one.units] for one in found}


def test_every_clause_of_the_offices_is_left_at_first_and_no_other(run: Any) -> None:
    joined(run, campaign(run))

    office = {(r.id, c.id) for r in (TOWNS, DEPARTMENTS) for c in r.criteria.values() if c.by == "office"}

    assert set(left(run)) == office
    assert {"孟河镇"} <= set(left(run)[TOWNS.id, "6.3"])


def test_what_is_booked_is_left_no_more_until_it_is_dismissed(run: Any) -> None:
    made = campaign(run)
    joined(run, made)
    person = joined(run, made, "a2", "王处", unit=None, role="office").person_id
    before = left(run)

    booked = do(run, office_facts.book_in, NOW, person, 1, TOWNS, "6.3", 0, "年终核对")
    after = left(run)
    do(run, office_facts.dismiss_in, NOW, person, 1, booked.fact.id, "记错了")

    assert "孟河镇" not in after.get((TOWNS.id, "6.3"), [])
    assert after[TOWNS.id, "6.4"] == before[TOWNS.id, "6.4"]
    assert left(run) == before


def test_units_can_be_left_out(run: Any) -> None:
    joined(run, campaign(run))

    assert "孟河镇" not in {name for names in left(run, 1).values() for name in names}


def test_nothing_happened_is_an_answer_only_to_what_can_happen(run: Any) -> None:
    unit = RosterUnit("某市", HUNAN.categories[0], (), (), ())
    campaign(run, rubrics=(HUNAN,), units=(unit,))

    found = {one.criterion.id: one.nothing for one in do(run, unbooked.of_campaign_in, 1)}

    assert found == {"26.1": None, "pre.1": False, "pre.2": False, "pre.3": False, "pre.4": False}


def test_a_deduction_that_did_not_happen_is_0(run: Any) -> None:
    joined(run, campaign(run))

    found = {one.criterion.id: one.nothing for one in do(run, unbooked.of_campaign_in, 1) if one.rubric.id == TOWNS.id}

    assert (found["6.3"], found["7.4"]) == (Decimal(0), False)
