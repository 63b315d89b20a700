"""Facts the office books: with a basis, at once in all three scores, disputed, upheld, or 不计 with a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined, rows
from written import written

from rubrics.errors import FactError
from storage import answers, office_facts, scorecards, unit_facts
from storage.errors import NotFoundError, StorageError
from storage.office_facts import Booked, Booking, OfficeFact
from storage.trial import on_trial

LATER = NOW + timedelta(hours=1)
BASIS = "区市场监管局通报〔2026〕8号"


@pytest.fixture
def office(run: Any) -> int:
    made = campaign(run)
    joined(run, made)  # person 1, liaison of unit 1
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def book(run: Any, fact: object, *, unit_id: int = 1, ident: str = "6.3", basis: str = BASIS, **words: Any) -> Booked:
    rubric = words.pop("rubric", TOWNS)
    return written(run, office_facts.book_in, NOW, 2, unit_id, rubric, ident, fact, basis)


def dispute(run: Any, fact_id: int = 1, unit_id: int = 1, said: str = "那批产品不是我镇企业的") -> OfficeFact:
    return written(run, office_facts.dispute_in, LATER, 1, unit_id, fact_id, said)


def dismiss(run: Any, fact_id: int = 1, campaign_id: int = 1, why: str = "核实属外地企业") -> Booked:
    return written(run, office_facts.dismiss_in, LATER, 2, campaign_id, fact_id, why)


def state(run: Any, fact_id: int = 1) -> str:
    return written(run, office_facts.find_in, fact_id).state


def answer(run: Any, ident: str, fact: object) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, ident, fact))


def test_a_booking_names_who_what_and_on_which_basis(run: Any, office: int) -> None:
    booked = book(run, 1)

    said = (None, None, "", None, None, "")
    expected = OfficeFact(1, 1, 1, "孟河镇", TOWNS.id, "6.3", Decimal(1), BASIS, office, NOW, *said)
    assert booked.fact == expected
    assert written(run, office_facts.find_in, 1) == expected
    assert written(run, office_facts.of_unit_in, 1) == [expected]


def test_a_booking_says_what_it_costs(run: Any, office: int) -> None:
    answer(run, "6.1", True)
    before = run(lambda database: scorecards.summary(database, 1))[0].claimed.total

    booked = book(run, 1)

    assert (booked.before, booked.after) == (before, before - 2)  # 6.3: 2 points an occurrence


def test_a_booking_counts_at_once_in_all_three_scores(run: Any, office: int) -> None:
    book(run, 1)

    known = run(lambda database: unit_facts.read(database, 1, TOWNS))
    assert [facts["6.3"] for facts in (known.claimed, known.proven, known.verified)] == [1, 1, 1]
    assert run(lambda database: scorecards.summary(database, 1))[0].reviewed == 1
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []


def test_occurrences_on_two_bases_add_up(run: Any, office: int) -> None:
    book(run, 1)
    book(run, 2, basis="区市场监管局通报〔2026〕9号")

    assert run(lambda database: unit_facts.read(database, 1, TOWNS)).claimed["6.3"] == 3


def test_the_same_occurrences_on_the_same_basis_are_not_booked_twice(run: Any, office: int) -> None:
    book(run, 1)

    with pytest.raises(StorageError, match=r"孟河镇的「抽检不合格」按同一依据已经记过（第 1 号）"):
        book(run, 1, basis=f" {BASIS} ")
    assert rows(run, "SELECT count(*) FROM office_fact") == [(1,)]


def test_what_was_dismissed_may_be_booked_again(run: Any, office: int) -> None:
    book(run, 1)
    dismiss(run)

    assert book(run, 1).fact.id == 2


@pytest.mark.parametrize("basis", ["", " ", "无 "])
def test_a_booking_without_a_basis_is_refused(run: Any, office: int, basis: str) -> None:
    with pytest.raises(StorageError, match="要写依据"):
        book(run, 1, basis=basis)
    assert rows(run, "SELECT count(*) FROM office_fact") == [(0,)]


@pytest.mark.parametrize(
    ("ident", "fact", "sentence"),
    [("6.3", -1, "应在"), ("6.3", True, "要填数字"), ("99", 1, "没有编号「99」"), ("6.3", "na", "没有合理缺项")],
)
def test_a_fact_the_clause_cannot_take_is_refused(run: Any, office: int, ident: str, fact: Any, sentence: str) -> None:
    with pytest.raises(FactError, match=sentence):
        book(run, fact, ident=ident)


def test_no_fact_at_all_is_asked_for(run: Any, office: int) -> None:
    with pytest.raises(StorageError, match=r"6.3（抽检不合格）还没有填"):
        book(run, None)


def test_a_unit_the_rubric_does_not_assess_is_refused(run: Any, office: int) -> None:
    for unit_id in (3, 99):
        with pytest.raises(NotFoundError, match="不考核这个单位"):
            book(run, 1, unit_id=unit_id)


def test_one_message_settles_many_units(run: Any, office: int) -> None:
    booked = written(run, office_facts.book_many_in, NOW, office, TOWNS, "6.3", {1: 0, 2: 1}, BASIS)

    assert [(b.fact.unit, b.fact.fact) for b in booked] == [("孟河镇", 0), ("西夏墅镇", 1)]
    assert rows(run, "SELECT unit_id, reviewed FROM scorecard ORDER BY unit_id") == [(1, 1), (2, 1)]


def test_many_clauses_at_once_are_the_same_as_one_by_one(run: Any, office: int) -> None:
    every = [Booking(unit_id, TOWNS, ident, 0) for ident in ("6.3", "9.3a") for unit_id in (2, 1)]
    every.append(Booking(3, DEPARTMENTS, "5.1", True))

    async def at_once(connection: Any) -> list[OfficeFact]:
        return await office_facts.book_all_in(connection, NOW, office, every, BASIS)

    async def singly(connection: Any) -> list[OfficeFact]:
        return [(await office_facts.book_in(connection, NOW, office, *one, BASIS)).fact for one in every]

    assert _outcome(run, at_once) == _outcome(run, singly)


def _outcome(run: Any, book_all: Any) -> tuple[Any, ...]:
    """What it gives, the scores and the audit trail after it; then undone."""

    async def work(connection: Any) -> tuple[Any, ...]:
        async with on_trial(connection):
            booked = await book_all(connection)
            cards = await scorecards.summary_in(connection, 1)
            trail = (await connection.execute(text("SELECT subject, hash FROM audit ORDER BY id"))).all()
        return booked, cards, trail

    return written(run, work)  # type: ignore[no-any-return]


def test_nothing_to_book_books_nothing(run: Any, office: int) -> None:
    assert written(run, office_facts.book_all_in, NOW, office, [], BASIS) == []
    assert rows(run, "SELECT count(*) FROM office_fact") == [(0,)]


def test_many_are_booked_all_or_none_although_the_turn_goes_on(run: Any, office: int) -> None:
    async def turn(connection: Any) -> None:
        for facts in ({1: 0, 3: 1}, {1: 0, 2: -1}, {}):
            with pytest.raises((StorageError, NotFoundError, FactError)):
                await office_facts.book_many_in(connection, NOW, office, TOWNS, "6.3", facts, BASIS)

    written(run, turn)

    assert rows(run, "SELECT count(*) FROM office_fact") == [(0,)]


def test_a_department_is_overruled_on_what_its_tasks_say(run: Any) -> None:
    made = campaign(run, rubrics=(TASKS, DEPARTMENTS))
    joined(run, made, unit="质监分局")
    joined(run, made, "o1", "王处", role="office", unit=None)

    book(run, 2, unit_id=3, ident="4.2", rubric=DEPARTMENTS)
    book(run, 1, unit_id=3, ident="4.2", rubric=DEPARTMENTS)

    assert run(lambda database: unit_facts.read(database, 3, DEPARTMENTS)).claimed["4.2"] == 1


def test_a_booking_against_a_table_without_a_total_has_no_cost(run: Any) -> None:
    made = campaign(run, rubrics=(TASKS,))
    joined(run, made, unit="质监分局")
    joined(run, made, "o1", "王处", role="office", unit=None)

    booked = book(
        run, True, unit_id=3, ident=next(i for i, c in TASKS.criteria.items() if c.kind == "yesno"), rubric=TASKS
    )

    assert (booked.before, booked.after) == (None, None)


def test_a_dispute_is_kept_and_changes_no_score(run: Any, office: int) -> None:
    booked = book(run, 1)

    disputed = dispute(run)

    assert (disputed.state, disputed.dispute, disputed.disputed_by) == ("disputed", "那批产品不是我镇企业的", 1)
    assert run(lambda database: scorecards.summary(database, 1))[0].claimed.total == booked.after


def test_a_unit_reaches_only_its_own_bookings(run: Any, office: int) -> None:
    book(run, 1)

    with pytest.raises(NotFoundError, match="没有这条记录"):
        dispute(run, unit_id=2)
    assert state(run) == "booked"


def test_a_dispute_needs_a_word_and_comes_once(run: Any, office: int) -> None:
    book(run, 1)
    with pytest.raises(StorageError, match="理由"):
        dispute(run, said=" ")
    dispute(run)

    with pytest.raises(StorageError, match="已经提过异议"):
        dispute(run)


def test_an_upheld_booking_counts_on_and_keeps_what_was_said(run: Any, office: int) -> None:
    book(run, 1)
    dispute(run)

    written(run, office_facts.uphold_in, LATER, office, 1, 1, "核对过原始记录")

    found = written(run, office_facts.find_in, 1)
    assert (found.state, found.dispute, found.disputed_by) == ("upheld", "那批产品不是我镇企业的", 1)
    assert run(lambda database: unit_facts.read(database, 1, TOWNS)).verified["6.3"] == 1
    with pytest.raises(StorageError, match="维持原来的记录"):
        dispute(run)
    with pytest.raises(StorageError, match="没有待处理的异议"):
        written(run, office_facts.uphold_in, LATER, office, 1, 1, "核对过原始记录")


def test_a_dismissed_booking_costs_nothing_and_stays_on_record(run: Any, office: int) -> None:
    answer(run, "6.1", True)
    booked = book(run, 1)
    dispute(run)

    dismissed = dismiss(run)

    assert (dismissed.before, dismissed.after) == (booked.after, booked.before)
    assert (dismissed.fact.state, dismissed.fact.dismissed_why, dismissed.fact.dismissed_by) == (
        "dismissed",
        "核实属外地企业",
        2,
    )
    assert written(run, office_facts.of_unit_in, 1) == [dismissed.fact]
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []


def test_dismissing_needs_a_reason_the_right_campaign_and_happens_once(run: Any, office: int) -> None:
    book(run, 1)
    with pytest.raises(StorageError, match="不计要写一句理由"):
        dismiss(run, why="")
    with pytest.raises(NotFoundError, match="没有这条记录"):
        dismiss(run, campaign_id=2)
    dismiss(run)

    with pytest.raises(StorageError, match="已经不计了"):
        dismiss(run)
    with pytest.raises(StorageError, match="已经不计了"):
        dispute(run)


def test_the_office_sees_open_disputes_first_and_then_the_newest(run: Any, office: int) -> None:
    for number in range(1, 5):
        book(run, 1, unit_id=1 + number % 2, basis=f"通报{number}")
    dispute(run, 3, unit_id=2)
    dispute(run, 1, unit_id=2)

    found = written(run, office_facts.of_campaign_in, 1)

    assert [fact.id for fact in found] == [1, 3, 4, 2]  # disputed at the same moment: the lower number first


def test_every_step_is_in_the_trail_without_a_word_of_it(run: Any, office: int) -> None:
    book(run, 1)
    dispute(run)
    dismiss(run)

    trail = rows(run, "SELECT actor, action, subject FROM audit WHERE action LIKE 'office-fact%' ORDER BY id")
    assert [row[:2] for row in trail] == [
        ("2", "office-fact.booked"),
        ("1", "office-fact.disputed"),
        ("2", "office-fact.dismissed"),
    ]
    assert not any(word in str(trail) for word in (BASIS, "外地", "产品"))
    assert chain(run).broken == ()
