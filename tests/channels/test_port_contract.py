"""What every adapter promises the core, whatever messenger lies behind it. A new adapter adds its driver here.

That more options than `capabilities` shows become a numbered list is the core's business and not tested here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple, Protocol

import pytest
from fakes import EchoCore, MemoryInbox
from telegram_world import CHEN, TelegramWorld
from webworld import Browser, World

from channels.port import Channel, Event, Option, Reply
from channels.web.server import WebChannel


class Behind(Protocol):
    """What lies behind an adapter: both worlds have it."""

    core: EchoCore
    inbox: MemoryInbox

    async def until(self, true: Callable[[], Any]) -> None: ...


class Driver(Protocol):
    """The messenger's end of an adapter: two people who write, press and receive."""

    channel: Channel

    async def deliver(self, person: int, number: int, text: str) -> None:
        """Deliver a message with an id made of the number; returns once the adapter has confirmed it."""

    async def ask(self, person: int, text: str, option: Option) -> int:
        """Say something with an option; the row's id."""

    async def press(self, person: int, number: int, message_id: int, option: Option) -> None:
        """Deliver a pressed option."""

    async def settled(self, message_id: int, label: str) -> bool:
        """Whether the person sees which option was chosen, and no buttons any more; waits where that may take a moment."""

    def address(self, person: int) -> str: ...

    def copies(self, text: str) -> int:
        """How often a person sees a text."""


class WebDriver:
    def __init__(self, world: World, channel: WebChannel, browsers: list[Browser]) -> None:
        self.channel: Channel = channel
        self._world, self._browsers = world, browsers

    async def deliver(self, person: int, number: int, text: str) -> None:
        assert (await self._browsers[person].say(number, text))[0] == 202

    async def press(self, person: int, number: int, message_id: int, option: Option) -> None:
        data = {"id": f"client-id-{number:08}", "message_id": message_id, "option": option.key, "label": option.label}
        assert (await self._browsers[person].post("/say", data))[0] == 202

    async def ask(self, person: int, text: str, option: Option) -> int:
        return self._world.transcript.add(self.address(person), text, options=(option,))

    async def settled(self, message_id: int, label: str) -> bool:
        return self._world.transcript.rows[message_id - 1][1]["settled"] == label

    def copies(self, text: str) -> int:
        return sum(row["text"] == text for _, row in self._world.transcript.rows)

    def address(self, person: int) -> str:
        return [address for address, _ in self._world.sessions.rows.values()][person]


class TelegramDriver:
    def __init__(self, world: TelegramWorld, channel: Channel) -> None:
        self.channel = channel
        self._world, self._server = world, world.server

    async def deliver(self, person: int, number: int, text: str) -> None:
        await self._taken(self._server.say(CHEN + person, text, 5000 + 100 * person + number))

    async def ask(self, person: int, text: str, option: Option) -> int:
        assert (await self._world.send(text, option, to=CHEN + person)).state == "sent"
        return self._world.last().id

    async def press(self, person: int, number: int, message_id: int, option: Option) -> None:
        (message,) = [message for message in self._server.messages if message.id == message_id]
        await self._taken(self._server.press(message, option.key))

    async def settled(self, message_id: int, label: str) -> bool:
        (message,) = [message for message in self._server.messages if message.id == message_id]
        await self._world.until(lambda: message.keyboard is None)
        return message.text.endswith(f"已选：{label}") and len(self._server.answered) == 1

    def copies(self, text: str) -> int:
        return sum(message.text == text for message in self._server.messages)

    def address(self, person: int) -> str:
        return str(CHEN + person)

    async def _taken(self, number: int) -> None:
        await self._world.until(lambda: self._server.taken(number))


@asynccontextmanager
async def web(world: World) -> AsyncIterator[Driver]:
    async with world.serving() as channel, Browser(channel) as one, Browser(channel) as two:
        for number, browser in enumerate((one, two), start=1):
            await browser.enter()
            await world.until(lambda number=number: len(world.core.heard) == number)
        world.core.heard.clear()
        yield WebDriver(world, channel, [one, two])


@asynccontextmanager
async def telegram(world: TelegramWorld) -> AsyncIterator[Driver]:
    world.server.person(CHEN + 1)
    async with world.serving(), world.running() as channel:
        yield TelegramDriver(world, channel)


class Adapter(NamedTuple):
    """An adapter under test."""

    world: Callable[[], Any]
    served: Callable[[Any], AbstractAsyncContextManager[Driver]]


ADAPTERS = {"web": Adapter(World, web), "telegram": Adapter(TelegramWorld, telegram)}
Act = Callable[[Behind, Driver], Awaitable[None]]


