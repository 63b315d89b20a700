"""Snapshots: what one says never changes again, whatever happens to answers, verdicts or readings; 审定 freezes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from stored import DEPARTMENTS, NOW, TASKS, TOWNS, campaign, chain, joined, rows
from written import written

from rubrics.engine import Plan
from rubrics.model import Rubric
from storage import (
    absences,
    answers,
    freezing,
    motions,
    office_facts,
    reading_switch,
    score_history,
    scorecards,
    snapshots,
    verdicts,
)
from storage.errors import NotFoundError, StorageError
from storage.freezing import FrozenError
from storage.snapshots import Card, Snapshot, SnapshotContent

LATER = NOW + timedelta(hours=1)
WANG, ZHAO = 2, 3


@pytest.fixture(autouse=True)
def people_of_it(run: Any) -> None:
    made = campaign(run, rubrics=(TOWNS, DEPARTMENTS, TASKS))
    joined(run, made)  # person 1, liaison of unit 1
    joined(run, made, "o1", "王处", role="office", unit=None)
    joined(run, made, "o2", "赵科", role="office", unit=None)
    answer(run, "10.2", 4)
    answer(run, "1.1", True)


def answer(run: Any, ident: str, fact: object) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, ident, fact))


def passed(run: Any, ident: str) -> None:
    basis = written(run, verdicts.shown_in, 1, TOWNS, ident)
    written(run, verdicts.pass_in, LATER, WANG, 1, TOWNS, ident, basis=basis)


def take(run: Any, name: str = "", *, final: bool = False, by: int | str = WANG) -> Snapshot:
    return written(run, snapshots.take_in, LATER, by, 1, "2026", name, final=final)


def content(run: Any, number: int = 1) -> SnapshotContent:
    async def read(connection: Any) -> SnapshotContent:
        return await snapshots.read_in(connection, await snapshots.find_in(connection, 1, number))

    return written(run, read)


def card_of(run: Any, number: int, unit: str, rubric: Rubric) -> Card:
    cards = content(run, number).cards
    return next(card for card in cards if (card.row.unit, card.row.rubric_id) == (unit, rubric.id))


def now(run: Any) -> Any:
    return run(lambda database: scorecards.summary(database, 1))


def test_a_snapshot_holds_what_the_scorecards_said(run: Any) -> None:
    passed(run, "10.2")
    before = now(run)

    taken = take(run, " 初评\n")

    assert (taken.number, taken.name, taken.person, taken.final) == (1, "初评", "王处", False)
    assert [card.row for card in content(run).cards] == before
    assert content(run).campaign == "2026"


def test_every_breakdown_is_rebuilt_exactly_from_the_snapshot_alone(run: Any) -> None:
    passed(run, "10.2")
    take(run)

    for card in content(run).cards:
        plan = Plan(content(run).rubric(card.row.rubric_id))
        figures = [scorecards.figures_of(plan.score(facts)) for facts in (card.claimed, card.proven, card.verified)]
        assert figures == [card.row.claimed, card.row.proven, card.row.verified]
    town = content(run).cards[0]
    assert town.verified == {"10.2": 4}
    assert (town.versions["10.2"], town.verdicts) == (1, {"10.2": 1})


def test_the_same_question_gets_the_same_answer_after_everything_has_changed(run: Any) -> None:
    passed(run, "10.2")
    taken = take(run)
    before = content(run)

    answer(run, "10.2", 1)
    written(run, office_facts.book_in, LATER, WANG, 1, TOWNS, "6.4", 1, "常市监〔2026〕12号")
    written(run, reading_switch.switch_in, LATER, WANG, 1, TOWNS.id, "T13", "one")

    assert content(run) == before
    assert content(run).rubric(TOWNS.id) == TOWNS
    assert now(run) != [card.row for card in before.cards]
    assert written(run, snapshots.find_in, 1, 1) == taken


def test_numbers_go_on_in_each_campaign(run: Any) -> None:
    other = campaign(run, year=2027)
    assert [take(run).number, take(run).number] == [1, 2]

    there = written(run, snapshots.take_in, LATER, "cli", other.id, other.code)

    assert (there.number, there.person) == (1, "")
    with pytest.raises(NotFoundError, match="现有：1、2"):
        written(run, snapshots.find_in, 1, 3)


def test_a_content_that_was_changed_is_refused(run: Any) -> None:
    take(run)

    async def forge(connection: Any) -> None:
        from sqlalchemy import text

        await connection.execute(text("UPDATE snapshot SET content = replace(content, '孟河镇', '新桥镇')"))

    written(run, forge)

    with pytest.raises(StorageError, match="被改过"):
        content(run)


def test_a_content_changed_together_with_its_hash_is_seen_by_the_trail(run: Any) -> None:
    take(run)
    assert written(run, snapshots.changed_in) == []

    async def forge(connection: Any) -> None:
        import hashlib

        from sqlalchemy import text

        (held,) = (await connection.execute(text("SELECT content FROM snapshot"))).one()
        forged = held.replace("孟河镇", "新桥镇")
        values = {"content": forged, "sha256": hashlib.sha256(forged.encode()).hexdigest()}
        await connection.execute(text("UPDATE snapshot SET content = :content, sha256 = :sha256"), values)

    written(run, forge)

    assert content(run).cards[0].row.unit == "新桥镇"
    assert written(run, snapshots.changed_in) == [("2026", 1)]


def test_a_final_snapshot_freezes_verdicts_bookings_readings_and_absences(run: Any) -> None:
    take(run, final=True)

    with pytest.raises(FrozenError, match="第 1 号快照"):
        passed(run, "1.1")
    with pytest.raises(FrozenError):
        written(run, office_facts.book_in, LATER, WANG, 1, TOWNS, "6.4", 1, "常市监〔2026〕12号")
    with pytest.raises(FrozenError):
        written(run, reading_switch.switch_in, LATER, WANG, 1, TOWNS.id, "T13", "one")
    with pytest.raises(FrozenError):
        written(run, absences.decide_in, LATER, WANG, 1, TOWNS, "1.1", True, "都没有")
    with pytest.raises(FrozenError):
        take(run, final=True)
    assert take(run).number == 2  # looking and comparing goes on


def test_what_was_booked_before_cannot_be_dismissed_while_frozen(run: Any) -> None:
    booked = written(run, office_facts.book_in, LATER, WANG, 1, TOWNS, "6.4", 1, "常市监〔2026〕12号").fact
    take(run, final=True)

    with pytest.raises(FrozenError):
        written(run, office_facts.dismiss_in, LATER, WANG, 1, booked.id, "记错了")


def test_two_people_open_frozen_scores_again_for_that_snapshot_only(run: Any) -> None:
    take(run, final=True)
    motion = written(run, motions.propose_in, LATER, WANG, 1, "reopen", freezing.reopening(1), "复核决定")
    assert written(run, freezing.frozen_in, 1) is not None

    written(run, motions.agree_in, LATER, ZHAO, 1, motion.id)

    assert written(run, freezing.frozen_in, 1) is None
    passed(run, "1.1")
    assert take(run, final=True).number == 2
    assert written(run, freezing.frozen_in, 1).number == 2  # the old agreement does not open the new one


def test_at_the_end_targets_nobody_verified_are_not_done(run: Any) -> None:
    take(run)
    take(run, final=True)

    early, final = (card_of(run, number, "质监分局", DEPARTMENTS) for number in (1, 2))

    assert ("4.1" in early.verified, final.verified["4.1"]) == (False, True)
    assert final.verified["4.2"] > 0
    assert final.row.reviewed == early.row.reviewed + 2
    live = next(row for row in now(run) if (row.unit, row.rubric_id) == ("质监分局", DEPARTMENTS.id))
    assert (live.cards, live.reviewed) == (final.row.cards, final.row.reviewed)
    assert run(lambda database: scorecards.recompute(database, LATER, 1)) == []


def test_opened_again_targets_nobody_verified_are_open_again(run: Any) -> None:
    before = now(run)
    take(run, final=True)
    assert [row.reviewed for row in now(run)] != [row.reviewed for row in before]
    motion = written(run, motions.propose_in, LATER, WANG, 1, "reopen", freezing.reopening(1), "复核决定")

    written(run, motions.agree_in, LATER, ZHAO, 1, motion.id)

    assert [row.reviewed for row in now(run)] == [row.reviewed for row in before]
    assert run(lambda database: scorecards.recompute(database, LATER, 1)) == []


def test_one_campaign_is_not_frozen_by_another(run: Any) -> None:
    other = campaign(run, year=2027)

    written(run, snapshots.take_in, LATER, "cli", other.id, other.code, final=True)

    assert written(run, freezing.frozen_in, 1) is None


def test_the_history_has_each_snapshot_and_the_changes_name_the_figure(run: Any) -> None:
    take(run)
    answer(run, "1.2", True)
    passed(run, "10.2")
    second = take(run)
    answer(run, "10.2", 0)

    history = written(run, score_history.of_unit_in, 1, 1)
    before = written(run, snapshots.rows_in, second)
    changes = score_history.changes(before, now(run))

    towns = [one for one in history if one.rubric_id == TOWNS.id]
    assert [one.snapshot.number for one in towns] == [1, 2]
    assert [one.verified for one in towns] == [0, 3]
    assert towns[1].claimed > towns[0].claimed
    assert [(one.unit, one.claimed, one.verified) for one in changes] == [("孟河镇", -3, -3)]


def test_the_trail_knows_the_hash_of_every_snapshot(run: Any) -> None:
    taken = take(run, "初评")

    ((actor, subject),) = rows(run, "SELECT actor, subject FROM audit WHERE action = 'snapshot.taken'")

    assert actor == "2"
    assert taken.sha256 in subject
    assert chain(run).broken == ()
