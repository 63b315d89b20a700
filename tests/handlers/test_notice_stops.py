"""A notice survives the end of the program at any point: it reaches everybody, and twice only whom it was on its way to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from stops import Faults, Kill
from talk import Office, Person

from channels.port import Capabilities, Event, Outcome, Receive, Reply
from reminders.delivery import Delivery
from storage import notices
from storage.coming_due import bring_due

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in the office's zone
EVENING = MONDAY + timedelta(hours=9)
MORNING = MONDAY + timedelta(hours=23)  # 9:00 on Tuesday
WORDS = "发通知 各部门：请于11月26日前回复谁参加质量联席会议"
PLACES = 1000


class Messenger:
    """Takes what it is given."""

    name = "test"
    capabilities = Capabilities()

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def run(self, receive: Receive) -> None:
        raise AssertionError("not run here")

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        self.sent.append((address, reply.text))
        return Outcome("sent")

    def of_the_notice(self) -> list[str]:
        return sorted(address for address, words in self.sent if "质量联席会议" in words and address != "wang")


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
def wang(office: Office) -> Person:
    """Somebody of the office, who has written a notice to the liaisons of two departments."""
    office.now = MONDAY
    office.person("hu", "liaison", "环保局")
    office.person("zhi", "liaison", "质监分局")
    return office.person("wang", "office")


def deliver(office: Office, messenger: Messenger) -> None:
    office.run(Delivery(office.database, lambda: office.now, {"test": messenger}).once())


def stopped_everywhere(faults: Faults, work: Any) -> int:
    """Do some work again and again, ended before its first statement, its second, …; how often it was."""
    for place in range(PLACES):
        faults.left, faults.hit = place, False
        with suppress(Kill):
            work()
        faults.left = -1
        if not faults.hit:
            return place
    raise AssertionError("it never came to an end")


def said_to(office: Office) -> list[tuple[int, int]]:
    """Unit and person of every message of the notice."""

    async def read() -> list[tuple[int, int]]:
        async with office.database.read() as connection:
            return sorted(await notices.sent_since_in(connection, 1, datetime(2026, 1, 1, tzinfo=UTC)))

    return office.run(read())  # type: ignore[no-any-return]


def noted_as_sent(office: Office) -> set[str]:
    """The addresses of which the outbox says that the notice has reached them."""
    query = text("SELECT address FROM message WHERE outcome = 'sent' AND push AND text LIKE '%质量联席会议%'")

    async def read() -> set[str]:
        async with office.database.read() as connection:
            return set((await connection.execute(query)).scalars())

    return office.run(read())  # type: ignore[no-any-return]


@pytest.mark.parametrize("at", [MONDAY, EVENING])
def test_a_stop_before_any_statement_of_sending_a_notice_says_it_once(
    office: Office, messenger: Messenger, wang: Person, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    office.now = at
    wang.send(WORDS)
    deliver(office, messenger)
    press = Event("test", "the-press", "wang", office.now, option=wang.key("发送"))

    stops = stopped_everywhere(Faults(monkeypatch), lambda: office.run(office.conversation.receive(press)))
    office.run(office.conversation.receive(press))  # a messenger brings it once more
    office.now = max(office.now, MORNING if at == EVENING else office.now)
    deliver(office, messenger)

    assert stops > 20
    assert len(said_to(office)) == 2
    assert messenger.of_the_notice() == ["hu", "zhi"]


@pytest.mark.parametrize("at", [MONDAY, EVENING])
def test_a_stop_before_any_statement_of_its_way_out_loses_none_and_doubles_what_was_out_and_not_noted(
    office: Office, messenger: Messenger, wang: Person, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    office.now = at
    wang.send(WORDS)
    wang.press("发送")
    office.now = max(office.now, MORNING if at == EVENING else office.now)
    again: set[str] = set()

    def out() -> None:
        noted, before = noted_as_sent(office), len(messenger.sent)
        try:
            deliver(office, messenger)
        finally:
            again.update(noted & {address for address, words in messenger.sent[before:] if "质量联席会议" in words})

    faults = Faults(monkeypatch)
    brought = stopped_everywhere(faults, lambda: office.run(bring_due(office.database, office.now)))
    stops = stopped_everywhere(faults, out)

    got = messenger.of_the_notice()
    assert stops > 2
    assert (brought > 10) == (at == EVENING)
    assert set(got) == {"hu", "zhi"}
    assert len(said_to(office)) == 2
    assert len(got) > 2  # it did end between a sending and its note
    assert again == set()  # and only then went out twice


def test_two_who_send_the_same_notice_at_once_send_it_once(office: Office, messenger: Messenger, wang: Person) -> None:
    wang.send(WORDS)
    key = wang.key("发送")
    presses = [Event("test", f"press-{n}", "wang", office.now, option=key) for n in range(2)]

    async def both() -> None:
        await asyncio.gather(*(office.conversation.receive(press) for press in presses))

    office.run(both())
    deliver(office, messenger)

    assert messenger.of_the_notice() == ["hu", "zhi"]


def test_two_senders_at_once_bring_what_waited_once(office: Office, messenger: Messenger, wang: Person) -> None:
    office.now = EVENING
    wang.send(WORDS)
    wang.press("发送")
    deliver(office, messenger)
    assert messenger.of_the_notice() == []
    office.now = MORNING

    async def both() -> None:
        delivery = Delivery(office.database, lambda: office.now, {"test": messenger})
        await asyncio.gather(bring_due(office.database, office.now), delivery.once())

    office.run(both())
    deliver(office, messenger)

    assert messenger.of_the_notice() == ["hu", "zhi"]
