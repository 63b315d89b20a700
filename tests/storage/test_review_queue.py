"""What waits for a look: the same as a unit's own facts say, in a few statements for all; who looks at what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import event
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, UNITS, campaign, chain, joined
from written import written

from rubrics.model import Criterion, Rubric
from storage import (
    absences,
    answers,
    editions,
    entries,
    evidence,
    office_facts,
    openings,
    phases,
    proof_notes,
    returns,
    review_changes,
    review_holds,
    review_queue,
    review_rows,
    samples,
    unit_facts,
    verdicts,
)
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.review_queue import Look
from storage.roster import RosterUnit
from storage.samples import Drawn

TODAY = date(2026, 11, 21)
LATER = NOW + timedelta(hours=1)
ONE = (1, TOWNS.id, "1.1")


@pytest.fixture
def reviewer(run: Any) -> int:
    made = campaign(run, rubrics=(TOWNS, DEPARTMENTS, TASKS))
    joined(run, made)  # person 1, liaison of unit 1
    return joined(run, made, "o1", "王处", role="office", unit=None).person_id


def answer(run: Any, ident: str, fact: object = None, **words: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, ident, fact, **words))


def looks(run: Any, today: date = TODAY, unit_id: int | None = None) -> list[Look]:
    return written(run, review_queue.of_campaign_in, 1, today, unit_id)  # type: ignore[no-any-return]


def state(run: Any, ident: str, today: date = TODAY) -> str:
    return next(look.state for look in looks(run, today) if look.clause == (1, TOWNS.id, ident))


def give(run: Any, how: str, ident: str, *words: Any) -> None:
    basis = written(run, verdicts.shown_in, 1, TOWNS, ident)
    written(run, getattr(verdicts, f"{how}_in"), LATER, 2, 1, TOWNS, ident, *words, basis=basis)


def note(run: Any, ident: str, title: str, at: datetime = NOW, **words: Any) -> None:
    about = (at, 1, 1, TOWNS, ident)
    written(run, proof_notes.add_in, *about, kind="offline", title=title, place="档案室", **words)


def lock(run: Any) -> None:
    written(run, phases.set_in, NOW, "test", 1, "自评", date(2026, 10, 1), date(2026, 11, 1))


def test_an_answer_waits_until_a_verdict_settles_it(run: Any, reviewer: int) -> None:
    before = state(run, "1.1")
    answer(run, "1.1", True)
    waiting = state(run, "1.1")
    give(run, "pass", "1.1")

    assert (before, waiting, state(run, "1.1")) == ("open", "new", "settled")


def test_what_was_sent_back_waits_for_the_unit_and_comes_again_changed(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    give(run, "return", "1.1", "看不清")
    returned = state(run, "1.1")
    answer(run, "1.1", False)

    assert (returned, state(run, "1.1")) == ("returned", "changed")


def test_a_verdict_taken_back_leaves_the_clause_new(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    give(run, "pass", "1.1")
    newest = written(run, verdicts.newest_in, 1, TOWNS.id, "1.1")
    written(run, verdicts.take_back_in, LATER, 2, newest, TOWNS)

    assert state(run, "1.1") == "new"


def test_silence_is_in_the_queue_once_answers_are_locked(run: Any, reviewer: int) -> None:
    lock(run)

    assert state(run, "1.1", date(2026, 11, 1)) == "open"
    assert state(run, "1.1", date(2026, 11, 2)) == "unanswered"
    give(run, "pass", "1.1")
    assert state(run, "1.1") == "settled"


def test_what_stays_open_after_the_lock_is_not_waited_for(run: Any, reviewer: int) -> None:
    lock(run)
    about = (LATER, 2, 1, TOWNS, "1.1", date(2027, 1, 15), "证书年后才发")
    written(run, openings.year_end_in, *about)

    assert (state(run, "1.1"), state(run, "1.3")) == ("open", "unanswered")


def test_an_honest_state_waits_for_nobody_before_the_lock(run: Any, reviewer: int) -> None:
    answer(run, "1.1", state="not_here", note="没有这类企业")
    written(run, absences.decide_in, LATER, 2, 1, TOWNS, "1.1", True, "都没有")

    assert state(run, "1.1") == "open"


def test_what_the_office_booked_where_the_unit_is_silent_is_settled(run: Any, reviewer: int) -> None:
    written(run, office_facts.book_in, NOW, 2, 1, TOWNS, "7.3", 1, "稽查月报")
    booked = state(run, "7.3")
    answer(run, "7.3", 3)

    assert (booked, state(run, "7.3")) == ("settled", "new")


def test_only_what_units_answer_themselves_is_reviewed(run: Any, reviewer: int) -> None:
    found = looks(run)

    assert {look.criterion.by for look in found} <= {"unit", "department"}
    assert all(look.criterion.derived is None for look in found)
    assert {look.rubric.id for look in found if look.unit_id == 1} == {TOWNS.id, TASKS.id}
    assert looks(run, unit_id=1) == [look for look in found if look.unit_id == 1]


def test_the_queue_rests_on_the_same_bases_as_a_unit_s_facts(run: Any, reviewer: int) -> None:
    """A verdict names the basis of the queue and is checked against the unit's facts: they must never differ."""
    answer(run, "1.1", True)
    answer(run, "10.2", 4)
    added = written(run, entries.add_in, NOW, 1, 1, TOWNS, "10.2", name="质量月信息", happened_on=date(2026, 9, 1))
    note(run, "10.2", "信息", entry_id=added.entry.id)
    note(run, "1.1", "原件")
    give(run, "pass", "1.1")
    known = run(lambda database: unit_facts.read(database, 1, TOWNS))

    for look in looks(run, unit_id=1):
        assert look.basis == known.bases.of(look.criterion.id)
        assert look.verdict == known.verdicts.get(look.criterion.id)


