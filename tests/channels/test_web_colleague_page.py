"""The page behind a link for one clause, in a real browser on a phone's screen."""

from __future__ import annotations

from pathlib import Path

from links import GOOD, MemoryColleagues
from playwright.async_api import Page, expect
from webpage import Stage, needs_browser
from webworld import World

from channels.web.server import WebChannel

pytestmark = needs_browser


async def open_link(channel: WebChannel, page: Page, code: str = GOOD) -> None:
    await page.goto(f"http://127.0.0.1:{channel.port}/c/{code}")


async def fill(page: Page, said: str = "开了4次", name: str = "王五") -> None:
    await page.get_by_label("情况").fill(said)
    await page.get_by_label("您的姓名").fill(name)


def test_a_colleague_reads_the_question_writes_picks_a_file_and_sends(stage: Stage, tmp_path: Path) -> None:
    behind = MemoryColleagues()
    for name in ("会议纪要.pdf", "发错了.pdf"):
        (tmp_path / name).write_bytes(b"%PDF" + name.encode())

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await open_link(channel, page)
        await expect(page.get_by_role("heading")).to_have_text("质量专题会")
        await expect(page.get_by_text("孟河镇的同事请您帮忙填一条")).to_be_visible()
        await expect(page.get_by_text("交什么才算：会议通知、会议纪要")).to_be_visible()
        await fill(page)
        await page.locator("#files").set_input_files([tmp_path / "会议纪要.pdf", tmp_path / "发错了.pdf"])
        await page.get_by_role("button", name="去掉 发错了.pdf").click()
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        small = await page.evaluate(
            "[...document.querySelectorAll('button, .button, input:not(.unseen), textarea')]"
            ".filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).length"
        )
        assert small == 0
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("status")).to_contain_text("已经交给同事了")
        await expect(page.get_by_label("情况")).to_be_hidden()

    stage.browse(scene, world=World(colleagues=behind))

    ((name, said, (file,)),) = behind.answers
    assert (name, said, file.name) == ("王五", "开了4次", "会议纪要.pdf")


def test_what_is_missing_is_said_and_the_words_stay(stage: Stage) -> None:
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await open_link(channel, page)
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("alert")).to_contain_text("请写一句情况")
        await page.get_by_label("情况").fill("开了4次")
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("alert")).to_contain_text("请写上姓名")
        await expect(page.get_by_label("情况")).to_have_value("开了4次")

    stage.browse(scene, world=World(colleagues=behind))

    assert behind.answers == []


def test_a_refused_file_is_said_and_can_be_taken_off(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "程序.exe").write_bytes(b"MZ")
    (tmp_path / "大.pdf").write_bytes(b"x" * 200_000)
    behind = MemoryColleagues()

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await open_link(channel, page)
        await fill(page)
        await page.locator("#files").set_input_files(tmp_path / "大.pdf")
        await expect(page.get_by_role("alert")).to_contain_text("「大.pdf」太大")
        await page.locator("#files").set_input_files(tmp_path / "程序.exe")
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("alert")).to_contain_text("是程序")
        await page.get_by_role("button", name="去掉 程序.exe").click()
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("status")).to_contain_text("已经交给同事了")

    stage.browse(scene, world=World(colleagues=behind))

    assert len(behind.answers) == 1


def test_after_a_lost_reply_sending_again_says_that_it_has_come(stage: Stage) -> None:
    behind = MemoryColleagues(lose=1)

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await open_link(channel, page)
        await fill(page)
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("alert")).not_to_be_empty()
        await page.get_by_role("button", name="交给同事").click()
        await expect(page.get_by_role("status")).to_contain_text("已经交给同事了")

    stage.browse(scene, world=World(colleagues=behind))

    assert len(behind.answers) == 1


def test_links_that_are_good_for_nothing_say_why(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await open_link(channel, page)
        await expect(page.get_by_role("status")).to_contain_text("这个链接已经过期")
        await expect(page.get_by_role("button", name="交给同事")).to_be_hidden()
        await open_link(channel, page, "forged")
        await expect(page.get_by_role("status")).to_contain_text("没有这个链接")

    stage.browse(scene, world=World(colleagues=MemoryColleagues(closed="这个链接已经过期")))


def test_what_is_asked_is_text_and_never_markup(stage: Stage) -> None:
    class Hostile(MemoryColleagues):
        async def question(self, code: str) -> dict[str, object]:
            return {**await super().question(code), "label": "<img src=x onerror=alert(1)>", "unit": "<b>镇</b>"}

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await open_link(channel, page)
        await expect(page.get_by_role("heading")).to_have_text("<img src=x onerror=alert(1)>")
        assert await page.locator("main img, main b").count() == 0

    stage.browse(scene, world=World(colleagues=Hostile()))
