"""Proof: which parts are still missing, and what is left of a unit's facts when only proven ones count."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics import loader
from rubrics.breakdown import Breakdown
from rubrics.engine import Plan
from rubrics.errors import FactError
from rubrics.facts import Fact, parse_fact, parse_facts
from rubrics.model import Rubric
from rubrics.proof import UNSAID, WHOLE, Held, Proofs, beyond, fact_of_entries, lacking, needs_proof, proven, unproven

TOWNS = loader.load("xinbei-2011-towns")
DEPARTMENTS = loader.load("xinbei-2011-departments")
HUNAN = loader.load("hunan")


def left(rubric: Rubric, facts: dict[str, Any], *held: tuple[str, int, int], **more: Any) -> dict[str, Fact]:
    return proven(rubric, parse_facts(rubric, facts), Proofs([Held(*one) for one in held], **more))


def points(facts: dict[str, Fact]) -> Any:
    return Plan(TOWNS).score(facts).total


# --- parts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ((), ("目标责任书", "考核办法", "奖惩兑现凭证")),
        ((1,), ("目标责任书", "奖惩兑现凭证")),
        ((2, 0), ("考核办法",)),
        ((0, 1, 2), ()),
        ((UNSAID,), ("目标责任书", "考核办法", "奖惩兑现凭证")),
        ((UNSAID, 2), ("目标责任书", "考核办法")),
        ((WHOLE,), ()),
        ((0, WHOLE), ()),
    ],
)
def test_every_part_is_needed_and_one_file_may_be_all(parts: tuple[int, ...], missing: tuple[str, ...]) -> None:
    assert lacking(TOWNS.criteria["1.5"], parts) == missing


@pytest.mark.parametrize(("parts", "missing"), [((), ("年度实施计划",)), ((UNSAID,), ()), ((0,), ()), ((WHOLE,), ())])
def test_whatever_came_is_the_only_part(parts: tuple[int, ...], missing: tuple[str, ...]) -> None:
    assert lacking(TOWNS.criteria["1.4"], parts) == missing


def test_a_clause_without_proof_lacks_nothing() -> None:
    assert lacking(TOWNS.criteria["6.3"], ()) == ()


def test_an_entrys_proof_is_not_the_clauses_nor_the_clauses_an_entrys() -> None:
    meeting = TOWNS.criteria["1.2"]
    proofs = Proofs([Held("1.2", 7, 0), Held("1.2", 0, WHOLE)], [("1.2", 7), ("1.2", 8)])

    assert proofs.entries("1.2") == (7, 8)
    assert proofs.entries("10.2") == ()
    assert (proofs.lacking(meeting), proofs.lacking(meeting, 7)) == ((), ("会议纪要",))
    assert proofs.lacking(meeting, 8) == ("会议通知", "会议纪要")
    assert proofs.proven_entries(meeting) == 1  # the whole, and neither meeting


# --- which answers need proof -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rubric", "ident", "fact", "needed"),
    [
        (TOWNS, "1.4", True, True),
        (TOWNS, "1.4", False, False),
        (TOWNS, "1.4", None, False),
        (TOWNS, "8.2a", Decimal(99), True),
        (TOWNS, "8.2a", Decimal(0), False),
        (TOWNS, "3.3a", Decimal(1), True),
        (TOWNS, "6.3", Decimal(0), False),  # nothing happened
        (TOWNS, "6.3", Decimal(2), False),  # a reported deduction
        (TOWNS, "6.5", False, True),  # an omission that was done
        (TOWNS, "6.5", True, False),
        (DEPARTMENTS, "2.1", Decimal(0), True),
        (DEPARTMENTS, "2.1", Decimal(1), False),
        (DEPARTMENTS, "4.2", Decimal(0), False),  # follows from the tasks
        (DEPARTMENTS, "5.2", Decimal(0), False),  # an accident that did not happen
        (HUNAN, "3.1", Decimal(2), True),  # the third tier, 10 points
        (HUNAN, "3.1", Decimal(3), False),  # the last tier, 0 points
        (HUNAN, "21.1", Decimal(1), True),  # the last tier, 5 points
        (HUNAN, "26.1", Decimal(20), False),  # the experts' mark
        (HUNAN, "14.2", True, True),
        (HUNAN, "14.2", "na", False),  # the office's to grant
    ],
)
def test_what_earns_needs_proof_and_what_is_lost_does_not(rubric: Rubric, ident: str, fact: Any, needed: bool) -> None:
    assert needs_proof(rubric.criteria[ident], fact) is needed


# --- what is left -----------------------------------------------------------------------------------------


def test_an_answer_counts_with_all_its_proof_only() -> None:
    facts = {"1.4": True, "2.3": True, "2.1": True, "2.2": False}

    assert left(TOWNS, facts, ("2.3", 0, 0), ("1.4", 0, UNSAID)) == {"1.4": True, "2.2": False}
    assert left(TOWNS, facts, ("2.3", 0, 0), ("2.3", 0, 1)) == {"2.3": True, "2.2": False}


def test_a_reported_deduction_and_a_zero_count_without_proof() -> None:
    facts = {"6.3": 2, "7.4": True, "6.5": True, "9.3a": 0}

    assert left(TOWNS, facts) == {"6.3": 2, "7.4": True, "6.5": True, "9.3a": 0}


def test_having_done_what_an_omission_costs_needs_proof() -> None:
    assert left(DEPARTMENTS, {"1.1": False, "1.2": 0, "2.1": 1}) == {"2.1": 1}
    assert left(DEPARTMENTS, {"1.1": False, "1.2": 0}, ("1.1", 0, 0)) == {"1.1": False}


def test_a_tier_is_proven_or_unanswered() -> None:
    assert left(HUNAN, {"3.1": 0}, ("3.1", 0, 0)) == {}
    assert left(HUNAN, {"3.1": 0}, ("3.1", 0, 0), ("3.1", 0, 1)) == {"3.1": 0}
    assert left(HUNAN, {"3.1": 3}) == {"3.1": 3}


def test_an_absence_the_office_granted_stays() -> None:
    assert left(HUNAN, {"14.2": "na"}) == {"14.2": "na"}


@pytest.mark.parametrize(
    ("held", "count"),
    [
        ([], None),
        ([(1, 0)], 1),
        ([(1, 0), (3, UNSAID)], 2),
        ([(1, 0), (2, 0), (3, 0)], 3),
        ([(0, 0)], 1),  # a file of the clause as a whole is one report
        ([(0, 0), (1, 0)], 2),
        ([(1, 0), (2, 0), (3, 0), (0, 0)], 3),  # never more than was claimed
        ([(9, 0)], None),  # an entry that is no more
    ],
)
def test_a_count_is_cut_to_the_entries_that_have_their_proof(held: list[tuple[int, int]], count: int | None) -> None:
    reports = [("10.2", ident) for ident in (1, 2, 3)]

    found = left(TOWNS, {"10.2": 3}, *(("10.2", *one) for one in held), entries=reports)

    assert found == ({} if count is None else {"10.2": count})


def test_a_count_that_only_deducts_is_cut_to_nothing_where_nothing_is_proven() -> None:
    meetings = [("2.3", 1), ("2.3", 2)]  # 5 points for each of two that is missing

    assert left(DEPARTMENTS, {"2.3": 2}, entries=meetings) == {"2.3": 0}
    assert left(DEPARTMENTS, {"2.3": 2}, ("2.3", 1, WHOLE), entries=meetings) == {"2.3": 1}


@pytest.mark.parametrize(
    ("held", "met"),
    [
        ([(1, WHOLE)], False),
        ([(1, WHOLE), (2, 0)], False),  # the second meeting lacks its minutes
        ([(1, WHOLE), (2, 0), (2, 1)], True),
        ([(0, WHOLE), (1, WHOLE)], True),
        ([(0, WHOLE)], False),
    ],
)
def test_enough_entries_must_be_proven_where_a_yes_means_that_many(held: list[tuple[int, int]], met: bool) -> None:
    meetings = [("1.2", 1), ("1.2", 2)]

    found = left(TOWNS, {"1.2": True}, *(("1.2", *one) for one in held), entries=meetings)

    assert found == ({"1.2": True} if met else {})


def test_what_still_needs_proof_stands_in_the_order_of_the_rubric() -> None:
    facts = parse_facts(TOWNS, {"10.2": 2, "2.3": True, "1.4": True, "1.3": False, "6.3": 1})
    proofs = Proofs([Held("1.4", 0, 0), Held("10.2", 5, 0)], [("10.2", 5), ("10.2", 6)])

    assert unproven(TOWNS, facts, proofs) == ("2.3", "10.2")


@pytest.mark.parametrize(
    ("rubric", "ident", "said"),
    [
        (TOWNS, "1.2", {1: False, 2: True, 3: True}),
        (HUNAN, "2.2", {0: False, 1: True}),
        (TOWNS, "10.2", {0: 0, 4: 4}),
        (DEPARTMENTS, "2.3", {3: 3}),
        (TOWNS, "3.3a", {2: 2}),
    ],
)
def test_entries_say_how_many_or_whether_they_are_enough(rubric: Rubric, ident: str, said: dict[int, Any]) -> None:
    assert {count: fact_of_entries(rubric.criteria[ident], count) for count in said} == said


# --- awards that fill a target first ----------------------------------------------------------------------

AWARDS = [("2.5b", 1), ("2.5a", 2), ("2.5b", 3), ("2.5a", 4)]
"""市, 省, 市, 省 in this order; with a target of 2 the first two fill it, one of each counts beyond: 5 + 2 + 1 = 8."""

CLAIMED = {"2.4": True, "2.5a": 1, "2.5b": 1}


@pytest.mark.parametrize(
    ("held", "expected", "total"),
    [
        ([], {}, 0),
        ([("2.5a", 4, 0)], {}, 0),  # one of two
        ([("2.5a", 4, 0), ("2.5b", 1, 0)], {"2.4": True}, 5),  # whichever are proven fill it
        ([("2.5a", 4, 0), ("2.5b", 1, 0), ("2.5a", 2, 0)], {"2.4": True, "2.5a": 1}, 7),
        ([("2.5b", 3, 0), ("2.5b", 1, 0), ("2.5a", 2, 0)], {"2.4": True, "2.5b": 1}, 6),
        ([(ident, entry, 0) for ident, entry in AWARDS], CLAIMED, 8),
        ([("2.4", 0, 0)], {"2.4": True}, 5),  # the list of awards proves the target
        ([("2.4", 0, 0), ("2.5a", 4, 0)], {"2.4": True, "2.5a": 1}, 7),  # and with it the first two awards
        ([("2.4", 0, 0), ("2.5a", 2, 0)], {"2.4": True}, 5),
        ([("2.5a", 0, 0), ("2.5b", 1, 0)], {"2.4": True}, 5),  # a certificate no award was named for
        ([("2.5a", 0, 0), ("2.5b", 1, 0), ("2.5a", 2, 0)], {"2.4": True, "2.5a": 1}, 7),
    ],
)
def test_a_certificate_proves_what_its_award_counts_for(held: Any, expected: dict[str, Any], total: int) -> None:
    found = left(TOWNS, CLAIMED, *held, entries=AWARDS, targets={"2.4": Decimal(2)})

    assert (found, points(found)) == (expected, total)


def test_awards_prove_no_more_than_is_claimed() -> None:
    everything = [(ident, entry, 0) for ident, entry in AWARDS]
    claimed = {"2.4": True, "2.5a": 0, "2.5b": 1}

    found = left(TOWNS, claimed, *everything, entries=AWARDS, targets={"2.4": Decimal(1)})

    assert found == claimed
    assert left(TOWNS, {"2.4": False}, *everything, entries=AWARDS, targets={"2.4": Decimal(1)}) == {"2.4": False}


@pytest.mark.parametrize("targets", [{}, {"4.2": Decimal(2)}])
def test_without_a_target_for_it_each_clause_has_its_own_proof(targets: dict[str, Decimal]) -> None:
    certificates = [("2.5a", 2, 0), ("2.5b", 1, 0)]

    assert left(TOWNS, CLAIMED, *certificates, entries=AWARDS, targets=targets) == {"2.5a": 1, "2.5b": 1}


def test_a_target_without_awards_has_its_own_proof() -> None:
    assert left(TOWNS, {"2.4": True}, ("2.4", 0, 0), targets={"2.4": Decimal(2)}) == {"2.4": True}
    assert left(TOWNS, {"2.4": True}, targets={"2.4": Decimal(2)}) == {}


def test_only_bonuses_lie_beyond_a_target() -> None:
    assert [c.id for c in TOWNS.criteria.values() if beyond(c) == "2.4"] == ["2.5a", "2.5b"]
    assert {beyond(c) for c in TOWNS.criteria.values()} == {None, "2.4"}


# --- whatever is claimed and shown ------------------------------------------------------------------------

TRIED: tuple[Any, ...] = (True, False, "na", *map(Decimal, ("0", "1", "2", "3", "4", "20", "60", "99.5")))
SHOWN = (UNSAID, WHOLE, 0, 1, 2)


Edition = tuple[str, tuple[tuple[str, str], ...]]


def editions() -> list[Edition]:
    """Each rubric as recommended, and once for each reading that is switched."""
    found: list[Edition] = [(ident, ()) for ident in loader.rubric_ids()]
    for ident in loader.rubric_ids():
        for reading in loader.load(ident).readings:
            found += [(ident, ((reading.id, option),)) for option in reading.options if option != reading.use]
    return found


@cache
def plan_of(edition: Edition) -> Plan:
    return Plan(loader.load_with(edition[0], dict(edition[1])))


@cache
def possible(ident: str) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for criterion in loader.load(ident).criteria.values():
        for value in TRIED:
            try:
                found.setdefault(criterion.id, []).append(parse_fact(criterion, value))
            except FactError:
                continue
    return found


def somebody(ident: str, seed: int) -> tuple[dict[str, Fact], list[Held], list[tuple[str, int]], dict[str, Decimal]]:
    """A unit's claims, its proof in a random order, its entries and its targets."""
    rubric, dice = loader.load(ident), random.Random(f"{ident}{seed}")
    facts = {c: dice.choice(values) for c, values in possible(ident).items() if dice.random() < 0.8}
    counted = [c.id for c in rubric.criteria.values() if c.entries]
    entries = [(c, number) for number, c in enumerate(dice.choices(counted, k=12) if counted else (), start=1)]
    dice.shuffle(entries)
    places = [(c, 0) for c in rubric.criteria] + entries * 2
    held = [Held(*place, dice.choice(SHOWN)) for place in dice.sample(places, dice.randint(0, len(places)))]
    targets = {t: Decimal(dice.randint(0, 4)) for t in filter(None, map(beyond, rubric.criteria.values()))}
    return facts, held, entries, targets


