"""The one sender: in order, retried with patience, never for ever, and a crash loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from folders import fresh

from channels.port import Capabilities, Outcome, Receive, Reply
from reminders.delivery import RETRY_MINUTES, Delivery
from storage import conversation
from storage.data_folder import database_path
from storage.database import Database

START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


class FakeChannel:
    """Answers each sending with the next outcome; ``sent`` once they are used up."""

    name = "test"
    capabilities = Capabilities()

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[tuple[str, str]] = []

    async def run(self, receive: Receive) -> None:
        raise AssertionError("not run here")

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome("sent")
        if isinstance(outcome, Exception):
            raise outcome
        if outcome.state == "sent":
            self.sent.append((address, reply.text))
        return outcome


class World:
    def __init__(self, folder: Path) -> None:
        fresh(folder)
        self.runner = asyncio.Runner()
        self.database = Database(database_path(folder))
        self.now = START

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def say(self, address: str, text: str) -> int:
        async def row() -> int:
            async with self.database.write() as connection:
                return await conversation.say(connection, self.now, "test", address, text)

        return self.run(row())

    def delivery(self, channel: FakeChannel) -> Delivery:
        return Delivery(self.database, lambda: self.now, {"test": channel})

    def unsent(self) -> list[str]:
        return [row.text for row in self.run(conversation.unsent(self.database, 10, self.now + timedelta(days=9)))]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.run(made.database.close())
    made.runner.close()


def test_what_was_said_is_sent_once_in_order(world: World) -> None:
    channel = FakeChannel()
    for text in ("一", "二", "三"):
        world.say("chen", text)

    world.run(world.delivery(channel).once())
    world.run(world.delivery(channel).once())  # as after a restart

    assert channel.sent == [("chen", "一"), ("chen", "二"), ("chen", "三")]


def test_a_retry_waits_and_what_follows_to_the_same_person_does_not_overtake_it(world: World) -> None:
    channel = FakeChannel(Outcome("retry", 120, "429"))
    world.say("chen", "一")
    world.say("chen", "二")
    world.say("li", "三")

    world.run(world.delivery(channel).once())

    assert channel.sent == [("li", "三")]
    assert world.unsent() == ["一", "二"]
    world.run(world.delivery(channel).once())  # before the first may be tried again
    assert channel.sent == [("li", "三")]
    world.now += timedelta(seconds=121)
    world.run(world.delivery(channel).once())
    assert channel.sent[1:] == [("chen", "一"), ("chen", "二")]


def test_a_message_that_keeps_failing_is_given_up(world: World) -> None:
    channel = FakeChannel(*[ConnectionError("down")] * 10)
    world.say("chen", "一")

    for _ in range(len(RETRY_MINUTES) + 1):
        world.run(world.delivery(channel).once())
        world.now += timedelta(minutes=11)

    assert world.unsent() == []
    assert len(channel.outcomes) == 10 - len(RETRY_MINUTES) - 1


@pytest.mark.parametrize("state", ["blocked", "unknown", "failed"])
def test_a_final_outcome_is_not_tried_again(world: World, state: Any) -> None:
    channel = FakeChannel(Outcome(state, why="403"))
    world.say("chen", "一")

    world.run(world.delivery(channel).once())

    assert world.unsent() == []
    assert channel.sent == []


def test_a_message_for_a_channel_that_does_not_run_fails_with_a_reason(world: World) -> None:
    world.say("chen", "一")

    world.run(Delivery(world.database, lambda: world.now, {}).once())

    assert world.unsent() == []


def test_the_loop_sends_what_it_is_woken_for(world: World) -> None:
    channel = FakeChannel()
    delivery = world.delivery(channel)

    async def scene() -> None:
        running = asyncio.ensure_future(delivery.run())
        await asyncio.sleep(0.05)
        async with world.database.write() as connection:
            await conversation.say(connection, world.now, "test", "chen", "一")
        delivery.wake()
        for _ in range(100):
            if channel.sent:
                break
            await asyncio.sleep(0.02)
        running.cancel()

    world.run(scene())

    assert channel.sent == [("chen", "一")]
