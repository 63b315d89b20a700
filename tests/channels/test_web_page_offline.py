"""The page without its server: what was written is kept, sent once when it is back, and never in another's name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Error, Page, Route, expect
from webpage import Stage, join, needs_browser, say, texts
from webworld import World

from channels.web.limits import Limits
from channels.web.server import WebChannel

pytestmark = needs_browser

Act = Callable[[Page], Awaitable[None]]


def lose(stage: Stage, before: Act, during: Act, after: Act) -> World:
    """Somebody in a chat whose server goes away and comes back."""

    async def main() -> World:
        world = World()
        async with stage.person() as page:
            async with world.serving() as channel:
                port = channel.port
                await join(channel, page)
                await before(page)
            await expect(page.get_by_text("重新连接中…")).to_be_visible()
            await during(page)
            async with world.serving(port):
                await after(page)
        return world

    return stage.run(main())


async def nothing(page: Page) -> None:
    await expect(page.get_by_text("欢迎")).to_be_visible()


async def reload_in_vain(page: Page) -> None:
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        await page.reload()
    await page.wait_for_url("chrome-error://**")


def test_a_lost_server_is_told_and_nothing_is_lost_or_doubled_when_it_is_back(stage: Stage) -> None:
    async def before(page: Page) -> None:
        await say(page, "之前")
        await expect(page.get_by_text("收到：之前")).to_be_visible()

    async def during(page: Page) -> None:
        await say(page, "断线时写的")
        await expect(page.get_by_text("发送中…")).to_be_visible()

    async def after(page: Page) -> None:
        await expect(page.get_by_text("收到：断线时写的")).to_be_visible(timeout=20_000)
        await expect(page.get_by_text("重新连接中…")).to_have_count(0)
        await expect(page.locator(".pending")).to_have_count(0)
        assert (await texts(page))[1:] == ["之前", "收到：之前", "断线时写的", "收到：断线时写的"]

    lose(stage, before, during, after)


def test_words_and_a_press_without_a_server_survive_a_reload_and_arrive_once_in_their_order(stage: Stage) -> None:
    url: list[str] = []

    async def during(page: Page) -> None:
        await page.get_by_role("button", name="没有", exact=True).click()
        await say(page, "断线时写的")
        await say(page, "还有一句")
        await page.get_by_label("要发送的内容").fill("没写完的")
        url.append(page.url)
        await reload_in_vain(page)

    async def after(page: Page) -> None:
        await page.goto(url.pop())
        await expect(page.get_by_text("收到：还有一句")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        await expect(page.get_by_label("要发送的内容")).to_have_value("没写完的")
        await expect(page.get_by_text("已选：没有")).to_be_visible()
        await page.reload()
        await expect(page.get_by_text("收到：还有一句")).to_be_visible()
        assert (await texts(page)).count("断线时写的") == 1
        assert await page.evaluate("Object.keys(localStorage).length") == 1  # only the draft is still kept

    world = lose(stage, nothing, during, after)

    assert [event.option or event.text for event in world.core.heard][1:] == ["yn:1.2,0:0", "断线时写的", "还有一句"]


def test_words_whose_confirmation_was_lost_are_there_once_after_a_reload(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)

        async def confirm_nothing(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/say", confirm_nothing)
        await say(page, "到了没有？")
        await expect(page.get_by_text("收到：到了没有？")).to_be_visible()
        await page.unroute_all(behavior="ignoreErrors")
        await page.reload()
        await expect(page.get_by_text("收到：到了没有？")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        assert (await texts(page))[1:] == ["到了没有？", "收到：到了没有？"]

    assert [event.text for event in stage.browse(scene).core.heard] == ["", "到了没有？"]


def test_words_whose_confirmation_and_stream_were_lost_are_there_once_when_both_are_back(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.evaluate("stream.close()")  # so that nobody tells the page that they were handled

        async def confirm_nothing(route: Route) -> None:
            await route.fetch()
            await route.abort()

        await page.route("**/say", confirm_nothing, times=1)
        await say(page, "到了没有？")
        await world.until(lambda: len(world.core.heard) == 2)
        await page.evaluate("listen()")
        await expect(page.get_by_text("收到：到了没有？")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)

    assert [event.text for event in stage.browse(scene).core.heard] == ["", "到了没有？"]


def test_what_one_person_could_not_send_is_never_sent_for_the_next_in_the_same_browser(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.route("**/say", lambda route: route.abort())
        await say(page, "甲的话")
        await page.goto("about:blank")
        await page.unroute("**/say")  # not before: the page tries again by itself
        await page.context.clear_cookies()
        await join(channel, page, "QRST-UVWX-YZ23")
        await say(page, "乙的话")
        await expect(page.get_by_text("收到：乙的话")).to_be_visible()
        assert await page.evaluate("Object.keys(localStorage)") == []

    assert [event.text for event in stage.browse(scene).core.heard] == ["", "", "乙的话"]


def test_whose_session_ends_gets_the_unsent_words_back_to_look_at(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        world.sessions.rows.clear()
        await say(page, "刚写好的")
        await expect(page.get_by_role("alert")).to_contain_text("还没有进入")
        await page.get_by_label("邀请码").fill("QRST-UVWX-YZ23")
        await page.get_by_role("button", name="进入").click()
        await expect(page.get_by_text("欢迎")).to_have_count(1)  # nothing of the ended session is left
        await expect(page.get_by_label("要发送的内容")).to_have_value("刚写好的")

    assert [event.text for event in stage.browse(scene).core.heard] == ["", ""]


def test_a_phone_that_is_online_again_comes_back_at_once(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.context.set_offline(True)
        await expect(page.get_by_text("重新连接中…")).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.get_by_text("重新连接中…")).to_have_count(0)
        await say(page, "回来了")
        await expect(page.get_by_text("收到：回来了")).to_be_visible()

    stage.browse(scene)


def test_too_many_messages_wait_with_a_sentence_and_arrive_later(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        for number in range(3):
            await say(page, f"第{number}条")
        await expect(page.get_by_text("发得太多了，请过 1 秒再发")).to_be_visible()
        world.clock.move(seconds=1)
        await expect(page.get_by_text("收到：第2条")).to_be_visible()
        await expect(page.get_by_text("发得太多了")).to_have_count(0)

    stage.browse(scene, world=World(limits=Limits(messages=2, messages_seconds=1)))
