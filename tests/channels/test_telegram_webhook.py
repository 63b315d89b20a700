"""Telegram by webhook: kept, then answered, then worked on; only with the right secret."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram_server import SECRET_HEADER, TOKEN
from telegram_world import CHEN, TelegramWorld, free_port

from channels.telegram.channel import TelegramChannel
from channels.telegram.webhook import Webhook

SECRET = "a-secret_of-letters-1"


def hooked(act: Callable[[TelegramWorld, str], Awaitable[None]]) -> TelegramWorld:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram/hook"

    async def scene(world: TelegramWorld) -> None:
        await act(world, url)

    return TelegramWorld(webhook=Webhook(url, SECRET, "127.0.0.1", port)).start(scene)


async def post(url: str, secret: str | None, body: Any) -> tuple[int, str | None]:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    data = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with aiohttp.ClientSession() as http, http.post(url, headers=headers, **data) as answer:
        return answer.status, answer.headers.get("Retry-After")


def test_the_webhook_is_set_with_its_secret_and_updates_arrive_in_order() -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        assert world.server.webhook == {"url": url, "secret": SECRET}
        for number in range(5):
            world.server.say(CHEN, str(number))
        await world.heard(5)

    world = hooked(act)

    assert [event.text for event in world.core.heard] == list("01234")
    assert not any(method == "getUpdates" for method, _ in world.server.calls)
    assert all(status == 200 for _, status in world.server.webhook_answers)


@pytest.mark.parametrize("secret", [None, "", "a-secret_of-letters-2", "\udcff"])
def test_without_the_right_secret_nothing_is_kept(secret: str | None) -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        update = {"update_id": 1, "message": world.server.message(CHEN, text="假的")}
        assert await post(url, secret, update) == (401, None)

    world = hooked(act)

    assert (world.inbox.rows, world.core.heard) == ({}, [])


def test_an_update_that_cannot_be_kept_is_asked_for_again() -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        world.inbox.broken = True
        update = {"update_id": 1, "message": world.server.message(CHEN, text="一")}
        assert await post(url, SECRET, update) == (503, "5")
        number = world.server.say(CHEN, "二")
        await world.until(lambda: (number, 503) in world.server.webhook_answers)
        assert world.core.heard == []
        world.inbox.broken = False
        await world.heard(1)

    world = hooked(act)

    assert [event.text for event in world.core.heard] == ["二"]


def test_the_answer_does_not_wait_for_the_work() -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        released = asyncio.Event()

        async def hold(event: object) -> None:
            await released.wait()

        world.core.before = hold
        number = world.server.say(CHEN, "慢慢来")
        await world.until(lambda: (number, 200) in world.server.webhook_answers)
        assert world.core.heard == []
        assert [key for _, key in world.inbox.rows] == [f"u{number}"]
        released.set()
        await world.heard(1)

    hooked(act)


def test_a_redelivery_is_answered_and_not_heard_again() -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        update = {"update_id": 1, "message": world.server.message(CHEN, text="一")}
        for _ in range(3):
            assert (await post(url, SECRET, update))[0] == 200
        world.server.say(CHEN, "完了")
        await world.heard(2)

    assert [event.text for event in hooked(act).core.heard] == ["一", "完了"]


def test_a_body_that_is_no_update_is_a_dead_letter_and_not_brought_for_ever() -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        for body in (b"{not json", b"[" * 100_000, b"\xff\xfe", b"7"):
            assert (await post(url, SECRET, body))[0] == 200
        world.server.say(CHEN, "还在")
        await world.heard(1)

    world = hooked(act)

    assert len(world.inbox.dropped) == 4
    assert all(world.inbox.dropped.values())


def test_only_its_own_path_answers() -> None:
    async def act(world: TelegramWorld, url: str) -> None:
        assert (await post(url.replace("hook", "other"), SECRET, {}))[0] == 404

    hooked(act)


def test_polling_takes_a_webhook_off_without_losing_what_waits() -> None:
    async def main() -> TelegramWorld:
        world = TelegramWorld()
        async with world.serving():
            world.server.webhook = {"url": "http://127.0.0.1:9/", "secret": "x"}
            world.server.say(CHEN, "等着的")
            async with world.running():
                await world.heard(1)
        return world

    world = asyncio.run(main())

    assert ([event.text for event in world.core.heard], world.server.webhook) == (["等着的"], {})


@pytest.mark.parametrize(
    ("url", "secret", "word"),
    [
        ("ftp://example.org/x", SECRET, "地址"),
        ("", SECRET, "地址"),
        ("https://e.org", "", "密钥"),
        ("https://e.org", "有", "密钥"),
    ],
)
def test_a_webhook_telegram_would_refuse_is_refused_at_once(url: str, secret: str, word: str) -> None:
    world = TelegramWorld()
    with pytest.raises(ValueError, match=word):
        TelegramChannel(TOKEN, world.inbox, world.files, world.clock, webhook=Webhook(url, secret))
