"""A reading switched in the middle of a campaign: every scorecard follows, and each unit's move is told."""

from __future__ import annotations

from typing import Any

import pytest
from stored import NOW, TOWNS, campaign, chain, joined, rows
from written import written

from storage import (
    answers,
    campaigns,
    editions,
    entries,
    information,
    information_counting,
    reading_switch,
    scorecards,
)
from storage.errors import NotFoundError, StorageError
from storage.reading_switch import Move
from storage.trial import on_trial


@pytest.fixture(autouse=True)
def once_met(run: Any) -> None:
    """孟河镇 held one meeting of two: nothing as the rubric reads it, the points as it can be read."""
    joined(run, campaign(run))
    meeting = {"name": "质量专题会议", "happened_on": NOW.date()}
    written(run, entries.add_in, NOW, 1, 1, TOWNS, "1.2", **meeting)


def answered(run: Any, ident: str) -> Any:
    found = run(lambda database: answers.current(database, 1, TOWNS.id))
    return found[ident].fact if ident in found else None


def switch(run: Any, option: str = "one", reading: str = "T13", rubric: str = TOWNS.id) -> tuple[Move, ...]:
    return written(run, reading_switch.switch_in, NOW, 1, 1, rubric, reading, option)


def test_a_switch_moves_who_it_concerns_and_is_kept(run: Any) -> None:
    moves = switch(run)

    assert [(move.unit, move.moved) for move in moves] == [("孟河镇", True), ("西夏墅镇", False)]
    assert moves[0].after.claimed - moves[0].before.claimed == TOWNS.criteria["1.2"].score.points  # type: ignore[operator, union-attr]
    assert reading_switch.units_of(moves) == [1]
    assert answered(run, "1.2") is True  # it had followed from the entries, and still does
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
    (rubric, *_) = written(run, editions.of_campaign, 1)
    assert rubric.chosen == {"T13": "one"}
    ((kept,),) = rows(run, f"SELECT edition_sha256 FROM campaign_rubric WHERE rubric_id = '{TOWNS.id}'")
    assert kept == campaigns.edition(rubric)
    assert chain(run).broken == ()


def test_a_switch_on_trial_leaves_nothing_behind(run: Any) -> None:
    async def tried(connection: Any) -> tuple[Move, ...]:
        async with on_trial(connection):
            return await reading_switch.switch_in(connection, NOW, 1, 1, TOWNS.id, "T13", "one")

    before = run(lambda database: scorecards.summary(database, 1))

    assert written(run, tried)[0].moved

    assert run(lambda database: scorecards.summary(database, 1)) == before
    assert rows(run, "SELECT * FROM campaign_reading") == []


def test_a_reading_is_switched_back(run: Any) -> None:
    before = run(lambda database: scorecards.summary(database, 1))
    switch(run)

    back = switch(run, "two")

    assert back[0].after == back[0].before._replace(claimed=before[0].claimed.total)
    assert rows(run, "SELECT reading_id, option FROM campaign_reading") == [("T13", "two")]


def test_an_answer_given_otherwise_than_by_entries_stays(run: Any) -> None:
    run(lambda database: answers.record(database, NOW, 1, 1, TOWNS, "1.2", True))

    moves = switch(run)

    assert not moves[0].moved
    assert answered(run, "1.2") is True


def test_reports_count_as_they_are_read_now(run: Any) -> None:
    unit = information_counting.Unit(1, "孟河镇", "镇", (TOWNS,))

    async def report(connection: Any) -> None:
        words: Any = {"title": "质量信息一则", "text": "质量信息一则", "evidence": ()}
        day = NOW.date()
        made = await information.add_in(connection, NOW, 1, 1, **words, reported_on=day, received_on=day)
        await information_counting.count_in(connection, NOW, unit, made, NOW.date())

    written(run, report)
    assert answered(run, "10.2") == 1

    switch(run, "adopted", "T4")
    assert answered(run, "10.2") is None

    switch(run, "reported", "T4")
    assert answered(run, "10.2") == 1


def test_another_campaign_keeps_its_reading(run: Any) -> None:
    other = campaign(run, year=2027)

    switch(run)

    assert all(not rubric.chosen for rubric in written(run, editions.of_campaign, other.id))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"rubric": "hunan"}, NotFoundError),
        ({"reading": "T99"}, NotFoundError),
        ({"reading": "T15"}, NotFoundError),  # nothing to choose
        ({"option": "three"}, NotFoundError),
        ({"option": "two"}, StorageError),  # read so already
    ],
)
def test_what_cannot_be_switched_is_refused_and_nothing_written(run: Any, words: Any, error: Any) -> None:
    with pytest.raises(error):
        switch(run, **words)
    assert rows(run, "SELECT * FROM campaign_reading") == []
