"""The page in a real browser: join, say, press, upload, reload, and a server that goes away and comes back."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect
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

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no browser here: install Debian's chromium (apt-get install chromium) to run the page tests",
)

Scene = Callable[[World, WebChannel, Page], Awaitable[None]]


def browse(scene: Scene, **settings: object) -> World:
    """A scene on a phone's screen; anything the page complains of, and anything it asks of another host, fails it."""

    async def main() -> World:
        world = World()
        complaints: list[str] = []
        async with world.serving() as channel, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page(viewport={"width": 390, "height": 844}, **settings)  # type: ignore[arg-type]
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if "Security" in line.text else None)
            page.on("request", lambda asked: complaints.append(asked.url) if "127.0.0.1" not in asked.url else None)
            await scene(world, channel, page)
            await browser.close()
        assert complaints == []
        return world

    return asyncio.run(main())


async def join(channel: WebChannel, page: Page) -> None:
    await page.goto(f"http://127.0.0.1:{channel.port}/j/ABCD-EFGH-JKLM")
    await page.get_by_role("button", name="进入").click()
    await expect(page.get_by_text("欢迎")).to_be_visible()


async def texts(page: Page) -> list[str]:
    return await page.locator(".message .text").all_inner_texts()


def test_joining_by_a_link_shows_the_chat_and_where_one_stands() -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await page.goto(f"http://127.0.0.1:{channel.port}/j/ABCD-EFGH-JKLM")
        await expect(page.get_by_role("button", name="进入")).to_be_visible()
        assert world.core.heard == []  # opening changes nothing
        await join(channel, page)
        await expect(page.get_by_role("status").first).to_contain_text("孟河镇 · 2026")
        assert page.url == f"http://127.0.0.1:{channel.port}/"

    assert [event.start_code for event in browse(scene).core.heard] == ["ABCD-EFGH-JKLM"]


def test_without_a_link_the_page_asks_for_a_code() -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await page.goto(f"http://127.0.0.1:{channel.port}/")
        await page.get_by_role("button", name="进入").click()
        await expect(page.get_by_role("alert")).to_contain_text("请输入邀请码")
        await page.get_by_label("邀请码").fill("typed-code")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("欢迎")).to_be_visible()

    assert [event.start_code for event in browse(scene).core.heard] == ["typed-code"]


def test_enter_sends_shift_enter_breaks_the_line_and_an_input_method_is_respected() -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.get_by_label("要发送的内容").focus()
        await page.keyboard.type("第一行")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("<b>第二行</b>")
        composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
        await page.evaluate(f"document.getElementById('text').dispatchEvent({composing})")
        assert len(world.core.heard) == 1
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("收到：第一行")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        assert (await texts(page))[1:] == ["第一行\n<b>第二行</b>", "收到：第一行\n<b>第二行</b>"]

    assert browse(scene).core.heard[1].text == "第一行\n<b>第二行</b>"


def test_a_pressed_option_is_off_at_once_and_stays_off_after_reload() -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.get_by_role("button", name="没有", exact=True).press("Enter")  # by keyboard
        await expect(page.get_by_text("已选：没有")).to_be_visible()
        await expect(page.get_by_role("button", name="有", exact=True)).to_be_disabled()
        await page.reload()
        await expect(page.get_by_text("已选：没有")).to_be_visible()
        await expect(page.get_by_role("button", name="有", exact=True)).to_be_disabled()

    assert [event.option for event in browse(scene).core.heard] == [None, "yn:1.2,0:0"]


def test_files_go_up_from_the_button_and_a_refused_one_comes_back_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "会议纪要.pdf").write_bytes(b"%PDF" + b"x" * 50_000)
    (tmp_path / "程序.exe").write_bytes(b"MZ")
    (tmp_path / "录像.mp4").write_bytes(b"x" * 200_000)

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.locator("#files").set_input_files(sorted(tmp_path.iterdir()))
        await expect(page.get_by_text("收到：会议纪要.pdf")).to_be_visible()
        await expect(page.get_by_text("「程序.exe」是程序，没有收。")).to_be_visible()
        await expect(page.get_by_text("没有上传。请压缩")).to_be_visible()  # the large one never left the phone
        assert await page.locator("#camera").get_attribute("capture") == "environment"

    assert [[file.name for file in event.files] for event in browse(scene).core.heard] == [[], ["会议纪要.pdf"]]


def test_an_upload_that_fails_is_tried_again_by_a_button(tmp_path: Path) -> None:
    (tmp_path / "签到表.jpg").write_bytes(b"\xff\xd8")

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.route("**/files", lambda route: route.abort())
        await page.locator("#files").set_input_files(tmp_path / "签到表.jpg")
        await expect(page.get_by_text("上传中断")).to_be_visible()
        await page.unroute("**/files")
        await page.get_by_role("button", name="重试").click()
        await expect(page.get_by_text("收到：签到表.jpg")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)

    assert len(browse(scene).core.heard) == 2


def test_the_history_is_there_after_a_reload() -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        for number in range(3):
            await page.get_by_label("要发送的内容").fill(f"第{number}条")
            await page.keyboard.press("Enter")
        await expect(page.get_by_text("收到：第2条")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        before = await texts(page)
        await page.reload()
        await expect(page.get_by_text("收到：第2条")).to_be_visible()
        assert await texts(page) == before
        assert len(before) == 7

    browse(scene)


def test_a_lost_server_is_told_and_nothing_is_lost_or_doubled_when_it_is_back() -> None:
    async def main() -> None:
        world = World()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page()
            async with world.serving() as channel:
                port = channel.port
                await join(channel, page)
                await page.get_by_label("要发送的内容").fill("之前")
                await page.keyboard.press("Enter")
                await expect(page.get_by_text("收到：之前")).to_be_visible()
            await expect(page.get_by_text("重新连接中…")).to_be_visible()
            await page.get_by_label("要发送的内容").fill("断线时写的")
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("发送中…")).to_be_visible()
            async with world.serving(port):
                await expect(page.get_by_text("收到：断线时写的")).to_be_visible(timeout=20_000)
                await expect(page.get_by_text("重新连接中…")).to_have_count(0)
                await expect(page.locator(".pending")).to_have_count(0)
                assert (await texts(page))[1:] == ["之前", "收到：之前", "断线时写的", "收到：断线时写的"]
            await browser.close()

    asyncio.run(main())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_text_and_buttons_are_large_and_nothing_runs_off_the_side(scheme: str) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        for percent in (100, 200):
            await page.evaluate(f"document.documentElement.style.fontSize = '{1.125 * percent}%'")
            assert await page.evaluate("document.documentElement.scrollWidth") <= 390
            for button in await page.locator("button:visible, .button:visible").all():
                box = await button.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 44
            sizes = (
                "[...document.querySelectorAll('p, button, label, textarea')].map(e => getComputedStyle(e).fontSize)"
            )
            assert min(float(size.removesuffix("px")) for size in await page.evaluate(sizes)) >= 18 * percent / 100

    browse(scene, color_scheme=scheme)


def test_a_screen_reader_hears_what_comes_and_can_name_every_control() -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        log = page.get_by_role("log", name="对话")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log).not_to_have_attribute("aria-busy", re.compile("."))
        for label in ("拍照", "文件", "要发送的内容"):
            await expect(page.get_by_label(label)).to_have_count(1)

    browse(scene)
