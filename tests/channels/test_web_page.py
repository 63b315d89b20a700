"""The page in a real browser: join, say, press, upload, reload, and a server that goes away and comes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from webpage import Stage, join, needs_browser, texts
from webworld import World

from channels.port import Option
from channels.web.server import WebChannel

pytestmark = needs_browser


def test_joining_by_a_link_shows_the_chat_and_where_one_stands(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await page.goto(f"http://127.0.0.1:{channel.port}/j/ABCD-EFGH-JKLM")
        await expect(page.get_by_role("button", name="进入")).to_be_visible()
        assert world.core.heard == []  # opening changes nothing
        await join(channel, page)
        await expect(page.get_by_role("status").first).to_contain_text("孟河镇 · 2026")
        assert page.url == f"http://127.0.0.1:{channel.port}/"

    assert [event.start_code for event in stage.browse(scene).core.heard] == ["ABCD-EFGH-JKLM"]


def test_without_a_link_the_page_asks_for_a_code(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await page.goto(f"http://127.0.0.1:{channel.port}/")
        await page.get_by_role("button", name="进入").click()
        await expect(page.get_by_role("alert")).to_contain_text("请输入邀请码")
        await page.get_by_label("邀请码").fill("typed-code")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("欢迎")).to_be_visible()

    assert [event.start_code for event in stage.browse(scene).core.heard] == ["typed-code"]


def test_enter_sends_shift_enter_breaks_the_line_and_an_input_method_is_respected(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.get_by_label("要发送的内容").focus()
        await page.keyboard.type("第一行")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("<b>第二行</b>")
        for composing in ("isComposing: true", "keyCode: 229"):  # the second in older engines
            press = f"new KeyboardEvent('keydown', {{key: 'Enter', {composing}, bubbles: true, cancelable: true}})"
            assert await page.evaluate(f"document.getElementById('text').dispatchEvent({press})") is True
        assert len(world.core.heard) == 1
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("收到：第一行")).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        assert (await texts(page))[1:] == ["第一行\n<b>第二行</b>", "收到：第一行\n<b>第二行</b>"]

    assert stage.browse(scene).core.heard[1].text == "第一行\n<b>第二行</b>"


def test_a_pressed_option_is_off_at_once_and_stays_off_after_reload(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.get_by_role("button", name="没有", exact=True).press("Enter")  # by keyboard
        await expect(page.get_by_text("已选：没有")).to_be_visible()
        await expect(page.get_by_role("button", name="有", exact=True)).to_be_disabled()
        await page.reload()
        await expect(page.get_by_text("已选：没有")).to_be_visible()
        await expect(page.get_by_role("button", name="有", exact=True)).to_be_disabled()

    assert [event.option for event in stage.browse(scene).core.heard] == [None, "yn:1.2,0:0"]


def test_files_go_up_from_the_button_and_a_refused_one_comes_back_with_its_sentence(
    stage: Stage, tmp_path: Path
) -> None:
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

    assert [[file.name for file in event.files] for event in stage.browse(scene).core.heard] == [[], ["会议纪要.pdf"]]


def test_an_upload_that_fails_is_tried_again_by_a_button(stage: Stage, tmp_path: Path) -> None:
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

    assert len(stage.browse(scene).core.heard) == 2


def test_the_history_is_there_after_a_reload(stage: Stage) -> None:
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

    stage.browse(scene)


TWELVE = ("有", "没有", "还没到时候", "不清楚", "本地没有", "更多", "交材料", "完成", "修改", "跳过", "返回", "取消")
LONG = "常州市新北区孟河镇人民政府关于开展2026年质量强镇工作的实施方案" + "征求意见稿" * 4 + ".docx"


SMALLEST = """Math.min(...[...document.querySelectorAll('#log button, #log a, #composer button, .button')]
    .flatMap(e => [e.getBoundingClientRect().width, e.getBoundingClientRect().height]))"""


@pytest.mark.parametrize(
    ("scheme", "flags"),
    [("light", ()), ("dark", ()), ("light", ("--blink-settings=defaultFontSize=32",))],
    ids=["light", "dark", "twice as large"],
)
def test_on_a_phone_text_and_buttons_are_large_and_nothing_runs_off_the_side(
    stage: Stage, scheme: str, flags: tuple[str, ...]
) -> None:
    least_px = 36 if flags else 18

    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        ((address, _),) = world.sessions.rows.values()
        file = {"ref": "0" * 64, "name": LONG, "size_bytes": 9}
        world.transcript.add(address, "没有空格的网址" + "x" * 200, mine=True, file=file)
        world.transcript.add(address, "得分表", file={**file, "as_picture": True})
        await world.core.say(
            address, "十二个选项", *(Option(f"k:{label_no}:0", label) for label_no, label in enumerate(TWELVE))
        )
        await expect(page.get_by_role("button", name="取消")).to_be_visible()
        for width in (390, 320):
            await page.set_viewport_size({"width": width, "height": 844})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            assert await page.evaluate(f"{SMALLEST} < 44") is False
        sizes = "[...document.querySelectorAll('p, a, button, label, textarea')].map(e => getComputedStyle(e).fontSize)"
        assert min(float(size.removesuffix("px")) for size in await page.evaluate(sizes)) >= least_px

    stage.browse(scene, *flags, color_scheme=scheme)


def test_the_status_line_breaks_between_its_figures_and_not_in_them(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        await page.set_viewport_size({"width": 320, "height": 568})
        await expect(page.locator("#status span")).to_have_count(7)
        assert await page.locator("#status").inner_text() == (
            "孟河镇 · 2026 · 已核 38 / 有材料 61 / 自报 72 · 需补充 2 · 下一件 6月30日"
        )
        heights = "[...document.querySelectorAll('#status span')].map(e => e.getClientRects()[0].height)"
        assert len(set(await page.evaluate(heights))) == 1  # each on one line

    stage.browse(scene)


def test_by_keyboard_the_skip_link_leads_past_the_history_to_the_line_to_write_in(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        assert await page.evaluate("document.activeElement.id") == "log"  # the pressed button is gone
        await page.reload()
        await expect(page.get_by_text("欢迎")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("要发送的内容")).to_be_focused()

    stage.browse(scene)


def test_when_something_new_comes_the_last_line_stays_above_the_bar(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        ((address, _),) = world.sessions.rows.values()
        for number in range(12):
            await world.core.say(address, f"第{number}问", Option("k:1:0", "有"))
        await expect(
            page.get_by_text("第11问")
        ).to_be_in_viewport()  # a press while rows arrive scrolls back to its row
        await page.get_by_role("button", name="有", exact=True).last.click()
        await page.get_by_label("要发送的内容").fill("一\n二\n三\n四")
        await expect(page.locator(".message").last).to_be_in_viewport()
        last, bar = await page.locator(".message").last.bounding_box(), await page.locator("#composer").bounding_box()
        assert last is not None
        assert bar is not None
        assert last["y"] + last["height"] <= bar["y"]

    stage.browse(scene)


def test_a_screen_reader_hears_what_comes_and_can_name_every_control(stage: Stage) -> None:
    async def scene(world: World, channel: WebChannel, page: Page) -> None:
        await join(channel, page)
        log = page.get_by_role("log", name="对话")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log).not_to_have_attribute("aria-busy", re.compile("."))
        for label in ("拍照", "文件", "要发送的内容"):
            await expect(page.get_by_label(label)).to_have_count(1)

    stage.browse(scene)
