"""The inbox: each event once, until it is handled or dead."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from stored import NOW, rows

from storage import inbox
from storage.database import Database
from storage.inbox import MOST_TRIES, DeadLetter, Inbox, RawEvent


def on(run: Any, use: Callable[[Inbox], Awaitable[Any]]) -> Any:
    return run(lambda database: use(Inbox(database, lambda: NOW)))


def keep(run: Any, event_id: str, raw: Any = None, channel: str = "web", address: str = "a1") -> bool:
    return on(run, lambda box: box.keep(channel, event_id, address, raw or {}))


def waiting(run: Any) -> list[str]:
    return [event.event_id for event in on(run, lambda box: box.waiting("web"))]


def test_an_event_is_kept_once_and_as_it_came(run: Any) -> None:
    raw = {"text": "有\n两次", "deep": [{"n": 1.5, "none": None}]}

    assert keep(run, "e1", raw)
    assert not keep(run, "e1", {"other": True})

    assert on(run, lambda box: box.waiting("web")) == (RawEvent(1, "web", "e1", "a1", raw, NOW, 0),)
    assert on(run, lambda box: box.find("web", "e1")).raw == raw
    assert on(run, lambda box: box.find("web", "e2")) is None


def test_the_same_id_in_another_channel_is_another_event(run: Any) -> None:
    assert keep(run, "e1")
    assert keep(run, "e1", channel="telegram")


def test_of_twenty_copies_at_once_one_is_kept(run: Any) -> None:
    async def many(box: Inbox) -> list[bool]:
        return await asyncio.gather(*(box.keep("web", "e1", "a1", {"n": n}) for n in range(20)))

    assert sum(on(run, many)) == 1


@pytest.mark.parametrize("text", ["\ud83d", "\x00", "a" * 100_000, "'; DROP TABLE inbox; --", "\u202e\ufeff"])
def test_whatever_a_messenger_sends_can_be_kept(run: Any, text: str) -> None:
    assert keep(run, text, {"text": text, text: [text]}, address=text)

    ((event),) = on(run, lambda box: box.waiting("web"))
    assert event.raw == {"text": text, text: [text]}
    assert not keep(run, text)


def test_events_wait_in_the_order_they_came_and_no_more_than_asked_for(run: Any) -> None:
    for n in range(5):
        keep(run, f"e{n}")

    on(run, lambda box: box.handled(2))

    assert waiting(run) == ["e0", "e2", "e3", "e4"]


def test_an_event_that_fails_five_times_is_dead_and_the_next_goes_on(run: Any) -> None:
    keep(run, "poison")
    keep(run, "good")

    deaths = [on(run, lambda box, n=n: box.failed(1, f"why {n}")) for n in range(5)]

    assert deaths == [False, False, False, False, True]
    assert waiting(run) == ["good"]
    poison = RawEvent(1, "web", "poison", "a1", {}, NOW, 5)
    assert on(run, lambda box: box.dead(9)) == (DeadLetter(poison, NOW, "why 4"),)


def test_an_event_that_failed_waits_again_and_can_still_be_handled(run: Any) -> None:
    keep(run, "e1")
    on(run, lambda box: box.failed(1, "busy"))
    assert waiting(run) == ["e1"]

    on(run, lambda box: box.handled(1))

    assert waiting(run) == []
    assert not on(run, lambda box: box.failed(1, "too late"))
    assert rows(run, "SELECT tries, error, dead_at FROM inbox") == [(1, "busy", None)]


def test_an_event_is_handled_once(run: Any) -> None:
    keep(run, "e1")

    async def handle(database: Database, hours: int) -> bool:
        async with database.write() as connection:
            event = await inbox.find_in(connection, "web", "e1")
            assert event
            return await inbox.handled_in(connection, NOW + timedelta(hours=hours), event.id)

    assert [run(lambda database, h=h: handle(database, h)) for h in range(2)] == [True, False]
    assert rows(run, "SELECT handled_at FROM inbox") == [("2026-11-21T08:00:00.000000Z",)]


def test_an_invitation_code_is_not_kept_once_its_event_is_handled(run: Any) -> None:
    keep(run, "e1", {"start_code": "ABCD-EFGH-JKMN"})
    keep(run, "e2", {"text": "4"})

    for number in (1, 2):
        on(run, lambda box, number=number: box.handled(number))

    assert rows(run, "SELECT raw FROM inbox ORDER BY id") == [("{}",), ('{"text":"4"}',)]


def test_an_event_that_is_nothing_for_the_core_is_done_and_a_broken_one_dead_at_once(run: Any) -> None:
    keep(run, "sticker")
    keep(run, "poison")

    on(run, lambda box: box.drop("web", "sticker", ""))
    on(run, lambda box: box.drop("web", "poison", "no message in it"))

    assert waiting(run) == []
    (letter,) = on(run, lambda box: box.dead(9))
    assert (letter.event.event_id, letter.error) == ("poison", "no message in it")


def test_a_dead_event_is_not_handled_any_more_and_keeps_no_invitation_code(run: Any) -> None:
    keep(run, "e1", {"start_code": "ABCD-EFGH-JKMN"})
    for _ in range(MOST_TRIES):
        on(run, lambda box: box.failed(1, "why"))

    async def handle(database: Database) -> bool:
        async with database.write() as connection:
            return await inbox.handled_in(connection, NOW, 1)

    assert not run(handle)
    assert rows(run, "SELECT handled_at, raw FROM inbox") == [(None, "{}")]


@pytest.mark.parametrize(("why", "dead"), [("", []), ("broken", ["a2", "a1"])])
def test_several_events_end_together_and_what_had_ended_stays(run: Any, why: str, dead: list[str]) -> None:
    for name in ("done", "a1", "a2", "other"):
        keep(run, name)
    on(run, lambda box: box.handled(1))

    async def end(database: Database) -> None:
        async with database.write() as connection:
            await inbox.end_in(connection, NOW, "web", ("done", "a1", "a2", "never kept"), why)
            await inbox.end_in(connection, NOW, "web", ())

    run(end)

    assert waiting(run) == ["other"]
    assert [letter.event.event_id for letter in on(run, lambda box: box.dead(9))] == dead


def test_what_should_never_have_been_sent_is_forgotten_and_that_it_came_stays(run: Any) -> None:
    keep(run, "e1", {"text": "绝密"})
    keep(run, "e2", {"text": "别的"})

    async def forget(database: Database) -> None:
        async with database.write() as connection:
            await inbox.forget_in(connection, "web", ["e1"])

    run(forget)

    assert on(run, lambda box: box.find("web", "e1")).raw == {}
    assert on(run, lambda box: box.find("web", "e2")).raw == {"text": "别的"}
    assert not keep(run, "e1")
