"""The page in a real browser: a scene on a phone's screen against a channel on loopback."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Playwright, ViewportSize, async_playwright, expect
from webworld import World

from channels.web.server import WebChannel

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
needs_browser = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no browser here: install Debian's chromium (apt-get install chromium) to run the page tests",
)

Scene = Callable[[World, WebChannel, Page], Awaitable[None]]


class Stage:
    """One browser for all scenes, as starting it takes longer than most of them; each scene is a person of its own."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._playwright: Playwright | None = None
        self._browsers: dict[tuple[str, ...], Browser] = {}

    def browse(self, scene: Scene, *flags: str, world: World | None = None, **settings: object) -> World:
        """A scene on a phone's screen; anything the page complains of, or asks of another host, fails it."""

        async def main() -> World:
            behind, complaints = world or World(), list[str]()
            async with behind.serving() as channel, self.person(*flags, **settings) as page:
                page.on("pageerror", lambda error: complaints.append(str(error)))
                page.on("console", lambda line: complaints.append(line.text) if "Security" in line.text else None)
                page.on("request", lambda asked: complaints.append(asked.url) if "127.0.0.1" not in asked.url else None)
                await scene(behind, channel, page)
            assert complaints == []
            return behind

        return self.run(main())

    def run(self, scene: Coroutine[None, None, World]) -> World:
        """Play what serves and browses by itself."""
        return self._runner.run(scene)

    @asynccontextmanager
    async def person(self, *flags: str, **settings: object) -> AsyncIterator[Page]:
        """The page of somebody with a phone who was never here."""
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        if flags not in self._browsers:
            launch = self._playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
            self._browsers[flags] = await launch
        context = await self._browsers[flags].new_context(viewport=PHONE, **settings)  # type: ignore[arg-type]
        try:
            page = await context.new_page()
            page.set_default_timeout(10_000)
            yield page
        finally:
            await context.close()

    def close(self) -> None:
        """End the browsers."""
        self._runner.run(self._end())
        self._runner.close()

    async def _end(self) -> None:
        for browser in self._browsers.values():
            await browser.close()
        if self._playwright is not None:
            await self._playwright.stop()


async def join(channel: WebChannel, page: Page, code: str = "ABCD-EFGH-JKLM") -> None:
    """Open an invitation and press 进入."""
    await page.goto(f"http://127.0.0.1:{channel.port}/j/{code}")
    await page.get_by_role("button", name="进入").click()
    await expect(page.get_by_text("欢迎")).to_be_visible()


async def say(page: Page, text: str) -> None:
    """Write a line and send it by Enter."""
    await page.get_by_label("要发送的内容").fill(text)
    await page.keyboard.press("Enter")


async def texts(page: Page) -> list[str]:
    """What the bubbles say, in order."""
    return await page.locator(".message .text").all_inner_texts()
