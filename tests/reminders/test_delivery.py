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
from reminders.delivery import LINES, MOST_UNMARKED, PATIENCE, PUSH_LINES, RETRY_MINUTES, Delivery, Unmarked
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


class SlowChannel(FakeChannel):
    """Holds what goes to some addresses until it is let go."""

    def __init__(self, *held: str) -> None:
        super().__init__()
        self.held = set(held)
        self.begun: list[tuple[str, str]] = []
        self.let_go = asyncio.Event()

    async def send(self, address: str, message_id: int, reply: Reply) -> Outcome:
        self.begun.append((address, reply.text))
        if address in self.held:
            await self.let_go.wait()
        return await super().send(address, message_id, reply)


class World:
    def __init__(self, folder: Path) -> None:
        fresh(folder)
        self.runner = asyncio.Runner()
        self.database = Database(database_path(folder))
        self.now = START

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def say(self, address: str, text: str, **words: Any) -> int:
        async def row() -> int:
            async with self.database.write() as connection:
                return await conversation.say(connection, self.now, "test", address, text, **words)

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


async def until(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


def test_an_address_that_must_wait_does_not_hold_up_the_others_and_keeps_its_order(world: World) -> None:
    channel = SlowChannel("chen")
    for address, text in (("chen", "一"), ("chen", "二"), ("li", "三"), ("li", "四")):
        world.say(address, text)

    async def scene() -> None:
        sending = asyncio.ensure_future(world.delivery(channel).once())
        await until(lambda: len(channel.sent) == 2)
        assert channel.begun == [("chen", "一"), ("li", "三"), ("li", "四")]
        channel.let_go.set()
        await sending

    world.run(scene())

    assert channel.sent == [("li", "三"), ("li", "四"), ("chen", "一"), ("chen", "二")]


def test_answers_find_a_free_line_however_many_pushes_wait(world: World) -> None:
    everybody = [f"p{n}" for n in range(LINES + 5)]
    channel = SlowChannel(*everybody)
    for address in everybody:
        world.say(address, "提醒", push=True)

    async def scene() -> None:
        delivery = world.delivery(channel)
        running = asyncio.ensure_future(delivery.run())
        await until(lambda: len(channel.begun) == PUSH_LINES)
        async with world.database.write() as connection:
            await conversation.say(connection, world.now, "test", "chen", "答")
        delivery.wake()
        await until(lambda: channel.sent == [("chen", "答")])
        channel.let_go.set()
        await until(lambda: len(channel.sent) == 1 + len(everybody))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    world.run(scene())

    assert world.unsent() == []


def test_an_answer_is_begun_before_what_was_said_unasked_earlier(world: World) -> None:
    channel = FakeChannel()
    world.say("li", "提醒", push=True)
    world.say("chen", "答")

    world.run(world.delivery(channel).once())

    assert channel.sent == [("chen", "答"), ("li", "提醒")]


def test_a_short_wait_the_messenger_asks_for_is_kept_as_it_is_and_is_no_failure(world: World) -> None:
    channel = FakeChannel(*[Outcome("retry", 2, "429")] * 10)
    world.say("chen", "一")

    for _ in range(10):
        world.run(world.delivery(channel).once())
        world.run(world.delivery(channel).once())  # too early
        world.now += timedelta(seconds=2)
    world.run(world.delivery(channel).once())

    assert channel.sent == [("chen", "一")]


def test_what_asks_to_wait_again_and_again_is_given_up_after_a_day(world: World) -> None:
    channel = FakeChannel(*[Outcome("retry", 2, "429")] * 10)
    world.say("chen", "一")
    world.now += PATIENCE

    for _ in range(len(RETRY_MINUTES) + 1):
        world.run(world.delivery(channel).once())
        world.now += timedelta(seconds=2)

    assert world.unsent() == []
    assert channel.sent == []


def test_the_loop_comes_back_when_a_wait_is_over(world: World) -> None:
    channel = FakeChannel(Outcome("retry", 0.1, "429"))
    world.say("chen", "一")
    begun = datetime.now(UTC)

    async def scene() -> None:
        delivery = Delivery(world.database, lambda: START + (datetime.now(UTC) - begun), {"test": channel})
        running = asyncio.ensure_future(delivery.run())
        await until(lambda: channel.sent)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    world.run(scene())

    assert channel.sent == [("chen", "一")]


def test_what_is_out_at_the_end_is_marked_and_nothing_more_goes_out(world: World) -> None:
    channel = SlowChannel("chen")
    for text in ("一", "二"):
        world.say("chen", text)

    async def scene() -> None:
        running = asyncio.ensure_future(world.delivery(channel).run())
        await until(lambda: channel.begun)
        running.cancel()
        await asyncio.sleep(0.01)
        channel.let_go.set()
        await asyncio.gather(running, return_exceptions=True)

    world.run(scene())

    assert channel.sent == [("chen", "一")]
    assert world.unsent() == ["二"]


def test_a_channel_that_stops_costs_a_message_no_try(world: World) -> None:
    channel = SlowChannel("chen")
    channel.outcomes = [Outcome("retry", why="stopped")]
    world.say("chen", "一")

    async def scene() -> None:
        running = asyncio.ensure_future(world.delivery(channel).run())
        await until(lambda: channel.begun)
        running.cancel()
        await asyncio.sleep(0.01)
        channel.let_go.set()
        await asyncio.gather(running, return_exceptions=True)
        (waiting,) = await conversation.unsent(world.database, 10, world.now)
        assert waiting.tries == 0

    world.run(scene())


def test_a_mark_that_cannot_be_written_is_tried_again_and_the_message_not_sent_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reminders.delivery.AGAIN_SECONDS", 0.01)
    channel, fails = FakeChannel(), [OSError("disk full"), OSError("disk full")]
    sent = conversation.sent

    async def failing(*args: Any) -> None:
        if fails:
            raise fails.pop()
        await sent(*args)

    monkeypatch.setattr(conversation, "sent", failing)
    world.say("chen", "一")

    world.run(world.delivery(channel).once())

    assert (channel.sent, world.unsent(), fails) == ([("chen", "一")], [], [])


def test_only_so_many_rows_are_out_until_the_outbox_says_so() -> None:
    freed: list[str] = []
    unmarked = Unmarked()
    unmarked.watch(lambda: freed.append("free"))

    for row in (1, 2):
        assert unmarked.may_take(row)
        unmarked.take(row)
    third, first_again = unmarked.may_take(3), unmarked.may_take(1)
    unmarked.marked(1)

    assert (third, first_again, MOST_UNMARKED) == (False, True, 2)
    assert freed == ["free"]
    assert unmarked.may_take(3)


@pytest.mark.parametrize(("true", "sent"), [(True, [("chen", "一")]), (False, [])])
def test_what_asks_whether_it_is_still_true_is_sent_only_then(
    world: World, true: bool, sent: list[tuple[str, str]]
) -> None:
    channel = FakeChannel()
    asked: list[int] = []

    async def check(message_id: int) -> bool:
        asked.append(message_id)
        return true

    async def row() -> int:
        async with world.database.write() as connection:
            return await conversation.say(connection, world.now, "test", "chen", "一", asks="digest")

    message_id = world.run(row())
    world.run(Delivery(world.database, lambda: world.now, {"test": channel}, checks={"digest": check}).once())

    assert (asked, channel.sent, world.unsent()) == ([message_id], sent, [])


def test_what_cannot_be_found_out_is_tried_again_and_given_up_in_the_end(world: World) -> None:
    async def row() -> None:
        async with world.database.write() as connection:
            await conversation.say(connection, world.now, "test", "chen", "一", asks="nothing known")

    world.run(row())
    channel = FakeChannel()
    for _ in range(len(RETRY_MINUTES) + 1):
        assert world.unsent() == ["一"]
        world.run(world.delivery(channel).once())
        world.now += timedelta(minutes=11)

    assert (channel.sent, world.unsent()) == ([], [])
