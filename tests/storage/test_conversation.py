"""What was said both ways, browsers, dialogues; and all of an event in one unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from stored import NOW, TOWNS, campaign, chain, joined, rows
from transcripts import FILE, LATER, YES_NO, heard, on, say, since, unsent

from storage import answers, conversation, dialogues, inbox, scorecards
from storage.coming_due import bring_due
from storage.conversation import Outgoing
from storage.database import Database
from storage.inbox import Inbox
from storage.sessions import Sessions

# --- transcript -------------------------------------------------------------------------------------------


def test_a_transcript_holds_both_ways_in_order_as_builtins(run: Any) -> None:
    heard(run, "清单", file=FILE)
    say(run, "有没有开会？", options=YES_NO)
    say(run, "别人的", address="a2")

    buttons = [{"key": "yes:1.1:0", "label": "是"}, {"key": "no:1.1:0", "label": "否"}]
    at = "2026-11-21T08:00:00+00:00"
    assert since(run) == [
        {"id": 1, "at": at, "mine": True, "text": "清单", "options": [], "settled": None, "file": FILE},
        {"id": 2, "at": at, "mine": False, "text": "有没有开会？", "options": buttons, "settled": None, "file": None},
    ]


def test_a_file_is_found_by_its_row_and_only_at_its_address(run: Any) -> None:
    sent, told, bare = heard(run, "", file=FILE), say(run, "请看", file={**FILE, "as_picture": True}), say(run, "好")

    def file_of(row: int, address: str = "a1", channel: str = "web") -> Any:
        return on(run, lambda transcript: transcript.file_of(address, row), channel)

    assert [file_of(sent), file_of(told), file_of(bare)] == [FILE, {**FILE, "as_picture": True}, None]
    assert [file_of(sent, "a2"), file_of(sent, channel="telegram"), file_of(99)] == [None, None, None]


def test_a_transcript_goes_on_after_an_id_without_loss_or_doubles(run: Any) -> None:
    ids = [say(run, str(n)) for n in range(7)]
    found: list[int] = []

    while page := since(run, found[-1] if found else 0, limit=3):
        found += [row["id"] for row in page]

    assert found == ids


def test_the_same_address_in_another_channel_has_its_own_transcript(run: Any) -> None:
    say(run, "有", channel="telegram")

    assert since(run) == []


def test_a_pressed_option_stays_settled_and_the_first_press_stands(run: Any) -> None:
    message_id = say(run, "有没有？", options=YES_NO)

    on(run, lambda transcript: transcript.settle("a1", message_id, "是"))
    on(run, lambda transcript: transcript.settle("a1", message_id, "否"))

    assert since(run)[0]["settled"] == "是"


def test_nobody_settles_the_message_of_another_or_their_own_words(run: Any) -> None:
    theirs, mine = say(run, "有没有？", options=YES_NO), heard(run, "有")

    on(run, lambda transcript: transcript.settle("a2", theirs, "是"))
    on(run, lambda transcript: transcript.settle("a1", theirs, "是"), channel="telegram")
    on(run, lambda transcript: transcript.settle("a1", mine, "是"))
    on(run, lambda transcript: transcript.settle("a1", 99, "是"))

    assert [row["settled"] for row in since(run)] == [None, None]


def test_the_status_is_what_the_core_says(run: Any) -> None:
    assert on(run, lambda transcript: transcript.status("a1")) == "a1：孟河镇"


@pytest.mark.parametrize("text", ["\ud83d好", "a\x00b", "行\r\n行", "🙂", ""])
def test_whatever_is_said_can_be_kept(run: Any, text: str) -> None:
    heard(run, text)
    say(run, text, options=((text or "k", text),))

    assert [row["text"] for row in since(run)] == [text.encode("utf-8", "replace").decode()] * 2


# --- outbox -----------------------------------------------------------------------------------------------


def test_what_was_said_is_unsent_until_it_is_sent_and_a_persons_words_never_are(run: Any) -> None:
    heard(run, "清单")
    message_id = say(run, "有没有？", options=YES_NO, file=FILE)

    assert unsent(run) == (Outgoing(message_id, "web", "a1", NOW, "有没有？", YES_NO, FILE, False, 0),)
    run(lambda database: conversation.sent(database, message_id, "sent", LATER))

    assert unsent(run, LATER) == ()
    assert rows(run, "SELECT outcome, tries, sent_at FROM message WHERE id = 2") == [
        ("sent", 1, "2026-11-21T08:01:00.000000Z")
    ]


def test_a_message_that_is_due_later_waits_until_its_moment(run: Any) -> None:
    say(run, "稍后", due_at=LATER)
    say(run, "现在")

    assert [message.text for message in unsent(run, LATER - timedelta(microseconds=1))] == ["现在"]
    run(lambda database: bring_due(database, LATER))
    assert [message.text for message in unsent(run, LATER)] == ["现在", "稍后"]
    assert [message.text for message in unsent(run, LATER, limit=1)] == ["现在"]


def test_a_sending_that_failed_for_now_is_tried_again_with_its_count(run: Any) -> None:
    message_id = say(run, "喂")

    run(lambda database: conversation.postponed(database, message_id, LATER, "timeout"))

    assert unsent(run) == ()
    assert [message.tries for message in unsent(run, LATER)] == [1]
    assert rows(run, "SELECT why, outcome FROM message") == [("timeout", None)]


@pytest.mark.parametrize("outcome", ["blocked", "unknown", "failed"])
def test_a_sending_that_failed_for_good_keeps_its_reason_and_its_first_ending(run: Any, outcome: Any) -> None:
    message_id = say(run, "喂")

    run(lambda database: conversation.sent(database, message_id, outcome, LATER, "gone"))
    run(lambda database: conversation.sent(database, message_id, "sent", LATER))

    assert unsent(run, LATER) == ()
    assert rows(run, "SELECT outcome, why, tries, sent_at FROM message") == [(outcome, "gone", 1, None)]


# --- sessions ---------------------------------------------------------------------------------------------


def test_a_session_is_good_until_it_expires_or_ends(run: Any) -> None:
    def sessions(use: Callable[[Sessions], Awaitable[Any]]) -> Any:
        return run(lambda database: use(Sessions(database, lambda: NOW)))

    sessions(lambda s: s.open("f" * 64, "a1", LATER))
    sessions(lambda s: s.open("e" * 64, "a1", LATER))

    assert sessions(lambda s: s.address_of("f" * 64, NOW)) == "a1"
    assert sessions(lambda s: s.address_of("f" * 64, LATER)) is None
    assert sessions(lambda s: s.address_of("0" * 64, NOW)) is None
    sessions(lambda s: s.end("f" * 64))
    sessions(lambda s: s.end("f" * 64))
    assert sessions(lambda s: s.address_of("f" * 64, NOW)) is None
    assert sessions(lambda s: s.address_of("e" * 64, NOW)) == "a1"
    with pytest.raises(IntegrityError):
        sessions(lambda s: s.open("f" * 64, "a2", LATER))


# --- dialogues --------------------------------------------------------------------------------------------


def set_state(run: Any, state: dict[str, Any], channel: str = "web", address: str = "a1") -> None:
    async def one(database: Database) -> None:
        async with database.write() as connection:
            await dialogues.set_state(connection, NOW, channel, address, state)

    run(one)


def state_of(run: Any, channel: str = "web", address: str = "a1") -> dict[str, Any]:
    return run(lambda database: dialogues.state(database, channel, address))


def test_a_dialogue_stands_where_it_was_left(run: Any) -> None:
    assert state_of(run) == {}

    set_state(run, {"asked": "1.1", "version": 0})
    set_state(run, {"asked": "1.2", "pending": ["孟河", None]})
    set_state(run, {"asked": "9"}, address="a2")
    set_state(run, {"asked": "8"}, channel="telegram")

    assert state_of(run) == {"asked": "1.2", "pending": ["孟河", None]}
    assert state_of(run, address="a2") == {"asked": "9"}
    assert rows(run, "SELECT count(*) FROM dialogue") == [(3,)]


# --- one unit of work -------------------------------------------------------------------------------------


async def answer_an_event(database: Database, *, fail: bool) -> None:
    """What the core does with a pressed 是: everything of it in one unit of work."""
    async with database.write() as connection:
        event = await inbox.find_in(connection, "web", "e1")
        assert event
        message_id = await conversation.heard(connection, NOW, "web", "a1", "是")
        receipt = await answers.record_in(
            connection, NOW, 1, 1, TOWNS, "1.1", True, expected_version=0, message_id=message_id
        )
        await conversation.say(connection, NOW, "web", "a1", f"已记下，回执 {receipt.number}")
        await dialogues.set_state(connection, NOW, "web", "a1", {"asked": "1.2"})
        await inbox.handled_in(connection, NOW, event.id)
        if fail:
            raise RuntimeError("power cut")


def everything(run: Any) -> list[int]:
    tables = ("message", "answer", "scorecard", "dialogue", "inbox WHERE handled_at IS NOT NULL")
    return [rows(run, f"SELECT count(*) FROM {table}")[0][0] for table in tables]


def test_an_event_and_all_that_follows_from_it_is_whole_or_nothing(run: Any) -> None:
    joined(run, campaign(run))
    run(lambda database: Inbox(database, lambda: NOW).keep("web", "e1", "a1", {}))
    audited = chain(run).rows

    with pytest.raises(RuntimeError, match="power cut"):
        run(lambda database: answer_an_event(database, fail=True))
    assert everything(run) == [0, 0, 0, 0, 0]
    assert chain(run).rows == audited

    run(lambda database: answer_an_event(database, fail=False))
    assert everything(run) == [2, 1, 1, 1, 1]
    assert (chain(run).rows, chain(run).broken) == (audited + 1, ())
    assert [row["text"] for row in since(run)] == ["是", "已记下，回执 2026-000001"]
    assert run(lambda database: answers.current(database, 1, TOWNS.id))["1.1"].message_id == 1
    assert run(lambda database: scorecards.recompute(database, NOW, 1)) == []