def test_what_changed_comes_first_then_what_is_worth_most(run: Any, reviewer: int) -> None:
    def worth(_: Rubric, criterion: Criterion) -> Fraction:
        return Fraction({"1.1": 2, "1.3": 1, "10.2": 3}.get(criterion.id, 0))

    for ident, fact in (("1.1", True), ("1.3", True), ("10.2", 4)):
        answer(run, ident, fact)
    give(run, "pass", "1.3")
    answer(run, "1.3", False)

    found = review_queue.in_order((look for look in looks(run) if look.waits), worth)

    assert [look.criterion.id for look in found] == ["1.3", "10.2", "1.1"]


def test_all_units_are_read_in_a_few_statements(run: Any) -> None:
    many = tuple(RosterUnit(f"第{n}镇", "镇", (), (), ()) for n in range(40))
    made = campaign(run, rubrics=(TOWNS,), units=(*UNITS, *many))
    said: list[str] = []

    async def count(database: Database) -> int:
        async with database.write() as connection:
            await editions.of_campaign(connection, made.id)
            event.listen(
                connection.sync_connection, "before_cursor_execute", lambda _c, _cur, text, *_: said.append(text)
            )
            return len(await review_queue.of_campaign_in(connection, made.id, TODAY))

    found = run(count)

    assert found > 40 * 30
    assert len(said) <= 8


def test_own_units_are_also_those_one_has_left(run: Any, reviewer: int) -> None:
    assert written(run, review_queue.own_units_in, 1) == {1}
    assert written(run, review_queue.own_units_in, 2) == frozenset()


