"""The office's day: what came in by unit, who is silent, what waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from stored import NOW, TOWNS, campaign, joined
from written import written

from storage import answers, campaigns, evidence, feedback, inbox, notices, office_facts, overview, submissions
from storage.overview import CameIn, Silent, Waits

BEFORE, LATER = NOW - timedelta(days=1), NOW + timedelta(hours=1)


@pytest.fixture
def chen(run: Any) -> int:
    return joined(run, campaign(run)).person_id


def answer(run: Any, unit_id: int, at: datetime = NOW, **words: Any) -> None:
    given = words or {"fact": True}
    run(lambda database: answers.record(database, at, 1, unit_id, TOWNS, "1.1", **given))


def send(run: Any, unit_id: int, at: datetime = NOW) -> None:
    written(run, evidence.receive_in, at, 1, unit_id, f"{at.timestamp():064.0f}", "通知.jpg", 9, "jpeg")


def enter(run: Any, unit_id: int, at: datetime = NOW) -> None:
    row = f"1, {unit_id}, '{TOWNS.id}', '10.2', '信息', '', 1, '{at:%Y-%m-%dT%H:%M:%S.%fZ}'"

    async def insert(connection: Any) -> None:
        columns = "campaign_id, unit_id, rubric_id, criterion_id, name, number, person_id, at"
        await connection.execute(text(f"INSERT INTO entry ({columns}) VALUES ({row})"))

    written(run, insert)


def came_in(run: Any, since: datetime) -> list[CameIn]:
    return written(run, overview.came_in_in, 1, since)


def test_what_came_in_is_counted_by_unit_since_a_moment(run: Any, chen: int) -> None:
    answer(run, 1, BEFORE)
    for unit_id in (2, 1, 1):
        answer(run, unit_id)
    send(run, 1)
    send(run, 1, LATER)
    enter(run, 2)

    assert came_in(run, NOW) == [CameIn(1, "孟河镇", 2, 2, 0), CameIn(2, "西夏墅镇", 1, 0, 1)]
    assert came_in(run, LATER) == [CameIn(1, "孟河镇", 0, 1, 0)]
    assert came_in(run, BEFORE)[0].answers == 3


def test_another_campaign_is_not_counted(run: Any, chen: int) -> None:
    campaign(run, 2027)
    answer(run, 4)

    assert came_in(run, BEFORE) == []
    assert written(run, overview.came_in_in, 2, BEFORE) == [CameIn(4, "孟河镇", 1, 0, 0)]


def test_silent_units_are_named_with_when_something_last_came(run: Any, chen: int) -> None:
    answer(run, 1)
    enter(run, 2, BEFORE)

    assert written(run, overview.silent_in, 1, NOW) == [Silent(2, "西夏墅镇", BEFORE), Silent(3, "质监分局", None)]
    assert [unit.unit_id for unit in written(run, overview.silent_in, 1, BEFORE)] == [3]


def test_a_sign_of_life_need_not_be_an_answer(run: Any, chen: int) -> None:
    asked = {"kind": "read", "text": "请回复", "file": None, "answer_by": None, "unit_ids": [2, 3]}
    notice = written(run, notices.add_in, BEFORE, chen, 1, **asked)

    written(run, notices.answer_in, LATER, chen, 2, notice, "got")

    assert [one.unit_id for one in written(run, overview.silent_in, 1, LATER)] == [1, 3]


def test_who_wrote_what_they_think_or_joined_is_not_silent(run: Any, chen: int) -> None:
    assert [one.unit_id for one in written(run, overview.silent_in, 1, NOW)] == [2, 3]

    written(run, feedback.add_in, LATER, chen, 1, "按钮太小")

    assert [one.unit_id for one in written(run, overview.silent_in, 1, LATER)] == [2, 3]


def test_what_waits_is_disputes_applications_signatures_and_dead_letters(run: Any, chen: int) -> None:
    assert written(run, overview.waits_in, 1, BEFORE) == Waits((), (), (), 0)
    (made,) = written(run, campaigns.campaigns_in, 1)
    wang = joined(run, made, "a2", "王处", unit=None, role="office").person_id
    written(run, office_facts.book_in, NOW, wang, 1, TOWNS, "6.3", 1, "通报一")
    written(run, office_facts.book_in, NOW, wang, 2, TOWNS, "6.3", 1, "通报一")
    disputed = written(run, office_facts.dispute_in, NOW, 1, 1, 1, "不是我镇的")
    answer(run, 2, state="not_here", note="没有")
    for unit_id in (1, 2):
        written(run, submissions.open_in, NOW, 1, unit_id, TOWNS, "{}", "5" * 64)
    written(run, submissions.waive_in, NOW, 1, 1, 2)

    waits = written(run, overview.waits_in, 1, BEFORE)

    assert waits.disputes == (disputed,)
    assert [(w.criterion_id, w.applications[0].unit) for w in waits.absences] == [("1.1", "西夏墅镇")]
    assert [s.number for s in waits.submissions] == ["2026-S001"]
    assert waits.dead_letters == 0


def test_events_given_up_since_a_moment_are_counted(run: Any, chen: int) -> None:
    async def give_up(database: Any) -> None:
        kept = inbox.Inbox(database, lambda: NOW)
        for event_id in ("e1", "e2"):
            await kept.keep("web", event_id, "a1", {})
        await kept.drop("web", "e1", "看不懂")

    run(give_up)

    assert written(run, overview.waits_in, 1, NOW).dead_letters == 1
    assert written(run, overview.waits_in, 1, LATER).dead_letters == 0
