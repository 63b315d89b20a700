"""What was said unasked, kept with its message; who rests, who is away, what a page has shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from stored import NOW, campaign, chain, joined, rows

from storage import conversation, reminding, resting
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.reminding import Telling

TODAY = date(2026, 11, 21)


def say(run: Any, person: Any, on: date = TODAY, at: Any = NOW) -> int | None:
    key = f"digest:1:{person.person_id}:{on}"
    telling = Telling(person.campaign_id, person.person_id, key, on, "regular", "第一次告知", ((1, "t/1.1"),))

    async def work(database: Database) -> int | None:
        async with database.write() as connection:
            (where,) = await reminding.where_in(connection, person.campaign_id, (person.person_id,))
            return await reminding.say_in(connection, at, where, telling, "还有 1 件", [("later:1,2:0", "稍后")])

    return run(work)


def read(run: Any, use: Any, *words: Any) -> Any:
    async def work(database: Database) -> Any:
        async with database.read() as connection:
            return await use(connection, *words)

    return run(work)


def write(run: Any, use: Any, *words: Any) -> Any:
    async def work(database: Database) -> Any:
        async with database.write() as connection:
            return await use(connection, *words)

    return run(work)


def test_a_digest_of_a_day_is_said_once(run: Any) -> None:
    chen = joined(run, campaign(run))

    said = [say(run, chen), say(run, chen)]

    assert said[1] is None
    assert rows(run, "SELECT text, push, asks FROM message WHERE push") == [("还有 1 件", 1, "digest")]


def test_one_that_was_dropped_may_be_said_again_that_day(run: Any) -> None:
    chen = joined(run, campaign(run))
    first = say(run, chen)
    run(lambda database: conversation.sent(database, first, "dropped", NOW))

    second = say(run, chen)

    assert second is not None
    assert say(run, chen) is None
    (told,) = read(run, reminding.told_in, chen.campaign_id)
    assert told.message_id == second


@pytest.mark.parametrize("ending", ["blocked", "unknown", "failed", "dropped"])
def test_what_reached_nobody_counts_as_not_said(run: Any, ending: Any) -> None:
    chen = joined(run, campaign(run))
    first = say(run, chen)

    run(lambda database: conversation.sent(database, first, ending, NOW))

    assert read(run, reminding.told_in, chen.campaign_id) == []


def test_a_web_message_is_delivered_once_the_page_has_shown_it(run: Any) -> None:
    chen = joined(run, campaign(run))
    message_id = say(run, chen)
    run(lambda database: conversation.sent(database, message_id, "sent", NOW))
    (before,) = read(run, reminding.told_in, chen.campaign_id)

    async def show(database: Database) -> None:
        transcript = conversation.Transcript(database, "web", str)  # type: ignore[arg-type]
        await transcript.seen("a1", message_id, NOW + timedelta(hours=2))
        await transcript.seen("a1", message_id, NOW + timedelta(hours=3))  # the first time stands

    run(show)
    (after,) = read(run, reminding.told_in, chen.campaign_id)

    assert before.delivered_at is None
    assert after.delivered_at == NOW + timedelta(hours=2)


def test_who_has_not_looked_since_the_first_reminder_is_unseen_since_then(run: Any) -> None:
    chen = joined(run, campaign(run))
    ids = [say(run, chen, TODAY + timedelta(days=days), NOW + timedelta(days=days)) for days in (0, 7, 8)]
    for ident in ids:
        run(lambda database, one=ident: conversation.sent(database, one, "sent", NOW))

    (told,) = read(run, reminding.unseen_in, chen.campaign_id, NOW + timedelta(days=1))

    assert (told.at, told.telling.on) == (NOW, TODAY + timedelta(days=8))


def test_who_has_looked_is_unseen_only_since_then(run: Any) -> None:
    chen = joined(run, campaign(run))
    ids = [say(run, chen, TODAY + timedelta(days=days), NOW + timedelta(days=days)) for days in (0, 7, 8)]

    async def show(database: Database) -> None:
        transcript = conversation.Transcript(database, "web", str)  # type: ignore[arg-type]
        await transcript.seen("a1", ids[0], NOW + timedelta(hours=2))

    run(show)

    assert read(run, reminding.unseen_in, chen.campaign_id, NOW + timedelta(days=7)) == []
    (told,) = read(run, reminding.unseen_in, chen.campaign_id, NOW + timedelta(days=9))
    assert told.at == NOW + timedelta(days=7)


def test_a_page_shows_nobody_elses_messages(run: Any) -> None:
    chen = joined(run, campaign(run))
    message_id = say(run, chen)

    async def show(database: Database) -> None:
        await conversation.Transcript(database, "web", str).seen("a2", 10_000, NOW)  # type: ignore[arg-type]

    run(show)

    assert rows(run, f"SELECT seen_at FROM message WHERE id = {message_id}") == [(None,)]


def test_what_was_said_later_is_left_out_of_an_earlier_moment(run: Any) -> None:
    chen = joined(run, campaign(run))
    say(run, chen)

    assert read(run, reminding.told_in, chen.campaign_id, NOW - timedelta(days=1)) == []


def test_the_newest_snooze_counts(run: Any) -> None:
    chen = joined(run, campaign(run))
    for days in (1, 7):
        write(run, resting.snooze_in, NOW, chen.campaign_id, chen.person_id, TODAY + timedelta(days=days))

    assert read(run, resting.snoozes_in, chen.campaign_id) == {chen.person_id: TODAY + timedelta(days=7)}


def test_a_leave_replaces_what_shares_a_day_with_it(run: Any) -> None:
    chen = joined(run, campaign(run))
    about = (NOW, chen.campaign_id, chen.person_id)
    write(run, resting.leave_in, *about, date(2026, 12, 1), date(2026, 12, 5), None)
    write(run, resting.leave_in, *about, date(2026, 12, 5), date(2026, 12, 8), None)
    write(run, resting.leave_in, *about, date(2026, 12, 20), date(2026, 12, 21), None)

    found = read(run, resting.leaves_in, chen.campaign_id)

    assert [one.starts_on.day for one in found] == [5, 20]
    assert not chain(run).broken


def test_nobody_stands_in_for_themselves_and_days_run_forward(run: Any) -> None:
    chen = joined(run, campaign(run))
    about = (NOW, chen.campaign_id, chen.person_id)

    with pytest.raises(StorageError, match="自己"):
        write(run, resting.leave_in, *about, date(2026, 12, 1), date(2026, 12, 5), chen.person_id)
    with pytest.raises(StorageError, match="不对"):
        write(run, resting.leave_in, *about, date(2026, 12, 5), date(2026, 12, 1), None)


def test_the_day_the_rules_went_out_is_kept(run: Any) -> None:
    made = campaign(run)

    write(run, reminding.set_issued_in, NOW, "cli", made.id, date(2026, 6, 23))

    assert read(run, reminding.issued_on_in, made.id) == (2026, date(2026, 6, 23), NOW)
    with pytest.raises(NotFoundError):
        write(run, reminding.set_issued_in, NOW, "cli", 99, date(2026, 6, 23))
