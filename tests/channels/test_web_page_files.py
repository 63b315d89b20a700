"""Files in the page: pictures to look at, everything else to take along, and an upload that fails at first."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, expect
from webpage import Stage, join, needs_browser
from webworld import World

from channels.web.server import WebChannel

pytestmark = needs_browser

_IMAGE = io.BytesIO()
Image.new("RGB", (640, 320)).save(_IMAGE, "PNG")
PNG = _IMAGE.getvalue()


async def told(world: World, channel: WebChannel, page: Page, name: str, content: bytes, **more: Any) -> None:
    """Somebody is in the chat, and the bot says a file."""
    await join(channel, page)
    ((address, _),) = world.sessions.rows.values()
    file = {"ref": world.files.keep(content), "name": name, "size_bytes": len(content), **more}
    world.transcript.add(address, "请看：", file=file)
    await world.core.say(address, "发完了")
    await expect(page.get_by_text("发完了")).to_be_visible()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(folder=tmp_path)


def test_a_picture_is_shown_in_a_box_of_its_own_and_opens_at_full_size(stage: Stage, world: World) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await told(world, channel, page, "得分表.png", PNG, as_picture=True)
        image = page.get_by_role("img", name="得分表.png，点开看大图")
        await expect(image).to_have_js_property("naturalWidth", 640)
        box = await image.bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(4 / 3, abs=0.05)  # the same before it has come
        async with page.expect_popup() as opened:
            await image.click()
        large = (await opened.value).locator("img")
        await expect(large).to_have_js_property("naturalWidth", 640)
        await expect(page.get_by_text("发完了")).to_be_visible()

    stage.browse(scene, world=world)


def test_a_picture_that_cannot_be_shown_becomes_a_link_with_its_name(stage: Stage, world: World) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await told(world, channel, page, "得分表.png", b"no picture", as_picture=True)
        await expect(page.get_by_role("link", name="得分表.png")).to_have_class("file")

    stage.browse(scene, world=world)


def test_a_file_is_named_with_its_size_and_downloads_whole(stage: Stage, world: World, tmp_path: Path) -> None:
    content = b"PK\x03\x04" + bytes(range(256)) * 300

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await told(world, channel, page, "材料包 2026（孟河镇）.zip", content)
        link = page.get_by_role("link", name="材料包 2026（孟河镇）.zip 75 KB")
        async with page.expect_download() as download:
            await link.click()
        saved = await download.value
        assert saved.suggested_filename == "材料包 2026（孟河镇）.zip"
        assert Path(await saved.path()).read_bytes() == content
        await page.get_by_label("要发送的内容").fill("还在")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("收到：还在")).to_be_visible()  # the download ended no stream

    stage.browse(scene, world=world)


def test_an_upload_the_server_could_not_keep_is_tried_again_by_a_button_and_is_there_once(
    stage: Stage, world: World, tmp_path: Path
) -> None:
    sent = tmp_path / "签到表.pdf"
    sent.write_bytes(b"%PDF" + b"x" * 50_000)

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        world.inbox.broken = True
        await page.locator("#files").set_input_files(sent)
        await expect(page.get_by_text("系统出错")).to_be_visible()
        world.inbox.broken = False
        await page.get_by_role("button", name="重试").click()
        await expect(page.get_by_text("收到：签到表.pdf")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        await expect(page.get_by_role("button", name="重试")).to_have_count(0)

    assert [len(event.files) for event in stage.browse(scene, world=world).core.heard] == [0, 1]