def worths(breakdown: Breakdown) -> Iterable[Any]:
    yield breakdown.total or 0
    yield from (scored.points or 0 for scored in breakdown.items)
    yield from (row.done for row in breakdown.rows)


scores = st.tuples(st.sampled_from(editions()), st.integers(0, 10**9))


@given(scores)
def test_the_proven_score_never_exceeds_the_claimed_one(chosen: tuple[Edition, int]) -> None:
    plan = plan_of(chosen[0])
    facts, held, entries, targets = somebody(chosen[0][0], chosen[1])

    shown = proven(plan.rubric, facts, Proofs(held, entries, targets))

    assert set(shown) <= set(facts)
    for less, more in zip(worths(plan.score(shown)), worths(plan.score(facts)), strict=True):
        assert less <= more


@given(scores, st.integers(0, 60))
def test_proof_added_never_lowers_the_proven_score(chosen: tuple[Edition, int], cut: int) -> None:
    plan = plan_of(chosen[0])
    facts, held, entries, targets = somebody(chosen[0][0], chosen[1])

    before = plan.score(proven(plan.rubric, facts, Proofs(held[:cut], entries, targets)))
    after = plan.score(proven(plan.rubric, facts, Proofs(held, entries, targets)))

    for less, more in zip(worths(before), worths(after), strict=True):
        assert less <= more