def test_a_receipt_is_that_of_its_version(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    answer(run, "1.1", False)

    assert written(run, review_rows.receipt_in, *ONE, 2) == "2026-000002"
    assert written(run, review_rows.receipt_in, *ONE, 3) == ""


# --- holds --------------------------------------------------------------------------------------------------


def take(run: Any, person_id: int, clause: Any = ONE, at: datetime = NOW) -> Any:
    return written(run, review_holds.take_in, at, 1, person_id, clause)


def test_who_looks_first_holds_a_clause_for_ten_minutes(run: Any, reviewer: int) -> None:
    first = take(run, 2)
    other = take(run, 1)

    assert first is None
    assert (other.person_id, other.person, other.until) == (2, "王处", NOW + timedelta(minutes=10))
    assert take(run, 1, at=NOW + timedelta(minutes=10)) is None


def test_looking_again_holds_longer(run: Any, reviewer: int) -> None:
    take(run, 2)
    take(run, 2, at=NOW + timedelta(minutes=9))

    assert take(run, 1, at=NOW + timedelta(minutes=18)) is not None


def test_going_on_lets_go_what_was_held(run: Any, reviewer: int) -> None:
    take(run, 2)
    take(run, 2, (1, TOWNS.id, "1.3"), at=LATER)

    assert set(written(run, review_holds.held_in, LATER, 1)) == {(1, TOWNS.id, "1.3")}
    written(run, review_holds.let_go_in, LATER, 1, 2)
    assert written(run, review_holds.held_in, LATER, 1) == {}


# --- what a unit has still to hear --------------------------------------------------------------------------


def test_a_return_stands_once_it_was_told_and_until_something_is_done(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    give(run, "return", "1.1", "看不清")

    def standing() -> Any:
        known = run(lambda database: unit_facts.read(database, 1, TOWNS))
        return written(run, returns.standing_in, known)

    before = standing()
    (waiting,) = written(run, returns.untold_in, 1)[1]
    written(run, verdicts.told_in, LATER, [waiting.id])
    told = standing()
    answer(run, "1.1", False)

    assert before == {}
    assert {ident: one.reason for ident, one in told.items()} == {"1.1": "看不清"}
    assert standing() == {}
    assert written(run, returns.untold_in, 1) == {}


def test_what_was_mended_before_it_was_told_is_not_told(run: Any, reviewer: int) -> None:
    answer(run, "1.1", True)
    give(run, "return", "1.1", "看不清")
    answer(run, "1.1", False)

    assert written(run, returns.untold_in, 1) == {}


def test_what_came_and_went_since_a_moment_is_named(run: Any, reviewer: int) -> None:
    old = written(run, entries.add_in, NOW, 1, 1, TOWNS, "10.2", name="第一条", happened_on=date(2026, 5, 1)).entry
    note(run, "10.2", "旧原件")
    written(run, entries.add_in, LATER, 1, 1, TOWNS, "10.2", name="第二条", happened_on=date(2026, 6, 1))
    written(run, entries.withdraw_in, LATER, 1, 1, TOWNS, old.id)
    note(run, "10.2", "新原件", at=LATER)

    found = written(run, review_changes.since_in, 1, TOWNS.id, "10.2", NOW + timedelta(minutes=1))

    assert (sorted(found.came), found.went) == (["新原件", "第二条"], ("第一条",))


def test_files_that_came_and_went_are_named(run: Any, reviewer: int) -> None:
    sent = []
    for name, at in (("旧.pdf", NOW), ("新.pdf", LATER)):
        kept = written(run, evidence.receive_in, at, 1, 1, name.encode().hex().ljust(64, "0"), name, 10, "pdf")
        written(run, evidence.attach_in, at, 1, 1, kept.id, TOWNS, "1.1")
        sent.append(kept)
    written(run, evidence.withdraw_in, LATER, 1, 1, sent[0].id)

    found = written(run, review_changes.since_in, 1, TOWNS.id, "1.1", NOW + timedelta(minutes=1))

    assert found == (("新.pdf",), ("旧.pdf",))


# --- samples ------------------------------------------------------------------------------------------------


POPULATION = tuple(Drawn((unit, TOWNS.id, ident), "b") for unit in (1, 2) for ident in ("1.1", "1.3", "1.4"))


def test_a_sample_can_be_drawn_again_from_its_seed(run: Any, reviewer: int) -> None:
    made = written(run, samples.draw_in, NOW, 2, 1, tuple(reversed(POPULATION)), 2)

    kept = written(run, samples.find_in, 1, made.id)

    assert kept == made
    assert samples.draw(kept.seed, POPULATION, 2) == kept.chosen
    assert {*kept.chosen, *kept.others} == set(POPULATION)
    assert chain(run).broken == ()


def test_different_seeds_draw_differently() -> None:
    assert len({samples.draw(str(seed), POPULATION, 2) for seed in range(50)}) > 5


@pytest.mark.parametrize(("number", "drawn"), [(0, 1), (99, 6)])
def test_at_least_one_and_at_most_all_are_drawn(run: Any, reviewer: int, number: int, drawn: int) -> None:
    assert len(written(run, samples.draw_in, NOW, 2, 1, POPULATION, number).chosen) == drawn


def test_nothing_is_drawn_from_nothing_and_samples_stay_in_their_campaign(run: Any, reviewer: int) -> None:
    written(run, samples.draw_in, NOW, 2, 1, POPULATION, 1)

    with pytest.raises(StorageError, match="没有可以抽查的"):
        written(run, samples.draw_in, NOW, 2, 1, (), 1)
    with pytest.raises(NotFoundError):
        written(run, samples.find_in, 2, 1)
