"""What a page has shown it tells: rows that somebody can look at, and nothing while the page is hidden."""

from __future__ import annotations

from playwright.async_api import Page
from webpage import Stage, join, needs_browser
from webworld import Browser, World

from channels.web.server import WebChannel

pytestmark = needs_browser


def test_a_visible_page_tells_the_last_row_it_has_shown(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        ((address, _),) = world.sessions.rows.values()
        await world.core.say(address, "有新的提醒")
        newest = world.transcript.of(address)[-1]["id"]
        await world.until(lambda: newest in world.transcript.seen_at)

    stage.browse(scene)


def test_a_hidden_page_tells_nothing_until_it_is_looked_at(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        ((address, _),) = world.sessions.rows.values()
        await world.until(lambda: world.transcript.of(address)[-1]["id"] in world.transcript.seen_at)
        await page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        await world.core.say(address, "有新的提醒")
        newest = world.transcript.of(address)[-1]["id"]
        await page.get_by_text("有新的提醒").wait_for()
        await page.wait_for_timeout(1500)
        assert newest not in world.transcript.seen_at
        await page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await world.until(lambda: newest in world.transcript.seen_at)

    stage.browse(scene)


def test_only_who_is_in_can_say_what_was_seen(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        async with Browser(channel) as stranger:
            status, _ = await stranger.post("/seen", {"row": 1})
        assert status == 401

    stage.browse(scene)
