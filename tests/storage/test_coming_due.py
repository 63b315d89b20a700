"""What is said to be sent later is nowhere to be read before its time, and stands at the end of the transcript then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel
from stored import NOW, campaign, joined, rows
from transcripts import FILE, LATER, YES_NO, heard, on, say, since, unsent

import storage.tables_evidence
import storage.tables_learnt  # noqa: F401 - every table is to be known
from storage import conversation, dialogues, notices
from storage.coming_due import AT_ONCE, SPEAKING, bring_due
from storage.database import Database

WHAT_PERSONS_SAID = {"answer", "evidence"}
"""Tables that speak of messages from a person; those never wait."""


def bring(run: Any, at: Any = LATER) -> int:
    return run(lambda database: bring_due(database, at))  # type: ignore[no-any-return]


def texts(run: Any, after_id: int = 0) -> list[str]:
    return [row["text"] for row in since(run, after_id)]


def test_what_waits_is_not_in_the_transcript_and_its_file_not_to_be_had(run: Any) -> None:
    waiting = say(run, "稍后", due_at=LATER, file=FILE)
    say(run, "现在")

    assert texts(run) == ["现在"]
    assert on(run, lambda transcript: transcript.file_of("a1", waiting)) is None


def test_once_its_time_has_come_it_stands_at_the_end_with_its_file_and_buttons(run: Any) -> None:
    say(run, "稍后", due_at=LATER, options=YES_NO, file=FILE)
    say(run, "现在")
    heard(run, "好")

    assert bring(run) == 1

    (row,) = since(run, after_id=3)
    assert texts(run) == ["现在", "好", "稍后"]
    assert (row["at"], row["file"]) == (LATER.isoformat(), FILE)
    assert [(one["key"], one["label"]) for one in row["options"]] == list(YES_NO)
    assert on(run, lambda transcript: transcript.file_of("a1", row["id"])) == FILE
    assert [one.id for one in unsent(run, LATER) if one.text == "稍后"] == [row["id"]]


def test_a_page_that_read_on_meanwhile_gets_it_after_its_place(run: Any) -> None:
    """A row with a lower id than the page's newest was never asked for again."""
    say(run, "稍后", due_at=LATER)
    place = say(run, "现在")

    bring(run)

    assert texts(run, after_id=place) == ["稍后"]


def test_before_its_time_nothing_is_brought_and_afterwards_once(run: Any) -> None:
    say(run, "稍后", due_at=LATER)

    brought = [bring(run, LATER - timedelta(microseconds=1)), bring(run), bring(run)]

    assert brought == [0, 1, 0]
    assert texts(run) == ["稍后"]


def test_what_is_seen_by_a_page_is_not_what_still_waits(run: Any) -> None:
    say(run, "稍后", due_at=LATER)
    newest = say(run, "现在")

    on(run, lambda transcript: transcript.seen("a1", newest, NOW))
    bring(run)

    assert rows(run, "SELECT text, seen_at IS NOT NULL FROM message WHERE outcome IS NULL ORDER BY id") == [
        ("现在", 1),
        ("稍后", 0),
    ]


def test_what_is_tried_again_later_was_said_already_and_stays_where_it_is(run: Any) -> None:
    message_id = say(run, "喂")
    run(lambda database: conversation.postponed(database, message_id, LATER, "timeout"))

    assert bring(run) == 0

    assert [row["id"] for row in since(run)] == [message_id]
    assert [one.id for one in unsent(run, LATER)] == [message_id]


def test_many_come_in_the_order_of_their_moments(run: Any) -> None:
    for n in range(AT_ONCE + 5):
        say(run, str(n), due_at=LATER - timedelta(seconds=n % 2))

    assert bring(run) == AT_ONCE + 5

    numbers = [str(n) for n in range(AT_ONCE + 5)]
    assert texts(run) == numbers[1::2] + numbers[0::2]


def test_a_typed_label_means_its_button_only_once_it_is_there(run: Any) -> None:
    async def known(database: Database) -> dict[str, Any]:
        return await dialogues.state(database, "web", "a1")

    async def begun(database: Database) -> None:
        async with database.write() as connection:
            await dialogues.set_state(connection, NOW, "web", "a1", {"labels": {"1": "next::0"}})

    run(begun)
    say(run, "稍后", due_at=LATER, options=YES_NO)

    bring(run)

    assert run(known) == {"labels": {"1": "next::0", "是": "yes:1.1:0", "否": "no:1.1:0"}}


def test_a_notice_goes_with_its_message(run: Any) -> None:
    made = campaign(run)
    person = joined(run, made)
    unit_id = person.unit_id or 0
    message_id = say(run, "请于11月26日前回复", due_at=LATER)

    async def noted(database: Database) -> None:
        words: dict[str, Any] = {"kind": "read", "text": "开会", "file": None, "answer_by": None}
        async with database.write() as connection:
            about = (connection, NOW, person.person_id, made.id)
            notice = await notices.add_in(*about, **words, unit_ids=[unit_id])
            await notices.note_sent_in(connection, notice.id, unit_id, person.person_id, message_id)

    async def delivered(database: Database) -> list[str]:
        async with database.read() as connection:
            return [one.delivered for one in await notices.standing_in(connection, 1)]

    async def sent_lately(database: Database) -> set[tuple[int, int]]:
        async with database.read() as connection:
            return await notices.sent_since_in(connection, 1, LATER - timedelta(seconds=1))

    run(noted)
    assert run(sent_lately) == {(unit_id, person.person_id)}  # it is on its way: nobody gets it twice

    bring(run)
    (row,) = since(run, after_id=message_id)
    assert run(delivered) == ["waiting"]
    run(lambda database: conversation.sent(database, row["id"], "sent", LATER))

    assert run(delivered) == ["unseen"]
    assert run(sent_lately) == {(unit_id, person.person_id)}


@pytest.mark.parametrize("at_once", [2, 3])
def test_two_senders_at_once_bring_it_once(run: Any, at_once: int) -> None:
    import asyncio

    say(run, "稍后", due_at=LATER)

    async def together(database: Database) -> list[int]:
        return list(await asyncio.gather(*(bring_due(database, LATER) for _ in range(at_once))))

    assert sum(run(together)) == 1
    assert texts(run) == ["稍后"]


def test_every_table_that_speaks_of_a_message_which_may_wait_goes_with_it() -> None:
    message = SQLModel.metadata.tables["message"]
    speaking = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if any(key.references(message) for key in table.foreign_keys)
    }

    assert speaking - {one.__tablename__ for one in SPEAKING} == WHAT_PERSONS_SAID
