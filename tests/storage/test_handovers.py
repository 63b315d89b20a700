"""Handovers as rows: what is refused, what each step changes, and what the audit trail says of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from filed import do, kept, receive
from stored import NOW, TOWNS, campaign, chain, joined, redeem, rows

from storage import answers, doings, handovers, people
from storage.errors import NotFoundError, StorageError
from storage.files import FileStore

TODAY = NOW.date()
DAY = TODAY + timedelta(days=9)


@pytest.fixture
def chen(run: Any) -> int:
    """孟河镇's liaison; 2 is 王主任 of the office, 3 is 西夏墅镇's 李四."""
    made = campaign(run)
    ident = joined(run, made).person_id
    joined(run, made, "a2", "王主任", role="office", unit=None)
    joined(run, made, "a3", "李四", unit="西夏墅镇")
    return ident


def propose(run: Any, chen: int, to: int | str = "李四", day: date = DAY, **words: Any) -> handovers.Handover:
    return do(run, handovers.propose_in, NOW, TODAY, 2, 1, chen, to, day, **words)  # type: ignore[no-any-return]


def confirm(run: Any, one: handovers.Handover) -> Any:
    return do(run, handovers.confirm_in, NOW, TODAY, 2, 1, one.id)


def members(run: Any) -> list[int]:
    query = "SELECT person_id FROM membership WHERE unit_id = 1 AND removed_at IS NULL ORDER BY id"
    return [row[0] for row in rows(run, query)]


def test_proposed_nothing_changes(run: Any, chen: int) -> None:
    assert propose(run, chen, 3).confirmed_at is None
    assert members(run) == [chen]
    assert do(run, handovers.due_in, 1, DAY) == []


def test_confirmed_both_work_and_finished_one(run: Any, chen: int) -> None:
    _, invitation = confirm(run, propose(run, chen, 3))
    assert (invitation, members(run)) == (None, [chen, 3])
    assert do(run, handovers.due_in, 1, DAY - timedelta(days=1)) == []

    (due,) = do(run, handovers.due_in, 1, DAY)
    done = do(run, handovers.finish_in, NOW, due)

    assert (done.to_id, members(run), do(run, handovers.open_in, 1)) == (3, [3], [])
    assert chain(run).broken == ()
    actions = [row[0] for row in rows(run, "SELECT action FROM audit WHERE action LIKE 'handover.%' ORDER BY id")]
    assert actions == ["handover.proposed", "handover.confirmed", "handover.done"]


def test_an_invitation_lasts_beyond_the_day(run: Any, chen: int) -> None:
    _, invitation = confirm(run, propose(run, chen, "赵六", TODAY + timedelta(days=handovers.MOST_DAYS)))

    assert invitation.expires_at == NOW + timedelta(days=handovers.MOST_DAYS + handovers.GRACE_DAYS)


def test_the_code_made_with_the_proposal_was_shown_to_nobody_and_is_void(run: Any, chen: int) -> None:
    one, invitation = confirm(run, propose(run, chen, "赵六"))

    assert rows(run, "SELECT revoked_at IS NOT NULL FROM invitation WHERE name = '赵六' ORDER BY id") == [(1,), (0,)]
    zhao = redeem(run, "a9", invitation.code).membership
    assert do(run, handovers.finish_in, NOW, do(run, handovers.find_in, 1, one.id)).to_id == zhao.person_id


def test_without_anybody_to_take_over_nobody_leaves(run: Any, chen: int) -> None:
    one, _ = confirm(run, propose(run, chen, "赵六"))

    assert do(run, handovers.finish_in, NOW, one) is None
    assert members(run) == [chen]


def test_who_takes_over_and_was_removed_meanwhile_does_not_end_the_other(run: Any, chen: int) -> None:
    one, _ = confirm(run, propose(run, chen, 3))
    do(run, people.remove_in, NOW, "2", 3, 1)

    assert do(run, handovers.finish_in, NOW, one) is None
    assert members(run) == [chen]


def test_put_down_the_successor_loses_what_it_gave_and_no_more(run: Any, chen: int) -> None:
    one, _ = confirm(run, propose(run, chen, 3))

    do(run, handovers.drop_in, NOW, 2, 1, one.id)

    assert members(run) == [chen]
    assert rows(run, "SELECT COUNT(*) FROM membership WHERE person_id = 3 AND removed_at IS NULL") == [(1,)]
    with pytest.raises(StorageError, match="办完或撤销"):
        do(run, handovers.drop_in, NOW, 2, 1, one.id)


@pytest.mark.parametrize(
    ("to", "days", "why"),
    [(1, 9, "同一个人"), (99, 9, "不在这次考核里"), (3, -1, "今天到"), (3, handovers.MOST_DAYS + 1, "今天到")],
)
def test_what_cannot_be_is_refused(run: Any, chen: int, to: int, days: int, why: str) -> None:
    with pytest.raises((StorageError, NotFoundError), match=why):
        propose(run, chen, to, TODAY + timedelta(days=days))


def test_who_is_no_liaison_of_the_unit_has_nothing_to_hand_over(run: Any, chen: int) -> None:
    with pytest.raises(NotFoundError, match="不是这个单位的联络员"):
        do(run, handovers.propose_in, NOW, TODAY, 2, 1, 3, "赵六", DAY)


def test_another_campaigns_handover_is_not_found(run: Any, chen: int) -> None:
    one = propose(run, chen, 3)
    other = campaign(run, 2027)

    for use_case in (handovers.drop_in, handovers.confirm_in):
        given = (NOW, TODAY, 2) if use_case is handovers.confirm_in else (NOW, 2)
        with pytest.raises(NotFoundError):
            do(run, use_case, *given, other.id, one.id)


def test_the_record_says_who_did_what_on_which_day(run: Any, chen: int, folder: Any) -> None:
    run(lambda database: answers.record(database, NOW, chen, 1, TOWNS, "1.1", True))
    run(lambda database: answers.record(database, NOW, chen, 1, TOWNS, "1.1", False))
    receive(run, kept(FileStore(folder / "evidence")), at=NOW + timedelta(hours=8))  # 0 o'clock in the zone

    found = do(run, doings.of_unit_in, 1, ZoneInfo("Asia/Shanghai"))

    assert [(day.on, day.person, dict(day.counts)) for day in found] == [
        (TODAY + timedelta(days=1), "陈芳", {"filed": 1}),
        (TODAY, "陈芳", {"joined": 1, "answered": 2}),
    ]
