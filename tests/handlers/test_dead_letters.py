"""An event that cannot be handled: tried again, given up once, said once, and never in the way of the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from talk import Office, Person

from channels.port import Event
from storage.data_folder import DATABASE
from storage.inbox import MOST_TRIES, DeadLetter, Inbox


class Faulty:
    """Stands before a handler and fails so many times."""

    def __init__(self, fails: int, handler: Callable[..., Awaitable[None]]) -> None:
        self.fails, self.calls, self._handler = fails, 0, handler

    async def __call__(self, *args: Any) -> None:
        self.calls += 1
        if self.calls <= self.fails:
            raise RuntimeError("broken")
        await self._handler(*args)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Faulty]:
    """Lets 清单 fail so many times from now on."""
    from handlers.answering import checklist

    def make(fails: int) -> Faulty:
        handler = Faulty(fails, show)
        monkeypatch.setattr(checklist, "show", handler)
        return handler

    show = checklist.show
    return make


def keep(office: Office, event_id: str, address: str = "chen") -> None:
    assert office.run(Inbox(office.database, lambda: office.now).keep("test", event_id, address, {"text": "清单"}))


def dead(office: Office) -> tuple[DeadLetter, ...]:
    letters: tuple[DeadLetter, ...] = office.run(Inbox(office.database, lambda: office.now).dead(99))
    return letters


def waiting(office: Office) -> list[str]:
    events = office.run(Inbox(office.database, lambda: office.now).waiting("test"))
    return [event.event_id for event in events]


def happen(office: Office, event_id: str, address: str = "chen", **words: Any) -> None:
    office.happen(Event("test", event_id, address, office.now, "清单", **words))


def said(person: Person, word: str) -> list[str]:
    return [row["text"] for row in person.rows() if not row["mine"] and word in row["text"]]


def test_an_event_that_keeps_failing_is_given_up_and_its_person_reads_one_apology(
    office: Office, chen: Person, faulty: Callable[[int], Faulty], caplog: pytest.LogCaptureFixture
) -> None:
    keep(office, "poison")
    handler = faulty(99)

    happen(office, "poison")

    (apology,) = said(chen, "没有记下这一条")
    (letter,) = dead(office)
    reference = apology.rpartition("：")[2]
    assert handler.calls == MOST_TRIES
    assert (letter.event.event_id, letter.error) == ("poison", f"{reference} RuntimeError: broken")
    assert reference in caplog.text
    assert [row["text"] for row in chen.rows() if row["mine"]] == ["清单"]
    assert waiting(office) == []
    faulty(0)
    assert "组织领导" in chen.send("清单")


def test_an_event_that_was_never_kept_is_given_up_alike(
    office: Office, chen: Person, faulty: Callable[[int], Faulty]
) -> None:
    handler = faulty(99)

    assert "没有记下这一条" in chen.send("清单")

    assert handler.calls == MOST_TRIES
    assert len(said(chen, "没有记下这一条")) == 1


def test_a_fault_that_passes_is_never_heard_of(office: Office, chen: Person, faulty: Callable[[int], Faulty]) -> None:
    keep(office, "e1")
    faulty(MOST_TRIES - 1)

    happen(office, "e1")

    assert said(chen, "没有记下") == []
    assert len(said(chen, "组织领导")) == 1
    assert (dead(office), waiting(office)) == ((), [])


def test_tries_before_a_restart_count(office: Office, chen: Person, faulty: Callable[[int], Faulty]) -> None:
    keep(office, "e1")
    inbox = Inbox(office.database, lambda: office.now)
    for _ in range(MOST_TRIES - 2):
        office.run(inbox.failed(office.run(inbox.find("test", "e1")).id, "crash"))
    office.restart()
    handler = faulty(99)

    happen(office, "e1")

    assert handler.calls == 2
    assert len(dead(office)) == 1


def test_a_dead_letter_that_is_delivered_again_is_not_tried_again(
    office: Office, chen: Person, faulty: Callable[[int], Faulty]
) -> None:
    keep(office, "e1")
    faulty(99)
    happen(office, "e1")
    handler = faulty(0)

    happen(office, "e1")

    assert handler.calls == 0
    assert len(said(chen, "没有记下这一条")) == 1


def test_the_campaigns_office_hears_of_it_once_an_hour(
    office: Office, chen: Person, faulty: Callable[[int], Faulty]
) -> None:
    wang = office.person("wang", "office")
    office.person("zhou", "leader")
    faulty(99)

    for minutes in (0, 30, 29, 2):
        office.now += timedelta(minutes=minutes)
        chen.send("清单")

    told = said(wang, "系统没能处理")
    assert len(told) == 2
    assert told[0].startswith("孟河镇 发来的一条消息")
    assert said(chen, "没有记下这一条")[0].rpartition("：")[2] in told[0]
    assert said(Person(office, "zhou"), "系统没能处理") == []


def test_one_of_the_office_whose_own_event_died_reads_only_the_apology(
    office: Office, faulty: Callable[[int], Faulty]
) -> None:
    wang, liu = office.person("wang", "office"), office.person("liu", "office")
    faulty(99)

    assert "没有记下这一条" in wang.send("清单")

    assert said(wang, "系统没能处理") == []
    assert len(said(liu, "系统没能处理")) == 1


def test_an_album_ends_as_one_event(office: Office, chen: Person, faulty: Callable[[int], Faulty]) -> None:
    for name in ("a1", "a2", "a3", "b1", "b2"):
        keep(office, name)

    happen(office, "a1", parts=("a2", "a3"))
    faulty(99)
    happen(office, "b1", parts=("b2",))

    assert waiting(office) == []
    assert sorted(letter.event.event_id for letter in dead(office)) == ["b1", "b2"]


def test_a_database_that_is_locked_makes_the_turn_wait_and_counts_nothing(
    office: Office, chen: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_SECONDS", 0.02)
    monkeypatch.setattr("handlers.conversation.WAIT_SECONDS", (0, 0.05))
    keep(office, "e1")
    office.restart()
    other = sqlite3.connect(office.path.parent / DATABASE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    async def unlock_later() -> None:
        import asyncio

        asyncio.get_running_loop().call_later(0.4, other.execute, "ROLLBACK")

    office.run(unlock_later())
    happen(office, "e1")
    other.close()

    assert len(said(chen, "组织领导")) == 1
    assert said(chen, "没有记下") == []
    assert office.run(Inbox(office.database, lambda: office.now).find("test", "e1")).tries == 0