@pytest.fixture(params=ADAPTERS.values(), ids=ADAPTERS.keys())
def meet(request: pytest.FixtureRequest) -> Callable[[Act], Behind]:
    def player(act: Act) -> Behind:
        async def main() -> Behind:
            world = request.param.world()
            async with request.param.served(world) as driver:
                await act(world, driver)
            return world

        return asyncio.run(main())

    return player


def texts(world: Behind) -> list[str]:
    return [event.text for event in world.core.heard]


def test_an_event_delivered_twice_reaches_the_core_once(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        for _ in range(3):
            await driver.deliver(0, 1, "信息报了3条")
        await driver.deliver(0, 2, "完了")
        await world.until(lambda: len(world.core.heard) >= 2)

    world = meet(act)

    assert texts(world) == ["信息报了3条", "完了"]


def test_the_same_words_with_another_id_are_another_event(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        await driver.deliver(0, 1, "是")
        await driver.deliver(0, 2, "是")
        await world.until(lambda: len(world.core.heard) == 2)

    world = meet(act)

    assert len({event.id for event in world.core.heard}) == 2


def test_events_of_one_address_come_in_order_even_if_the_first_takes_long(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        async def slow_at_first(event: Event) -> None:
            await asyncio.sleep(0.05 if event.text == "0" else 0)

        world.core.before = slow_at_first
        for number in range(10):
            await driver.deliver(0, number, str(number))
        await world.until(lambda: len(world.core.heard) == 10)

    world = meet(act)

    assert texts(world) == [str(number) for number in range(10)]


def test_one_person_s_long_work_does_not_hold_up_another(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        released = asyncio.Event()

        async def hold_the_first(event: Event) -> None:
            if event.address == driver.address(0):
                await released.wait()

        world.core.before = hold_the_first
        await driver.deliver(0, 1, "慢")
        await driver.deliver(1, 1, "快")
        await world.until(lambda: len(world.core.heard) == 1)
        released.set()
        await world.until(lambda: len(world.core.heard) == 2)

    world = meet(act)

    assert texts(world) == ["快", "慢"]


def test_an_event_is_kept_and_confirmed_before_the_work_is_done(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        released = asyncio.Event()

        async def hold(event: Event) -> None:
            await released.wait()

        world.core.before = hold
        await driver.deliver(0, 1, "先确认")  # comes back although the core has not finished
        assert world.core.heard == []
        assert any("先确认" in json.dumps(raw, ensure_ascii=False) for _, raw in world.inbox.rows.values())
        released.set()
        await world.until(lambda: len(world.core.heard) == 1)

    meet(act)


def test_a_failing_event_does_not_stop_the_next(
    meet: Callable[[Act], Behind], caplog: pytest.LogCaptureFixture
) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        await driver.deliver(0, 1, "fail")
        await driver.deliver(0, 2, "还在吗")
        await world.until(lambda: len(world.core.heard) == 1)

    world = meet(act)

    assert texts(world) == ["还在吗"]
    assert "was not handled" in caplog.text  # nothing is swallowed


def test_a_pressed_option_is_settled_before_the_core_has_worked(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        row = await driver.ask(0, "有没有？", Option("yn:1.2,1:0", "有"))
        released = asyncio.Event()

        async def hold(event: Event) -> None:
            await released.wait()

        world.core.before = hold
        await driver.press(0, 1, row, Option("yn:1.2,1:0", "有"))
        assert await driver.settled(row, "有")
        assert world.core.heard == []
        released.set()
        await world.until(lambda: len(world.core.heard) == 1)

    world = meet(act)

    assert [(event.option, event.text) for event in world.core.heard] == [("yn:1.2,1:0", "")]


def test_sending_the_same_row_twice_is_harmless(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        row = await driver.ask(0, "提醒", Option("list::0", "清单"))
        first = await driver.channel.send(driver.address(0), row + 1, Reply("再提醒"))
        second = await driver.channel.send(driver.address(0), row + 1, Reply("再提醒"))
        assert (first.state, second.state) == ("sent", "sent")
        assert driver.copies("再提醒") <= 1

    meet(act)


def test_what_was_confirmed_is_worked_through_when_the_channel_stops(meet: Callable[[Act], Behind]) -> None:
    async def act(world: Behind, driver: Driver) -> None:
        async def slow(event: Event) -> None:
            await asyncio.sleep(0.02)

        world.core.before = slow
        for number in range(5):
            await driver.deliver(0, number, str(number))

    world = meet(act)

    assert texts(world) == ["0", "1", "2", "3", "4"]
